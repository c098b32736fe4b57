"""The version and, in an installed package, the build."""

import json
from importlib import metadata, resources


def version_text() -> str:
    """For example ``0.1.0 (build 1a2b3c4d5e of 2026-11-25)`` or ``0.1.0 (from source)``."""
    version = metadata.version("spinecontext")
    build = resources.files("assets") / "build.json"
    if not build.is_file():
        return f"{version} (from source)"
    facts = json.loads(build.read_text(encoding="utf-8"))
    return f"{version} (build {facts['commit']} of {facts['date']})"
