"""A disc that was marked by eye is taken out of a label as a whole, and its end plates stay."""

import numpy as np
import pytest

pytest.importorskip("scipy", reason="SciPy is only in the extras 'train' and 'test'")
pytest.importorskip("torch", reason="PyTorch is only in the extra 'train'")

from assets.training.finder.spine_lines import AroundLine, around_line
from assets.training.series_discs import PLATE_HU, settle_discs
from inference.values.geometry import Geometry

GRID = Geometry((51, 51, 61), (1.0, 1.0, 1.0))
RADIUS, CORE_RADIUS = 15.0, 10.0
DISC, PLATE = 2.0, 3.0
"""Half the height of the disc at 30 mm, and the height of its end plates."""

MARROW_HU, CORE_HU, BRIGHT_HU = 250.0, 90.0, 600.0


def around() -> AroundLine:
    return around_line(np.array([[25, 25, 0.0, RADIUS], [25, 25, 60.0, RADIUS]]), GRID)


def body_with_disc(rim_hu: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """HU, the body with its disc, and the disc; the rim of the disc has its own HU."""
    of = around()
    from_middle = np.hypot(of.behind, of.aside)
    body = from_middle <= RADIUS
    off = np.abs(of.below_head - 30)
    disc = body & (off <= DISC)
    hu = np.where(body, MARROW_HU, 40.0)
    hu[body & (off > DISC) & (off <= DISC + PLATE)] = BRIGHT_HU
    hu[disc] = rim_hu
    hu[disc & (from_middle <= CORE_RADIUS)] = CORE_HU
    return hu.astype(np.float32), body, disc


@pytest.mark.parametrize("rim_hu", [CORE_HU, 340.0, BRIGHT_HU - PLATE_HU - 1])
def test_the_rim_of_a_disc_is_no_bridge_of_bone_however_bright_it_is(rim_hu: float) -> None:
    hu, body, disc = body_with_disc(rim_hu)
    settled = settle_discs(body.astype(np.uint8), hu, around(), [(27.5, 32.5)])
    assert not (settled[disc] == 1).any()
    assert (settled[body & ~disc] == 1).all()


def test_what_is_hardly_darker_than_its_end_plates_is_bone() -> None:
    hu, body, disc = body_with_disc(BRIGHT_HU - PLATE_HU + 1)
    settled = settle_discs(body.astype(np.uint8), hu, around(), [(27.5, 32.5)])
    bright = disc & (hu > CORE_HU)
    assert (settled[bright] == 1).all()
    assert (settled[disc & ~bright] == 0).all()
