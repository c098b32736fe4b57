"""Colours for the whole application."""

import sys

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from app.application import FUSION_OUTLINE, border_of, create_application
from app.widgets.style import STYLE

LIGHT, DARK = (0, 239), (240, 50)
"""Text and background of Qt's Fusion style, as grey."""


def luminance(colour: QColor) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = (channel / 255 for channel in (colour.red(), colour.green(), colour.blue()))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: QColor, other: QColor) -> float:
    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("text", "ground"), [LIGHT, DARK])
def test_borders_are_seen_in_the_light_and_in_the_dark(text: int, ground: int) -> None:
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.WindowText, QColor(text, text, text))
    palette.setColor(QPalette.ColorRole.Window, QColor(ground, ground, ground))
    window = palette.color(QPalette.ColorRole.Window)
    assert 3.0 <= contrast(border_of(palette), window) < 4.5, "seen, and quieter than text"


def test_the_application_is_set_up_and_fields_have_the_border(
    qapp: QApplication, qtbot: QtBot
) -> None:
    before = qapp.palette()
    application = create_application()
    assert application is qapp
    for field in (QLineEdit(), QComboBox(), QMenu()):
        qtbot.addWidget(field)
        field.ensurePolished()
        drawn = field.palette().color(QPalette.ColorRole.Window).darker(FUSION_OUTLINE)
        assert contrast(drawn, application.palette().color(QPalette.ColorRole.Window)) >= 3.0
    qapp.setPalette(before)


def test_threads_hand_over_the_lock_in_less_than_a_frame(
    qapp: QApplication,  # noqa: ARG001
) -> None:
    """A turn waits for it some dozen times; below a tenth of a millisecond nothing was measured."""
    before = sys.getswitchinterval()
    create_application()
    seconds = sys.getswitchinterval()
    sys.setswitchinterval(before)
    assert 0.0001 <= seconds <= 0.001
    if sys.platform == "win32":
        assert seconds >= 0.001, "anything less counts as zero there"
    else:
        assert 36 * seconds < 0.016


@pytest.mark.parametrize("grey", [240, 40])
def test_lines_between_the_entries_of_a_menu_are_seen(
    grey: int, qapp: QApplication, qtbot: QtBot
) -> None:
    before = qapp.palette()
    qapp.setPalette(QPalette(QColor(grey, grey, grey), QColor(grey, grey, grey)))
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Unknown)
    menu = QMenu()
    qtbot.addWidget(menu)
    menu.setStyleSheet(STYLE)
    menu.addAction("One")
    line = menu.addSeparator()
    menu.addAction("Two")
    menu.popup(QPoint())
    seen = menu.grab().toImage()
    at = menu.actionGeometry(line).center()
    column = [seen.pixelColor(at.x(), at.y() + dy) for dy in range(-3, 4)]
    ground = menu.palette().color(QPalette.ColorRole.Base)
    assert max(contrast(one, ground) for one in column) >= 3.0
    menu.close()
    qapp.setPalette(before)
