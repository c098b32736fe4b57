"""Standard streams that may be closed, full, or unable to encode a text."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from typing import Any, TextIO

from inference.errors import OutputError
from inference.values.messages import sentence

STANDARD_FILES = (0, 1, 2)
"""File descriptors of standard input, output and error."""

ASCII_SIGNS = str.maketrans({"×": "x", "–": "-", "…": "...", "−": "-"})
"""Replacements for characters of our own that an old terminal lacks."""


class Outlet:
    """A text stream for messages to people.

    A reader that has gone away, as with ``| head``, is not a failure: the rest is dropped.
    """

    def __init__(self, stream: TextIO | None, must_arrive: bool) -> None:
        """Write to ``stream``, which may be None.

        Args:
            must_arrive: whether it is a failure if the stream cannot be written to, for example
                because the disk is full.
        """
        self._stream = stream
        self._must_arrive = must_arrive

    def write(self, text: str) -> int:
        """Write a text; characters that the stream cannot encode are spelled out.

        Raises:
            OutputError: the text must arrive and cannot.
        """
        if self._stream is not None:
            with self._mishaps():
                self._stream.write(spelled(text, getattr(self._stream, "encoding", None)))
        return len(text)

    def flush(self) -> None:
        """Flush what was written.

        Raises:
            OutputError: the text must arrive and cannot.
        """
        if self._stream is not None:
            with self._mishaps():
                self._stream.flush()

    def isatty(self) -> bool:
        """Whether a person is watching."""
        return self._stream is not None and not self._stream.closed and self._stream.isatty()

    def __getattr__(self, name: str) -> Any:
        """Whatever else a progress bar asks of its stream."""
        return getattr(self._stream, name)

    @contextmanager
    def _mishaps(self) -> Iterator[None]:
        try:
            yield
        except (OSError, ValueError) as error:  # ValueError: it is closed
            stream, self._stream = self._stream, None
            _let_go(stream)
            nobody_reads = isinstance(error, BrokenPipeError | ValueError)
            if self._must_arrive and not nobody_reads:
                reason = getattr(error, "strerror", None) or type(error).__name__
                raise OutputError(
                    sentence("The output cannot be written ({0}).", reason),
                    "Let it go somewhere else.",
                ) from error


def spelled(text: str, encoding: str | None) -> str:
    """The text in characters that an encoding has; others are spelled out, such as ``\\xe4``."""
    try:
        text.encode(encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        known = text.translate(ASCII_SIGNS)
        return known.encode(encoding or "utf-8", "backslashreplace").decode(encoding or "utf-8")
    return text


@contextmanager
def standard_streams(verbose: bool = False) -> Iterator[None]:
    """Within the block, only the program itself writes to the standard streams.

    Descriptors of closed streams are taken, because otherwise the next opened file would get them.
    C++ libraries write warnings straight to standard error, where Python cannot stop them; unless
    ``verbose``, these go nowhere.
    """
    for number in STANDARD_FILES:
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free descriptor
    with nullcontext() if verbose else _error_stream_of_its_own():
        try:
            yield
        finally:
            for stream in (sys.stdout, sys.stderr):
                try:
                    if stream is not None:
                        stream.flush()
                except (OSError, ValueError):
                    _let_go(stream)


@contextmanager
def _error_stream_of_its_own() -> Iterator[None]:
    """Standard error under another descriptor, and the null device under its own."""
    number, stream = STANDARD_FILES[2], sys.stderr
    if _number(stream) != number:
        yield  # a test, or a program around this one, has replaced it
        return
    kept = os.dup(number)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    own = open(kept, "w", encoding=stream.encoding, errors="backslashreplace", closefd=False)  # noqa: SIM115
    try:
        sys.stderr = own
        os.dup2(nowhere, number)
        yield
    finally:
        with suppress(OSError, ValueError):
            own.flush()
        os.dup2(kept, number)
        sys.stderr = stream
        os.close(kept)
        os.close(nowhere)


def _number(stream: TextIO | None) -> int | None:
    try:
        return stream.fileno() if stream is not None else None
    except (OSError, ValueError):
        return None


def _let_go(stream: TextIO | None) -> None:
    """Drop what a stream has not written yet, or Python would complain on exit."""
    number = _number(stream)
    if number is not None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, number)
        os.close(nowhere)
