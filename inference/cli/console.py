"""What the user sees of a run: a bar on a terminal, lines elsewhere, JSON for machines.

Results go to standard output; progress, warnings and errors to standard error, except under
``--json``, where everything is one stream of objects on standard output.
"""

import json
import sys
from collections.abc import Mapping
from typing import Any, Protocol, TextIO

from tqdm import tqdm

from inference.cli.streams import Outlet
from inference.errors import SpineContextError
from inference.values.messages import Sentence, nameless
from inference.values.progress import Progress

PLAIN_STEP_PERCENT = 10
"""How far a stage advances between two plain lines."""

STAGE_NAMES = {
    "read": "Reading",
    "find": "Locating the spine",
    "predict": "Outlining the spine",
    "mask": "Making the mask",
    "write": "Writing",
    "cases": "Cases done",
}


class Console(Protocol):
    """Where a command reports what it does."""

    def progress(self, progress: Progress) -> None:
        """Show how far a stage has come."""

    def warning(self, text: str) -> None:
        """Show a plain sentence that the user should know."""

    def error(self, error: SpineContextError) -> None:
        """Show why the command, or one case of it, failed."""

    def result(self, text: str, facts: Mapping[str, Any]) -> None:
        """Show the result: ``text`` to people, ``facts`` to machines."""


class PlainConsole:
    """Lines, for logs and pipes."""

    def __init__(self, out: TextIO | None = None, err: TextIO | None = None) -> None:
        """Write to the standard streams unless told otherwise."""
        self._out = Outlet(out or sys.stdout, must_arrive=True)
        self._err = Outlet(err or sys.stderr, must_arrive=False)
        self._shown: tuple[str, int] | None = None

    def progress(self, progress: Progress) -> None:
        """Print a line every ``PLAIN_STEP_PERCENT``."""
        percent = 100 * progress.done // max(1, progress.total)
        step = (progress.stage, percent // PLAIN_STEP_PERCENT)
        if step != self._shown:
            self._shown = step
            name = STAGE_NAMES.get(progress.stage, progress.stage)
            print(f"{name}: {percent} %", file=self._err, flush=True)

    def warning(self, text: str) -> None:
        """Print a line."""
        print(f"Note: {text}", file=self._err, flush=True)

    def error(self, error: SpineContextError) -> None:
        """Print a line."""
        print(f"Error: {error}", file=self._err, flush=True)

    def result(self, text: str, facts: Mapping[str, Any]) -> None:  # noqa: ARG002
        """Print the text."""
        print(text, file=self._out, flush=True)


class TerminalConsole(PlainConsole):
    """One bar per stage with the time left, for a person who is watching."""

    def __init__(self, out: TextIO | None = None, err: TextIO | None = None) -> None:
        """Write to the standard streams unless told otherwise."""
        super().__init__(out, err)
        self._bar: tqdm[Any] | None = None
        self._stage = ""

    def progress(self, progress: Progress) -> None:
        """Advance the stage's bar."""
        if progress.stage != self._stage or self._bar is None:
            self._close_bar()
            self._stage = progress.stage
            self._bar = tqdm(
                total=progress.total,
                desc=f"{STAGE_NAMES.get(progress.stage, progress.stage):<19}",
                bar_format="{desc} {percentage:3.0f} % |{bar}| {elapsed}, {remaining} left",
                file=self._err,
            )
        self._bar.update(progress.done - self._bar.n)
        if progress.done >= progress.total:
            self._close_bar()

    def warning(self, text: str) -> None:
        """Print a line below the bar."""
        self._close_bar()
        super().warning(text)

    def error(self, error: SpineContextError) -> None:
        """Print a line below the bar."""
        self._close_bar()
        super().error(error)

    def result(self, text: str, facts: Mapping[str, Any]) -> None:
        """Print the text below the bar."""
        self._close_bar()
        super().result(text, facts)

    def _close_bar(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None


class JsonConsole:
    """One JSON object per line; its ``event`` is progress, warning, error or result.

    The inputs' names are left out, because they may be patients' names and the lines may be kept.
    Only a batch's summary names its inputs.
    """

    def __init__(self, out: TextIO | None = None) -> None:
        """Write to standard output unless told otherwise."""
        self._out = Outlet(out or sys.stdout, must_arrive=True)

    def progress(self, progress: Progress) -> None:
        """Print stage, done and total."""
        self._print("progress", stage=progress.stage, done=progress.done, total=progress.total)

    def warning(self, text: str) -> None:
        """Print the message."""
        self._print("warning", message=_without_names(text))

    def error(self, error: SpineContextError) -> None:
        """Print the message and the exit code."""
        parts = (_without_names(part) for part in error.args if part)
        self._print("error", message=" ".join(parts), exit_code=error.exit_code)

    def result(self, text: str, facts: Mapping[str, Any]) -> None:  # noqa: ARG002
        """Print the facts."""
        self._print("result", **facts)

    def _print(self, event: str, **facts: Any) -> None:
        print(json.dumps({"event": event, **facts}), file=self._out, flush=True)


def _without_names(text: str) -> str:
    return nameless(text) if isinstance(text, Sentence) else text


def open_console(as_json: bool) -> Console:
    """The console that suits where the command runs."""
    if as_json:
        return JsonConsole()
    watched = Outlet(sys.stderr, must_arrive=False).isatty()
    return TerminalConsole() if watched else PlainConsole()
