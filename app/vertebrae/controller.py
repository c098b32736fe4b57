"""Finds, names and changes the vertebrae of the open case, one thing at a time.

The window imports this with its first result, because it is slow to load.
"""

import dataclasses
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.cases.session import Case, Session
from app.failures import failure_text
from app.work.jobs import Job, Jobs
from inference.cases.vertebrae import CaseVertebrae, told_of
from inference.errors import SpineContextError, UsageError
from inference.mask.vertebra_editing import (
    Edited,
    Snapshot,
    fit_to,
    give,
    merge,
    restored,
    snapshot,
    split,
    with_gone,
)
from inference.mask.vertebrae import Vertebrae, separate_vertebrae
from inference.values.geometry import Voxel
from inference.values.mask import Mask
from inference.values.progress import CancelCheck, ProgressCallback, stop_if
from inference.values.vertebra_names import moved_names, with_name
from inference.values.volume import Volume

HISTORY_BYTES = 64 * 2**20
"""Memory for undo: thirty changes of a one-litre spine in voxels of half a cubic millimetre."""


@dataclass(frozen=True, eq=False)
class Step:
    """The state before a change.

    Attributes:
        numbers: None if no voxel changed its vertebra.
        known: the names given so far.
    """

    numbers: Snapshot | None
    known: Mapping[int, int]

    @property
    def size(self) -> int:
        """Its size in bytes."""
        return self.numbers.numbers.nbytes if self.numbers else 0


@dataclass(frozen=True, eq=False)
class Whole:
    """Vertebrae before corrections of the mask, which may have taken the first or the last.

    Corrections start from them, so that one that is undone brings back what it took.

    Attributes:
        known: the VerSe numbers given to them, by their counts from the head.
        places: the present place of each; 0 for one that is gone.
    """

    found: Vertebrae
    known: Mapping[int, int]
    places: tuple[int, ...]

    @classmethod
    def of(cls, vertebrae: CaseVertebrae) -> "Whole":
        """Those of which nothing was taken."""
        found = vertebrae.found
        return cls(found, vertebrae.known, tuple(range(1, found.count + 1)))

    def named(self, known: Mapping[int, int]) -> "Whole":
        """The same with other names; their counts are those of the present vertebrae."""
        before = {number: self.places.index(place) + 1 for number, place in known.items()}
        return dataclasses.replace(self, known=before)

    def edited(self, found: Vertebrae, known: Mapping[int, int]) -> "Whole | None":
        """Those that are gone, with the others as they were edited; None if none is gone."""
        if 0 not in self.places or not any(self.places):
            return None
        above = next(at for at, place in enumerate(self.places) if place)
        both = with_gone(found, self.found, self.places)
        present = range(1, found.count + 1)
        below = both.count - above - found.count
        return Whole(both, {}, (*(0,) * above, *present, *(0,) * below)).named(known)


@dataclass(frozen=True, eq=False)
class Outcome:
    """The result of a job.

    Attributes:
        places: each old vertebra's new place; None if all are new.
        before: the state that undo, or redo, returns to; None if there is none.
        whole: what the next correction of the mask starts from; None if from the vertebrae.
    """

    vertebrae: CaseVertebrae
    places: tuple[int, ...] | None = None
    before: Step | None = None
    whole: Whole | None = None


class VertebraController(QObject):
    """Holds the vertebrae of the session's case and changes them off the GUI thread."""

    changed = Signal()
    """There are other vertebrae or names, or none."""
    hidden_changed = Signal()
    busy_changed = Signal(bool)
    told = Signal(str)
    """A sentence about what could not be done."""
    failed = Signal(SpineContextError)

    def __init__(self, session: Session, jobs: Jobs, parent: QObject | None = None) -> None:
        """Start without vertebrae; ``jobs`` owns the slow work."""
        super().__init__(parent)
        self._session = session
        self._jobs = jobs
        self._shown: CaseVertebrae | None = None
        self._whole: Whole | None = None
        self._case: Case | None = None
        self._hidden: frozenset[int] = frozenset()
        self._done: list[Step] = []
        self._undone: list[Step] = []
        self._came_from = self._done
        self._goes_to = self._done
        self._job: Job | None = None
        self._mask_moved_on = self._fitting = False
        session.case_changed.connect(self._follow_mask)
        session.mask_changed.connect(self._follow_mask)

    @property
    def vertebrae(self) -> CaseVertebrae | None:
        """The vertebrae of the session's case, once requested."""
        return self._shown

    @property
    def hidden(self) -> Collection[int]:
        """Those that are not drawn, counted from the head."""
        return self._hidden

    @property
    def busy(self) -> bool:
        """Whether something is running that can be cancelled."""
        return self._job is not None

    @property
    def changing(self) -> bool:
        """Whether a change of vertebrae that are shown is still being worked out."""
        return self.busy and self._shown is not None

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to undo."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether one was undone and nothing else has been done since."""
        return bool(self._undone)

    def find(self) -> None:
        """Tell the vertebrae of the session's mask apart; manual changes are lost."""
        case = self._session.case
        if case is not None and case.mask is not None and not self.busy:
            self._case = case
            self._begin(partial(_find, case.mask, case.volume))

    def cancel(self) -> None:
        """Ask the current job to stop, which leaves everything as it was.

        Updating the vertebrae to a corrected mask is not cancelled, because labels of another mask
        must not be shown or exported.
        """
        if self._job is not None and not self._fitting:
            self._job.cancel()

    def hide(self, places: Collection[int]) -> None:
        """Draw all except these."""
        self._hidden = frozenset(places)
        self.hidden_changed.emit()

    def name(self, place: int, number: int) -> None:
        """Give a vertebra, counted from the head, a VerSe number; the others follow.

        A name that does not fit changes nothing, and the user is told.
        """
        if self._shown is None or self.busy:
            return
        known, count = self._shown.known, self._shown.found.count
        try:
            self._rename(with_name(known, number, place, count))
        except UsageError as error:
            self.told.emit(failure_text(error))

    def confirm(self) -> None:
        """Accept the proposed names."""
        vertebrae = self._shown
        if vertebrae and not vertebrae.numbering and vertebrae.proposal and not self.busy:
            self._rename(vertebrae.proposal.known)

    def merge(self, upper: int) -> None:
        """Merge a vertebra with the one below it."""
        self._edit(partial(merge, upper=upper))

    def split(self, voxel: Voxel) -> None:
        """Split the vertebra at a voxel in two."""
        found = self._found
        if found is not None:
            x, y, z = voxel
            place = int(found.labels[z, y, x])
            if place:
                self._edit(partial(split, vertebra=place, voxel=voxel))
            else:
                self.told.emit(self.tr("There is no vertebra at the crosshair."))

    def give(self, voxel: Voxel, step: int) -> None:
        """Give the piece at a voxel to the neighbour above (-1) or below (1)."""
        found = self._found
        if found is not None:
            x, y, z = voxel
            self._edit(partial(give, voxel=voxel, to=int(found.labels[z, y, x]) + step))

    def undo(self) -> None:
        """Undo the last change."""
        self._walk(self._done, self._undone)

    def redo(self) -> None:
        """Redo the change that was undone last."""
        self._walk(self._undone, self._done)

    @property
    def _found(self) -> Vertebrae | None:
        return self._shown.found if self._shown else None

    def _rename(self, known: Mapping[int, int]) -> None:
        assert self._shown is not None
        self._remember(Step(None, self._shown.known))
        self._show_named(known)

    def _edit(self, change: Callable[[Vertebrae], Edited]) -> None:
        case = self._session.case
        if self._shown and case and case.mask and not self.busy:
            self._came_from, self._goes_to = [], self._done
            self._begin(partial(_edit, change, self._shown, self._whole, case.mask, case.volume))

    def _walk(self, source: list[Step], target: list[Step]) -> None:
        case, vertebrae = self._session.case, self._shown
        if not source or self.busy or not vertebrae or not case or not case.mask:
            return
        step = source[-1]
        if step.numbers is None:
            target.append(Step(None, vertebrae.known))
            source.pop()
            self._show_named(step.known)
        else:
            self._came_from, self._goes_to = source, target
            self._begin(partial(_go_back, step, vertebrae, self._whole, case.mask, case.volume))

    def _begin(self, make: Callable[[CancelCheck], Outcome]) -> None:
        def work(*, progress: ProgressCallback, cancel: CancelCheck) -> Outcome:  # noqa: ARG001
            return make(cancel)

        self._job = Job(work)
        self._job.succeeded.connect(self._take)
        self._job.failed.connect(self._tell_failure)
        self._job.finished.connect(self._end)
        self.busy_changed.emit(True)
        self._jobs.start(self._job)

    def _take(self, outcome: Outcome) -> None:
        if self._job is None or self._job.asked_to_stop():
            return  # its mask is gone
        places = outcome.places
        if places is None:
            self._hidden = frozenset()
        else:
            self._hidden = frozenset(places[one - 1] for one in self._hidden if places[one - 1])
        if outcome.before is None:
            self._done.clear()
            self._undone.clear()
        elif self._came_from:
            self._came_from.pop()
            self._goes_to.append(outcome.before)
        else:
            self._remember(outcome.before)
        self._whole = outcome.whole
        self._show(outcome.vertebrae, changed=outcome.before is not None)

    def _show_named(self, known: Mapping[int, int]) -> None:
        assert self._shown is not None
        self._whole = self._whole and self._whole.named(known)
        self._show(dataclasses.replace(self._shown, known=known), changed=True)

    def _show(self, vertebrae: CaseVertebrae | None, *, changed: bool) -> None:
        self._shown = vertebrae
        self._session.set_vertebrae(vertebrae, changed=changed)
        self.changed.emit()

    def _remember(self, step: Step) -> None:
        self._undone.clear()
        self._done.append(step)
        while sum(one.size for one in self._done) > HISTORY_BYTES:
            del self._done[0]

    def _tell_failure(self, error: SpineContextError) -> None:
        if isinstance(error, UsageError):
            self.told.emit(failure_text(error))
        else:
            self.failed.emit(error)
        if self._fitting:
            self._forget()

    def _end(self) -> None:
        self._job = None
        self._fitting = False
        self.busy_changed.emit(False)
        if self._mask_moved_on:
            self._follow_mask()

    def _follow_mask(self) -> None:
        """Follow the session's mask: a corrected one keeps its vertebrae, a different one has none.

        Vertebrae that were read with the mask are taken over.
        """
        case, known_case = self._session.case, self._case
        if case is not None and case.vertebrae is not None and case.vertebrae is not self._shown:
            self._begin_with(case)
            return
        if self._shown is None and not self.busy:
            return
        corrected = (
            case is not None
            and known_case is not None
            and case.mask is not None
            and case.segmentation is known_case.segmentation
            and (case.mask is known_case.mask or not case.saved)  # one from a file is new
        )
        if not corrected or case is None or case.mask is None:
            self._forget()
        elif known_case is not None and case.mask is not known_case.mask:
            self._mask_moved_on = self.busy
            if self.busy:
                return
            self._case = case
            if self._shown is not None:
                self._fitting = True
                whole = self._whole or Whole.of(self._shown)
                self._begin(partial(_fit, whole, case.mask, case.volume))

    def _forget(self) -> None:
        self._begin_with(None)
        if self._session.case is not None and self._session.case.vertebrae is not None:
            self._session.set_vertebrae(None, changed=False)

    def _begin_with(self, case: Case | None) -> None:
        """Show a case's vertebrae, with an empty history."""
        if self._job is not None:
            self._job.cancel()
        self._mask_moved_on = False
        self._case = case
        self._shown = case.vertebrae if case else None
        self._whole = None
        self._hidden = frozenset()
        self._done.clear()
        self._undone.clear()
        self.changed.emit()


def _find(mask: Mask, volume: Volume, cancel: CancelCheck) -> Outcome:
    found = separate_vertebrae(mask, volume, cancel=cancel)
    stop_if(cancel)
    return Outcome(told_of(found, mask, volume))


def _edit(
    change: Callable[[Vertebrae], Edited],
    before: CaseVertebrae,
    whole: Whole | None,
    mask: Mask,
    volume: Volume,
    cancel: CancelCheck,
) -> Outcome:
    edited = change(before.found)
    stop_if(cancel)
    known = moved_names(before.known, edited.places, edited.found.count)
    step = Step(snapshot(before.found), before.known)
    kept = whole and whole.edited(edited.found, known)
    return Outcome(told_of(edited.found, mask, volume, known), edited.places, step, kept)


def _fit(whole: Whole, mask: Mask, volume: Volume, cancel: CancelCheck) -> Outcome:
    edited = fit_to(whole.found, mask)
    stop_if(cancel)
    known = moved_names(whole.known, edited.places, edited.found.count)
    moved = sorted(pair for pair in zip(whole.places, edited.places, strict=True) if pair[0])
    return Outcome(
        told_of(edited.found, mask, volume, known),
        tuple(place for _, place in moved),
        whole=dataclasses.replace(whole, places=edited.places),
    )


def _go_back(
    step: Step,
    now: CaseVertebrae,
    whole: Whole | None,
    mask: Mask,
    volume: Volume,
    cancel: CancelCheck,
) -> Outcome:
    assert step.numbers is not None
    found = restored(now.found, step.numbers)
    stop_if(cancel)
    back = Step(snapshot(now.found), now.known)
    places = tuple(range(1, now.found.count + 1)) if found.count >= now.found.count else None
    kept = whole and whole.edited(found, step.known)
    return Outcome(told_of(found, mask, volume, step.known), places, back, kept)
