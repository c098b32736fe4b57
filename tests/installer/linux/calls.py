"""What strace saw: sockets, programs started and files opened."""

import re
from collections.abc import Iterator
from pathlib import Path

SUCCESS = re.compile(r"= \d")
PROGRAM_FILES = (".so", ".py", ".pyc", ".onnx", ".qm")
"""Endings of files with code, weights or words of the program; libraries carry versions too."""


def socket_families(trace: Path) -> set[str]:
    """The address families of all sockets that were asked for, such as ``AF_UNIX``."""
    return set(re.findall(r"\bsocket(?:pair)?\((AF_\w+|\w+)", trace.read_text(errors="replace")))


def started_programs(trace: Path) -> set[str]:
    """The programs that were started."""
    return {path for _, path in _calls(trace, "execve")}


def loaded_files(trace: Path) -> set[str]:
    """The files with code, weights or words that were opened."""
    return {
        path
        for _, path in _calls(trace, "open", "openat")
        if path.endswith(PROGRAM_FILES) or ".so." in path.rsplit("/", 1)[-1]
    }


def _calls(trace: Path, *names: str) -> Iterator[tuple[str, str]]:
    """The successful calls of these names, each with the first path in it."""
    for line in trace.read_text(errors="replace").splitlines():
        call = re.search(r"\b(\w+)\([^\"]*\"([^\"]*)\"", line)
        if call and call[1] in names and SUCCESS.search(line):
            yield call[1], call[2]
