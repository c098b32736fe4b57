"""Runs many cases in one process and counts memory, open files and threads; Linux only.

    python -m tests.benchmarks.survival.soak --cases 50

The queue runs in the window's process, with a child process for each run; ``batch`` does
everything itself.
"""

import argparse
import shutil
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from tests.benchmarks.survival.places import Place, a_place

SETTLED = 3
"""Number of cases after which everything that stays loaded has been loaded."""

MOST_GROWTH = 0.10
"""Largest allowed growth of memory, from then to the end."""

COMPARED = 8
"""Take the maximum of files and threads over so many cases, as the next may be loading or not."""

POLL_SECONDS = 0.01


@dataclass(frozen=True)
class Held:
    """The resources of a process.

    Attributes:
        memory_mib: resident memory.
        files: number of open files.
        threads: number of running threads.
    """

    memory_mib: float
    files: int
    threads: int

    @classmethod
    def now(cls) -> "Held":
        """The resources of this process, as counted by Linux."""
        status = Path("/proc/self/status").read_text()
        pages = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        count = [len(list(Path(f"/proc/self/{what}").iterdir())) for what in ("fd", "task")]
        return cls(int(pages.split()[1]) / 1024, *count)


class Samples:
    """Samples the resources of this process when the report of each case appears in a folder."""

    def __init__(self, out: Path) -> None:
        """Start watching ``out``."""
        self._out = out
        self._over = threading.Event()
        self.taken: list[Held] = []
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def stop(self) -> None:
        """Stop watching."""
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(POLL_SECONDS):
            if len(list(self._out.glob("*_report.json"))) > len(self.taken):
                self.taken.append(Held.now())


def through_queue(inputs: Sequence[Path], model: Path, out: Path) -> None:
    """Run all cases through the window's queue."""
    from PySide6.QtCore import QTimer

    from app.application import create_application, run_until_closed
    from app.settings.places import admin_file, user_file
    from app.settings.store import SettingsStore
    from app.window import queue_controller
    from app.window.main_window import MainWindow
    from tests.benchmarks.survival.actor import Consent

    application = create_application()
    patch.object(queue_controller, "chosen_folder", lambda *_: out).start()
    typed = {"model": str(model), "mode": "full"}
    window = MainWindow(SettingsStore(user_file(), admin_file(), typed))
    window.show()
    Consent(window)
    window.queue.add(inputs)
    QTimer.singleShot(0, window.queue_panel.start_asked.emit)

    def close_at_the_end() -> None:
        if len(list(out.glob("*_report.json"))) == len(inputs) and not window.queue.active:
            window.close()

    clock = QTimer(window, interval=100)
    clock.timeout.connect(close_at_the_end)
    clock.start()
    run_until_closed(application, window, window.jobs, window.keeping)


def through_batch(inputs: Sequence[Path], model: Path, out: Path) -> None:
    """Run all cases through ``batch``."""
    from inference.__main__ import main as run

    typed = ["batch", *map(str, inputs), "--out", str(out), "--model", str(model)]
    code = run([*typed, "--mode", "full"])
    if code:
        raise RuntimeError(f"batch ended with {code}")


WAYS: dict[str, Callable[[Sequence[Path], Path, Path], None]] = {
    "queue": through_queue,
    "batch": through_batch,
}


def soaked(place: Place, way: str, cases: int) -> list[Held]:
    """Run many copies of one case in a separate process; return its resources after each."""
    for number in range(cases):
        shutil.copy(place.inputs[0], place.folder / f"case{number:03}.nii.gz")
    process = place.start("tests.benchmarks.survival.soak", "--way", way, str(place.folder))
    said, _ = process.communicate()
    if process.returncode:
        raise RuntimeError((place.folder / "stderr").read_text()[-2000:])
    lines = [line.split() for line in said.splitlines() if line.startswith("held ")]
    return [Held(float(memory), int(files), int(threads)) for _, memory, files, threads in lines]


def most(held: Sequence[Held]) -> Held:
    """The maximum of each resource."""
    return Held(
        max(one.memory_mib for one in held),
        max(one.files for one in held),
        max(one.threads for one in held),
    )


def soak(way: str, folder: Path) -> None:
    """Run all cases one way in this process, and print its resources after each."""
    out = folder / "out"
    samples = Samples(out)
    try:
        WAYS[way](sorted(folder.glob("case*.nii.gz")), folder / "threshold.onnx", out)
        time.sleep(10 * POLL_SECONDS)
    finally:
        samples.stop()
    for held in samples.taken:
        print("held", held.memory_mib, held.files, held.threads, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run both ways and print a table; return 1 if memory, files or threads grew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=50)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("folder", type=Path, nargs="?", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.way:
        soak(options.way, options.folder)
        return 0
    print("| way | cases | MiB after the third | MiB at the end | open files | threads |")
    print("| --- | --- | --- | --- | --- | --- |", flush=True)
    grown = False
    for way in WAYS:
        with a_place() as place:
            held = soaked(place, way, options.cases)
        early, late = most(held[SETTLED - 1 :][:COMPARED]), most(held[-COMPARED:])
        before, after = held[SETTLED - 1].memory_mib, held[-1].memory_mib
        grown = grown or after > (1 + MOST_GROWTH) * before
        grown = grown or late.files > early.files or late.threads > early.threads
        print(
            f"| {way} | {len(held)} | {before:.0f} | {after:.0f} "
            f"| {early.files}, at the end {late.files} "
            f"| {early.threads}, at the end {late.threads} |",
            flush=True,
        )
    return int(grown)


if __name__ == "__main__":
    sys.exit(main())
