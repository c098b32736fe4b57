"""How far a run is."""

import pytest

from app.window.run_panel import RunProgress
from inference.values.progress import Progress


def test_a_run_never_goes_back_and_at_a_steady_pace_the_time_left_is_right() -> None:
    run = RunProgress(now=100.0)
    assert run.seconds_left(100.0) is None
    run.step(Progress("resample", 1, 1), 105.0)
    run.step(Progress("find", 1, 1), 115.0)
    for done in range(1, 11):
        run.step(Progress("predict", done, 10), 115.0 + 8 * done)
    fraction = run.fraction
    assert fraction == pytest.approx(0.95)
    run.step(Progress("find", 0, 1), 195.0)
    assert run.fraction == fraction
    assert run.seconds_left(195.0) == pytest.approx(5.0, abs=0.5)
