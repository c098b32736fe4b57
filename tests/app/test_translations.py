"""The window in German."""

import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QTranslator
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QPushButton
from pytestqt.qtbot import QtBot

from app.corrections.toolbar import EditToolbar
from app.settings.store import SettingsStore
from app.slices.planes import Plane
from app.translation import FOLDER, install_translation
from app.window.main_window import MainWindow

GERMAN = FOLDER / "spinecontext_de.ts"
APP = FOLDER.parent
FIELD = re.compile(r"\{[^}]*\}")


@pytest.fixture
def german(qapp: QApplication) -> Iterator[None]:
    before = QLocale()
    install_translation(qapp, "de")
    yield
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.deleteLater()
    QLocale.setDefault(before)


def messages(path: Path) -> dict[tuple[str, str], ET.Element]:
    """The translations of a .ts file by context and source."""
    found = {}
    for context in ET.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            source, translation = message.find("source"), message.find("translation")
            assert source is not None
            assert translation is not None
            found[context.findtext("name") or "", source.text or ""] = translation
    return found


def tool(name: str) -> str:
    path = shutil.which(name, path=str(Path(sys.executable).parent))
    if path is None:
        pytest.skip(f"{name} is not here")
    return path


def test_every_text_of_the_window_is_in_german(tmp_path: Path) -> None:
    made = tmp_path / "now.ts"
    sources = sorted(str(path) for path in APP.rglob("*.py"))
    subprocess.run([tool("pyside6-lupdate"), "-silent", *sources, "-ts", str(made)], check=True)
    known = messages(GERMAN)
    finished = {key for key, translation in known.items() if translation.get("type") is None}
    assert set(messages(made)) - finished == set(), "run 'make translations' and translate these"
    assert set(known) - set(messages(made)) == set(), "run 'make translations'"
    assert "" not in {context for context, _ in known}, "such texts are never looked up"


def test_numbers_and_names_in_a_text_are_in_its_translation_too() -> None:
    for (_, source), translation in messages(GERMAN).items():
        assert sorted(FIELD.findall(source)) == sorted(FIELD.findall(translation.text or ""))


def test_the_program_reads_what_was_last_translated(tmp_path: Path) -> None:
    made = tmp_path / "made.qm"
    subprocess.run([tool("pyside6-lrelease"), "-silent", str(GERMAN), "-qm", str(made)], check=True)
    assert made.read_bytes() == GERMAN.with_suffix(".qm").read_bytes(), "run 'make translations'"


@pytest.mark.usefixtures("german")
def test_our_texts_and_qts_own_are_german(qtbot: QtBot) -> None:
    toolbar = EditToolbar()
    qtbot.addWidget(toolbar)
    assert toolbar.windowTitle() == "Korrekturen"
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    qtbot.addWidget(buttons)
    assert buttons.buttons()[0].text() == "Abbrechen"


def test_an_unknown_language_leaves_english(qapp: QApplication) -> None:
    install_translation(qapp, "ja")
    assert QCoreApplication.translate("EditToolbar", "Corrections") == "Corrections"
    QLocale.setDefault(QLocale("en_GB"))


@pytest.mark.usefixtures("german")
def test_the_window_starts_in_german(tmp_path: Path, qtbot: QtBot) -> None:
    window = MainWindow(SettingsStore(tmp_path / "settings.toml", tmp_path / "admin.toml"))
    qtbot.addWidget(window)
    menus = [action.text() for action in window.menuBar().actions()]
    assert menus == ["&Fall", "&Ansicht", "&Hilfe"]
    buttons = [button.text() for button in window.findChildren(QPushButton)]
    assert "Wirbelsäule finden" in buttons
    assert window.views.slices[Plane.CORONAL].title == "Koronar"
