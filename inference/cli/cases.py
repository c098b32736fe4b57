"""One case from input to results: what ``segment``, ``batch`` and ``demo`` share."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inference.budget import check_budget
from inference.cli.console import Console
from inference.export import check_formats, check_writable, staged_folder, write_mask
from inference.model import SpineModel
from inference.pipeline import Segmentation, segment
from inference.plan import Mode
from inference.progress import CancelCheck, stop_if
from inference.read import open_ct
from inference.report import build_report, report_text
from inference.timing import StageClock


@dataclass(frozen=True, eq=False)
class Case:
    """A finished case.

    Attributes:
        segmentation: the mask and how it came about.
        files: what was written, by name.
        report: what the report says.
    """

    segmentation: Segmentation
    files: tuple[Path, ...]
    report: Mapping[str, Any]

    def tell(self, console: Console) -> None:
        """Show what was found and where it lies."""
        volume_ml = self.report["spine_volume_ml"]
        found = f"Spine of {volume_ml:.0f} mL" if volume_ml else "No spine found"
        lines = [f"{found}, written to:", *(f"  {path}" for path in self.files)]
        facts = {"files": [str(path) for path in self.files], "report": self.report}
        console.result("\n".join(lines), facts)


def run_case(
    path: Path,
    out: Path,
    *,
    model: SpineModel,
    mode: Mode,
    max_ram: int | None,
    formats: tuple[str, ...],
    console: Console,
    cancel: CancelCheck,
    series_uid: str | None = None,
    name: str | None = None,
) -> Case:
    """Read, segment and write one CT.

    Args:
        name: what the results are named after, if not after the input.

    Raises:
        SpineContextError: of the kind that says what went wrong; nothing is left behind.
    """
    check_budget(max_ram, model.card.patch, model.card.patch)
    check_writable(out)
    clock = StageClock()
    with clock.stage("read"):
        volume = open_ct(
            path, series_uid=series_uid, max_ram=max_ram, progress=console.progress, cancel=cancel
        )
    check_formats(formats, volume)
    for sentence in volume.warnings:
        console.warning(sentence)
    segmentation = segment(
        volume, model=model, mode=mode, max_ram=max_ram, progress=console.progress, cancel=cancel
    )
    for sentence in segmentation.notes:
        console.warning(sentence)
    stop_if(cancel)
    name = name or volume.name
    with staged_folder(out) as staging:
        with clock.stage("write"):
            write_mask(segmentation.mask, formats, staging, name, volume.source)
        report = build_report(volume, segmentation, clock.seconds)
        (staging / f"{name}_report.json").write_text(report_text(report), encoding="utf-8")
        files = tuple(sorted(out / path.name for path in staging.iterdir()))
    return Case(segmentation, files, report)
