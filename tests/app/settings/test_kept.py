"""Settings on a drive that is gone: the program starts with defaults and says so."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from app.settings.dialog import SettingsDialog
from app.settings.kept import KeptSettings
from app.settings.store import Settings, SettingsStore
from app.window.main_window import MainWindow
from app.work.keeping import Keeping
from tests.app.conftest import leave
from tests.app.dialogs import when_dialog_shows

LATE = "Your settings could not be read in time"


class HungFile(type(Path())):  # type: ignore[misc]
    """A file whose drive does not answer until the event is set."""

    answers: threading.Event

    def read_text(self, *arguments: object, **named: object) -> str:
        """Wait, then read."""
        self.answers.wait(60)
        return str(super().read_text(*arguments, **named))

    def read_bytes(self) -> bytes:
        """Wait, then read."""
        self.answers.wait(60)
        return bytes(super().read_bytes())


@pytest.fixture
def hung_file(tmp_path: Path) -> Iterator[HungFile]:
    """The user's settings, with three threads, on a drive that does not answer."""
    (tmp_path / "user.toml").write_text("threads = 3\n")
    HungFile.answers = threading.Event()
    yield HungFile(tmp_path / "user.toml")
    HungFile.answers.set()


@pytest.fixture
def admin_file(tmp_path: Path) -> Path:
    """What the administrator has set."""
    file = tmp_path / "admin.toml"
    file.write_text('[defaults]\nlanguage = "de"\n[locked]\nmax_ram_gib = 2\n')
    return file


def test_without_the_users_file_the_administrators_holds(
    hung_file: HungFile, admin_file: Path
) -> None:
    keeping = Keeping()
    start = time.monotonic()
    loaded = KeptSettings(SettingsStore(hung_file, admin_file, {"threads": 1}), keeping).load()
    assert time.monotonic() - start < 10
    assert loaded.settings == Settings(language="de", max_ram_gib=2, threads=1)
    assert loaded.locked == {"max_ram_gib", "threads"}
    (note,) = loaded.notes
    assert note.startswith(LATE)
    hung_file.answers.set()
    assert keeping.finish(10)
    again = KeptSettings(SettingsStore(hung_file, admin_file), keeping).load()
    assert (again.settings.threads, again.notes) == (3, ())


def test_without_any_file_the_defaults_hold_and_both_are_told(
    hung_file: HungFile, tmp_path: Path
) -> None:
    store = SettingsStore(hung_file, HungFile(tmp_path / "admin.toml"), {"threads": 1})
    loaded = KeptSettings(store, Keeping()).load()
    assert loaded.settings == Settings(threads=1)
    assert loaded.locked == {"threads"}
    assert any("administrator" in note for note in loaded.notes)
    assert any(LATE in note for note in loaded.notes)


def test_the_window_starts_says_so_and_keeps_later_what_the_user_chooses(
    hung_file: HungFile, admin_file: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    start = time.monotonic()
    window = MainWindow(SettingsStore(hung_file, admin_file))
    assert time.monotonic() - start < 20
    qtbot.addWidget(window, before_close_func=leave)
    window.show()
    assert LATE in window.message.text
    assert "max_ram_gib" in window.settings.locked
    told: list[str] = []
    window.settings.not_kept.connect(told.append)

    def choose(dialog: QDialog) -> None:
        assert isinstance(dialog, SettingsDialog)
        dialog._export_folder.setText(str(tmp_path))
        dialog.accept()

    when_dialog_shows(SettingsDialog, choose)
    window.settings.change()
    assert window.settings.current.export_folder == str(tmp_path)
    qtbot.waitUntil(lambda: bool(told), timeout=10_000)
    assert "have not been saved yet" in told[0]
    hung_file.answers.set()
    assert window.keeping.finish(10)
    kept = SettingsStore(tmp_path / "user.toml", admin_file).load().settings
    assert (kept.threads, kept.export_folder) == (3, str(tmp_path)), "nothing else was changed"


def test_settings_that_cannot_be_saved_are_told(tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")
    store = SettingsStore(tmp_path / "home" / "settings.toml", tmp_path / "admin.toml")
    window = MainWindow(store)
    qtbot.addWidget(window, before_close_func=leave)

    def choose(dialog: QDialog) -> None:
        assert isinstance(dialog, SettingsDialog)
        dialog._threads.setValue(3)
        dialog.accept()

    when_dialog_shows(SettingsDialog, choose)
    with qtbot.waitSignal(window.settings.not_kept, timeout=10_000) as told:
        window.settings.change()
    assert told.args[0].startswith("The settings could not be saved")
    assert window.settings.current.threads == 3, "it holds until the program ends"
