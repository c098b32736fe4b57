"""STL files are closed, however many slabs they were written in, within bounded memory."""

import tracemalloc
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from numpy.typing import NDArray

from inference.export.stl import HEADER_BYTES, TRIANGLE, write_stl
from inference.mask.surface import Surface, extract_surface, extract_surface_parts
from inference.system.scratch import new_array
from inference.values.geometry import Geometry
from inference.values.mask import Mask
from tests.geometries import geometries
from tests.mask.test_marching_cubes import edge_balance
from tests.mask.test_surface import SMALLEST_MM


def spongy_mask(geometry: Geometry) -> Mask:
    """Blobs and holes everywhere, many of them cut by the planes where slabs meet."""
    z, y, x = (np.arange(n) for n in geometry.shape)
    field = np.sin(z / 3.1)[:, None, None] + np.sin(y / 2.3)[:, None] + np.sin(x / 2.9)
    return Mask((field > 0).astype(np.uint8), geometry)


def read_stl(path: Path) -> NDArray[np.void]:
    content = path.read_bytes()
    triangles = np.frombuffer(content, TRIANGLE, offset=HEADER_BYTES + 4)
    assert len(triangles) == np.frombuffer(content, "<u4", 1, HEADER_BYTES)[0]
    return triangles


def balance(triangles: NDArray[np.void]) -> int:
    """How many edges lack a partner if corners must be equal to the last digit."""
    corners = np.ascontiguousarray(triangles["corners"]).reshape(-1, 3)
    _, numbers = np.unique(corners, axis=0, return_inverse=True)
    return edge_balance(numbers.reshape(-1, 3))


def write(parts: Iterable[Surface], path: Path) -> None:
    with path.open("wb") as file:
        write_stl(parts, file)


@settings(
    deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(geometry=geometries())
def test_the_parts_of_any_mask_meet_exactly(geometry: Geometry, tmp_path: Path) -> None:
    assume((np.array(geometry.size) * geometry.spacing).min() >= SMALLEST_MM)
    write(extract_surface_parts(spongy_mask(geometry)), tmp_path / "a.stl")
    assert balance(read_stl(tmp_path / "a.stl")) == 0


def test_a_long_oblique_spine_is_closed_and_holds_the_volume_of_the_mask(tmp_path: Path) -> None:
    turn = np.linalg.qr(np.random.default_rng(4).normal(size=(3, 3)))[0].ravel().tolist()
    geometry = Geometry((60, 50, 260), (0.7, 0.9, 0.8), (-131.7, 220.3, -1040.9), tuple(turn))
    mask = spongy_mask(geometry)
    write(extract_surface_parts(mask), tmp_path / "a.stl")
    triangles = read_stl(tmp_path / "a.stl")
    assert balance(triangles) == 0
    whole = extract_surface(mask)
    assert len(triangles) == len(whole.triangles)
    a, b, c = np.moveaxis(triangles["corners"].astype(np.float64), 1, 0)
    volume_ml = np.einsum("ij,ij->", a, np.cross(b, c)) / 6 / 1000
    assert volume_ml == pytest.approx(whole.volume_ml, rel=1e-3)
    assert volume_ml == pytest.approx(mask.volume_ml, rel=0.1)


def test_an_empty_mask_is_a_file_without_triangles(tmp_path: Path) -> None:
    empty = Mask(np.zeros((8, 8, 8), np.uint8), Geometry((8, 8, 8), (1.0, 1.0, 1.0)))
    write(extract_surface_parts(empty), tmp_path / "a.stl")
    assert len(read_stl(tmp_path / "a.stl")) == 0


def peak_bytes(planes: int, path: Path) -> int:
    geometry = Geometry((70, 60, planes), (1.0, 1.0, 1.0))
    voxels = new_array(geometry.shape, np.uint8, in_memory=0)
    voxels[:] = spongy_mask(geometry).voxels
    tracemalloc.start()
    write(extract_surface_parts(Mask(voxels, geometry)), path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_a_spine_three_times_as_long_takes_no_more_memory(tmp_path: Path) -> None:
    short, long = (peak_bytes(planes, tmp_path / "a.stl") for planes in (200, 600))
    assert long < 1.1 * short
