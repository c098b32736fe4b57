"""Counts how many cases end in which way, whether they run here or elsewhere."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from inference.cases.outcomes import Outcome, failed_outcome, outcome_of
from inference.cases.settings import CaseInput
from inference.cases.watcher import CaseWatcher
from inference.errors import CancelledError, OutOfMemoryError, SpineContextError
from inference.system.logs import LOGGER, as_defect

if TYPE_CHECKING:
    from inference.cases.runner import CaseResult


@dataclass(frozen=True)
class Summary:
    """How many cases ended in which way.

    Attributes:
        done: how many were run and written.
        finished_earlier: how many an earlier run had already finished.
        failed: the cases that failed, and why.
        outcomes: of all of them, in the order in which they ended.
    """

    done: int = 0
    finished_earlier: int = 0
    failed: tuple[tuple[CaseInput, SpineContextError], ...] = ()
    outcomes: tuple[Outcome, ...] = ()


class Tally:
    """Counts cases and informs a watcher of each."""

    def __init__(self, watcher: CaseWatcher) -> None:
        """Start without any case."""
        self._watcher = watcher
        self._done = 0
        self._finished_earlier = 0
        self._failed: list[tuple[CaseInput, SpineContextError]] = []
        self._outcomes: list[Outcome] = []

    @property
    def summary(self) -> Summary:
        """The counts so far."""
        return Summary(
            self._done, self._finished_earlier, tuple(self._failed), tuple(self._outcomes)
        )

    def skip(self, case: CaseInput, report: Mapping[str, Any]) -> None:
        """Count a case that an earlier run finished, with its report."""
        self._finished_earlier += 1
        self._outcomes.append(outcome_of(case, report))
        self._watcher.skipped(case, report)

    def finish(self, case: CaseInput, result: "CaseResult") -> None:
        """Count a case whose results are in place."""
        self._done += 1
        self._outcomes.append(outcome_of(case, result.report))
        self._watcher.done(case, result)

    @contextmanager
    def going_on(self, case: CaseInput) -> Iterator[None]:
        """Note what goes wrong with one case, and carry on; only a cancel ends everything.

        Raises:
            CancelledError: from the block.
        """
        try:
            yield
        except CancelledError:
            raise
        except SpineContextError as error:
            failure = error
        except MemoryError:
            LOGGER.exception("the memory is full")
            failure = OutOfMemoryError()
        except Exception as error:  # a defect of ours in one case must not cost all the others
            LOGGER.exception("a defect")
            failure = as_defect(error)
        else:
            return
        self._failed.append((case, failure))
        self._outcomes.append(failed_outcome(case, str(failure)))
        self._watcher.failed(case, failure)
