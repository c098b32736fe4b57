"""Whoever wants to know how cases fare."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from inference.cases.settings import CaseInput
from inference.errors import SpineContextError
from inference.values.progress import Preview, Progress
from inference.values.volume import Volume

if TYPE_CHECKING:
    from inference.cases.runner import CaseResult
    from inference.pipeline import Segmentation


class CaseWatcher:
    """Watches nothing; whoever wants to know something overrides its method.

    All are called on the thread that runs the cases and must return quickly.
    """

    def reading(self, case: CaseInput) -> None:
        """A case is being read, perhaps while another one is run."""

    def skipped(self, case: CaseInput, report: Mapping[str, Any]) -> None:
        """An earlier run has finished it, and this is its report."""

    def running(self, case: CaseInput, volume: Volume) -> None:
        """A case was read and is run now."""

    def progress(self, progress: Progress) -> None:
        """How far the case that is run has come."""

    def preview(self, preview: Preview) -> None:
        """What its spine looks like so far."""

    def noted(self, sentence: str) -> None:
        """What one should know of the case that is run."""

    def writing(self, case: CaseInput, segmentation: "Segmentation") -> None:
        """The spine of a case was found and is being written."""

    def done(self, case: CaseInput, result: "CaseResult") -> None:
        """The results of a case are in place."""

    def failed(self, case: CaseInput, error: SpineContextError) -> None:
        """A case came to nothing, and the next one goes on."""
