"""A log for whoever repairs the program, with nothing about a patient.

It holds the program's own fixed words, figures, and where in the code an exception came from: its
type, functions and lines. Any text passed in may contain a name, such as the message of a library's
exception or a path, and is left out.
"""

import errno
import logging
import os
import platform
import sys
import sysconfig
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path, PurePath
from types import TracebackType

from inference.errors import DefectError, SpineContextError
from inference.values.messages import Sentence, sentence
from inference.version import version_text

LOGGER = logging.getLogger("spinecontext")
"""The program's logger; those of the libraries lead nowhere."""

LINE = "%(asctime)s %(levelname)s %(message)s"

MOST_BYTES = 2**18
"""The size of one log file: some thousand runs, or a hundred exceptions."""

OLD_FILES = 2
"""How many full log files are kept."""

LEFT_OUT = "(left out)"
"""Replaces text that may contain a name."""

CODE_ROOT = Path(__file__).parents[2]
"""The folder that holds the program's packages."""

LIBRARY_FOLDERS = ("site-packages", "dist-packages")


def log_file() -> Path | None:
    """The log file in the user's state folder; None if the user has none.

    It is ``$XDG_STATE_HOME/spinecontext/spinecontext.log`` (``~/.local/state`` by default), and
    ``%LOCALAPPDATA%\\SpineContext\\spinecontext.log`` on Windows.
    """
    if sys.platform == "win32":
        variable, usual, folder = "LOCALAPPDATA", "AppData/Local", "SpineContext"
    else:
        variable, usual, folder = "XDG_STATE_HOME", ".local/state", "spinecontext"
    try:
        state = Path(os.environ.get(variable) or Path.home() / usual)
    except RuntimeError:  # no home folder is known
        return None
    return state / folder / "spinecontext.log" if state.is_absolute() else None


@contextmanager
def logging_to_file(
    verbose: bool = False, through: Callable[[logging.Handler], logging.Handler] = lambda file: file
) -> Iterator[None]:
    """Log to the user's log file within the block, if that is possible.

    Args:
        verbose: log to standard error as well.
        through: the handler that hands lines to that of the file.
    """
    handlers: list[logging.Handler] = [logging.NullHandler()]
    file = log_file()
    if file is not None:
        handlers.append(through(_QuietFile(file)))
    if verbose and sys.stderr is not None:
        handlers.append(logging.StreamHandler())
    for handler in handlers:
        handler.setFormatter(PrivateFormatter(LINE))
        LOGGER.addHandler(handler)
    LOGGER.setLevel(logging.INFO)
    LOGGER.propagate = False
    LOGGER.info(program_facts())
    try:
        yield
    finally:
        for handler in handlers:
            LOGGER.removeHandler(handler)
            handler.close()


def program_facts() -> str:
    """The version of the program, and what it runs on."""
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    return f"SpineContext {version_text()}, Python {platform.python_version()}, {system}"


def as_defect(error: Exception) -> DefectError:
    """The error for an exception that is a defect of the program, with details to report."""
    return DefectError(
        sentence(
            "Unexpected error ({0}). Try again; if it happens again, please report it with its "
            "details.",
            type(error).__name__,
        ),
        "'--verbose' shows them.",
        details=details_of(error),
    )


def details_of(error: BaseException) -> str:
    """What the program runs on, and where in the code an exception came from."""
    return f"{program_facts()}\n{private_traceback(error)}"


def private_traceback(error: BaseException) -> str:
    """Types, functions and lines of an exception and its causes, the first cause first."""
    chain: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and one not in chain:
        chain.append(one)
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    lines = []
    for one in reversed(chain):
        lines += [
            f"  {_code_place(frame.f_code.co_filename)}:{line} in {frame.f_code.co_name}"
            for frame, line in traceback.walk_tb(one.__traceback__)
        ]
        lines.append(_kind(one))
    return "\n".join(lines)


class PrivateFormatter(logging.Formatter):
    """Leaves out everything in a record that may contain a name."""

    def format(self, record: logging.LogRecord) -> str:
        """The record's line, followed by where its exception came from."""
        said = logging.makeLogRecord(record.__dict__)
        said.exc_text = None  # the exception as another formatter has rendered it
        said.msg = record.msg if isinstance(record.msg, str) else LEFT_OUT
        said.args = tuple(map(_harmless, record.args)) if isinstance(record.args, tuple) else ()
        return super().format(said)

    def formatException(  # noqa: N802
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        """Where the exception came from."""
        return "" if ei[1] is None else private_traceback(ei[1])


class _QuietFile(RotatingFileHandler):
    """A log file that never causes trouble: what cannot be written is dropped."""

    def __init__(self, file: Path) -> None:
        super().__init__(
            file, maxBytes=MOST_BYTES, backupCount=OLD_FILES, encoding="utf-8", delay=True
        )

    def emit(self, record: logging.LogRecord) -> None:
        try:
            Path(self.baseFilename).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            return
        super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        pass


def _harmless(value: object) -> object:
    """A value that may be logged: figures, types of exceptions, and templates of sentences."""
    if isinstance(value, int | float):
        return value
    if isinstance(value, BaseException):
        return _kind(value)
    return value.template if isinstance(value, Sentence) else LEFT_OUT


def _kind(error: BaseException) -> str:
    """What can be said about an exception without its message."""
    kind = type(error)
    name = kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
    if isinstance(error, SpineContextError) and isinstance(error.fact, Sentence):
        name = f"{name}: {error.fact.template}"
    if isinstance(error, SpineContextError) and error.details:
        return f"{name}\n{error.details}"
    if isinstance(error, OSError) and error.errno is not None:
        return f"{name}: {errno.errorcode.get(error.errno, error.errno)}"
    return name


def _code_place(file: str) -> str:
    """A source file relative to its package; left out if that is unknown."""
    path = PurePath(file)
    for folder in LIBRARY_FOLDERS:
        if folder in path.parts:
            last = len(path.parts) - path.parts[::-1].index(folder)
            return "/".join(path.parts[last:])
    for root in (CODE_ROOT, PurePath(sysconfig.get_path("stdlib"))):
        if path.is_relative_to(root):
            return path.relative_to(root).as_posix()
    # In a frozen program, file names begin with their package.
    return LEFT_OUT if path.is_absolute() else path.as_posix()
