"""Measurements as text, for the views, the panel and the report."""

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
from app.slices.planes import Plane, view_of
from app.wording import number_text, spread_text
from inference.values.volume import Volume


def kind_text(kind: Kind) -> str:
    """What is measured."""
    return {
        Kind.DISTANCE: QCoreApplication.translate("measurements", "Distance"),
        Kind.ANGLE: QCoreApplication.translate("measurements", "Angle"),
        Kind.COBB: QCoreApplication.translate("measurements", "Cobb angle"),
        Kind.CIRCLE: QCoreApplication.translate("measurements", "HU in a circle"),
    }[kind]


def plane_text(plane: Plane) -> str:
    """The name of a plane."""
    return {
        Plane.AXIAL: QCoreApplication.translate("measurements", "axial"),
        Plane.SAGITTAL: QCoreApplication.translate("measurements", "sagittal"),
        Plane.CORONAL: QCoreApplication.translate("measurements", "coronal"),
    }[plane]


def value_text(measurement: Measurement, volume: Volume) -> str:
    """The value with its unit."""
    points = measurement.points
    if measurement.kind is Kind.DISTANCE:
        return f"{number_text(distance_mm(points[0], points[1]), 1)} mm"
    if measurement.kind is Kind.ANGLE:
        return f"{number_text(angle_degrees(points[0], points[1], points[2]), 1)}°"
    if measurement.kind is Kind.COBB:
        lines = (points[0], points[1]), (points[2], points[3])
        return f"{number_text(cobb_degrees(*lines), 1)}°"
    view = view_of(volume.geometry, measurement.plane)
    hu = circle_hu(volume.voxels, view, measurement.index, points[0], points[1])
    return spread_text(hu.mean, hu.deviation)


def place_text(measurement: Measurement, volume: Volume) -> str:
    """The plane and the slice number, as in the view's title."""
    size = view_of(volume.geometry, measurement.plane).across.size
    return f"{plane_text(measurement.plane)} {measurement.index + 1}/{size}"


def rows(measurements: Sequence[Measurement], volume: Volume) -> tuple[tuple[str, str], ...]:
    """A name and a value for each measurement, for a table."""
    return tuple(
        (f"{kind_text(one.kind)}, {place_text(one, volume)}", value_text(one, volume))
        for one in measurements
    )
