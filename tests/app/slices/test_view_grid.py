"""The views side by side."""

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.slices.look import Look
from app.slices.planes import Plane
from app.slices.view_grid import ViewGrid
from inference.system.memory import held_bytes
from inference.system.scratch import new_array
from inference.values.geometry import Geometry
from inference.values.slabs import release
from inference.values.volume import Volume

GEOMETRY = Geometry((512, 512, 200), (0.8, 0.8, 0.8))


@pytest.mark.parametrize("plane", [Plane.SAGITTAL, Plane.CORONAL])
def test_a_ct_that_was_looked_at_does_not_stay_in_memory(plane: Plane, qtbot: QtBot) -> None:
    voxels = new_array(GEOMETRY.shape, np.int16, in_memory=0)
    mask = new_array(GEOMETRY.shape, np.uint8, in_memory=0)
    grid = ViewGrid(Look())
    qtbot.addWidget(grid)
    grid.resize(800, 600)
    grid.show()
    grid.show_volume(Volume(voxels, GEOMETRY, "CT"))
    grid.show_mask(mask)
    release(voxels)
    release(mask)
    before = held_bytes()
    view = grid.slices[plane]
    assert voxels[:, :, 256].sum() + mask[:, :, 256].sum() == 0
    view.viewport().repaint()
    assert held_bytes() > before + 100 * 2**20
    qtbot.waitUntil(lambda: held_bytes() < before + 40 * 2**20, timeout=10_000)
    grid.show_volume(None)
