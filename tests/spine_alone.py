"""The phantom's spine as the only bone of a CT, for a model that is a threshold."""

from pathlib import Path

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray

from assets.phantom.make_phantom import PhantomSettings, make_phantom
from inference.windows.resampling import to_sitk
from tests.read.dicom_factory import grainy

BONE_HU = 700
"""Well above the 200 HU from which the threshold model marks spine."""

SOFT_TISSUE_HU = 40

ROOM = 6
"""Voxels kept on each side of the spine; what lies beyond would only cost windows."""


def write_spine_alone(path: Path, planes: int = PhantomSettings.size[2]) -> Path:
    """Write the lowest ``planes`` of the phantom's spine in soft tissue."""
    width, height, _ = PhantomSettings.size
    _, spine, geometry = make_phantom(PhantomSettings(size=(width, height, planes)))
    _, y, x = np.nonzero(spine)
    part = slice(0, planes), _around(y, height), _around(x, width)
    hu = np.where(spine[part] > 0, BONE_HU, SOFT_TISSUE_HU).astype(np.int16)
    sitk.WriteImage(to_sitk(grainy(hu), geometry.part(*part)), str(path))
    return path


def _around(voxels: NDArray[np.int64], length: int) -> slice:
    return slice(max(0, int(voxels.min()) - ROOM), min(length, int(voxels.max()) + ROOM))
