"""What is shown of a run: on a terminal, in a log, and in a stream for machines."""

import io
import json

from inference.cli.console import JsonConsole, PlainConsole, TerminalConsole
from inference.errors import NoUsableSeriesError
from inference.values.progress import Progress


def test_a_log_gets_a_line_each_tenth_of_a_stage() -> None:
    err = io.StringIO()
    console = PlainConsole(io.StringIO(), err)
    for done in range(1, 252 + 1):
        console.progress(Progress("predict", done, 252))
    lines = err.getvalue().splitlines()
    assert len(lines) == 11
    assert lines[-1] == "Outlining the spine: 100 %"


def test_a_terminal_gets_one_bar_a_stage_with_the_time_left() -> None:
    err = io.StringIO()
    console = TerminalConsole(io.StringIO(), err)
    for stage in ("find", "predict"):
        for done in (1, 2):
            console.progress(Progress(stage, done, 2))
    assert err.getvalue().count("\n") == 2
    assert "left" in err.getvalue()


def test_an_error_is_one_line() -> None:
    out, err = io.StringIO(), io.StringIO()
    PlainConsole(out, err).error(NoUsableSeriesError("This is an MR. Choose a CT."))
    assert err.getvalue() == "Error: This is an MR. Choose a CT.\n"
    assert out.getvalue() == ""


def test_a_machine_gets_one_object_a_line() -> None:
    out = io.StringIO()
    console = JsonConsole(out)
    console.progress(Progress("read", 1, 2))
    console.warning("Two slices are the same.")
    console.error(NoUsableSeriesError("This is an MR."))
    console.result("Done", {"spine_volume_ml": 1.5})
    assert [json.loads(line) for line in out.getvalue().splitlines()] == [
        {"event": "progress", "stage": "read", "done": 1, "total": 2},
        {"event": "warning", "message": "Two slices are the same."},
        {"event": "error", "message": "This is an MR.", "exit_code": 4},
        {"event": "result", "spine_volume_ml": 1.5},
    ]
