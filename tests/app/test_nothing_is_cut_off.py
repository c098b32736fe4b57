"""On a ward PC's screen, at 100 % and 150 %, in both languages, every text is fully visible."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QMessageBox,
    QPushButton,
    QScrollArea,
    QStyle,
    QStyleOptionComboBox,
    QToolBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.cases.case_queue import State
from app.cases.session import Case
from app.exports.dialog import ExportDialog
from app.exports.exporting import SUFFIXES, Exportable
from app.measurements.measurement import Kind, Measurement
from app.settings.dialog import SettingsDialog
from app.settings.store import LoadedSettings, Settings
from app.slices.planes import Plane
from app.widgets.dialogs import may_replace
from app.widgets.elided_label import ElidedLabel
from app.window.format_button import FORMAT_NAMES
from app.window.main_window import MainWindow
from app.window.message_bar import Offer, Tone
from app.window.run_panel import STAGE_SHARES
from app.window.series_dialog import SeriesDialog
from app.window.window_size import FRAME, LEAST
from app.wording import GIB, duration_text, stage_text
from app.work.engine_process import MemoryUse
from app.work.opening import OpenJob, SeriesOffer
from inference.mask.figures import measure
from inference.read.dicom.series import Series
from inference.values.messages import sentence
from inference.values.patient_facts import PatientFacts
from inference.values.volume import DicomSource
from tests.app.dialogs import when_dialog_shows
from tests.app.languages import speaking
from tests.app.results import show_result
from tests.app.test_accessibility import dialogs, show_everything

WARD_SCREEN = (1366, 768)
OLD_SCREEN = (1024, 768)
WARD_SCREEN_AT_150_PERCENT = (910, 512)
LONG_REASON = sentence("it is a scout, not a volume, and so it has no place among the others")
UID = "1.3.6.1.4.1.14519.5.2.1.7009.2401.135598410924712345678901234567"
TITLE_BAR = 30
"""Pixels of the screen's height that the desktop takes."""


@pytest.fixture(params=["en", "de"])
def language(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[str]:
    """The window's language."""
    with speaking(request.param, qapp):
        yield request.param


@pytest.fixture(
    params=[WARD_SCREEN, OLD_SCREEN, WARD_SCREEN_AT_150_PERCENT], ids=["100 %", "old", "150 %"]
)
def screen(request: pytest.FixtureRequest) -> QSize:
    """The part of the screen that a window can have."""
    width, height = request.param
    return QSize(width, height - TITLE_BAR)


@pytest.fixture
def window(language: str, screen: QSize, quick_window: MainWindow, qtbot: QtBot) -> MainWindow:  # noqa: ARG001
    """The window as large as the screen."""
    quick_window.resize(screen)
    qtbot.wait(20)
    return quick_window


def texts(root: QWidget) -> Iterator[QWidget]:
    """All widgets that show a text now."""
    for widget in root.findChildren(QWidget):
        if isinstance(widget, QLabel | QAbstractButton) and widget.isVisibleTo(root):
            yield widget


def scrolled(widget: QWidget) -> bool:
    """Whether the user can scroll to what is beyond the edge."""
    parent = widget.parentWidget()
    while parent is not None and not isinstance(parent, QScrollArea):
        parent = parent.parentWidget()
    return parent is not None


def needed(widget: QWidget) -> QSize:
    """The room that its text needs."""
    if isinstance(widget, ElidedLabel):
        return QSize(0, widget.heightForWidth(widget.width()))  # it shortens itself
    size = widget.sizeHint()
    if isinstance(widget, QLabel) and widget.wordWrap():
        return QSize(0, widget.heightForWidth(widget.width()))
    return size


def shortened_choices(root: QWidget) -> Iterator[str]:
    """The program's own texts, if chosen in a box that is too narrow for them."""
    for box in root.findChildren(QComboBox):
        if box.isVisibleTo(root) and UID not in box.currentText():
            option = QStyleOptionComboBox()
            box.initStyleOption(option)
            part = QStyle.SubControl.SC_ComboBoxEditField
            complex_control = QStyle.ComplexControl.CC_ComboBox
            room = box.style().subControlRect(complex_control, option, part, box).width()
            if box.fontMetrics().horizontalAdvance(box.currentText()) > room:
                yield f"{box.currentText()!r} has {room} pixels"


def cut_off(root: QWidget) -> list[str]:
    """The texts that are narrower or lower than needed, or outside the window."""
    found = list(shortened_choices(root))
    for widget in texts(root):
        room, size = needed(widget), widget.size()
        inside = root.rect().contains(widget.rect().translated(widget.mapTo(root, QPoint())))
        if room.width() > size.width() or room.height() > size.height():
            found.append(f"{widget.text()!r} has {size} of {room}")  # type: ignore[attr-defined]
        elif not inside and not scrolled(widget):
            found.append(f"{widget.text()!r} lies outside")  # type: ignore[attr-defined]
    return found


def assert_whole(window: MainWindow, screen: QSize, qtbot: QtBot) -> None:
    qtbot.wait(20)

    def settled() -> None:
        assert window.size() == screen, "the window needs more than the screen has"
        assert cut_off(window) == []

    qtbot.waitUntil(settled)  # the layout takes a few turns of the event loop


def test_the_empty_window(window: MainWindow, screen: QSize, qtbot: QtBot) -> None:
    window.welcome.show_recent(
        [Path("/srv/archive") / ("long name " * 12) / "CT" for _ in range(6)]
    )
    assert_whole(window, screen, qtbot)


def test_an_unsure_result_with_notes_and_a_message(
    window: MainWindow, screen: QSize, tmp_path: Path, qtbot: QtBot
) -> None:
    note = "It was not clear where the spine is, so a wider region was looked at."
    show_result(window, tmp_path, notes=(note, note), unsure=True)
    window.message.show_message("A sentence. " * 20, Tone.WARNING, Offer("Show them…", int))
    assert_whole(window, screen, qtbot)


def test_every_tool_is_in_the_toolbar_and_none_behind_an_arrow(
    window: MainWindow, tmp_path: Path
) -> None:
    show_result(window, tmp_path)
    toolbar: QToolBar = window.toolbar
    hidden = [
        action.text()
        for action in toolbar.actions()
        if (button := toolbar.widgetForAction(action)) and not button.isVisible()
    ]
    assert hidden == []


def test_the_side_panel_is_no_wider_than_the_room_beside_its_scroll_bar(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    show_result(window, tmp_path)
    window.board.add(Measurement(Kind.CIRCLE, Plane.AXIAL, 11, ((5.0, 5.0), (9.0, 5.0))))
    qtbot.wait(20)
    scroll = window.side.area
    bar = scroll.verticalScrollBar().sizeHint().width()
    assert scroll.widget().minimumSizeHint().width() <= window.side.width() - bar


def test_long_names_widen_nothing_and_leave_run_and_export_in_sight(
    window: MainWindow, screen: QSize, tmp_path: Path, qtbot: QtBot
) -> None:
    show_result(window, tmp_path, notes=(f"The file {UID} is not a part of it.",))
    case = window.session.case
    assert case is not None
    assert case.segmentation is not None
    model = replace(case.segmentation.model, name=UID)
    result = replace(case.segmentation, model=model)
    patient = PatientFacts(UID, series_description="CT_Abdomen_venoes_1.5mm_B30f_0004" * 3)
    window.session.open(Case(replace(case.volume, name=UID, patient=patient)))
    window.session.set_result(result)
    window.activity.follow(OpenJob(tmp_path / UID, ask=False), UID * 3)
    window.message.show_message(f"{UID} {UID}", Tone.WARNING)
    assert_whole(window, screen, qtbot)
    scroll = window.side.area
    bar = scroll.verticalScrollBar().sizeHint().width()
    assert scroll.widget().minimumSizeHint().width() <= window.side.width() - bar
    buttons = [b for b in window.side.findChildren(QPushButton) if not scroll.isAncestorOf(b)]
    seen = [b for b in buttons if b.isVisible()]
    assert len(seen) == 2, "run again, and export"
    for button in seen:
        assert window.rect().contains(button.rect().translated(button.mapTo(window, QPoint())))


def test_the_least_size_holds_everything_and_never_changes(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    def check() -> None:
        qtbot.wait(20)
        layout = window.layout()
        assert layout is not None
        assert layout.totalMinimumSize().boundedTo(LEAST) == layout.totalMinimumSize()
        assert window.minimumSize() == LEAST

    check()
    show_everything(window, tmp_path)
    check()
    window.side.run._show_running(True)
    check()


def test_a_run_with_the_largest_figures(
    window: MainWindow, screen: QSize, tmp_path: Path, qtbot: QtBot
) -> None:
    show_result(window, tmp_path)
    panel = window.side.run
    panel._show_running(True)
    panel._max_ram_bytes = 128 * GIB
    panel._show_memory(MemoryUse(peak_bytes=100 * GIB))
    for stage in STAGE_SHARES:
        left = duration_text(3599)
        panel._stage.setText(panel.tr("{0}, {1} left").format(stage_text(stage), left))
        assert_whole(window, screen, qtbot)


def test_the_queue(window: MainWindow, screen: QSize, tmp_path: Path, qtbot: QtBot) -> None:
    window.queue.add([tmp_path / f"{number}.nii.gz" for number in range(9)])
    assert_whole(window, screen, qtbot)


def test_the_empty_window_beside_a_queue_and_inside_the_frame_of_a_desktop(
    window: MainWindow, screen: QSize, tmp_path: Path, qtbot: QtBot
) -> None:
    frame = FRAME.left() + FRAME.right()
    window.resize(screen - QSize(frame, frame))
    window.queue.add([tmp_path / f"{number}.nii.gz" for number in range(9)])
    qtbot.wait(20)
    assert window.width() == screen.width() - frame
    assert window.welcome.horizontalScrollBar().maximum() == 0


def test_a_queue_with_every_button_and_a_long_failure(
    window: MainWindow, screen: QSize, tmp_path: Path, qtbot: QtBot
) -> None:
    failing = tmp_path / ("1.2.840.113619.2.55.3." * 8)
    window.queue.add([failing, tmp_path / "done", tmp_path / "waiting"])
    queue = window.queue
    states = (State.FAILED, State.DONE, State.WAITING)
    for (name, case), state in zip(list(queue._cases.items()), states, strict=True):
        queue._cases[name] = replace(case, state=state, volume_ml=512.0, note=str(failing))
    window.queue_panel.formats.choose(tuple(FORMAT_NAMES))
    queue.changed.emit()
    assert window.queue_panel._results.isVisible()
    assert_whole(window, screen, qtbot)


def test_a_comparison_with_all_beside_it(
    window: MainWindow, screen: QSize, tmp_path: Path, qtbot: QtBot
) -> None:
    show_everything(window, tmp_path)
    qtbot.waitUntil(lambda: window.comparison._apart.text() not in ("", "…"), timeout=20_000)
    assert_whole(window, screen, qtbot)


def test_a_queue_beside_a_result_is_no_wider_than_its_room(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    show_result(window, tmp_path)
    window.queue.add([tmp_path / f"{number}.nii.gz" for number in range(9)])
    window.queue_panel.formats.choose(tuple(FORMAT_NAMES))
    qtbot.wait(20)
    scroll = window.side.area
    bar = scroll.verticalScrollBar().sizeHint().width()
    assert scroll.widget().minimumSizeHint().width() <= window.side.width() - bar


def test_a_queue_beside_a_result_while_a_case_is_read(
    window: MainWindow, screen: QSize, tmp_path: Path, qtbot: QtBot
) -> None:
    show_result(window, tmp_path)
    qtbot.waitUntil(lambda: window._tools is not None)
    window.queue.add([tmp_path / f"{number}.nii.gz" for number in range(9)])
    job = OpenJob(tmp_path / "CT", ask=False)
    window.activity.follow(job, "CT")
    assert_whole(window, screen, qtbot)


def with_long_names(window: MainWindow, tmp_path: Path) -> Iterator[QDialog]:
    """Every dialog that shows a name given by a user."""
    case = window.session.case
    assert case is not None
    assert case.mask is not None
    volume = replace(case.volume, name=UID, source=DicomSource(tmp_path, "1.2"))
    case = replace(case, volume=volume)
    picture = QImage(60, 40, QImage.Format.Format_RGB32)
    exportable = Exportable.of(case, measure(case.mask, case.volume), [picture])
    folder = tmp_path / f"Mustermann_{UID}" / ("CT_Abdomen_venoes_1.5mm_B30f_0004" * 2)
    export = ExportDialog(exportable, folder, SUFFIXES, window.jobs, window)
    yield export
    export._done(export.request.files)
    yield export
    settings = Settings(model=f"/srv/{UID * 2}.onnx", export_folder=str(folder))
    yield SettingsDialog(
        LoadedSettings(settings, Settings(), frozenset({"threads"})), window.jobs, window
    )
    patient = PatientFacts(f"{UID}, Erika Maria", series_number="4")
    size, spacing = (512, 512, 600), (0.7, 0.7, 1.0)
    usable = Series("1", UID * 2, "CT", size, spacing, facts=patient)
    scout = Series("2", "A long name " * 12, "CT", size, spacing, (LONG_REASON,), facts=patient)
    offers = [SeriesOffer(usable, None, True), SeriesOffer(usable, None, False)]
    yield SeriesDialog([*offers, SeriesOffer(scout, None, False)], window)
    yield SeriesDialog([offers[0], SeriesOffer(scout, None, False)], window)


def questions(window: MainWindow) -> Iterator[Callable[[], object]]:
    """Every question that names something."""
    names = [f"{UID}{UID}_{number}_spine.nii.gz" for number in range(40)]
    yield lambda: may_replace(window, names)
    yield window.opener.may_lose_work


def test_every_dialog_with_long_names(
    window: MainWindow, screen: QSize, tmp_path: Path, qtbot: QtBot
) -> None:
    show_result(window, tmp_path)
    case = window.session.case
    assert case is not None
    found = case.segmentation
    assert found is not None
    patient = PatientFacts(f"{UID}, Erika Maria")
    window.session.open(Case(replace(case.volume, name=UID, patient=patient)))
    window.session.set_result(found)

    def check(dialog: QDialog) -> None:
        qtbot.wait(50)
        assert screen.boundedTo(dialog.size()) == dialog.size(), "larger than the screen"
        assert cut_off(dialog) == []
        for area in dialog.findChildren(QAbstractScrollArea):
            assert area.horizontalScrollBar().maximum() == 0

    for dialog in with_long_names(window, tmp_path):
        dialog.show()
        dialog.resize(dialog.size().boundedTo(screen))
        check(dialog)
        dialog.hide()
    for ask in questions(window):
        boxes: list[QDialog] = []

        def look(box: QDialog, boxes: list[QDialog] = boxes) -> None:
            boxes.append(box)
            check(box)
            box.reject()

        when_dialog_shows(QMessageBox, look)
        ask()
        assert boxes


def test_the_dialogs(window: MainWindow, screen: QSize, tmp_path: Path, qtbot: QtBot) -> None:
    every: list[QDialog] = list(dialogs(window, tmp_path))
    for dialog in every:
        dialog.show()
        dialog.resize(dialog.size().boundedTo(screen))
        qtbot.wait(20)
        assert screen.boundedTo(dialog.size()) == dialog.size(), "larger than the screen"
        assert cut_off(dialog) == []
