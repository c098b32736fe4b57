"""Shows the progress of cases on a console."""

from collections.abc import Mapping, Sequence
from typing import Any

from inference.cases.runner import CaseResult
from inference.cases.settings import CaseInput
from inference.cases.watcher import CaseWatcher
from inference.cli.console import Console
from inference.errors import SpineContextError
from inference.values.messages import visible
from inference.values.progress import Progress


class ConsoleWatcher(CaseWatcher):
    """Shows the progress of cases."""

    def __init__(self, console: Console) -> None:
        """Show it on ``console``."""
        self._console = console

    def progress(self, progress: Progress) -> None:
        """Show how far the case has come."""
        self._console.progress(progress)

    def noted(self, sentence: str) -> None:
        """Show what the user should know about the case."""
        self._console.warning(sentence)

    def done(self, case: CaseInput, result: CaseResult) -> None:  # noqa: ARG002
        """Show what was found and where it was written."""
        files = [str(path) for path in result.files]
        found = _spine_told(result.report)
        lines = [f"{found}, written to:", *(f"  {visible(path)}" for path in files)]
        vertebrae = result.report.get("vertebrae")
        if vertebrae:
            for note in vertebrae["notes"]:
                self._console.warning(note)
            lines += vertebrae_told(vertebrae)
        self._console.result("\n".join(lines), {"files": files, "report": result.report})

    def failed(self, case: CaseInput, error: SpineContextError) -> None:  # noqa: ARG002
        """Show why it failed."""
        self._console.error(error)


def _spine_told(report: Mapping[str, Any]) -> str:
    """The size and density of the spine, in one line."""
    if not report["spine_volume_ml"]:
        return "No spine found"
    told = f"Spine of {report['spine_volume_ml']:.0f} mL"
    if report["spine_length_mm"]:
        told += f", {report['spine_length_mm']:.0f} mm long"
    return f"{told}, {report['spine_mean_hu']:.0f} ± {report['spine_deviation_hu']:.0f} HU"


def vertebrae_told(vertebrae: Mapping[str, Any]) -> list[str]:
    """How many vertebrae there are, and their names or suggested names."""
    count = vertebrae["count"]
    if not count:
        return []
    counted = "1 vertebra" if count == 1 else f"{count} vertebrae"
    if vertebrae["named"]:
        return [f"{counted}, {_first_to_last([row['name'] for row in vertebrae['table']])}"]
    lines = [counted if count == 1 else f"{counted}, counted 1 to {count} from the head"]
    proposal = vertebrae["proposal"]
    if proposal:
        names = proposal["names"]
        doubt = "" if proposal["sure"] else " This is unsure: check the count."
        lines.append(
            f"The scan may show {_first_to_last(names)}. {proposal['reason']}{doubt} "
            f"To confirm, run again with --name {names[0]}=1."
        )
    else:
        lines.append("No end of the spine is in view. Name one vertebra with --name, such as L1=3.")
    return lines


def _first_to_last(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"
