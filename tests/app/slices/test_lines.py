"""Lines over a slice."""

import pytest
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import QApplication

from app.slices.lines import line_pen


@pytest.mark.parametrize(
    ("dots", "width", "expected"), [(1.0, 1, 1), (1.5, 1, 2), (2.0, 1, 2), (2.0, 2, 4), (0.4, 1, 1)]
)
def test_a_line_is_as_wide_on_a_screen_of_many_dots(
    dots: float, width: int, expected: int, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert qapp is not None
    monkeypatch.setattr(QGuiApplication, "devicePixelRatio", lambda _: dots)
    pen = line_pen(QColor("red"), width)
    assert pen.widthF() == expected
    assert pen.isCosmetic()
