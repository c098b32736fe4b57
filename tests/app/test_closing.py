"""The window closed while something goes on: it ends in order and leaves nothing behind."""

import sys

import pytest

from tests.benchmarks.survival.places import a_place
from tests.benchmarks.survival.window import closed, told_to_end


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
