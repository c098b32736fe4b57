"""Long names show their beginning and end, and all of them as a tooltip."""

import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.widgets.elided_label import ElidedLabel

NAMES = [
    "1.3.6.1.4.1.14519.5.2.1.7009.2401.135598410924712345678901234567",
    "CT_Abdomen_venoes_1.5mm_B30f_0004",
    "<b>bold</b> & more of it, so that it is long",
]


@pytest.fixture
def column(qtbot: QtBot) -> QWidget:
    """A narrow column."""
    column = QWidget()
    qtbot.addWidget(column)
    QVBoxLayout(column)
    column.resize(150, 200)
    column.show()
    return column


def put(column: QWidget, label: ElidedLabel, qtbot: QtBot) -> None:
    layout = column.layout()
    assert layout is not None
    layout.addWidget(label)
    qtbot.wait(20)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("wraps", [False, True])
def test_a_long_name_widens_nothing_and_is_the_tooltip(
    name: str, wraps: bool, column: QWidget, qtbot: QtBot
) -> None:
    label = ElidedLabel(name)
    label.setWordWrap(wraps)
    put(column, label, qtbot)
    assert column.width() == 150
    assert label.text() == label.accessibleName() == name
    if not wraps or " " not in name:
        shown = super(ElidedLabel, label).text()
        assert shown.startswith(name[:3])
        assert shown.endswith(name[-3:])
        assert "…" in shown
        assert "&lt;b&gt;" in label.toolTip() or name in label.toolTip()


def test_a_short_name_has_no_tooltip(column: QWidget, qtbot: QtBot) -> None:
    label = ElidedLabel("CT 1")
    put(column, label, qtbot)
    assert label.toolTip() == ""
    assert super(ElidedLabel, label).text() == "CT 1"


def test_it_grows_again_where_there_is_room(column: QWidget, qtbot: QtBot) -> None:
    label = ElidedLabel(NAMES[1])
    put(column, label, qtbot)
    assert label.toolTip()
    column.resize(600, 200)
    qtbot.waitUntil(lambda: not label.toolTip())
    assert super(ElidedLabel, label).text() == NAMES[1]


def test_a_sentence_is_wrapped_and_its_long_word_alone_is_shortened(
    column: QWidget, qtbot: QtBot
) -> None:
    label = ElidedLabel(f"The file {NAMES[0]} is damaged. Copy it again.")
    label.setWordWrap(True)
    put(column, label, qtbot)
    shown = super(ElidedLabel, label).text()
    assert shown.startswith("The file 1.3")
    assert shown.endswith(" is damaged. Copy it again.")
    assert label.heightForWidth(label.width()) <= label.height()
