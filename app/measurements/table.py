"""Measurements as a table, for the clipboard and for a file."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from app.measurements.measurement import (
    Kind,
    Measurement,
    angle_degrees,
    circle_hu,
    cobb_degrees,
    distance_mm,
)
from app.measurements.wording import kind_text, plane_text
from app.slices.planes import view_of
from inference.values.table import Cell, Table, decimals
from inference.values.volume import Volume

Figures = tuple[Cell, Cell, Cell, Cell, Cell]
"""Distance; angle; area, mean and standard deviation of a circle."""


def measurement_table(measurements: Sequence[Measurement], volume: Volume) -> Table:
    """A row for each measurement; values it does not have are left empty."""
    translate = QCoreApplication.translate
    header = (
        translate("measurements", "Measurement"),
        translate("measurements", "Plane"),
        translate("measurements", "Slice"),
        translate("measurements", "Distance (mm)"),
        translate("measurements", "Angle (°)"),
        translate("measurements", "Area (mm²)"),
        translate("measurements", "Mean (HU)"),
        translate("measurements", "Standard deviation (HU)"),
    )
    rows = (
        (kind_text(one.kind), plane_text(one.plane), one.index + 1, *_figures(one, volume))
        for one in measurements
    )
    return Table(header, tuple(rows))


def _figures(one: Measurement, volume: Volume) -> Figures:
    points = one.points
    match one.kind:
        case Kind.DISTANCE:
            return decimals(distance_mm(points[0], points[1]), 1), None, None, None, None
        case Kind.ANGLE:
            angle = angle_degrees(points[0], points[1], points[2])
            return None, decimals(angle, 1), None, None, None
        case Kind.COBB:
            angle = cobb_degrees((points[0], points[1]), (points[2], points[3]))
            return None, decimals(angle, 1), None, None, None
        case Kind.CIRCLE:
            view = view_of(volume.geometry, one.plane)
            hu = circle_hu(volume.voxels, view, one.index, points[0], points[1])
            area = math.pi * distance_mm(points[0], points[1]) ** 2
            return None, None, decimals(area, 1), decimals(hu.mean, 1), decimals(hu.deviation, 1)
