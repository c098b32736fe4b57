"""Every figure of the window can be exported as a table."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.measurements.measurement import Kind, Measurement
from app.slices.planes import Plane
from app.widgets.table_buttons import TableButtons
from app.window.main_window import MainWindow
from tests.app.languages import speaking
from tests.app.results import GEOMETRY, show_result

LONG = 30_000


def buttons(panel: QWidget) -> tuple[QPushButton, QPushButton]:
    """Copy and save."""
    one = panel.findChild(TableButtons)
    assert one is not None
    copy, save = one.findChildren(QPushButton)
    return copy, save


def shown_figures(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    show_result(window, tmp_path)
    qtbot.waitUntil(lambda: window.figures.known is not None, timeout=LONG)


def clipboard() -> list[list[str]]:
    return [line.split("\t") for line in QGuiApplication.clipboard().text().split("\n")]


def choose(monkeypatch: pytest.MonkeyPatch, file: Path) -> list[str]:
    """Let the next save go to a file; returns what was suggested."""
    offered: list[str] = []

    def answer(_parent: QWidget, _title: str, first: str, _kind: str) -> tuple[str, str]:
        offered.append(first)
        return str(file), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    return offered


def test_the_figures_of_the_spine_are_copied_as_a_table(
    quick_window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    shown_figures(quick_window, tmp_path, qtbot)
    buttons(quick_window.side.result)[0].click()
    header, row = clipboard()
    cells = dict(zip(header, row, strict=True))
    assert float(cells["Volume (mL)"]) == pytest.approx(7 * 10 * 13 * GEOMETRY.voxel_volume_ml, 0.1)
    assert float(cells["Mean (HU)"]) == 0
    assert cells["Corrected by hand"] == "no"
    assert "CT 1" not in row, "nothing of the patient's"


def test_figures_are_saved_where_the_user_says_beside_the_other_exports(
    quick_window: MainWindow, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown_figures(quick_window, tmp_path, qtbot)
    settings = quick_window.settings
    settings.current = replace(settings.current, export_folder=str(tmp_path))
    offered = choose(monkeypatch, tmp_path / "mine")
    with qtbot.waitSignal(quick_window.exporting.files.saved, timeout=LONG):
        buttons(quick_window.side.result)[1].click()
    with (tmp_path / "mine.csv").open(encoding="utf-8-sig", newline="") as file:
        header, row = csv.reader(file)
    assert header[0] == "Volume (mL)"
    assert float(row[0]) > 0
    assert Path(offered[0]) == tmp_path / "CT 1_figures.csv"


@pytest.mark.parametrize("agrees", [True, False])
def test_a_file_is_not_replaced_because_its_ending_was_left_out(
    agrees: bool,
    quick_window: MainWindow,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown_figures(quick_window, tmp_path, qtbot)
    earlier = tmp_path / "mine.csv"
    earlier.write_text("another patient's")
    choose(monkeypatch, tmp_path / "mine")
    asked: list[str] = []

    def answer(_parent: QWidget, question: str, _yes: str) -> bool:
        asked.append(question)
        return agrees

    monkeypatch.setattr("app.widgets.dialogs.agreed", answer)
    buttons(quick_window.side.result)[1].click()
    qtbot.waitUntil(lambda: not quick_window.jobs.live, timeout=LONG)
    assert "mine.csv" in asked[0]
    assert (earlier.read_text("utf-8-sig") != "another patient's") is agrees


def test_a_file_that_cannot_be_written_is_told(
    quick_window: MainWindow, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown_figures(quick_window, tmp_path, qtbot)
    (tmp_path / "taken.csv").mkdir()
    choose(monkeypatch, tmp_path / "taken.csv")
    with qtbot.waitSignal(quick_window.exporting.files.failed, timeout=LONG):
        buttons(quick_window.side.result)[1].click()
    assert "there is a folder of that name" in quick_window.message.text


@pytest.fixture(params=[".", ","])
def mark(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The decimal mark of the system, which spreadsheets expect."""
    system = QLocale(QLocale.Language.German if request.param == "," else QLocale.Language.English)
    monkeypatch.setattr(QLocale, "system", lambda: system)
    return str(request.param)


def test_measurements_are_copied_with_the_decimal_mark_of_the_system(
    quick_window: MainWindow, tmp_path: Path, qapp: QApplication, mark: str
) -> None:
    with speaking("de", qapp):
        show_result(quick_window, tmp_path)
        for kind, points in (
            (Kind.DISTANCE, ((1.0, 1.0), (4.0, 5.5))),
            (Kind.ANGLE, ((1.0, 0.0), (0.0, 0.0), (0.0, 1.0))),
            (Kind.COBB, ((0.0, 0.0), (1.0, 0.0), (0.0, 0.0), (1.0, 1.0))),
            (Kind.CIRCLE, ((5.0, 5.0), (7.0, 5.0))),
        ):
            quick_window.board.add(Measurement(kind, Plane.AXIAL, 4, points))
        buttons(quick_window.measuring)[0].click()
    header, *rows = clipboard()
    assert header[3:] == [
        "Strecke (mm)",
        "Winkel (°)",
        "Fläche (mm²)",
        "Mittelwert (HU)",
        "Standardabweichung (HU)",
    ]
    assert [row[2] for row in rows] == ["5"] * 4
    assert [row[3:] for row in rows] == [
        [f"5{mark}4", "", "", "", ""],
        ["", f"90{mark}0", "", "", ""],
        ["", f"45{mark}0", "", "", ""],
        ["", "", f"12{mark}6", f"0{mark}0", f"0{mark}0"],
    ]


def test_measurements_are_saved_too(
    quick_window: MainWindow, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    show_result(quick_window, tmp_path)
    points = ((1.0, 1.0), (4.0, 5.5))
    quick_window.board.add(Measurement(Kind.DISTANCE, Plane.AXIAL, 4, points))
    choose(monkeypatch, tmp_path / "measured.csv")
    with qtbot.waitSignal(quick_window.exporting.files.saved, timeout=LONG):
        buttons(quick_window.measuring)[1].click()
    assert "Distance,axial,5,5.4" in (tmp_path / "measured.csv").read_text("utf-8-sig")


def test_without_anything_measured_there_is_nothing_to_take(
    quick_window: MainWindow, tmp_path: Path
) -> None:
    show_result(quick_window, tmp_path)
    assert not any(button.isVisible() for button in buttons(quick_window.measuring))
