"""The order in which Tab goes through widgets."""

import itertools
from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QScrollArea, QWidget


def order_tabs(root: QWidget) -> None:
    """Let Tab go through what is laid out in a widget as one reads.

    Qt's own order is that in which widgets were made or given to others.
    """
    reached = (
        one for one in _in_reading_order(root) if one.focusPolicy() != Qt.FocusPolicy.NoFocus
    )
    for before, after in itertools.pairwise(reached):
        QWidget.setTabOrder(before, after)


def _in_reading_order(widget: QWidget) -> Iterator[QWidget]:
    """All that is laid out in a widget and holds nothing else, in the order of the layouts."""
    if isinstance(widget, QScrollArea):
        if (content := widget.widget()) is not None:
            yield from _in_reading_order(content)
    elif (layout := widget.layout()) is not None:
        yield from _of_layout(layout)
    else:
        yield widget


def _of_layout(layout: QLayout) -> Iterator[QWidget]:
    for number in range(layout.count()):
        item = layout.itemAt(number)
        if item is None:
            continue
        if (inner := item.layout()) is not None:
            yield from _of_layout(inner)
        elif (widget := item.widget()) is not None:
            yield from _in_reading_order(widget)
