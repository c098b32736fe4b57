"""Vertebrae as files: a label map, a segmentation with names, and a surface of each."""

import colorsys
import dataclasses
from collections.abc import Mapping, Sequence
from functools import partial
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from inference.export.dicomseg import DicomSegWriter
from inference.export.images import write_nifti, write_segmentation_nrrd
from inference.export.staging import Writer
from inference.export.stl import write_stl
from inference.mask.surface import extract_surface_parts
from inference.system.scratch import IN_MEMORY_BYTES, new_array
from inference.values.geometry import Geometry, Slices
from inference.values.label_map import LabelMap
from inference.values.mask import Mask
from inference.values.slabs import label_boxes, release, slabs
from inference.values.volume import DicomSource

VERTEBRA_FORMATS: Mapping[str, str] = {
    "nifti": "_vertebrae.nii.gz",
    "nrrd": "_vertebrae.seg.nrrd",
    "dicomseg": "_vertebrae.dcm",
}
"""The file endings for vertebrae beside a mask of each format. 3D Slicer reads a ``.seg.nrrd`` as a
segmentation. STL has no labels: there is one file per vertebra, if wanted."""

HUE_STEP = 0.381966
"""The golden angle as a share of the circle: neighbours differ clearly, and no hue is repeated."""


def renumbered(
    labels: LabelMap, numbers: Sequence[int], in_memory: int = IN_MEMORY_BYTES
) -> LabelMap:
    """Labels whose voxels are 1, 2, … with the numbers that they are named by.

    Args:
        numbers: for 1, 2, ….
        in_memory: labels of more bytes go into a scratch file.

    Raises:
        MemoryLimitError: the disk has no room for the scratch file that a large one needs.
    """
    table = np.zeros(256, np.uint8)
    table[1 : len(numbers) + 1] = numbers
    voxels = new_array(labels.voxels.shape, np.uint8, in_memory)
    for part, slab in slabs(labels.voxels):
        voxels[part] = table[slab]
        release(voxels)
    return dataclasses.replace(labels, voxels=voxels)


def vertebra_endings(
    names: Sequence[str],
    formats: Sequence[str],
    source: DicomSource | None = None,
    *,
    surfaces: bool = False,
) -> tuple[str, ...]:
    """The file endings of what ``vertebra_writers`` returns, in the same order."""
    return (
        VERTEBRA_FORMATS["nifti"],
        *((VERTEBRA_FORMATS["nrrd"],) if "nrrd" in formats else ()),
        *((VERTEBRA_FORMATS["dicomseg"],) if "dicomseg" in formats and source and names else ()),
        *((surface_ending(name) for name in names) if surfaces else ()),
    )


def vertebra_writers(
    vertebrae: LabelMap,
    formats: Sequence[str],
    source: DicomSource | None = None,
    *,
    surfaces: bool = False,
) -> dict[str, Writer]:
    """Writers of vertebrae by file ending; a NIfTI is always among them.

    A DICOM segmentation is not if there are none, because it must have a segment.

    Args:
        formats: of the mask; vertebrae are written in those of ``VERTEBRA_FORMATS``.
        source: the slices that a DICOM segmentation refers to.
        surfaces: write an STL of each vertebra too.
    """
    writers: dict[str, Writer] = {VERTEBRA_FORMATS["nifti"]: partial(write_nifti, vertebrae)}
    boxes = label_boxes(vertebrae.voxels)
    if "nrrd" in formats:
        colours = {number: colour(place) for place, number in enumerate(vertebrae.names)}
        writers[VERTEBRA_FORMATS["nrrd"]] = partial(
            write_segmentation_nrrd, vertebrae, boxes, colours
        )
    if "dicomseg" in formats and source is not None and vertebrae.names:
        writers[VERTEBRA_FORMATS["dicomseg"]] = DicomSegWriter(vertebrae, source)
    if surfaces:
        for number, called in vertebrae.names.items():
            writers[surface_ending(called)] = partial(
                _write_surface, vertebrae, number, boxes[number]
            )
    return writers


def surface_ending(name: str) -> str:
    """The file ending of the STL of a vertebra with this name."""
    return f"_vertebra_{name.removeprefix('Vertebra ')}.stl"


def colour(place: int) -> tuple[float, float, float]:
    """Red, green and blue, 0 to 1, of the vertebra at a position counted from 0."""
    return colorsys.hsv_to_rgb(place * HUE_STEP % 1, 0.6, 0.9)


def alone(labels: NDArray[np.uint8], geometry: Geometry, number: int, box: Slices) -> Mask:
    """A mask of one number alone.

    Args:
        labels: z, y, x on ``geometry``.
        box: around the number, slices z, y, x.
    """
    return Mask((labels[box] == number).astype(np.uint8), geometry.part(*box))


def _write_surface(labels: LabelMap, number: int, box: Slices, file: BinaryIO) -> None:
    its = alone(labels.voxels, labels.geometry, number, box)
    write_stl(extract_surface_parts(its), file)
