"""Checks that every file of the installed program exists and is as it was built.

The build leaves a list of all files beside the program (see ``installer/manifest.py``). Each start
compares names and sizes with it, which takes a few milliseconds and notices a cut-short copy, a
full disk or a virus scanner's quarantine; ``--check-installation`` also compares the SHA-256 of
every file. Only the standard library is used, because anything else may be damaged.
"""

import hashlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

LIST_NAME = "FILES.txt"
CHECK_OPTION = "--check-installation"
CHILD_OPTION = "--multiprocessing-fork"
"""The option with which ``multiprocessing`` starts a child of a frozen program, whose parent was
checked."""
DAMAGED_EXIT_CODE = 8
NAMED_AT_MOST = 3
"""How many damaged files a message names at most."""


def check_or_exit(arguments: Sequence[str]) -> None:
    """Exit with a plain sentence if a file is missing or changed, or after a requested check."""
    if CHILD_OPTION in arguments:
        return
    folder = Path(sys.executable).resolve().parent
    thorough = list(arguments[1:]) == [CHECK_OPTION]
    damaged = list(damaged_files(folder, thorough=thorough))
    if damaged:
        _tell(_sentence(damaged))
        sys.exit(DAMAGED_EXIT_CODE)
    if thorough:
        print("Every file of the installation is as it was built.")
        sys.exit(0)


def damaged_files(folder: Path, *, thorough: bool) -> Iterator[str]:
    """Names of the listed files under ``folder`` that are missing or changed.

    Args:
        folder: where the program is installed.
        thorough: compare SHA-256 too, not only sizes.
    """
    listed = folder / LIST_NAME
    if not listed.is_file():
        yield LIST_NAME
        return
    for line in listed.read_text(encoding="utf-8").splitlines():
        digest, size, name = line.split("  ", 2)
        path = folder / name
        try:
            same = path.stat().st_size == int(size)
            if same and thorough:
                with path.open("rb") as file:
                    same = hashlib.file_digest(file, "sha256").hexdigest() == digest
        except OSError:
            same = False
        if not same:
            yield name


def _sentence(damaged: Sequence[str]) -> str:
    named = ", ".join(damaged[:NAMED_AT_MOST])
    more = len(damaged) - NAMED_AT_MOST
    if more > 0:
        named += f" and {more} more"
    return (
        "This installation of SpineContext is damaged: missing or changed are "
        f"{named}. Please install SpineContext again; your own files are not affected."
    )


def _tell(sentence: str) -> None:
    """Say it on the terminal or, if there is none, in a message box."""
    if sys.stderr is not None and sys.stderr.isatty():
        print(sentence, file=sys.stderr)
    elif sys.platform == "win32":
        import ctypes

        error_icon = 0x10
        ctypes.windll.user32.MessageBoxW(None, sentence, "SpineContext", error_icon)
    else:
        print(sentence, file=sys.stderr)
        _show_on_desktop(sentence)


def _show_on_desktop(sentence: str) -> None:
    """Show it with whatever message program the desktop has, if any."""
    import shutil
    import subprocess

    for command in (
        ["zenity", "--error", f"--text={sentence}"],
        ["kdialog", "--error", sentence],
        ["xmessage", "-center", sentence],
    ):
        if shutil.which(command[0]):
            subprocess.run(command, check=False)
            return
