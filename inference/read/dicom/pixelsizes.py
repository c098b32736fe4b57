"""DICOM elements besides the pixel spacing that imply a pixel size, and may contradict it."""

from pydicom.dataset import Dataset

from inference.read.dicom.elements import numbers_of

SAME_SHAPE = 0.02
"""Ratios of a pixel's sides this close to each other agree, because headers round."""

SAME_DIAMETER = 0.05
"""How much wider than the reconstruction diameter an image may be, because headers round it to a
centimetre."""


def contradicting(dataset: Dataset, spacing: tuple[float, ...]) -> tuple[str, ...]:
    """Keywords of elements that imply another pixel size or shape.

    An image smaller than the reconstruction may have been cropped from it, unless its pixels are
    not square: scanners make square ones.

    Args:
        spacing: millimetres between rows and between columns, above 0 (DICOM PS3.3 10.7.1.3).
    """
    row_mm, column_mm = spacing
    if min(spacing) <= 0:
        return ()
    shape = row_mm / column_mm
    found = []
    for keyword in ("PixelAspectRatio", "ImagerPixelSpacing"):
        sides = numbers_of(dataset, keyword) or ()
        if len(sides) == 2 and min(sides) > 0 and _differ(sides[0] / sides[1], shape, SAME_SHAPE):
            found.append(keyword)
    (diameter,) = numbers_of(dataset, "ReconstructionDiameter") or (0.0,)
    rows, columns = int(dataset.get("Rows") or 0), int(dataset.get("Columns") or 0)
    if diameter > 0 and rows and columns:
        sides = rows * row_mm / diameter, columns * column_mm / diameter
        square = rows == columns and _differ(shape, 1.0, SAME_SHAPE)
        if max(sides) > 1 + SAME_DIAMETER or (square and min(sides) < 1 - SAME_DIAMETER):
            found.append("ReconstructionDiameter")
    return tuple(found)


def _differ(one: float, other: float, share: float) -> bool:
    return not 1 - share <= one / other <= 1 + share
