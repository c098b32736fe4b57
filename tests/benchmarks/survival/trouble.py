"""Injects trouble with a folder at a chosen call, without root or a special disk.

A program learns of a quota, a read-only disk or a missing folder from the error of a system call.
So each call in turn is made the first to fail.
"""

import enum
import errno
import io
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol


class Trouble(Protocol):
    """A trouble that can be sent to a process and started there."""

    def begin(self) -> None:
        """Start the trouble in this process."""


class Kind(enum.Enum):
    """What happens to the folder."""

    QUOTA = "quota used up"
    READ_ONLY = "read-only"
    GONE = "gone"


ERRORS = {Kind.QUOTA: errno.EDQUOT, Kind.READ_ONLY: errno.EROFS}

CHANGES = frozenset({"os.mkdir", "os.rename", "os.link", "os.remove", "os.rmdir"})
"""Audited calls that change a folder, apart from those that open a file for writing."""

TAKES_ROOM = frozenset({"os.mkdir", "create", "write"})
"""Calls that a quota can refuse."""


@dataclass(frozen=True)
class FolderTrouble:
    """Trouble with a folder, starting with one of the calls that change it.

    Attributes:
        call: the number of that call; 0 is the first.
        mark: a file that is created when the trouble occurs; if it is missing, there was none.
        elsewhere: where the folder is moved when it disappears.
    """

    folder: Path
    kind: Kind
    call: int
    mark: Path
    elsewhere: Path

    def begin(self) -> None:
        """See ``Trouble``. It cannot be ended within a process."""
        calls = _Calls(self)
        sys.addaudithook(calls.audit)

        class Watched(io.FileIO):
            """Reports each write, because Python audits only the opening of a file."""

            def write(self, content: Any) -> int:
                calls.count("write", self.name)
                return super().write(content)

        io.FileIO = Watched  # type: ignore[misc]


@dataclass(frozen=True)
class SmallFiles:
    """No file may grow beyond a size (``setrlimit``); the system reports this as ``EFBIG``."""

    most_bytes: int

    def begin(self) -> None:
        """See ``Trouble``."""
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (self.most_bytes, self.most_bytes))


class _Calls:
    """Counts the calls that change the folder, and makes those fail that meet the trouble."""

    def __init__(self, trouble: FolderTrouble) -> None:
        self._trouble = trouble
        self._begin_of_names = str(trouble.folder)
        self._counted = 0
        self._busy = False

    def audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Called before an audited call; see ``sys.addaudithook``."""
        if event in CHANGES:
            self.count(event, arguments[0])
        elif event == "open" and isinstance(arguments[2], int):
            if arguments[2] & os.O_CREAT:
                self.count("create", arguments[0])
            elif arguments[2] & (os.O_WRONLY | os.O_RDWR):
                self.count("change", arguments[0])

    def count(self, event: str, name: object) -> None:
        """Count a call.

        Raises:
            OSError: the call meets the trouble.
        """
        if self._busy or not isinstance(name, str | os.PathLike):
            return
        if not os.fspath(name).startswith(self._begin_of_names):
            return
        trouble = self._trouble
        if trouble.kind is Kind.QUOTA and event not in TAKES_ROOM:
            return
        self._counted += 1
        if self._counted <= trouble.call:
            return
        self._busy = True
        first = not trouble.mark.exists()
        trouble.mark.touch()
        if first and trouble.kind is Kind.GONE:
            trouble.folder.rename(trouble.elsewhere)
        self._busy = False
        if trouble.kind in ERRORS:
            code = ERRORS[trouble.kind]
            raise OSError(code, os.strerror(code), str(name))
