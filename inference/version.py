"""The version and, in an installed package, the build."""

import json
from dataclasses import dataclass
from importlib import metadata, resources


@dataclass(frozen=True)
class Version:
    """What is running.

    Attributes:
        number: for example ``0.1.0``.
        commit: that it was built from; None if it runs from source.
        date: of the build, as in ``2026-11-25``; None likewise.
    """

    number: str
    commit: str | None = None
    date: str | None = None


def version() -> Version:
    """The version that is running."""
    number = metadata.version("spinecontext")
    build = resources.files("assets") / "build.json"
    if not build.is_file():
        return Version(number)
    facts = json.loads(build.read_text(encoding="utf-8"))
    return Version(number, facts["commit"], facts["date"])


def version_text() -> str:
    """For example ``0.1.0 (build 1a2b3c4d5e of 2026-11-25)`` or ``0.1.0 (from source)``."""
    now = version()
    if now.commit is None:
        return f"{now.number} (from source)"
    return f"{now.number} (build {now.commit} of {now.date})"
