"""Rows of figures."""

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.widgets.figure_rows import FigureRows


def test_values_that_change_have_the_height_of_their_new_text(qtbot: QtBot) -> None:
    panel, column = QWidget(), QWidget()
    qtbot.addWidget(column)
    outer, layout, rows = QVBoxLayout(column), QVBoxLayout(panel), FigureRows()
    outer.addWidget(panel)
    outer.addStretch()
    layout.addLayout(rows)
    texts = (
        ("Agreement (Dice)", "0.656"),
        ("Surfaces (HD95)", "more than 10 mm apart"),
        ("This mask", "237.5 mL\n108.0 mL of it only here"),
        ("Other mask", "157.5 mL\n28.0 mL of it only here"),
    )
    values = [QLabel("…") for _ in texts]
    for (name, _), value in zip(texts, values, strict=True):
        rows.add(name, value)
    column.setFixedSize(300, 400)
    column.show()
    qtbot.wait(20)
    for (_, text), value in zip(texts, values, strict=True):
        value.setText(text)
    qtbot.wait(50)
    for value in values:
        assert value.height() == value.heightForWidth(value.width()), value.text()


def test_a_hidden_row_leaves_no_gap(qtbot: QtBot) -> None:
    panel, rows = QWidget(), FigureRows()
    qtbot.addWidget(panel)
    panel.setLayout(rows)
    values = [QLabel(text) for text in "abc"]
    for value in values:
        rows.add("name", value)
    panel.show()
    whole = rows.sizeHint().height()
    rows.set_visible(values[1], False)
    less = whole - rows.sizeHint().height()
    rows.set_visible(values[2], False)
    assert less == whole - less - rows.sizeHint().height(), "each row takes its gap along"
    rows.set_visible(values[1], True)
    rows.set_visible(values[2], True)
    assert rows.sizeHint().height() == whole
