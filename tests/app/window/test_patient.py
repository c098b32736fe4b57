"""Whose CT it is: shown in the window, hidden on demand, and stored nowhere."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.settings.controller import SettingsController
from app.settings.store import SettingsStore
from app.widgets.elided_label import ElidedLabel
from app.window.main_window import MainWindow
from app.window.series_dialog import SeriesDialog
from app.work.opening import SeriesOffer
from inference.read import list_series
from inference.values.geometry import Geometry
from tests.app.conftest import leave
from tests.app.dropping import open_and_wait
from tests.app.languages import speaking
from tests.read.dicom_factory import SeriesSettings, grainy, write_series

GEOMETRY = Geometry((40, 36, 30), (1.5, 1.5, 2.0))
SETTINGS = SeriesSettings().but(
    PatientName="Müller^Anna",
    SpecificCharacterSet="ISO_IR 100",
    PatientBirthDate="19500307",
    StudyDate="20240503",
    SeriesDescription="Abdomen venoes 1.5 B30f",
    SeriesNumber=4,
)
TOLD = [
    "Müller, Anna",
    "born 7 Mar 1950",
    "Study of 3 May 2024",
    "Series 4: Abdomen venoes 1.5 B30f",
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A DICOM series of Mrs Müller in a folder with another name."""
    voxels = np.full(GEOMETRY.shape, -100, np.int16)
    voxels[4:26, 10:24, 12:28] = 400
    write_series(tmp_path / "study", grainy(voxels), GEOMETRY, SETTINGS)
    return tmp_path / "study"


def shown(window: MainWindow) -> str:
    """Everything that the title bar and the side panel say."""
    labels = [label.text() for label in window.side.findChildren(QLabel) if label.isVisible()]
    return "\n".join([window.windowTitle(), *labels])


def test_title_and_side_panel_say_whose_ct_it_is(
    quick_window: MainWindow, folder: Path, qtbot: QtBot
) -> None:
    window = quick_window
    assert window.windowTitle() == "SpineContext Desktop"
    open_and_wait(window, folder, qtbot)
    assert window.windowTitle() == " · ".join([*TOLD, "study"]) + " — SpineContext Desktop"
    labels = [label.text() for label in window.side.findChildren(ElidedLabel)]
    assert labels[:2] == [TOLD[0], "\n".join([*TOLD[1:], "study"])]
    window.opener.close_case()
    assert window.windowTitle() == "SpineContext Desktop"


def test_an_image_file_is_called_by_its_name(
    quick_window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    quick_window.opener.open_demo()
    qtbot.waitUntil(lambda: quick_window.session.case is not None, timeout=120_000)
    assert quick_window.windowTitle() == "phantom_ct — SpineContext Desktop"
    assert "phantom_ct" in shown(quick_window)
    assert tmp_path.name not in shown(quick_window)


def test_the_switch_hides_it_and_is_kept(
    quick_window: MainWindow, folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window = quick_window
    open_and_wait(window, folder, qtbot)
    window.patient.switch.trigger()
    for text in (*TOLD, "Müller", "study"):
        assert text not in shown(window)
    assert "Patient data is hidden" in shown(window)
    store = SettingsStore(tmp_path / "user.toml", tmp_path / "admin.toml")
    assert window.keeping.finish(10)
    assert not store.load().settings.show_patient
    window.patient.switch.trigger()
    assert TOLD[0] in shown(window)
    assert window.keeping.finish(10)
    assert store.load().settings.show_patient


def test_an_administrator_can_hide_it_for_all(tmp_path: Path, folder: Path, qtbot: QtBot) -> None:
    (tmp_path / "admin.toml").write_text("[locked]\nshow_patient = false\n")
    window = MainWindow(SettingsStore(tmp_path / "user.toml", tmp_path / "admin.toml"))
    qtbot.addWidget(window, before_close_func=leave)
    window.show()
    open_and_wait(window, folder, qtbot)
    assert "Müller" not in shown(window)
    assert not window.patient.switch.isEnabled()


def test_nothing_of_it_is_kept(
    quick_window: MainWindow, folder: Path, tmp_path: Path, config_folder: Path, qtbot: QtBot
) -> None:
    open_and_wait(quick_window, folder, qtbot)
    quick_window.patient.switch.trigger()
    assert quick_window.keeping.finish(10)
    kept = [tmp_path / "user.toml", *config_folder.rglob("*")]
    for file in kept:
        text = file.read_text("utf-8") if file.is_file() else ""
        assert not any(secret in text for secret in ("ller", "1950", "2024", "Abdomen"))


def offers(*folders: Path) -> list[SeriesOffer]:
    found = [series for folder in folders for series in list_series(folder)]
    return [SeriesOffer(series, None, number == 0) for number, series in enumerate(found)]


def said(dialog: SeriesDialog) -> str:
    items = [dialog.list.item(row).text() for row in range(dialog.list.count())]
    return "\n".join([*(label.text() for label in dialog.findChildren(QLabel)), *items])


def test_the_chooser_says_it_once_or_beside_each_of_several_patients(
    folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    other = SETTINGS.but(PatientName="Meier^Otto", SeriesInstanceUID="1.2.3.9")
    water = grainy(np.zeros(GEOMETRY.shape, np.int16))
    write_series(tmp_path / "other", water, GEOMETRY, other)
    alone, both = SeriesDialog(offers(folder)), SeriesDialog(offers(folder, tmp_path / "other"))
    hidden = SeriesDialog(offers(folder), show_patient=False)
    for dialog in (alone, both, hidden):
        qtbot.addWidget(dialog)
    assert said(alone).count("Müller, Anna · born 7 Mar 1950") == 1
    assert "4: Abdomen venoes 1.5 B30f\nStudy of 3 May 2024" in said(alone)
    assert "Müller, Anna · born 7 Mar 1950 · Study of 3 May 2024" in said(both)
    assert "Meier, Otto · born 7 Mar 1950 · Study of 3 May 2024" in said(both)
    assert "Müller" not in said(hidden)
    assert "2024" not in said(hidden)
    assert "4: Abdomen" in said(hidden)


def test_restored_defaults_show_it_again(
    quick_window: MainWindow, folder: Path, qtbot: QtBot
) -> None:
    settings: SettingsController = quick_window.settings
    open_and_wait(quick_window, folder, qtbot)
    quick_window.patient.switch.trigger()
    settings.remember_show_patient(True)
    settings.changed.emit()
    assert quick_window.patient.switch.isChecked()
    assert TOLD[0] in shown(quick_window)


def test_dates_are_written_as_people_write_them(
    quick_window: MainWindow, folder: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    open_and_wait(quick_window, folder, qtbot)
    with speaking("de", qapp):
        quick_window.patient.switch.trigger()
        quick_window.patient.switch.trigger()
        assert "geboren 07.03.1950" in shown(quick_window)
        assert "03.05.2024" in shown(quick_window)
