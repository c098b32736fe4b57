"""The vertebrae of a case: told apart, named, written and listed in the report."""

import dataclasses
import functools
import math
from collections.abc import Mapping, Sequence
from itertools import compress
from pathlib import Path
from typing import Any

import numpy as np

from inference.cases.settings import VertebraSettings
from inference.errors import UnreadableInputError, UsageError
from inference.export import Stage
from inference.export.vertebrae import renumbered, vertebra_writers
from inference.mask.numbering import Numbering, propose, unusual
from inference.mask.vertebra_labels import relabelled
from inference.mask.vertebra_table import VertebraFacts, vertebra_table
from inference.mask.vertebrae import Vertebrae, separate_vertebrae
from inference.read import open_labels
from inference.system.scratch import IN_MEMORY_BYTES
from inference.values.label_map import LabelMap
from inference.values.mask import Mask
from inference.values.messages import Sentence, joined, nameless, sentence
from inference.values.progress import CancelCheck, never_cancelled, stop_if
from inference.values.slabs import slabs
from inference.values.vertebra_names import numbers_between, numbers_from
from inference.values.volume import Volume


@dataclasses.dataclass(frozen=True, eq=False)
class CaseVertebrae:
    """The vertebrae of a case with everything that is reported about them.

    Attributes:
        table: their measurements, from the head down.
        proposal: suggested names, if the scan shows an end of the spine.
        known: VerSe's numbers given by the user, with their counts from the head; they are
            consistent.
        corrected: whether a person may have changed mask or vertebrae.
    """

    found: Vertebrae
    table: tuple[VertebraFacts, ...]
    proposal: Numbering | None
    known: Mapping[int, int]
    corrected: bool

    @property
    def by_hand(self) -> bool:
        """Whether a person's work would be lost with them: names, or changes of who owns what."""
        return bool(self.known or self.found.edited)

    @functools.cached_property
    def numbering(self) -> Numbering | None:
        """Names that the user has confirmed or given."""
        if not self.known:
            return None
        numbers = numbers_from(self.known, self.found.count)
        return Numbering(numbers, sentence("Named by the user."), self.known)

    @property
    def names(self) -> tuple[str, ...]:
        """Names from the head down; "Vertebra 1" and so on until one is named."""
        if self.numbering:
            return self.numbering.names
        return tuple(f"Vertebra {number}" for number in range(1, self.found.count + 1))

    @property
    def notes(self) -> tuple[Sentence, ...]:
        """Plain sentences about what is a guess, what is unusual, and what is not there."""
        numbers = self.numbering.numbers if self.numbering else ()
        return (*self.found.notes, *unusual(numbers), *self._absent)

    @property
    def _absent(self) -> tuple[Sentence, ...]:
        counts = [str(at) for at, facts in enumerate(self.table, start=1) if not facts.volume_ml]
        if not counts:
            return ()
        return (
            sentence(
                "Nothing of some vertebrae is in the mask (counted from the head: {0}). They are "
                "counted, so that the others keep their names. Check this.",
                joined([sentence(count) for count in counts], ", "),
            ),
        )

    @property
    def present(self) -> tuple[str, ...]:
        """The names, from the head down, of those that have voxels."""
        pairs = zip(self.names, self.table, strict=True)
        return tuple(name for name, facts in pairs if facts.volume_ml)

    def label_map(self, in_memory: int = IN_MEMORY_BYTES) -> LabelMap:
        """Labels with VerSe's numbers once one vertebra is named; until then 1, 2, … from the head.

        Those that have no voxels have no name in it.

        Args:
            in_memory: labels of more bytes go into a scratch file.

        Raises:
            MemoryLimitError: the disk has no room for a scratch file.
        """
        counts = tuple(range(1, self.found.count + 1))
        numbers = self.numbering.numbers if self.numbering else counts
        here = [facts.volume_ml > 0 for facts in self.table]
        names = dict(compress(zip(numbers, self.names, strict=True), here))
        labels = LabelMap(self.found.labels, self.found.geometry, names, self.corrected)
        return labels if numbers == counts else renumbered(labels, numbers, in_memory)

    def facts(self, more_notes: Sequence[Sentence] = ()) -> dict[str, Any]:
        """The part of the report about them, as JSON values."""
        proposal = None if self.numbering else self.proposal
        return {
            "count": self.found.count,
            "named": self.numbering is not None,
            "proposal": proposal
            and {
                "names": list(proposal.names),
                "reason": nameless(proposal.reason),
                "sure": proposal.sure,
            },
            "notes": [nameless(note) for note in (*self.notes, *more_notes)],
            "table": [
                {"count": count, "name": name, **_rounded(dataclasses.asdict(facts))}
                for count, (name, facts) in enumerate(
                    zip(self.names, self.table, strict=True), start=1
                )
            ],
        }


def label_bytes(volume: Volume, settings: VertebraSettings | None, in_memory: int) -> int:
    """How much memory the vertebra labels of a CT take while they are written.

    Args:
        settings: None if vertebrae are not wanted.
        in_memory: labels of more bytes lie in a scratch file.
    """
    one = math.prod(volume.geometry.size)
    if settings is None or one > in_memory:
        return 0
    return 2 * one if settings.names else one


def told_of(
    found: Vertebrae, mask: Mask, volume: Volume, known: Mapping[int, int] | None = None
) -> CaseVertebrae:
    """The vertebrae with their measurements and a proposal for their names.

    Args:
        mask: the mask that was divided into them.
        known: see ``CaseVertebrae``.
    """
    return CaseVertebrae(
        found,
        vertebra_table(found, volume.voxels, volume.geometry),
        propose(found, volume.voxels, volume.geometry),
        known or {},
        mask.corrected is not False or found.edited,
    )


def read_vertebrae(
    path: Path,
    mask: Mask,
    volume: Volume,
    known: Mapping[int, int] | None = None,
    *,
    cancel: CancelCheck = never_cancelled,
) -> CaseVertebrae:
    """Vertebrae from a label map that this program has written.

    Numbers 1, 2, … without a gap are counts from the head; others are VerSe's, and count as given.
    One that is missing between others is counted, so that these keep their names.

    Args:
        mask: that they are of; voxels that the file leaves out go by place.
        known: see ``CaseVertebrae``; if it is given, the numbers in the file are counts, which it
            refers to.

    Raises:
        UnreadableInputError: the file is gone, damaged, or holds no vertebra.
        UnfitMaskError: it does not lie on the grid of the mask.
        MemoryLimitError: the disk has no room for a scratch file.
        CancelledError: ``cancel`` said so between two steps.
    """
    labels = open_labels(path, volume, cancel=cancel)
    found = separate_vertebrae(mask, volume, cancel=cancel)
    stop_if(cancel)
    present = {int(number) for _, slab in slabs(labels) for number in np.unique(slab)} - {0}
    counted = known is not None or present == set(range(1, len(present) + 1))
    order = tuple(range(1, max(present, default=0) + 1)) if counted else numbers_between(present)
    told = relabelled(found, labels, order, mask)
    if told is None:
        raise UnreadableInputError(sentence("{0} holds no vertebrae of this mask.", path.name))
    vertebrae, numbers = told
    place_of = {number: place for place, number in enumerate(numbers, start=1)}
    names = {name: place_of[at] for name, at in (known or {}).items() if at in place_of}
    if not counted:
        names = place_of
    if names:
        try:
            numbers_from(names, vertebrae.count)
        except UsageError:
            names = {}
    return told_of(vertebrae, mask, volume, names)


@dataclasses.dataclass(frozen=True)
class WrittenVertebrae:
    """What was written about the vertebrae of a case.

    Attributes:
        endings: of the files' names.
        facts: for the report, as JSON values.
    """

    endings: tuple[str, ...]
    facts: Mapping[str, Any]


def write_case_vertebrae(
    mask: Mask,
    volume: Volume,
    settings: VertebraSettings,
    formats: Sequence[str],
    stage: Stage,
    name: str,
    in_memory: int,
    cancel: CancelCheck = never_cancelled,
) -> WrittenVertebrae:
    """Tell the vertebrae of a case apart and write them.

    They have VerSe's numbers once one of them is named; until then 1, 2, … from the head. Names
    that do not fit what was found are reported and ignored.

    Args:
        formats: of the mask.
        in_memory: labels of more bytes go into a scratch file.

    Raises:
        OutputError: a file cannot be written.
        MemoryLimitError: the disk has no room for a scratch file.
        CancelledError: ``cancel`` said so between two steps.
    """
    found = separate_vertebrae(mask, volume, in_memory=in_memory, cancel=cancel)
    known, notes = dict(settings.names), list[Sentence]()
    if known and found.count:
        try:
            numbers_from(known, found.count)
        except UsageError as error:
            told = sentence("The names given do not fit and were ignored. {0}", error.fact)
            known, notes = {}, [told]
    vertebrae = told_of(found, mask, volume, known if found.count else {})
    writers = vertebra_writers(
        vertebrae.label_map(in_memory), formats, volume.source, surfaces=settings.surfaces
    )
    stage.write({f"{name}{ending}": write for ending, write in writers.items()}, cancel)
    return WrittenVertebrae(tuple(writers), vertebrae.facts(notes))


def _rounded(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts rounded to hundredths, finer than any of them can be measured."""

    def value(one: Any) -> Any:
        if isinstance(one, tuple):
            return [value(part) for part in one]
        return round(one, 2) if isinstance(one, float) else one

    return {key: value(one) for key, one in facts.items()}
