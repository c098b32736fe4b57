"""Texts that scroll where they do not fit."""

from pytestqt.qtbot import QtBot

from app.widgets.text_area import TextArea


def test_a_text_that_fits_has_no_scroll_bar_whatever_size_it_had_before(qtbot: QtBot) -> None:
    area = TextArea()
    qtbot.addWidget(area)
    line = "Written to a folder with some name"
    area.setText("\n".join([line] * 8))
    width = area.fontMetrics().horizontalAdvance(line) + 6
    area.resize(width, 40)
    area.show()
    qtbot.waitUntil(area.verticalScrollBar().isVisible)
    area.resize(width, area.heightForWidth(width))
    qtbot.wait(20)
    assert not area.verticalScrollBar().isVisible()
    area.setText("\n".join([line] * 9))
    qtbot.waitUntil(area.verticalScrollBar().isVisible)
