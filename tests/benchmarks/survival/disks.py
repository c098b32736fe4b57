"""Fills disks at every page, and disturbs folders at every call; Linux only.

    python -m tests.benchmarks.survival.disks

The output folder, with old results in it, is on a disk with too little room for a case; the room
grows from zero pages to enough. The run must end with exit code 7 and say that the disk is full
and what is needed. The old results must be unchanged, and nothing hidden may be left. The same is
done for scratch, with exit code 5. Only root can mount such disks.

Without root: no file may grow beyond a number of pages; or, starting with each call that changes
the folder, a quota is used up, the folder becomes read-only, or it disappears. Anything that
cannot be cleaned up then must be cleaned up by the next start.
"""

import argparse
import gzip
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from inference.export import tidy
from inference.system.scratch import remove_stale_folders
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
from tests.benchmarks.survival.trouble import FolderTrouble, Kind, SmallFiles

PAGE = 4096
"""Bytes in which a disk in memory allocates space."""

TOLD = ("the disk is full", "Free some", "has no room", "cannot hold a file of that size")
"""Phrases in messages about a disk without room."""

WORDS = {
    Kind.QUOTA: "your disk quota is used up",
    Kind.READ_ONLY: "it is read-only",
    Kind.GONE: "the folder is gone",
}
"""Phrases in messages about each kind of trouble."""

DISK_BYTES = 2 * 2**20


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table of trials and faults; return 1 if there were any."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--step", type=int, default=1, help="pages between one trial and the next")
    step = parser.parse_args(arguments).step
    parts = [
        ("no folder for scratch and for home", homeless()),
        ("results, small files only", small_files(step)),
        ("scratch, small files only", small_scratch_files(step)),
        *((f"results, {kind.value}", troubled(kind)) for kind in Kind),
        *((f"scratch, {kind.value}", troubled_scratch(kind)) for kind in Kind),
    ]
    if may_mount():
        parts += [
            ("results, full", full_of_results(step)),
            ("scratch, full", full_of_scratch()),
            ("results, read-only from the start", read_only()),
        ]
    else:
        print("Without full disks: only root may mount some.")
    print("| disk | trials | faults |\n| --- | --- | --- |", flush=True)
    faulty = 0
    for name, trials in parts:
        found = list(trials)
        faults = [fault for trial in found for fault in trial]
        faulty += len(faults)
        print(f"| {name} | {len(found)} | {len(faults)} |", flush=True)
        for fault in faults:
            print(f"  {name}: {fault}", file=sys.stderr, flush=True)
    return 1 if faulty else 0


def full_of_results(step: int) -> Iterator[list[str]]:
    """One trial for each number of free pages, until a run has enough room."""
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
    """The same for a compressed input, which is unpacked into scratch."""
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
    """One trial; the old results must be unchanged."""
    with a_place() as place, small_disk(place.out):
        finish(start(place, *segment(place, *OTHER_RUN)))
        old = contents(place.out)
        remount = ["mount", "-o", "remount,ro", str(place.out)]
        subprocess.run(remount, check=True, capture_output=True)
        code = finish(start(place, *segment(place)))
        found = [] if code == 7 and "it is read-only" in said(place) else [said(place)]
        yield found + (["old results have changed"] if contents(place.out) != old else [])


def homeless() -> Iterator[list[str]]:
    """One trial for scratch and one for the home folder."""
    for absent in ("scratch", "home"):
        with a_place() as place:
            shutil.rmtree(place.scratch if absent == "scratch" else place.home)
            (place.folder / ("tmp" if absent == "scratch" else "home")).write_text("no folder")
            code = finish(start(place, *segment(place)))
            yield [] if code == 0 else [f"without {absent} it ended with {code}: {said(place)}"]


def small_files(step: int) -> Iterator[list[str]]:
    """One trial for each limit on the size of files, until a run succeeds."""
    with a_place() as place:
        finish(start(place, *segment(place, *OTHER_RUN)))
        old = contents(place.out)
        pages = 1  # the messages of a run take less
        while True:
            code = finish(start(place, *segment(place), trouble=SmallFiles(pages * PAGE)))
            if code == 0:
                yield faults_of_results(place) + _strangers(place)
                return
            yield _faults_of_full(place, code, 7, old)
            pages += step


def small_scratch_files(step: int) -> Iterator[list[str]]:
    """The same for a compressed input, which is unpacked into scratch."""
    with a_place() as place:
        unpacked, packed = place.folder / "a.nii", place.folder / "a.zip"
        unpacked.write_bytes(gzip.decompress(place.inputs[0].read_bytes()))
        with zipfile.ZipFile(packed, "w") as archive:
            archive.write(unpacked, unpacked.name)
        for most_bytes in range(PAGE, unpacked.stat().st_size, step * PAGE):
            trouble = SmallFiles(most_bytes)
            run = start(place, "segment", str(packed), *options(place), trouble=trouble)
            yield _faults_of_full(place, finish(run), 5, {})


def troubled(kind: Kind) -> Iterator[list[str]]:
    """One trial for each call that changes the output folder, until a run makes fewer calls."""
    with a_place() as place:
        elsewhere, mark = place.folder / "elsewhere", place.folder / "mark"
        call, old = 0, dict[str, bytes]()
        while True:
            if contents(place.out) != old or not old:
                finish(start(place, *segment(place, *OTHER_RUN)))
                old = contents(place.out)
            trouble = FolderTrouble(place.out, kind, call, mark, elsewhere)
            code = finish(start(place, *segment(place), trouble=trouble))
            if not mark.exists():
                yield [] if code == 0 else [f"without trouble it ended with {code}"]
                return
            mark.unlink()
            yield [f"call {call}: {one}" for one in _faults_of_trouble(place, trouble, code, old)]
            call += 1


def troubled_scratch(kind: Kind) -> Iterator[list[str]]:
    """The same for scratch and a compressed input: exit code 5, and nothing is written."""
    with a_place() as place:
        packed = place.folder / "a.zip"
        with zipfile.ZipFile(packed, "w") as archive:
            archive.write(place.inputs[0], "a.nii.gz")
        elsewhere, mark = place.folder / "elsewhere", place.folder / "mark"
        call = 0
        while True:
            trouble = FolderTrouble(place.scratch, kind, call, mark, elsewhere)
            code = finish(start(place, "segment", str(packed), *options(place), trouble=trouble))
            told = said(place).strip().splitlines()[-1]
            if not mark.exists():
                yield [] if code == 0 else [f"without trouble it ended with {code}: {told}"]
                return
            mark.unlink()
            found = [] if code in (0, 3, 5) else [f"ended with {code}: {told}"]
            if kind is Kind.QUOTA:
                found += leftovers(place)
            if elsewhere.exists():
                shutil.rmtree(place.scratch, ignore_errors=True)
                elsewhere.rename(place.scratch)
            with scratch_in(place):
                remove_stale_folders()
            found += faults_of_results(place) + leftovers(place)
            yield [f"call {call}: {one}" for one in found]
            shutil.rmtree(place.out, ignore_errors=True)
            call += 1


@contextmanager
def scratch_in(place: Place) -> Iterator[None]:
    """Make this process use the scratch folder of the place."""
    before = os.environ.get("TMPDIR")
    os.environ["TMPDIR"] = str(place.scratch)
    try:
        yield
    finally:
        del os.environ["TMPDIR"]
        if before is not None:
            os.environ["TMPDIR"] = before


def _faults_of_trouble(
    place: Place, trouble: FolderTrouble, code: int, old: dict[str, bytes]
) -> list[str]:
    """Faults right away, and after the next start has cleaned up.

    On a disk that becomes read-only during the moves, nothing can be undone. The next start
    finishes the moves, so that all results are the new ones.
    """
    told = said(place).strip().splitlines()[-1]
    found = [] if code in (0, 7) else [f"ended with {code}: {told}"]
    if code == 7 and WORDS[trouble.kind] not in told:
        found.append(f"it is not told: {told}")
    if trouble.kind is Kind.QUOTA:
        found += leftovers(place)
    if trouble.elsewhere.exists():
        if place.out.exists():  # the run has created another one
            found += faults_of_results(place) + leftovers(place)
            shutil.rmtree(place.out)
        trouble.elsewhere.rename(place.out)
    tidy(place.out)
    if code == 7 and trouble.kind is Kind.QUOTA and contents(place.out) != old:
        found.append("old results have changed")
    return found + faults_of_results(place) + leftovers(place)


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
    """Leftover files, except the one that fills the disk."""
    return [one for one in leftovers(place) if not one.endswith(FILLER)]


FILLER = ".filler"


@contextmanager
def only_free(disk: Path, free: int) -> Iterator[None]:
    """Fill a disk except for a number of bytes."""
    filler = disk / FILLER
    filler.write_bytes(b"x" * max(0, shutil.disk_usage(disk).free - free))
    try:
        yield
    finally:
        filler.unlink()


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """Mount a small disk on a folder."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)]
    subprocess.run(mount, check=True, capture_output=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def may_mount() -> bool:
    """Whether the system allows mounting disks."""
    with a_place() as place:
        try:
            with small_disk(place.out):
                return True
        except (OSError, subprocess.CalledProcessError):
            return False


if __name__ == "__main__":
    sys.exit(main())
