"""Qt without a screen for the tests of the window, and a user's folder of their own."""

import os
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def config_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the window keeps what it remembers, empty for each test."""
    folder = tmp_path / "config"
    monkeypatch.setattr("app.main_window.config_folder", lambda: folder)
    return folder
