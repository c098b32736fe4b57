"""Runs commands in processes that have already loaded the program, so they start at once."""

import io
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path

from inference.cases.resume import digest
from inference.export import FORMATS
from inference.report import REPORT_ENDING
from tests.benchmarks.survival.places import Place
from tests.benchmarks.survival.trouble import Trouble

PATIENCE_SECONDS = 300.0
"""Time limit for a command on a busy machine."""

OTHER_RUN = ("--hu-offset", "3")
"""Makes results with the same names that no later run accepts as finished."""


def start(place: Place, *arguments: str, trouble: Trouble | None = None) -> BaseProcess:
    """Start a command, in trouble or not; its output goes to ``place.folder / "said"``."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["inference.cli.program", "inference.cases.engine"])
    process = context.Process(target=_run, args=(arguments, place.folder, place.scratch, trouble))
    process.start()
    return process


def finish(process: BaseProcess) -> int:
    """The exit code; negative for a signal."""
    process.join(PATIENCE_SECONDS)
    if process.exitcode is None:
        process.kill()
        process.join()
    return process.exitcode or 0


def said(place: Place) -> str:
    """The output of the last command."""
    return (place.folder / "said").read_text("utf-8")


def options(place: Place, *more: str) -> list[str]:
    """Options for running cases."""
    return ["--out", str(place.out), "--mode", "full", "--model", str(place.model), *more]


def batch(place: Place, *more: str) -> list[str]:
    """The command for all inputs."""
    return ["batch", *map(str, place.inputs), *options(place, *more)]


def segment(place: Place, *more: str) -> list[str]:
    """The command for the first input."""
    return ["segment", str(place.inputs[0]), *options(place, *more)]


def make_old_results(place: Place) -> None:
    """Leave the results of another run in the output folder."""
    if finish(start(place, *batch(place, *OTHER_RUN))) != 0:
        raise RuntimeError(said(place))


def faults_of_results(place: Place, formats: Sequence[str] = ("nifti", "stl")) -> list[str]:
    """Descriptions of cases whose results are missing or do not match their report."""
    import json

    found = []
    for path in place.inputs:
        name = path.name.partition(".")[0]
        files = {one: place.out / f"{name}{FORMATS[one]}" for one in formats}
        report = place.out / f"{name}{REPORT_ENDING}"
        there = [file.exists() for file in (report, *files.values())]
        if any(there) and not all(there):
            found.append(f"some results of {name} are missing")
        elif all(there):
            told = json.loads(report.read_text("utf-8"))["files"]
            if any(digest(file) != told[one] for one, file in files.items()):
                found.append(f"results of {name} are not those of its report")
    return found


def leftovers(place: Place) -> list[str]:
    """Hidden files among the results, and scratch."""
    hidden = [f"hidden {path.name}" for path in place.out.glob(".*")] if place.out.exists() else []
    return hidden + [f"scratch {path.name}" for path in place.scratch.iterdir()]


def contents(folder: Path) -> dict[str, bytes]:
    """The contents of all files in a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def _run(arguments: Sequence[str], folder: Path, scratch: Path, trouble: Trouble | None) -> None:
    """Entry point of the process."""
    os.environ |= {"TMPDIR": str(scratch), "HOME": str(folder / "home")}
    os.environ["XDG_STATE_HOME"] = str(folder / "home" / ".state")
    tempfile.tempdir = None
    with (folder / "said").open("w", encoding="utf-8") as told:
        for number in (1, 2):
            os.dup2(told.fileno(), number)
        sys.stdout = sys.stderr = io.TextIOWrapper(
            io.FileIO(1, "w", closefd=False), encoding="utf-8", write_through=True
        )
        from inference.__main__ import main

        if trouble is not None:
            trouble.begin()
        code = main(list(arguments))
        sys.stdout.flush()
    os._exit(code)
