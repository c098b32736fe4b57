"""Label maps of single vertebrae, by readers or reviewed networks, on the patient's own grid.

Unlike in 3D-IRCADb-01 (``spine_labels``), the files' origins and directions are meaningful: a map
is placed on its CT by its position in the patient, not voxel for voxel.
"""

from pathlib import Path

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray
from scipy import ndimage

from assets.training.spine_labels import resample_label
from inference.values.geometry import Geometry, as_direction, as_triple
from inference.windows.resampling import to_sitk

REACH_TOLERANCE_MM = 2.0
"""How far a map may be off its CT: half a voxel of either at the outer edges, and the rounding of
origins."""


def read_label_map(path: Path) -> tuple[NDArray[np.uint8], Geometry]:
    """The classes of a label map, z, y, x, and their grid in the patient."""
    image = sitk.ReadImage(str(path))
    return sitk.GetArrayFromImage(image), geometry_of(image)


def oriented(labels: NDArray[np.uint8], geometry: Geometry) -> tuple[NDArray[np.uint8], Geometry]:
    """A map, z, y, x, with its axes to the left, back and head, as closely as its grid allows."""
    image = sitk.DICOMOrient(to_sitk(labels, geometry), "LPS")
    return sitk.GetArrayFromImage(image), geometry_of(image)


def geometry_of(image: sitk.Image) -> Geometry:
    """Where an image lies in the patient."""
    width, height, depth = image.GetSize()
    return Geometry(
        size=(width, height, depth),
        spacing=as_triple(image.GetSpacing()),
        origin=as_triple(image.GetOrigin()),
        direction=as_direction(image.GetDirection()),
    )


def require_same_place(labels: Geometry, ct: Geometry, name: str) -> None:
    """Check that a label map spans the same box in the patient as its CT.

    Raises:
        ValueError: they span different boxes; the message contains ``name``.
    """
    corners = [grid.outer_corners() for grid in (labels, ct)]
    of_labels, of_ct = [np.stack((c.min(axis=0), c.max(axis=0))) for c in corners]
    if not np.allclose(of_labels, of_ct, rtol=0, atol=REACH_TOLERANCE_MM):
        raise ValueError(f"the labels of {name} lie elsewhere in the patient than its CT")


def resample_classes(
    labels: NDArray[np.uint8], source: Geometry, target: Geometry
) -> NDArray[np.uint8]:
    """Each class on another grid: where its own interpolated mask is at least one half.

    Between thick slices the nearest class would leave steps; this keeps outlines smooth.
    """
    resampled = np.zeros(target.shape, np.uint8)
    for number in np.unique(labels[labels > 0]):
        resampled[resample_label(labels == number, source, target)] = number
    return resampled


def where_neighbours_touch(numbers: NDArray[np.uint8], reach: int) -> NDArray[np.bool_]:
    """The voxels of numbered structures within ``reach`` voxels of another number.

    Between two touching bodies there is a disc that was too thin for the map.
    """
    side = 2 * reach + 1
    highest = ndimage.maximum_filter(numbers, side)
    lowest = ndimage.minimum_filter(np.where(numbers > 0, numbers, 255), side)
    return np.asarray((numbers > 0) & (highest != lowest))
