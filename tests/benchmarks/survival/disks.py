"""Disks that are full at every page, read-only or absent; for root on Linux, who may mount some.

    python -m tests.benchmarks.survival.disks

The output folder lies on a disk with room for less than a case, from no page to enough, beside old
results: the run ends with 7 and says that the disk is full and what is needed, the old results are
as they were, and nothing hidden is left. The same for scratch, with 5.
"""

import argparse
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.survival.places import Place, a_place
from tests.benchmarks.survival.runs import (
    OTHER_RUN,
    contents,
    faults_of_results,
    finish,
    leftovers,
    options,
    said,
    segment,
    start,
)

PAGE = 4096
"""Bytes by which a disk in memory is filled."""

TOLD = ("the disk is full", "Free some", "has no room")
"""What is said of a disk without room."""

DISK_BYTES = 2 * 2**20


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table of trials and faults; 1 if there were any."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--step", type=int, default=1, help="pages from one trial to the next")
    step = parser.parse_args(arguments).step
    if not may_mount():
        print("Skipped: only root may mount disks.")
        return 0
    print("| disk | trials | faults |\n| --- | --- | --- |", flush=True)
    faulty = 0
    for name, trials in (
        ("results, full", full_of_results(step)),
        ("scratch, full", full_of_scratch()),
        ("results, read-only", read_only()),
        ("no folder for scratch and for home", homeless()),
    ):
        found = list(trials)
        faults = [fault for trial in found for fault in trial]
        faulty += len(faults)
        print(f"| {name} | {len(found)} | {len(faults)} |", flush=True)
        for fault in faults:
            print(f"  {name}: {fault}", file=sys.stderr, flush=True)
    return 1 if faulty else 0


def full_of_results(step: int) -> Iterator[list[str]]:
    """One trial for each number of free pages, until a run has room."""
    with a_place() as place, small_disk(place.out):
        finish(start(place, *segment(place, *OTHER_RUN)))
        old = contents(place.out)
        pages = 0
        while True:
            with only_free(place.out, pages * PAGE):
                code = finish(start(place, *segment(place)))
                if code == 0:
                    yield faults_of_results(place) + _strangers(place)
                    return
                yield _faults_of_full(place, code, 7, old)
            pages += step


def full_of_scratch() -> Iterator[list[str]]:
    """The same for a packed input, which is unpacked into scratch."""
    with a_place() as place, small_disk(place.scratch):
        packed = place.folder / "a.zip"
        with zipfile.ZipFile(packed, "w") as archive:
            archive.write(place.inputs[0], "a.nii.gz")
        pages = 0
        while True:
            with only_free(place.scratch, pages * PAGE):
                code = finish(start(place, "segment", str(packed), *options(place)))
                if code == 0:
                    yield faults_of_results(place) + _strangers(place)
                    return
                yield _faults_of_full(place, code, 5, {})
            pages += 1


def read_only() -> Iterator[list[str]]:
    """One trial; the old results are as they were."""
    with a_place() as place, small_disk(place.out):
        finish(start(place, *segment(place, *OTHER_RUN)))
        old = contents(place.out)
        remount = ["mount", "-o", "remount,ro", str(place.out)]
        subprocess.run(remount, check=True, capture_output=True)
        code = finish(start(place, *segment(place)))
        found = [] if code == 7 and "it is read-only" in said(place) else [said(place)]
        yield found + (["old results have changed"] if contents(place.out) != old else [])


def homeless() -> Iterator[list[str]]:
    """One trial each."""
    for absent in ("scratch", "home"):
        with a_place() as place:
            shutil.rmtree(place.scratch if absent == "scratch" else place.home)
            (place.folder / ("tmp" if absent == "scratch" else "home")).write_text("no folder")
            code = finish(start(place, *segment(place)))
            yield [] if code == 0 else [f"without {absent} it ended with {code}: {said(place)}"]


def _faults_of_full(place: Place, code: int, expected: int, old: dict[str, bytes]) -> list[str]:
    found = [] if code == expected else [f"ended with {code}: {said(place)}"]
    told = said(place).strip().splitlines()[-1]
    if not any(words in told for words in TOLD):
        found.append(f"it is not told: {told}")
    left = contents(place.out)
    left.pop(FILLER, None)
    if left != old:
        found.append("old results have changed")
    return found + _strangers(place)


def _strangers(place: Place) -> list[str]:
    """What is left over but the file that fills the disk."""
    return [one for one in leftovers(place) if not one.endswith(FILLER)]


FILLER = ".filler"


@contextmanager
def only_free(disk: Path, free: int) -> Iterator[None]:
    """Fill a disk but for so many bytes."""
    filler = disk / FILLER
    filler.write_bytes(b"x" * max(0, shutil.disk_usage(disk).free - free))
    try:
        yield
    finally:
        filler.unlink()


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """A small disk mounted on a folder."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)]
    subprocess.run(mount, check=True, capture_output=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def may_mount() -> bool:
    """Whether the system lets us mount disks."""
    with a_place() as place:
        try:
            with small_disk(place.out):
                return True
        except (OSError, subprocess.CalledProcessError):
            return False


if __name__ == "__main__":
    sys.exit(main())
