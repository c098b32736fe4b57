"""Masks as image files, on the grid of the CT."""

from pathlib import Path

import SimpleITK as sitk

from inference.errors import OutputError
from inference.resample import to_sitk
from inference.volume import Mask


def write_image(mask: Mask, path: Path) -> None:
    """Write ``mask``, compressed, in the format of the path's ending (``.nii.gz`` or ``.nrrd``).

    NIfTI keeps spacing in float32 and the direction as a matrix of float32 (and a quaternion);
    what reads back differs from the CT by less than a millionth of itself.

    Raises:
        OutputError: the file cannot be written.
    """
    try:
        sitk.WriteImage(to_sitk(mask.voxels, mask.geometry), str(path), useCompression=True)
    except RuntimeError as error:
        raise OutputError(
            f"{path.name} cannot be written. Check that the disk has room, "
            "or choose another folder with --out."
        ) from error
