"""Settings: the layers, what a broken file does, and the dialog."""

import datetime
import errno
import os
import tempfile
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.settings.dialog import SettingsDialog
from app.settings.store import GIB, LoadedSettings, Settings, SettingsStore, default_max_ram_gib
from app.work.jobs import Jobs
from inference.model.catalogue import catalogue
from inference.system.memory import machine_ram_bytes


@pytest.fixture
def user_file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.toml"


@pytest.fixture
def admin_file(tmp_path: Path) -> Path:
    return tmp_path / "etc" / "settings.toml"


@pytest.fixture
def store(user_file: Path, admin_file: Path) -> SettingsStore:
    return SettingsStore(user_file, admin_file)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_the_usual_memory_limit_is_half_of_the_ram_and_at_most_4_gib() -> None:
    limit = default_max_ram_gib()
    assert 0.5 <= limit <= 4.0
    assert limit <= max(0.5, machine_ram_bytes() / GIB / 2)


def test_without_files_the_usual_settings_hold(store: SettingsStore) -> None:
    assert store.load() == LoadedSettings(Settings(), Settings())


def test_what_is_saved_is_loaded_again(store: SettingsStore) -> None:
    chosen = Settings(
        model='C:\\Modelle\\"neu"\n.onnx',
        mode="full",
        max_ram_gib=1.75,
        threads=3,
        export_folder="/tmp/Ausgänge ü",
        export_formats=("pdf", "dicomseg"),
        language="de",
        grey_windows=(("Bandscheiben „neu“", 90.0, 250.5), ("b", -600, 1)),
    )
    store.save(chosen, since=Settings())
    assert store.load().settings == chosen


def test_only_what_differs_from_the_usual_is_kept(store: SettingsStore, user_file: Path) -> None:
    store.save(Settings(threads=3), since=Settings())
    assert user_file.read_text(encoding="utf-8") == "threads = 3\n"


@pytest.mark.parametrize(
    "broken",
    [
        "threads = ",
        "threads = 2\nthreads = 3",
        b"\xff\xfe",
    ],
)
def test_a_broken_file_is_set_aside_and_told(
    broken: str | bytes, store: SettingsStore, user_file: Path
) -> None:
    user_file.parent.mkdir()
    content = broken if isinstance(broken, bytes) else broken.encode()
    user_file.write_bytes(content)
    loaded = store.load()
    assert loaded.settings == Settings()
    assert "settings.broken" in loaded.notes[0]
    assert not user_file.exists()
    assert user_file.with_suffix(".broken").read_bytes() == content
    store.save(Settings(threads=2), since=loaded.settings)
    assert store.load().settings == Settings(threads=2)
    assert store.load().notes == loaded.notes


def test_a_second_broken_file_does_not_take_the_place_of_the_first(
    store: SettingsStore, user_file: Path
) -> None:
    for content in ("first = ", "second = "):
        write(user_file, content)
        store.load()
    aside = sorted(user_file.parent.glob("*.broken*"))
    assert [path.read_text() for path in aside] == ["first = ", "second = "]


@pytest.mark.parametrize(
    "odd",
    [
        "threads = -1",
        'mode = "fast"',
        "max_ram_gib = true",
        "export_formats = 3",
        'grey_windows = [["no width", 40]]',
        'grey_windows = [["no width", 40, 0]]',
    ],
)
def test_a_value_that_is_not_known_is_told_and_stays_where_it_is(
    odd: str, store: SettingsStore, user_file: Path
) -> None:
    write(user_file, f'{odd}\nlanguage = "de"\n')
    loaded = store.load()
    assert loaded.settings == Settings(language="de")
    assert odd.split()[0] in loaded.notes[0]
    store.save(Settings(export_folder="/srv"), since=loaded.settings)
    assert odd in user_file.read_text(encoding="utf-8").splitlines()


def test_what_the_program_does_not_know_stays_in_the_file(
    store: SettingsStore, user_file: Path
) -> None:
    theirs = "# mine\nthreads = 2  # cores\nfuture = {a = 1}\n\n[later]\nwhen = 2030-01-01\n"
    write(user_file, theirs)
    loaded = store.load()
    assert loaded.settings == Settings(threads=2)
    store.save(Settings(threads=3), since=loaded.settings)
    assert user_file.read_text(encoding="utf-8") == theirs.replace("= 2  #", "= 3  #")
    store.save(Settings(threads=3, language="de"), since=Settings(threads=3))
    assert store.load().settings == Settings(threads=3, language="de")
    assert tomllib.loads(user_file.read_text(encoding="utf-8"))["later"] == {
        "when": datetime.date(2030, 1, 1)
    }


def test_two_windows_do_not_undo_each_others_changes(user_file: Path, admin_file: Path) -> None:
    one, two = (SettingsStore(user_file, admin_file) for _ in range(2))
    one.save(Settings(threads=3), since=Settings())
    two.save(Settings(language="de"), since=Settings())
    assert one.load().settings == Settings(threads=3, language="de")


def test_a_users_choice_outlives_an_administrators_lock(
    store: SettingsStore, user_file: Path, admin_file: Path
) -> None:
    write(user_file, "threads = 4\n")
    write(admin_file, "[locked]\nthreads = 2\n")
    held = store.load().settings
    assert held.threads == 2
    store.save(replace(held, language="de"), since=held)
    admin_file.unlink()
    assert store.load().settings == Settings(threads=4, language="de")


@settings(deadline=None)  # a disk may be slow
@given(st.text(st.characters(exclude_categories=["Cs"])))
@example("/home/x/\U00020bb7\u91ce")
@example('C:\\Users\\\x7f\r\n\t"""\'')
def test_any_path_is_kept(path: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = SettingsStore(Path(folder) / "settings.toml", Path(folder) / "admin.toml")
        store.save(Settings(threads=2, export_folder=path), since=Settings())
        loaded = store.load()
    assert loaded == LoadedSettings(Settings(threads=2, export_folder=path), Settings())


def test_a_path_that_no_text_can_hold_is_refused_and_the_file_stays(
    store: SettingsStore, user_file: Path
) -> None:
    store.save(Settings(threads=2), since=Settings())
    unreadable = os.fsdecode(b"/home/x/\xff")
    with pytest.raises(OSError, match="surrogates"):
        store.save(Settings(threads=2, export_folder=unreadable), since=Settings(threads=2))
    assert [path.name for path in user_file.parent.iterdir()] == ["settings.toml"]
    assert store.load().settings == Settings(threads=2)


def test_a_failed_write_leaves_the_old_file(
    store: SettingsStore, user_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.save(Settings(threads=2), since=Settings())

    def full(_file: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        store.save(Settings(threads=3), since=Settings(threads=2))
    assert [path.name for path in user_file.parent.iterdir()] == ["settings.toml"]
    assert store.load().settings == Settings(threads=2)


def test_an_administrator_sets_defaults_and_locks(
    store: SettingsStore, user_file: Path, admin_file: Path
) -> None:
    write(admin_file, '[defaults]\nthreads = 2\nlanguage = "de"\n[locked]\nmax_ram_gib = 2\n')
    write(user_file, "threads = 4\nmax_ram_gib = 8.0\n")
    loaded = store.load()
    assert loaded.settings == Settings(threads=4, language="de", max_ram_gib=2)
    assert loaded.locked == {"max_ram_gib"}
    assert loaded.usual.threads == 2


def test_what_is_locked_is_not_kept_as_the_users_choice(
    store: SettingsStore, user_file: Path, admin_file: Path
) -> None:
    write(admin_file, "[locked]\nmax_ram_gib = 2\n")
    store.save(Settings(threads=4, max_ram_gib=2), since=store.load().settings)
    assert user_file.read_text(encoding="utf-8") == "threads = 4\n"


@pytest.mark.parametrize("broken", ["[defaults", "[locked]\nthreads = -2", "defaults = 1"])
def test_a_broken_file_of_the_administrator_is_told_and_left_where_it_is(
    broken: str, store: SettingsStore, admin_file: Path
) -> None:
    write(admin_file, broken)
    loaded = store.load()
    assert loaded.settings == Settings()
    assert "administrator" in loaded.notes[0]
    assert admin_file.exists()


def test_what_was_typed_at_the_start_wins_and_is_not_kept(
    user_file: Path, admin_file: Path
) -> None:
    write(admin_file, "[locked]\nthreads = 2\n")
    store = SettingsStore(user_file, admin_file, {"threads": 1})
    loaded = store.load()
    assert loaded.settings.threads == 1
    assert loaded.locked == {"threads"}
    store.save(loaded.settings, since=loaded.settings)
    assert SettingsStore(user_file, admin_file).load().settings.threads == 2


def test_a_model_is_chosen_by_what_it_can_do(qtbot: QtBot, store: SettingsStore) -> None:
    dialog = dialog_for(store.load(), qtbot)
    summaries = [str(entry.summary) for entry in catalogue()]
    (models,) = [b for b in dialog.findChildren(QComboBox) if b.findText(summaries[0]) == 0]
    assert [models.itemText(row) for row in range(models.count())] == summaries
    assert models.itemData(0) == "", "the default stays the default when another becomes it"


@pytest.mark.parametrize("name", ["spinecontext_resunet_free", "spinecontext_resunet"])
def test_a_default_that_was_chosen_by_a_name_is_shown_as_the_default(
    name: str, qtbot: QtBot
) -> None:
    dialog = dialog_for(LoadedSettings(Settings(model=name), Settings()), qtbot)
    (models,) = [b for b in dialog.findChildren(QComboBox) if b.findData("resunet") > 0]
    assert (models.currentIndex(), models.count()) == (0, len(catalogue()))


def dialog_for(loaded: LoadedSettings, qtbot: QtBot) -> SettingsDialog:
    dialog = SettingsDialog(loaded, Jobs(QApplication.instance()))
    qtbot.addWidget(dialog)
    return dialog


def test_the_dialog_gives_back_what_it_shows(qtbot: QtBot) -> None:
    shown = Settings("/models/own.onnx", "full", 1.75, 3, "/tmp/out", ("pdf",), "de")
    assert dialog_for(LoadedSettings(shown, Settings()), qtbot).settings == shown


def test_the_dialog_restores_the_usual_settings_but_not_what_is_locked(qtbot: QtBot) -> None:
    shown = Settings(threads=3, language="de")
    usual = Settings(threads=2)
    dialog = dialog_for(LoadedSettings(shown, usual, frozenset({"language"})), qtbot)
    buttons = dialog.findChild(QDialogButtonBox)
    assert isinstance(buttons, QDialogButtonBox)
    buttons.button(QDialogButtonBox.StandardButton.RestoreDefaults).click()
    assert dialog.settings == Settings(threads=2, language="de")


def test_what_is_locked_cannot_be_changed(qtbot: QtBot) -> None:
    dialog = dialog_for(LoadedSettings(Settings(), Settings(), frozenset({"threads"})), qtbot)
    threads = dialog.findChild(QSpinBox)
    assert isinstance(threads, QSpinBox)
    assert not threads.isEnabled()
    assert "administrator" in threads.parentWidget().toolTip()


def test_every_field_has_a_label(qtbot: QtBot) -> None:
    dialog = dialog_for(LoadedSettings(Settings(), Settings()), qtbot)
    labelled: list[QWidget] = [label.buddy() for label in dialog.findChildren(QLabel)]
    fields = [*dialog.findChildren(QComboBox), *dialog.findChildren(QSpinBox)]
    fields += [f for f in dialog.findChildren(QLineEdit) if f.parentWidget().layout()]
    assert all(field in labelled for field in fields)
