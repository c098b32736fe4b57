"""Lines over a slice."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from app.slices.lines import in_dots, line_pen


@pytest.mark.parametrize(
    ("dots", "width", "expected"), [(1.0, 1, 1), (1.5, 1, 2), (2.0, 1, 2), (2.0, 2, 4), (0.4, 1, 1)]
)
def test_a_line_is_as_wide_on_a_screen_of_many_dots(
    dots: float, width: int, expected: int, qapp: QApplication
) -> None:
    assert qapp is not None
    image = QImage(10, 10, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(dots)
    painter = QPainter(image)
    pen = in_dots(line_pen(QColor("red"), width), painter)
    painter.end()
    assert pen.widthF() == expected
    assert pen.isCosmetic()


ON_BOTH_SCREENS = """
import json

import numpy as np
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest

from app.application import create_application
from app.measurements.board import MeasurementBoard
from app.measurements.layer import MeasurementLayer
from app.measurements.measurement import Kind, Measurement
from app.slices.look import Look
from app.slices.planes import Plane
from app.slices.slice_view import SliceView
from inference.values.geometry import Geometry
from inference.values.volume import Volume

application = create_application()
look = Look()
view = SliceView(Plane.AXIAL, look)
view.resize(400, 400)
geometry = Geometry((100, 100, 3), (1.0, 1.0, 1.0))
mask = np.zeros(geometry.shape, np.uint8)
mask[:, 20:40, 20:40] = 1
view.show_volume(Volume(np.full(geometry.shape, -2000, np.int16), geometry, "CT"))
view.show_mask(mask)
look.change_overlay(outline=True, opacity=1.0)
look.move_cursor((75, 70, 1))
board = MeasurementBoard()
layer = MeasurementLayer(view, look, board)
board.add(Measurement(Kind.DISTANCE, Plane.AXIAL, 1, ((10.0, 85.0), (60.0, 85.0))))
widths = []
for screen in QGuiApplication.screens():
    view.move(screen.geometry().topLeft())
    view.show()
    QTest.qWait(100)
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    dots = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4).astype(int)
    blue, green, red = (dots[..., channel] for channel in range(3))
    crosshair = ((red > 100) & (blue < 60)).sum(axis=1)
    outline = ((blue > 200) & (red < 60)).sum(axis=1)
    measured = ((green > 200) & (red < 170)).sum(axis=0)
    usual = [int(np.median(one[one > 0])) for one in (crosshair, outline, measured)]
    widths.append([view.devicePixelRatio(), *usual])
print(json.dumps(widths))
"""
"""Tells of each screen the dots of a pixel, and of the lines in a view there: the crosshair, both
sides of an outline, a measurement."""


def test_each_screen_has_lines_of_its_own_width(tmp_path: Path) -> None:
    side = {"y": 0, "width": 800, "height": 800, "logicalDpi": 96, "logicalBaseDpi": 96}
    screens = [{"name": "coarse", "x": 0} | side, {"name": "fine", "x": 800} | side]
    file = tmp_path / "screens.json"
    file.write_text(json.dumps({"synchronousWindowSystemEvents": False, "screens": screens}))
    platform = {
        "QT_QPA_PLATFORM": f"offscreen:configfile={file}",
        "QT_SCREEN_SCALE_FACTORS": "coarse=1;fine=2",
    }
    told = subprocess.run(
        [sys.executable, "-c", ON_BOTH_SCREENS],
        env=os.environ | platform,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(told.stdout) == [[1, 1, 4, 2], [2, 2, 8, 4]]
