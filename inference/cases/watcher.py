"""For whoever wants to follow the progress of cases."""

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
    """Ignores everything; subclasses override what they want to know.

    All methods are called on the thread that runs the cases and must return quickly.
    """

    def reading(self, case: CaseInput) -> None:
        """A case is being read, perhaps while another one is running."""

    def skipped(self, case: CaseInput, report: Mapping[str, Any]) -> None:
        """A case is skipped because an earlier run finished it, with this report."""

    def running(self, case: CaseInput, volume: Volume) -> None:
        """A case has been read and is now running."""

    def progress(self, progress: Progress) -> None:
        """How far the running case has come."""

    def preview(self, preview: Preview) -> None:
        """What the spine looks like so far."""

    def noted(self, sentence: str) -> None:
        """Something the user should know about the running case."""

    def writing(self, case: CaseInput, segmentation: "Segmentation") -> None:
        """The spine of a case was found and is being written."""

    def done(self, case: CaseInput, result: "CaseResult") -> None:
        """The results of a case are in place."""

    def failed(self, case: CaseInput, error: SpineContextError) -> None:
        """A case failed; the next one continues."""
