"""What a console shows of cases."""

from inference.cases.runner import CaseResult
from inference.cases.settings import CaseInput
from inference.cases.watcher import CaseWatcher
from inference.cli.console import Console
from inference.errors import SpineContextError
from inference.values.messages import visible
from inference.values.progress import Progress


class ConsoleWatcher(CaseWatcher):
    """Shows how cases fare."""

    def __init__(self, console: Console) -> None:
        """Show it there."""
        self._console = console

    def progress(self, progress: Progress) -> None:
        """Show how far the case has come."""
        self._console.progress(progress)

    def noted(self, sentence: str) -> None:
        """Show what one should know of the case."""
        self._console.warning(sentence)

    def done(self, case: CaseInput, result: CaseResult) -> None:  # noqa: ARG002
        """Show what was found and where it lies."""
        volume_ml = result.report["spine_volume_ml"]
        found = f"Spine of {volume_ml:.0f} mL" if volume_ml else "No spine found"
        files = [str(path) for path in result.files]
        lines = [f"{found}, written to:", *(f"  {visible(path)}" for path in files)]
        self._console.result("\n".join(lines), {"files": files, "report": result.report})

    def failed(self, case: CaseInput, error: SpineContextError) -> None:  # noqa: ARG002
        """Show why it failed."""
        self._console.error(error)
