"""Laws of DICOM series: the same HU in the same place, whatever the files and headers do."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from inference.read import open_ct
from inference.values.geometry import Geometry
from tests.geometries import geometries
from tests.read.dicom_factory import SeriesSettings, head_up_ct, make_slice

RIGHT_HANDED = geometries(most_voxels=8).filter(
    lambda geometry: np.linalg.det(np.reshape(geometry.direction, (3, 3))) > 0
)


@dataclass(frozen=True)
class Disturbance:
    """Variations of headers that must not matter.

    Attributes:
        jitter: of cosines, millimetres of positions and of pixel sizes.
        rescales: slope and intercept of the slices, in turn.
        order: seeds the names of the files.
        numbered: whether instance numbers follow the slices, run against them, or are absent.
        copies: how many slices exist twice.
        scout: whether there is one.
    """

    jitter: float
    rescales: list[tuple[float, float]]
    order: int
    numbered: int
    copies: int
    scout: bool


disturbances = st.builds(
    Disturbance,
    st.sampled_from([0.0, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3]),
    st.lists(
        st.tuples(
            st.sampled_from([1.0, 0.5, 0.25, 2.0]), st.sampled_from([-1024.0, -2048.0, -8192.0])
        ),
        min_size=1,
        max_size=3,
    ),
    st.integers(0, 2**16),
    st.sampled_from([-1, 0, 1]),
    st.integers(0, 3),
    st.booleans(),
)


def write(
    folder: Path, hu: NDArray[np.int16], geometry: Geometry, disturbance: Disturbance
) -> None:
    random = np.random.default_rng(disturbance.order)
    names = [f"{number:04d}" for number in random.permutation(2 * len(hu) + 1)]

    def jittered(values: object, least: float = -np.inf) -> list[str]:
        exact = np.array(values, dtype=float)
        noise = random.uniform(-disturbance.jitter, disturbance.jitter, exact.shape)
        return [f"{value:.9f}"[:16] for value in np.maximum(exact + noise, least)]

    for index in range(len(hu)):
        slice_ = make_slice(hu[index], geometry, index, SeriesSettings())
        slope, intercept = disturbance.rescales[index % len(disturbance.rescales)]
        slice_.RescaleSlope, slice_.RescaleIntercept = slope, intercept
        stored = np.rint((hu[index].astype(float) - intercept) / slope)
        slice_.PixelData = stored.astype("<u2").tobytes()
        slice_.ImageOrientationPatient = jittered(slice_.ImageOrientationPatient)
        slice_.ImagePositionPatient = jittered(slice_.ImagePositionPatient)
        slice_.PixelSpacing = jittered(slice_.PixelSpacing)
        slice_.InstanceNumber = index * disturbance.numbered or None
        slice_.save_as(folder / names[index], enforce_file_format=True)
        if index < disturbance.copies:
            slice_.save_as(folder / names[len(hu) + index], enforce_file_format=True)
    if disturbance.scout:
        scout = make_slice(hu[0], geometry, 0, SeriesSettings())
        scout.ImageType = ["ORIGINAL", "PRIMARY", "LOCALIZER"]
        scout.save_as(folder / names[-1], enforce_file_format=True)


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(geometry=RIGHT_HANDED, disturbance=disturbances)
def test_whatever_headers_do_the_same_hu_lie_in_the_same_place(
    geometry: Geometry, disturbance: Disturbance, tmp_path: Path
) -> None:
    folder = tmp_path / "series"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    # Slopes of two keep even numbers.
    hu = (head_up_ct(geometry) // 2 * 2).astype(np.int16)
    write(folder, hu, geometry, disturbance)
    volume = open_ct(folder)
    assert np.array_equal(volume.voxels, hu)
    # Of positions and pixel sizes, and of cosines over the length of the axes.
    length = np.linalg.norm(np.multiply(geometry.size, geometry.spacing))
    tolerance = 1e-5 + disturbance.jitter * (2 + max(geometry.size) + 2 * float(length))
    apart = volume.geometry.outer_corners() - geometry.outer_corners()
    assert np.abs(apart).max() <= tolerance
