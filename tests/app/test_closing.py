"""The window or its engine is ended during a task: in order, with nothing left behind."""

import sys

import pytest

from tests.benchmarks.survival.places import a_place
from tests.benchmarks.survival.window import closed, engine_killed, told_to_end


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("step", ["load", "run", "result", "export", "queue writes"])
def test_a_window_that_is_closed_ends_in_order_and_leaves_nothing(step: str) -> None:
    with a_place() as place:
        assert closed(place, step, 0.01) == []


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("after", [0.0, 0.05])
def test_a_window_that_the_system_ends_asks_nothing_and_waits_for_no_dialog(after: float) -> None:
    with a_place() as place:
        assert told_to_end(place, "export", after) == []


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("step", ["run", "queue runs", "queue writes"])
def test_a_window_outlives_its_engine_says_so_and_goes_on_with_another(step: str) -> None:
    with a_place() as place:
        assert engine_killed(place, step, 0.0) == []
