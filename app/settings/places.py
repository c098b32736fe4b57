"""Where the program keeps what it remembers, and where exports go at first."""

import os
import sys
from pathlib import Path

from PySide6.QtCore import QStandardPaths


def user_file() -> Path:
    """The user's settings."""
    return config_folder() / "settings.toml"


def config_folder() -> Path:
    """Where the user's settings and recent paths are kept."""
    place = QStandardPaths.StandardLocation.AppConfigLocation
    return Path(QStandardPaths.writableLocation(place))


def documents_folder() -> Path:
    """The user's documents."""
    place = QStandardPaths.StandardLocation.DocumentsLocation
    return Path(QStandardPaths.writableLocation(place))


def admin_file() -> Path:
    """The file in which an administrator fixes settings for all users of the machine."""
    if sys.platform == "win32":
        folder = Path(os.environ.get("PROGRAMDATA", r"C:\ProgramData")) / "SpineContext"
    else:
        folder = Path("/etc/spinecontext")
    return folder / "settings.toml"
