"""Names that are not UTF-8, in the window."""

import os
import shutil
import sys
from pathlib import Path
from urllib.parse import quote_from_bytes

import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtWidgets import QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from app.cases.inputs import dropped_paths
from app.widgets import dialogs
from app.window.main_window import MainWindow
from app.work.jobs import Jobs
from tests.app.dropping import LONG, drop_data

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="names that POSIX alone can hold")

NAMES = [
    b"M\xfcller",
    b"two\nlines",
    "😀".encode(),
    b"\x1b[31m",
    b"<b>bold</b>",
    b"100%25 ",
    b"a#b?c",
]


def urls(*paths: Path) -> QMimeData:
    data = QMimeData()
    lines = [f"file://{quote_from_bytes(os.fsencode(path))}" for path in paths]
    data.setUrls([QUrl.fromEncoded(line.encode()) for line in lines])
    return data


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_dropped_path_arrives_byte_for_byte(name: bytes, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(name)
    assert dropped_paths(urls(path)) == [path]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_ct_of_any_name_opens_and_is_offered_again(
    name: bytes, tmp_path: Path, ct_folder: Path, quick_window: MainWindow, qtbot: QtBot
) -> None:
    window = quick_window
    odd = tmp_path / "below" / os.fsdecode(name)
    shutil.copytree(ct_folder, odd)
    drop_data(window, urls(odd))
    qtbot.waitUntil(lambda: window.session.case is not None, timeout=LONG)
    window.opener.close_case()
    assert window.session.case is None
    window.opener.open_recent(odd)
    qtbot.waitUntil(lambda: window.session.case is not None, timeout=LONG)


def test_a_folder_whose_name_qt_cannot_hold_is_not_written_to_under_another(
    tmp_path: Path, jobs: Jobs, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    said: list[str] = []
    monkeypatch.setattr(QMessageBox, "warning", lambda *arguments: said.append(arguments[2]))
    for name, chosen in (("M\ufffdller", None), ("", None), (".", tmp_path)):
        handed = str(tmp_path / name) if name else ""
        monkeypatch.setattr(
            dialogs.QFileDialog, "getExistingDirectory", lambda *_, handed=handed: handed
        )
        assert dialogs.chosen_folder(parent, "Folder", "", jobs) == chosen
    assert len(said) == 1
