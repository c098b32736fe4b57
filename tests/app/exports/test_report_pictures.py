"""The report's pictures go through the spine, wherever it lies and however the scan is stored."""

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from app.exports.report_pictures import MARGIN_MM, MOST_PIXELS_PER_MM, PIXELS, report_pictures
from inference.errors import CancelledError
from inference.mask.figures import measure
from inference.values.geometry import Geometry
from inference.values.mask import Mask
from inference.values.progress import never_cancelled
from inference.values.volume import Volume
from tests.mask.test_vertebrae import phantom, turned

pytestmark = pytest.mark.usefixtures("qapp")


def pictures(volume: Volume, mask: Mask) -> list[tuple[str, QImage, tuple[float, float]]]:
    slices = measure(mask, volume).slices
    drawn = report_pictures(volume, mask, slices, never_cancelled)
    return [(one.title, one.image, one.size_mm) for one in drawn]


def coloured(image: QImage) -> NDArray[np.bool_]:
    """Where the spine is drawn over a slice: blue rather than grey."""
    pixels = np.frombuffer(
        image.convertToFormat(QImage.Format.Format_RGB32).constBits(), np.uint8
    ).reshape(image.height(), image.width(), 4)
    return pixels[..., 0].astype(int) - pixels[..., 2] > 40


def test_they_are_two_slices_and_two_sides_of_the_surface() -> None:
    volume, mask, _ = phantom()
    drawn = pictures(volume, mask)
    assert [title for title, _, _ in drawn] == [
        "Sagittal",
        "Coronal",
        "From the front",
        "From the left",
    ]
    for _, image, (width_mm, height_mm) in drawn:
        assert image.width() / image.height() == pytest.approx(width_mm / height_mm, rel=0.02)
        assert max(image.width(), image.height()) <= PIXELS
        assert image.height() / height_mm <= MOST_PIXELS_PER_MM + 0.01
        grey = np.frombuffer(image.constBits(), np.uint8)
        assert grey.std() > 10, "there is something to see"


def test_slices_go_through_the_spine_where_it_is_not_in_the_middle_of_the_scan() -> None:
    volume, mask, _ = phantom()
    wide = ((40, 0), (0, 150), (0, 200))
    x, y, z = mask.geometry.size
    grid = mask.geometry.box((0, 0, -40), (x + 200, y + 150, z + 40))
    moved = Volume(np.pad(volume.voxels, wide, constant_values=-1000), grid, "wide")
    for _, image, (width_mm, height_mm) in pictures(moved, Mask(np.pad(mask.voxels, wide), grid))[
        :2
    ]:
        seen = coloured(image)
        rows = seen.any(axis=1)
        assert rows.mean() > 0.5, "the rest are discs and the margin below"
        assert width_mm < 80 + 2 * MARGIN_MM + 5
        assert height_mm < 210 + 2 * MARGIN_MM + 5


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_how_a_scan_is_stored_changes_no_picture(axis: int) -> None:
    volume, mask, _ = phantom()
    straight, other = pictures(volume, mask), pictures(*turned(axis))
    for (title, image, size_mm), (_, image_turned, size_turned) in zip(
        straight[:2], other[:2], strict=True
    ):
        assert size_turned == pytest.approx(size_mm)
        here, there = coloured(image), coloured(image_turned)
        overlap = 2 * (here & there).sum() / (here.sum() + there.sum())
        assert overlap > 0.9, f"{title}: another slice by one at most"


def test_an_empty_mask_has_no_pictures() -> None:
    grid = Geometry((8, 8, 8), (1.0, 1.0, 1.0))
    mask = Mask(np.zeros(grid.shape, np.uint8), grid)
    assert pictures(Volume(np.zeros(grid.shape, np.int16), grid, "CT"), mask) == []


def test_a_speck_is_drawn_like_a_spine() -> None:
    grid = Geometry((8, 8, 8), (1.0, 1.0, 3.0))
    voxels = np.zeros(grid.shape, np.uint8)
    voxels[7, 0, 4] = 1
    volume = Volume(np.zeros(grid.shape, np.int16), grid, "CT")
    drawn = pictures(volume, Mask(voxels, grid))
    titles = ["Sagittal", "Coronal", "From the front", "From the left"]
    assert [title for title, _, _ in drawn] == titles
    assert all(coloured(image).any() for _, image, _ in drawn[:2])


def test_a_cancel_ends_it() -> None:
    volume, mask, _ = phantom()
    with pytest.raises(CancelledError):
        report_pictures(volume, mask, (80, 60, 40), lambda: True)
