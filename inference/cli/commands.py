"""The commands: what each does with its options."""

import argparse
from dataclasses import asdict
from importlib import resources
from pathlib import Path
from typing import Any

import SimpleITK as sitk

from inference.cases.engine import LocalEngine
from inference.cases.kept import check_inputs_kept
from inference.cases.outcomes import outcomes_table, write_summary
from inference.cases.runner import CaseRunner
from inference.cases.settings import CaseInput, RunSettings, VertebraSettings
from inference.cli.cluster import run_on_cluster
from inference.cli.console import Console
from inference.cli.watching import ConsoleWatcher
from inference.errors import CancelledError, ModelRefusedError, UsageError
from inference.mask.overlap import Agreement, agreement, dice
from inference.mask.surface_gap import FURTHEST_MM
from inference.model.bundled import DEFAULT_MODEL
from inference.model.catalogue import catalogue
from inference.model.loading import check_model
from inference.pipeline import Segmentation
from inference.read import (
    Series,
    distinct_names,
    input_name,
    list_series,
    open_mask_pair,
    recommend,
)
from inference.system.aliases import plain_path
from inference.values.messages import nameless, visible
from inference.values.progress import CancelCheck
from inference.values.vertebra_names import check_names


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
        case "models":
            return _models(console)
        case "compare":
            return _compare(options, console, cancel)
        case "check-model":
            return _check_model(options, console)
    raise UsageError(f"There is no command {options.command}.")


def _segment(options: argparse.Namespace, console: Console, cancel: CancelCheck) -> int:
    case = CaseInput(options.input, input_name(options.input), options.series)
    _runner(options).run(case, ConsoleWatcher(console), cancel)
    return 0


def _demo(options: argparse.Namespace, console: Console, cancel: CancelCheck) -> int:
    phantom = Path(str(resources.files("assets"))) / "phantom"
    watcher = _DemoWatcher(console, phantom / "phantom_spine.nii.gz")
    _runner(options).run(CaseInput(phantom / "phantom_ct.nii.gz", "phantom"), watcher, cancel)
    console.result(
        f"Dice {watcher.dice:.3f} against the spine that the phantom was made with.",
        {"dice": round(watcher.dice, 4)},
    )
    return 0


class _DemoWatcher(ConsoleWatcher):
    """Also compares the result with the ground truth."""

    def __init__(self, console: Console, truth: Path) -> None:
        super().__init__(console)
        self._truth = truth
        self.dice = 0.0

    def writing(self, case: CaseInput, segmentation: Segmentation) -> None:  # noqa: ARG002
        with plain_path(self._truth) as name:
            truth = sitk.GetArrayFromImage(sitk.ReadImage(name))
        self.dice = dice(segmentation.mask.voxels, truth)


def _batch(options: argparse.Namespace, console: Console, cancel: CancelCheck) -> int:
    names = distinct_names(options.inputs)
    cases = [CaseInput(path, name) for path, name in zip(options.inputs, names, strict=True)]
    runner, watcher = _runner(options), ConsoleWatcher(console)
    check_inputs_kept(options.out, cases, options.inputs)
    try:
        if options.scheduler:
            summary = run_on_cluster(
                options.scheduler, cases, options.out, _settings(options), watcher, cancel
            )
        else:
            summary = runner.run_all(cases, watcher, cancel)
    except CancelledError as error:
        raise CancelledError(
            "Cancelled. What was finished stays; the same command goes on from there."
        ) from error
    failed, earlier = summary.failed, summary.finished_earlier
    lines = [f"{summary.done} of {len(cases) - earlier} cases done."]
    if earlier:
        lines[0] += f" {earlier} were finished earlier."
    lines += [f"  {visible(case.path.name)}: {error}" for case, error in failed]
    facts = {
        "done": summary.done,
        "finished_earlier": earlier,
        "failed": [
            {"input": str(case.path), "message": str(error), "exit_code": error.exit_code}
            for case, error in failed
        ],
    }
    summary_file = write_summary(options.out, outcomes_table(summary.outcomes))
    lines.append(f"All cases in one table: {visible(str(summary_file))}")
    console.result("\n".join(lines), facts | {"summary": str(summary_file)})
    return failed[0][1].exit_code if failed else 0


def _info(options: argparse.Namespace, console: Console, cancel: CancelCheck) -> int:
    found = list_series(options.input, cancel=cancel)
    recommended = recommend(found)
    for series in found:
        text, facts = _describe(series, recommended=series is recommended)
        console.result(text, facts)
    return 0


def _models(console: Console) -> int:
    for entry in catalogue():
        default = " (default)" if entry.key == DEFAULT_MODEL else ""
        text = f"{entry.key}{default}\n  {entry.summary}\n  licence: {entry.licence}"
        console.result(text, {**asdict(entry), "default": entry.key == DEFAULT_MODEL})
    return 0


def _compare(options: argparse.Namespace, console: Console, cancel: CancelCheck) -> int:
    pair = open_mask_pair(options.mask, options.other, progress=console.progress, cancel=cancel)
    for note in dict.fromkeys(note for opened in pair for note in opened.notes):
        console.warning(note)
    found = agreement(pair[0].mask, pair[1].mask, cancel)
    text = (
        f"Dice {found.dice:.3f}. {found.volume_ml:.1f} mL, of them {found.only_ml:.1f} mL in the "
        f"first mask alone; {found.other_volume_ml:.1f} mL, of them {found.other_only_ml:.1f} mL "
        f"in the second alone. {_apart(found)}"
    )
    facts = asdict(found).items()
    rounded = {name: value if value is None else round(value, 4) for name, value in facts}
    console.result(text, rounded)
    return 0


def _apart(found: Agreement) -> str:
    if found.any_empty:
        return "At least one of them is empty, so that there is no distance between their surfaces."
    if found.hd95_mm is None:
        return f"Their surfaces lie more than {FURTHEST_MM:.0f} mm apart."
    return f"95 % of their surfaces lie within {found.hd95_mm:.1f} mm of each other (HD95)."


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
    """A series as text and as JSON values, without anything that may name a patient."""
    description = "" if series.image else series.description
    problems = [nameless(sentence) for sentence in series.problems]
    notes = [nameless(sentence) for sentence in series.warnings]
    size = " × ".join(str(n) for n in series.size)
    spacing = " × ".join(f"{mm:.2f}" for mm in series.spacing or ()) or "unknown"
    if series.usable:
        verdict = "can be used" + (", recommended" if recommended else "")
    else:
        verdict = f"cannot be used: {'; '.join(problems)}"
    lines = [
        visible(f"{series.uid}  {series.modality}  {description}").rstrip(),
        f"  {size} voxels of {spacing} mm; {verdict}",
        *(f"  note: {note}" for note in notes),
    ]
    facts = {
        "series": series.uid,
        "description": description,
        "modality": series.modality,
        "size": list(series.size),
        "spacing_mm": list(series.spacing or ()),
        "usable": series.usable,
        "recommended": recommended,
        "problems": problems,
        "warnings": notes,
    }
    return "\n".join(lines), facts


def _runner(options: argparse.Namespace) -> CaseRunner:
    """The runner for the cases that were asked for.

    Raises:
        SpineContextError: it is clear from the start that it cannot.
    """
    settings = _settings(options)
    return CaseRunner(options.out, settings, LocalEngine(settings))


def _settings(options: argparse.Namespace) -> RunSettings:
    if options.threads:
        sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(options.threads)
    names = tuple(getattr(options, "names", ()))
    check_names(names)
    vertebrae = None
    if options.vertebrae or options.surfaces or names:
        vertebrae = VertebraSettings(names, options.surfaces)
    return RunSettings(
        vertebrae=vertebrae,
        model=options.model,
        mode=options.mode,
        formats=options.formats,
        max_ram=options.max_ram,
        threads=options.threads,
        precision=options.precision,
        hu_offset=getattr(options, "hu_offset", None),
    )
