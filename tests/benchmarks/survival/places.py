"""A separate place for each trial, with home, scratch and results, and its leftovers."""

import gzip
import json
import os
import shutil
import subprocess
import sys
import time
import uuid
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import psutil
import SimpleITK as sitk

from tests.tiny_models import write_threshold_model

MARK = "SPINECONTEXT_TRIAL"
"""Marks the environment of every process of a trial, so that none is overlooked."""

ACTOR = "tests.benchmarks.survival.actor"

RESULTS = ("_spine.nii.gz", "_spine.stl", "_report.json")
EXPORTED = RESULTS[:2]
VERTEBRAE = "_vertebrae.nii.gz"


def write_tiny_ct(path: Path) -> None:
    """Write a rod of bone in a body of 48 × 48 × 50 voxels (x, y, z), segmented in a second."""
    voxels = np.full((50, 48, 48), -1000, np.int16)
    voxels[2:48, 4:44, 4:44] = 40
    voxels[5:45, 16:30, 18:30] = 400
    image = sitk.GetImageFromArray(voxels)
    image.SetSpacing((1.5, 1.5, 2.0))
    sitk.WriteImage(image, str(path))


class MissedError(Exception):
    """The process to disturb had already ended by itself."""


class Place:
    """Folders of one trial, and the processes started with them."""

    def __init__(self, folder: Path) -> None:
        """Create the folders in an empty folder."""
        self.folder = folder
        self.home, self.scratch, self.out = (folder / name for name in ("home", "tmp", "out"))
        for made in (self.home, self.scratch, self.out):
            made.mkdir()
        self.inputs = (folder / "a.nii.gz", folder / "b.nii.gz")
        for path in self.inputs:
            write_tiny_ct(path)
        self.model = write_threshold_model(folder / "threshold.onnx")
        self._mark = uuid.uuid4().hex

    @property
    def environment(self) -> dict[str, str]:
        """The environment of each process started here."""
        return {
            **os.environ,
            MARK: self._mark,
            "HOME": str(self.home),
            "XDG_CONFIG_HOME": str(self.home / ".config"),
            "XDG_STATE_HOME": str(self.home / ".state"),
            **dict.fromkeys(("TMPDIR", "TMP", "TEMP"), str(self.scratch)),
            "LOCALAPPDATA": str(self.home / ".state"),
            "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen"),
            "OMP_NUM_THREADS": "1",
            "PYTHONFAULTHANDLER": "1",
        }

    @property
    def story(self) -> list[str]:
        """The arguments for the window's session."""
        inputs = [str(path) for path in self.inputs]
        return [*inputs, "--out", str(self.out), "--model", str(self.model)]

    def start(self, module: str, *arguments: str) -> "subprocess.Popen[str]":
        """Start a module here, with its standard output in a pipe."""
        return subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=(self.folder / "stderr").open("a"),
            text=True,
        )

    def act(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start the window's session."""
        return self.start(ACTOR, *self.story, *arguments)

    def forget_what_was_said(self) -> None:
        """Empty the standard error of all that was started here."""
        (self.folder / "stderr").write_text("")

    def processes(self) -> Sequence[psutil.Process]:
        """All running processes of this place."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):  # has ended, or is not ours
                if process.environ().get(MARK) == self._mark:
                    found.append(process)
        return found

    def engine(self) -> psutil.Process | None:
        """The process that runs the model, if there is one."""
        for process in self.processes():
            with suppress(psutil.Error):
                if any("spawn_main" in argument for argument in process.cmdline()):
                    return process
        return None

    def all_ended(self, seconds: float) -> bool:
        """Whether all processes end within that time."""
        give_up = time.monotonic() + seconds
        while self.processes():
            if time.monotonic() > give_up:
                return False
            time.sleep(0.02)
        return True

    def leftovers(self) -> list[str]:
        """Descriptions of processes, scratch files, and hidden or partial results that are left."""
        found = [f"process {process.pid}" for process in self.processes()]
        found += [f"scratch {path.name}" for path in self.scratch.iterdir()]
        found += [f"hidden {path.name}" for path in self.out.iterdir() if path.name[0] == "."]
        config = self.home / ".config"
        found += [f"settings {p.name}" for p in config.rglob("*") if p.suffix in UNSETTLED]
        return found + self.half_results()

    def half_results(self) -> list[str]:
        """Results that are incomplete or partly missing."""
        found = []
        files = [path.name for path in self.out.iterdir()]
        names = {file.removesuffix(end) for file in files for end in RESULTS if file.endswith(end)}
        for name in sorted(names):
            there = {ending for ending in RESULTS if f"{name}{ending}" in files}
            if there not in (set(EXPORTED), set(RESULTS)):
                found.append(f"only {sorted(there)} of {name}")
            found += [
                f"broken {name}{one}" for one in there if not whole(self.out / f"{name}{one}")
            ]
            vertebrae = [one for one in files if one.startswith(f"{name}_vertebra_")]
            if f"{name}{VERTEBRAE}" in files and not vertebrae:
                found.append(f"only some vertebrae of {name}")
        return found

    def clear_up(self) -> None:
        """End processes that should have ended."""
        for process in self.processes():
            with suppress(psutil.Error):
                process.kill()


UNSETTLED = (".unfinished", ".lock")


@contextmanager
def a_place() -> Iterator[Place]:
    """A temporary place that is removed afterwards."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        place = Place(Path(folder))
        try:
            yield place
        finally:
            place.clear_up()
            shutil.rmtree(place.out, ignore_errors=True)


def whole(path: Path) -> bool:
    """Whether a result was written completely."""
    try:
        content = path.read_bytes()
        if path.suffix == ".gz":
            gzip.decompress(content)
        elif path.suffix == ".json":
            json.loads(content)
        else:  # 50 bytes for each triangle, after their number (binary STL)
            return len(content) == 84 + 50 * int.from_bytes(content[80:84], "little")
    except (OSError, EOFError, ValueError, zlib.error):
        return False
    return True
