"""The back of a spine is found where it is, however the patient lies."""

import functools

import numpy as np
import pytest
import SimpleITK as sitk
from numpy.typing import NDArray

from inference.mask.bone import bone_of
from inference.mask.borders import Border
from inference.mask.centre_line import find_centre_line
from inference.mask.facets import (
    FACET_ACROSS_MM,
    FACET_BEHIND_MM,
    FACET_RISES_MM,
    LUMBAR,
    NECK_CANAL_MM,
    THORACIC,
    TRUNK_CANAL_MM,
)
from inference.mask.figures import measure
from inference.values.geometry import Geometry
from inference.values.mask import Mask
from inference.values.slabs import bounding_box
from inference.values.volume import Volume
from tests.mask.test_vertebrae import phantom

NEAR_DEGREES = 6.0

SAME_LENGTH = 0.015
"""3 mm of the phantom's 210: the planes where the scan cuts its ends are oblique then."""


@functools.cache
def bone() -> tuple[NDArray[np.uint8], Geometry]:
    """The phantom's spine on the grid that vertebrae are told apart on."""
    _, mask, _ = phantom()
    box = bounding_box(mask.voxels)
    assert box is not None
    return bone_of(mask, box, lambda: False)


def leaning(axis: str, degrees: int) -> tuple[NDArray[np.uint8], Geometry]:
    """The same spine in a patient who does not lie straight."""
    voxels, grid = bone()
    room = np.pad(voxels, [(20, 20), (70, 70), (70, 70)])
    lean = sitk.Euler3DTransform()
    lean.SetCenter([(count - 1) / 2 for count in room.shape[::-1]])
    radians = float(np.radians(degrees))
    lean.SetRotation(*((0.0, radians) if axis == "to the side" else (radians, 0.0)), 0.0)
    image = sitk.Resample(sitk.GetImageFromArray(room), lean, sitk.sitkNearestNeighbor)
    z, y, x = room.shape
    return sitk.GetArrayFromImage(image), Geometry((x, y, z), grid.spacing)


@pytest.mark.parametrize("axis", ["to the side", "to the front"])
@pytest.mark.parametrize("degrees", [-20, -10, 10, 20, 30])
def test_a_spine_is_as_long_however_it_leans(axis: str, degrees: int) -> None:
    lengths = []
    for voxels, grid in (bone(), leaning(axis, degrees)):
        mask = Mask((voxels > 0).astype(np.uint8), grid)
        ct = Volume(np.zeros(voxels.shape, np.int16), grid, "CT")
        lengths.append(measure(mask, ct).length_mm)
    assert lengths[1] == pytest.approx(lengths[0], rel=SAME_LENGTH)


@pytest.mark.parametrize("axis", ["to the side", "to the front"])
@pytest.mark.parametrize("degrees", [-30, -15, 0, 15, 30])
def test_the_points_of_the_line_are_a_millimetre_apart(axis: str, degrees: int) -> None:
    line = find_centre_line(*leaning(axis, degrees))
    assert line is not None
    steps = np.linalg.norm(np.diff(line.curve.points, axis=0), axis=1)
    assert np.allclose(steps, 1.0, atol=0.02)


@pytest.mark.parametrize("degrees", [-25, 0, 20])
def test_the_back_is_where_the_processes_are(degrees: int) -> None:
    voxels, grid = bone()
    room = np.pad(voxels, [(0, 0), (30, 30), (30, 30)])
    image = sitk.GetImageFromArray(room)
    turn = sitk.Euler3DTransform()
    middle = [(count - 1) / 2 for count in room.shape[::-1]]
    turn.SetCenter(middle)
    turn.SetRotation(0.0, 0.0, np.radians(degrees))
    turned = sitk.GetArrayFromImage(sitk.Resample(image, turn, sitk.sitkNearestNeighbor))
    z, y, x = room.shape
    line = find_centre_line(turned, Geometry((x, y, z), grid.spacing))
    assert line is not None
    inner = line.curve.back[20:-20]
    angle = np.degrees(np.arctan2(inner[:, 0], inner[:, 1]))
    # ``turn`` says where each place of the new image was before.
    assert np.abs(np.median(angle) - degrees) < NEAR_DEGREES


def border(canal: float, region: float = THORACIC) -> Border:
    """A level one at 100 mm whose gap lies 6 mm below it."""
    return Border(100.0, 0.0, 0.0, 94.0, 0.0, region, 8.0, canal, 1.0, 1.0)


@pytest.mark.parametrize("region", [THORACIC, LUMBAR])
def test_beside_the_canal_the_lower_vertebra_reaches_up_and_behind_it_the_upper_one_down(
    region: float,
) -> None:
    level = border(TRUNK_CANAL_MM, region)
    behind = np.array(FACET_BEHIND_MM, np.float32)
    aside = np.full_like(behind, FACET_ACROSS_MM[1])
    heights = level.surface(aside, behind + np.float32(TRUNK_CANAL_MM))
    assert np.allclose(heights, 100 + FACET_RISES_MM[int(region), 1])
    assert heights.max() > 100 > heights.min()
    middle = level.surface(np.zeros(1, np.float32), np.full(1, TRUNK_CANAL_MM + 15, np.float32))
    assert middle[0] == 94.0


@pytest.mark.parametrize(("canal", "rises"), [(NECK_CANAL_MM, False), (NECK_CANAL_MM + 0.5, True)])
def test_the_joints_of_a_neck_lie_level(canal: float, rises: bool) -> None:
    aside = np.array([0.0, 10.0], np.float32)
    middle, beside = border(canal).surface(aside, np.full(2, canal + 16, np.float32))
    assert (middle != beside) == rises
