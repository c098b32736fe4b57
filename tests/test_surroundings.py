"""What can be wrong around a run: paths that are not folders, closed streams, a jumping clock."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.benchmarks.survival.places import ACTOR, Place, a_place

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="folders and streams of Linux")

FOLDERS = ("TMPDIR", "HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME")

NOT_TO_BE_WRITTEN = "/proc"
"""A folder that nobody can write to, not even the administrator."""

FAULTS = ("absent", "a file", NOT_TO_BE_WRITTEN, None)
"""What a variable may name instead of a folder; None if it is not set. One for each of them."""

CLOSED = "exec 0<&- 1>&- 2>&-;"

JUMPING_CLOCK = """
import itertools, time
true_time, jumps = time.time, itertools.cycle([0, 86400, -86400, 3e9])
time.time = lambda: true_time() + next(jumps)
time.time_ns = lambda: int(time.time() * 1e9)
"""


@pytest.fixture
def place() -> Iterator[Place]:
    with a_place() as made:
        yield made


def run(place: Place, *command: str, streams: str = "", **around: str | None) -> int:
    """The exit code of a module in that environment, in a shell that first does ``streams``."""
    environment = {**place.environment, **around}
    done = subprocess.run(
        ["/bin/sh", "-c", f'{streams} exec "$@"', "sh", sys.executable, "-m", *command],
        env={name: value for name, value in environment.items() if value is not None},
        stdout=subprocess.DEVNULL,
        stderr=(place.folder / "stderr").open("w"),
        check=False,
    )
    return done.returncode


def segmented(place: Place, streams: str = "", **around: str | None) -> int:
    command = ["inference", "segment", str(place.inputs[0]), "--out", str(place.out)]
    options = ["--mode", "full", "--model", str(place.model)]
    return run(place, *command, *options, streams=streams, **around)


def assert_whole(place: Place, code: int, *names: str) -> None:
    said = (place.folder / "stderr").read_text()
    assert code == 0, said
    assert "Traceback" not in said
    for name in names:
        assert len([path for path in place.out.iterdir() if path.name.startswith(name)]) == 3
    assert place.all_ended(10.0)  # multiprocessing's helper ends just after the window
    assert place.leftovers() == []


@pytest.mark.parametrize("turn", range(len(FAULTS)))
def test_folders_of_the_user_that_are_none_are_done_without(place: Place, turn: int) -> None:
    """Four runs, in which each folder has each fault once: every start takes a second."""
    (place.folder / "a file").write_text("")
    faults = [*FAULTS[turn:], *FAULTS[:turn]]
    around = {
        name: None if fault is None else str(place.folder / fault)
        for name, fault in zip(FOLDERS, faults, strict=True)
    }
    assert_whole(place, segmented(place, **around), "a_")


@pytest.mark.parametrize("streams", ["exec 0<&-;", "exec 0<&- 1>&-;", CLOSED])
def test_a_run_with_closed_streams_goes_to_its_end(place: Place, streams: str) -> None:
    assert_whole(place, segmented(place, streams), "a_")


def let_the_clock_jump(place: Place) -> str:
    """The PYTHONPATH that makes the clock jump."""
    (place.folder / "sitecustomize.py").write_text(JUMPING_CLOCK)
    return f"{place.folder}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"


def test_a_clock_that_jumps_changes_nothing(place: Place) -> None:
    path = let_the_clock_jump(place)
    assert_whole(place, segmented(place, PYTHONPATH=path), "a_")


def test_results_are_whole_where_the_output_folder_goes_while_nothing_runs(place: Place) -> None:
    shutil.rmtree(place.out)
    assert_whole(place, segmented(place), "a_")


def test_the_window_does_without_streams_and_without_any_folder_of_the_user(place: Place) -> None:
    around = dict.fromkeys(FOLDERS, NOT_TO_BE_WRITTEN)
    code = run(place, ACTOR, *place.story, streams=CLOSED, **around)
    assert_whole(place, code, "a_", "b_")


def test_the_window_goes_on_whatever_the_clock_says(place: Place) -> None:
    path = let_the_clock_jump(place)
    assert_whole(place, run(place, ACTOR, *place.story, PYTHONPATH=path), "a_", "b_")
