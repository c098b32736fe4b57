"""What may be wrong around a run: folders that are none, closed streams, a clock that jumps."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.benchmarks.survival.places import Place, a_place

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="folders and streams of Linux")

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


def segmented(place: Place, streams: str = "", **environment: str | None) -> int:
    """The exit code of a run in a shell that first does ``streams``, in that environment."""
    command = [
        *(sys.executable, "-m", "inference", "segment", str(place.inputs[0])),
        *("--out", str(place.out), "--mode", "full", "--model", str(place.model)),
    ]
    around = {"HOME": str(place.home), "TMPDIR": str(place.scratch), **environment}
    run = subprocess.run(
        ["/bin/sh", "-c", f'{streams} exec "$@"', "sh", *command],
        env={name: value for name, value in {**os.environ, **around}.items() if value is not None},
        stderr=(place.folder / "stderr").open("w"),
        check=False,
    )
    return run.returncode


def assert_whole(place: Place, code: int) -> None:
    said = (place.folder / "stderr").read_text()
    assert code == 0, said
    assert "Traceback" not in said
    assert len([path for path in place.out.iterdir() if path.name.startswith("a_")]) == 3
    assert place.leftovers() == []


@pytest.mark.parametrize("folder", ["absent", "a file", None])
@pytest.mark.parametrize("name", ["TMPDIR", "HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"])
def test_a_folder_of_the_user_that_is_none_is_done_without(
    place: Place, name: str, folder: str | None
) -> None:
    (place.folder / "a file").write_text("")
    value = None if folder is None else str(place.folder / folder)
    assert_whole(place, segmented(place, **{name: value}))


@pytest.mark.parametrize("streams", ["0<&-", "0<&- 1>&-", "0<&- 1>&- 2>&-"])
def test_a_run_with_closed_streams_goes_to_its_end(place: Place, streams: str) -> None:
    assert_whole(place, segmented(place, f"exec {streams};"))


def test_a_clock_that_jumps_changes_nothing(place: Place) -> None:
    (place.folder / "sitecustomize.py").write_text(JUMPING_CLOCK)
    path = f"{place.folder}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
    assert_whole(place, segmented(place, PYTHONPATH=path))


def test_results_are_whole_where_the_output_folder_goes_while_nothing_runs(place: Place) -> None:
    shutil.rmtree(place.out)
    assert_whole(place, segmented(place))
