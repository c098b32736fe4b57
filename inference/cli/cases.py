"""One case from input to results, in steps that a batch overlaps: read, segment, write."""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inference.cli.console import Console
from inference.cli.digests import digest, fingerprint
from inference.errors import UnreadableInputError
from inference.export import (
    FORMATS,
    check_formats,
    check_writable,
    held_bytes,
    staged_folder,
    write_mask,
)
from inference.model.bundled import FINDER_MODEL
from inference.model.loading import SpineModel, load_model
from inference.model.sessions import Precision
from inference.pipeline import Segmentation, segment
from inference.read import input_name, open_ct
from inference.report import build_report, report_text
from inference.system.budget import check_budget, keep_budget
from inference.system.memory import RunMemory
from inference.system.timing import StageClock
from inference.values.messages import visible
from inference.values.progress import CancelCheck, ProgressCallback, stop_if
from inference.values.volume import Volume
from inference.windows.grid import Mode


@dataclass(frozen=True)
class RunSettings:
    """How cases are run; plain values, so that they travel to another machine.

    Attributes:
        out: folder of the results.
        model: name of a bundled model or path of an ONNX file.
        formats: what to write.
        max_ram: bytes of memory that the run may hold; None for no limit.
        threads: processor threads; 0 for one a core.
        precision: what the models compute in, where the computer can.
        hu_offset: added to all values of a CT; None where they are HU.
    """

    out: Path
    model: str
    mode: Mode
    formats: tuple[str, ...]
    max_ram: int | None = None
    threads: int = 0
    precision: Precision = "float32"
    hu_offset: float | None = None


class Engine:
    """The models that settings ask for, loaded once for many cases."""

    def __init__(self, settings: RunSettings) -> None:
        """Load the model and see whether a run can succeed at all.

        Raises:
            ModelRefusedError: there is no such model, or it breaks its contract.
            MemoryLimitError: the memory limit cannot be kept.
            OutputError: results cannot be written.
        """
        self.settings = settings
        self.model = load_model(settings.model, settings.threads, settings.precision)
        check_budget(settings.max_ram, self.model.card.patch, self.model.card.patch)
        check_writable(settings.out)

    @functools.cached_property
    def finder(self) -> SpineModel | None:
        """The finder, where the mode asks for one."""
        if self.settings.mode == "full":
            return None
        return load_model(FINDER_MODEL, self.settings.threads, self.settings.precision)


@dataclass(frozen=True, eq=False)
class ReadCase:
    """A case that has been read.

    Attributes:
        name: what its results are named after.
        fingerprint: of the input, as it was when it was read.
        seconds: wall-clock seconds by stage.
    """

    volume: Volume
    name: str
    fingerprint: str
    seconds: Mapping[str, float]


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
        tell_result(console, self.files, self.report)


def tell_result(console: Console, files: tuple[Path, ...], report: Mapping[str, Any]) -> None:
    """Show what was found and where it lies."""
    volume_ml = report["spine_volume_ml"]
    found = f"Spine of {volume_ml:.0f} mL" if volume_ml else "No spine found"
    lines = [f"{found}, written to:", *(f"  {visible(str(path))}" for path in files)]
    console.result("\n".join(lines), {"files": [str(path) for path in files], "report": report})


def run_case(
    path: Path,
    engine: Engine,
    console: Console,
    cancel: CancelCheck,
    *,
    series_uid: str | None = None,
    name: str | None = None,
) -> Case:
    """Read, segment and write one CT.

    Args:
        name: what the results are named after, if not after the input.

    Raises:
        SpineContextError: of the kind that says what went wrong; nothing is left behind.
    """
    memory = RunMemory()
    case = read_case(
        path, engine.settings, console.progress, cancel, series_uid=series_uid, name=name
    )
    segmentation = segment_case(case, engine, memory, console, cancel)
    return write_case(case, segmentation, engine.settings)


def read_case(
    path: Path,
    settings: RunSettings,
    progress: ProgressCallback,
    cancel: CancelCheck,
    *,
    series_uid: str | None = None,
    name: str | None = None,
) -> ReadCase:
    """Read one CT.

    Raises:
        SpineContextError: it cannot be read, or not be written as asked.
    """
    clock = StageClock()
    with clock.stage("read"):
        volume = open_ct(
            path,
            series_uid=series_uid,
            max_ram=settings.max_ram,
            hu_offset=settings.hu_offset,
            progress=progress,
            cancel=cancel,
        )
    check_formats(settings.formats, volume)
    return ReadCase(volume, name or input_name(path), fingerprint(path), clock.seconds)


def segment_case(
    case: ReadCase, engine: Engine, memory: RunMemory, console: Console, cancel: CancelCheck
) -> Segmentation:
    """Find the spine of a case and tell what is odd about it.

    Raises:
        SpineContextError: it failed or was cancelled.
    """
    patch, held = engine.model.card.patch, held_bytes(engine.settings.formats, case.volume)
    check_budget(engine.settings.max_ram, patch, patch, held)
    for sentence in case.volume.warnings:
        console.warning(sentence)
    segmentation = segment(
        case.volume,
        model=engine.model,
        finder=engine.finder,
        mode=engine.settings.mode,
        max_ram=engine.settings.max_ram,
        memory=memory,
        progress=console.progress,
        cancel=cancel,
    )
    for sentence in segmentation.notes:
        console.warning(sentence)
    stop_if(cancel)
    return segmentation


def write_case(case: ReadCase, segmentation: Segmentation, settings: RunSettings) -> Case:
    """Write the results and the report of a case.

    Raises:
        OutputError: they cannot be written; nothing is left behind.
        MemoryLimitError: writing them broke the limit; nothing is left behind.
    """
    clock, memory = StageClock(), RunMemory()
    report_name = f"{case.name}_report.json"
    with staged_folder(settings.out) as stage:
        with clock.stage("write"):
            write_mask(segmentation.mask, settings.formats, stage, case.name, case.volume.source)
        keep_budget(settings.max_ram, memory)
        written = {path.name: digest(path) for path in sorted(stage.folder.iterdir())}
        seconds = {**case.seconds, **clock.seconds}
        report = build_report(case.volume, segmentation, seconds, memory.peak_bytes)
        report |= {
            "asked_mode": settings.mode,
            "asked_precision": settings.precision,
            "asked_hu_offset": settings.hu_offset,
            "input_fingerprint": case.fingerprint,
            "files": written,
        }
        text = report_text(report).encode()
        stage.write({report_name: lambda file: file.write(text)})
    files = tuple(settings.out / name for name in sorted([*written, report_name]))
    return Case(segmentation, files, report)


def is_finished(path: Path, name: str, engine: Engine) -> bool:
    """Whether an earlier run left all results of an input, and they are whole.

    Its report must tell of the same input, model and mode, and of the files as they lie there.
    """
    settings = engine.settings
    wanted = {f"{name}{FORMATS[one]}" for one in settings.formats}
    try:
        report = json.loads((settings.out / f"{name}_report.json").read_text(encoding="utf-8"))
        files: dict[str, str] = report["files"]
        return (
            report["model"]["sha256"] == engine.model.card.sha256
            and report["asked_mode"] == settings.mode
            and report["asked_precision"] == settings.precision
            and report["asked_hu_offset"] == settings.hu_offset
            and report["input_fingerprint"] == fingerprint(path)
            and wanted <= files.keys()
            and all(digest(settings.out / file) == expected for file, expected in files.items())
        )
    except (OSError, UnreadableInputError, ValueError, KeyError, TypeError):
        return False
