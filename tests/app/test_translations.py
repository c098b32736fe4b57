"""The window in German."""

import pickle
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QPushButton
from pytestqt.qtbot import QtBot

from app.corrections.toolbar import EditToolbar
from app.failures import failure_text
from app.settings.store import SettingsStore
from app.slices.planes import Plane
from app.translation import FOLDER, install_translation, translated
from app.window.main_window import MainWindow
from app.wording import memory_text, position_text
from inference.errors import UnreadableInputError
from inference.values.messages import joined, sentence
from tests.app.languages import speaking

FILES = ("spinecontext_de.ts", "engine_de.ts")
APP = FOLDER.parent
ENGINE = APP.parent / "inference"
FIELD = re.compile(r"\{[^}]*\}")


@pytest.fixture
def german(qapp: QApplication) -> Iterator[None]:
    with speaking("de", qapp):
        yield


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


def current_texts(sources: Path, made: Path, *options: str) -> set[tuple[str, str]]:
    """What lupdate finds in the present code, by context and source."""
    files = sorted(str(path) for path in sources.rglob("*.py"))
    command = [tool("pyside6-lupdate"), "-silent", *options, *files, "-ts", str(made)]
    subprocess.run(command, check=True)
    return set(messages(made))


@pytest.mark.parametrize(
    ("name", "sources", "options"),
    [
        ("spinecontext_de.ts", APP, ()),
        ("engine_de.ts", ENGINE, ("-tr-function-alias", "QT_TR_NOOP+=sentence")),
    ],
)
def test_every_text_is_in_german(
    name: str, sources: Path, options: tuple[str, ...], tmp_path: Path
) -> None:
    current = current_texts(sources, tmp_path / "now.ts", *options)
    known = messages(FOLDER / name)
    finished = {key for key, translation in known.items() if translation.get("type") is None}
    assert current - finished == set(), "run 'make translations' and translate these"
    assert set(known) - current == set(), "run 'make translations'"


def test_every_text_of_the_window_is_looked_up_by_its_context() -> None:
    assert "" not in {context for context, _ in messages(FOLDER / "spinecontext_de.ts")}


@pytest.mark.parametrize("name", FILES)
def test_numbers_and_names_in_a_text_are_in_its_translation_too(name: str) -> None:
    for (_, source), translation in messages(FOLDER / name).items():
        assert sorted(FIELD.findall(source)) == sorted(FIELD.findall(translation.text or ""))


@pytest.mark.parametrize("name", FILES)
def test_the_program_reads_what_was_last_translated(name: str, tmp_path: Path) -> None:
    made, source = tmp_path / "made.qm", FOLDER / name
    command = [tool("pyside6-lrelease"), "-silent", str(source), "-qm", str(made)]
    subprocess.run(command, check=True)
    assert made.read_bytes() == source.with_suffix(".qm").read_bytes(), "run 'make translations'"


@pytest.mark.usefixtures("german")
def test_a_sentence_of_the_engine_is_german_with_all_sentences_in_it() -> None:
    told = sentence("it is {0}, not a CT", sentence("an MR scan"))
    assert told == "it is an MR scan, not a CT"
    assert translated(told) == "sie ist ein MRT, kein CT"
    assert translated(joined([told, "???"], "; ")) == "sie ist ein MRT, kein CT; ???"
    assert translated("no sentence") == "no sentence"


@pytest.mark.usefixtures("german")
def test_numbers_in_a_sentence_of_the_engine_have_a_german_comma() -> None:
    piece = sentence("{0:.1f} mL, {1:.0f} cm below the top of the scan", np.float32(9.84), 3.0)
    told = sentence(
        "Left out as too small to be spine (below {0:.0f} mL): {1}. Check the scan there.",
        1000.0,
        piece,
    )
    assert "9.8 mL, 3 cm" in told
    assert "9,8 ml, 3 cm" in translated(told)
    assert "1000 ml" in translated(told)
    assert translated(sentence("{0} usable", 2.5)) == "2,5 usable"


@pytest.mark.usefixtures("german")
def test_a_sentence_that_came_from_another_process_is_german_too() -> None:
    fact = sentence("{0} is empty. Choose a folder that contains a CT.", "CT 1")
    error = pickle.loads(pickle.dumps(UnreadableInputError(fact)))
    assert failure_text(error).endswith("CT 1 ist leer. Wählen Sie einen Ordner mit einem CT.")


@pytest.mark.usefixtures("german")
def test_our_texts_and_qts_own_are_german(qtbot: QtBot) -> None:
    toolbar = EditToolbar()
    qtbot.addWidget(toolbar)
    assert toolbar.windowTitle() == "Korrekturen"
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    qtbot.addWidget(buttons)
    assert buttons.buttons()[0].text() == "Abbrechen"


@pytest.mark.usefixtures("german")
def test_numbers_have_a_decimal_comma() -> None:
    assert position_text((12.34, -4.0, 1100.5)) == "L 12,3  A 4,0  H 1100,5 mm"
    assert memory_text(3 << 29) == "1,5 GiB"


def test_an_unknown_language_leaves_english(qapp: QApplication) -> None:
    install_translation(qapp, "ja")
    assert QCoreApplication.translate("EditToolbar", "Corrections") == "Corrections"
    QLocale.setDefault(QLocale("en_GB"))


@pytest.mark.usefixtures("german")
def test_the_window_starts_in_german(tmp_path: Path, qtbot: QtBot) -> None:
    window = MainWindow(SettingsStore(tmp_path / "settings.toml", tmp_path / "admin.toml"))
    qtbot.addWidget(window)
    menus = [action.text() for action in window.menuBar().actions()]
    assert menus == ["&Fall", "&Ansicht", "&Korrigieren", "&Messen", "&Wirbel", "&Hilfe"]
    buttons = [button.text() for button in window.findChildren(QPushButton)]
    assert "Wirbelsäule finden" in buttons
    assert window.views.slices[Plane.CORONAL].title == "Koronar"
