"""The commands: what each does with its options."""

import argparse
from importlib import resources
from pathlib import Path
from typing import Any

import SimpleITK as sitk

from inference.cli.batch import Job, run_batch
from inference.cli.cases import Engine, RunSettings, is_finished, run_case
from inference.cli.cluster import run_on_cluster
from inference.cli.console import Console
from inference.errors import CancelledError, ModelRefusedError, UsageError
from inference.mask.overlap import dice
from inference.model.loading import check_model
from inference.read import Series, distinct_names, list_series, recommend
from inference.system.aliases import plain_path
from inference.values.messages import visible
from inference.values.progress import CancelCheck


def run_command(options: argparse.Namespace, console: Console, cancel: CancelCheck) -> int:
    """Run the chosen command and return its exit code.

    Raises:
        SpineContextError: the command failed.
    """
    match options.command:
        case "segment":
            return _segment(options, console, cancel)
        case "batch":
            return _batch(options, console, cancel)
        case "demo":
            return _demo(options, console, cancel)
        case "info":
            return _info(options, console, cancel)
        case "check-model":
            return _check_model(options, console)
    raise UsageError(f"There is no command {options.command}.")


def _segment(options: argparse.Namespace, console: Console, cancel: CancelCheck) -> int:
    engine = Engine(_settings(options))
    run_case(options.input, engine, console, cancel, series_uid=options.series).tell(console)
    return 0


def _demo(options: argparse.Namespace, console: Console, cancel: CancelCheck) -> int:
    phantom = Path(str(resources.files("assets"))) / "phantom"
    engine = Engine(_settings(options))
    case = run_case(phantom / "phantom_ct.nii.gz", engine, console, cancel, name="phantom")
    case.tell(console)
    with plain_path(phantom / "phantom_spine.nii.gz") as name:
        truth = sitk.GetArrayFromImage(sitk.ReadImage(name))
    agreement = dice(case.segmentation.mask.voxels, truth)
    console.result(
        f"Dice {agreement:.3f} against the spine that the phantom was made with.",
        {"dice": round(agreement, 4)},
    )
    return 0


def _batch(options: argparse.Namespace, console: Console, cancel: CancelCheck) -> int:
    settings = _settings(options)
    engine = Engine(settings)
    jobs = [
        Job(path, name)
        for path, name in zip(options.inputs, distinct_names(options.inputs), strict=True)
    ]
    left = [job for job in jobs if not is_finished(job.path, job.name, engine)]
    try:
        if options.scheduler:
            failures = run_on_cluster(options.scheduler, left, settings, console, cancel)
        else:
            failures = run_batch(left, engine, console, cancel)
    except CancelledError as error:
        raise CancelledError(
            "Cancelled. What was finished stays; the same command goes on from there."
        ) from error
    done, skipped = len(left) - len(failures), len(jobs) - len(left)
    earlier = f" {skipped} were finished earlier." if skipped else ""
    lines = [f"{done} of {len(left)} cases done.{earlier}"]
    lines += [f"  {visible(job.path.name)}: {error}" for job, error in failures]
    facts = {
        "done": done,
        "finished_earlier": skipped,
        "failed": [
            {"input": str(job.path), "message": str(error), "exit_code": error.exit_code}
            for job, error in failures
        ],
    }
    console.result("\n".join(lines), facts)
    return failures[0][1].exit_code if failures else 0


def _info(options: argparse.Namespace, console: Console, cancel: CancelCheck) -> int:
    found = list_series(options.input, cancel=cancel)
    recommended = recommend(found)
    for series in found:
        text, facts = _describe(series, recommended=series is recommended)
        console.result(text, facts)
    return 0


def _check_model(options: argparse.Namespace, console: Console) -> int:
    problems = 0
    for finding in check_model(options.model):
        problems += finding.problem is not None
        verdict = f"broken: {finding.problem}" if finding.problem else "kept"
        console.result(
            f"{finding.rule}: {verdict}", {"rule": finding.rule, "problem": finding.problem}
        )
    return ModelRefusedError.exit_code if problems else 0


def _describe(series: Series, recommended: bool) -> tuple[str, dict[str, Any]]:
    """A series for people and for machines."""
    size = " × ".join(str(n) for n in series.size)
    spacing = " × ".join(f"{mm:.2f}" for mm in series.spacing or ()) or "unknown"
    if series.usable:
        verdict = "can be used" + (", recommended" if recommended else "")
    else:
        verdict = f"cannot be used: {'; '.join(series.problems)}"
    lines = [
        visible(f"{series.uid}  {series.modality}  {series.description}").rstrip(),
        f"  {size} voxels of {spacing} mm; {verdict}",
        *(f"  note: {sentence}" for sentence in series.warnings),
    ]
    facts = {
        "series": series.uid,
        "description": series.description,
        "modality": series.modality,
        "size": list(series.size),
        "spacing_mm": list(series.spacing or ()),
        "usable": series.usable,
        "recommended": recommended,
        "problems": list(series.problems),
        "warnings": list(series.warnings),
    }
    return "\n".join(lines), facts


def _settings(options: argparse.Namespace) -> RunSettings:
    if options.threads:
        sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(options.threads)
    return RunSettings(
        out=options.out,
        model=options.model,
        mode=options.mode,
        formats=options.formats,
        max_ram=options.max_ram,
        threads=options.threads,
        precision=options.precision,
        hu_offset=getattr(options, "hu_offset", None),
    )
