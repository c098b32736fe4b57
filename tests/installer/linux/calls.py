"""What strace saw: sockets, programs started and files opened."""

import re
from collections.abc import Iterator
from pathlib import Path

SUCCESS = re.compile(r"= \d")
PROGRAM_FILE = re.compile(r"\.(so(\.\d+)*|py|pyc|onnx|qm)$")
"""Ending of a file with code, weights or words of the program."""

SYSTEM_LIBRARIES = ("/lib/x86_64-linux-gnu/", "/usr/lib/x86_64-linux-gnu/")
"""Where the libraries of other packages lie."""


def socket_families(trace: Path) -> set[str]:
    """The address families of all sockets that were asked for, such as ``AF_UNIX``."""
    return set(re.findall(r"\bsocket(?:pair)?\((AF_\w+|\w+)", trace.read_text(errors="replace")))


def started_programs(trace: Path) -> set[str]:
    """The programs that were started."""
    return {path for _, path in _calls(trace, "execve")}


def stray_files(trace: Path, program: str) -> set[str]:
    """Opened files with code, weights or words that are neither the program's nor the system's.

    Args:
        program: the folder that the program is installed in.
    """
    allowed = (_as_strace_writes(program), *SYSTEM_LIBRARIES)
    return {
        path
        for _, path in _calls(trace, "open", "openat")
        if PROGRAM_FILE.search(path) and path.startswith("/") and not path.startswith(allowed)
    }


def _as_strace_writes(path: str) -> str:
    """A path with each byte beyond ASCII in octal digits."""
    return "".join(chr(byte) if byte < 128 else f"\\{byte:o}" for byte in path.encode())


def _calls(trace: Path, *names: str) -> Iterator[tuple[str, str]]:
    """The successful calls of these names, each with the first path in it."""
    for line in trace.read_text(errors="replace").splitlines():
        call = re.search(r"\b(\w+)\([^\"]*\"([^\"]*)\"", line)
        if call and call[1] in names and SUCCESS.search(line):
            yield call[1], call[2]
