"""DICOM segmentations: frames of several segments, in any order (DICOM PS3.3 A.51 and A.90)."""

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from inference.errors import NoMaskError, UnfitMaskError
from inference.read.dicom.elements import first_item, numbers_of, text_of
from inference.read.dicom.headers import SliceHeader, damaged_dicom, read_headers
from inference.read.dicom.kinds import MODALITY_NAMES
from inference.read.dicom.pixels import cells_of
from inference.read.voxels.limits import check_spacing
from inference.read.voxels.placement import OFF_VOXELS
from inference.read.voxels.planes import UnfitImageError
from inference.values.geometry import Geometry, as_direction, as_triple
from inference.values.messages import Term, sentence

SEGMENTATION = "SEG"

SAME_PLACE_MM = 0.01
"""Frames closer than this along their normal lie in one plane and belong to different segments."""

HALF = 0.5
"""Share of the maximum value of a fractional segmentation from which a voxel belongs to the
segment."""

FRACTIONAL_NOTE = sentence(
    "The segmentation contains fractions instead of yes and no; voxels of one half or more were "
    "taken."
)


@dataclass(frozen=True)
class Segmentation:
    """A DICOM segmentation whose pixels are still in the file.

    Attributes:
        geometry: the grid of the planes from the first to the last that has a frame.
        frames: the frames, in the order of the file.
        planes: the index z of each frame.
        least: the lowest stored value of a voxel that belongs to a segment.
        segments: how many there are.
        series_uid: the series it was made from; empty if it does not say.
        notes: what the user should know.
    """

    geometry: Geometry
    frames: tuple[SliceHeader, ...]
    planes: tuple[int, ...]
    least: float
    segments: int
    series_uid: str
    notes: tuple[str, ...]

    def read(self) -> Iterator[tuple[int, NDArray[np.generic]]]:
        """The index z and the voxels (y, x) of each frame, non-zero inside a segment.

        Raises:
            UnreadableInputError: a frame is damaged.
        """
        for plane, cells in zip(self.planes, cells_of(self.frames), strict=True):
            yield plane, np.where(cells >= self.least, cells, 0)


def segmentation_in(path: Path) -> Segmentation:
    """The segmentation in a DICOM file.

    Raises:
        NoMaskError: it is not a segmentation.
        UnfitMaskError: it does not say where its frames lie, or is compressed in an unknown way.
        UnreadableInputError: it is damaged.
        OSError: it cannot be read.
    """
    frames = read_headers(path)
    modality = frames[0].modality if frames else ""
    if modality != SEGMENTATION:
        kind = MODALITY_NAMES.get(modality, sentence("of the kind {0}", Term(modality or "?")))
        raise NoMaskError(
            sentence("This is {0}, not a mask. Choose a DICOM segmentation.", kind)
            if modality != "CT"
            else sentence("This is a CT, not a mask.")
        )
    try:
        # Warnings about odd headers quote their content, which may be the patient's.
        with warnings.catch_warnings(action="ignore"):
            dataset = pydicom.dcmread(path, stop_before_pixels=True, force=True)
            least, notes = _least_value(dataset)
            step = _stated_step(dataset)
            segments = len(dataset.get("SegmentSequence") or ())
            series = first_item(dataset, "ReferencedSeriesSequence")
    except OSError:
        raise
    except Exception as error:  # on damaged files, pydicom raises whatever its parser stumbles on
        raise damaged_dicom(path) from error
    _check(frames)
    geometry, planes = _stack(frames, step)
    series_uid = text_of(series, "SeriesInstanceUID") if series is not None else ""
    return Segmentation(geometry, frames, planes, least, segments, series_uid, notes)


def _least_value(dataset: Dataset) -> tuple[float, tuple[str, ...]]:
    if text_of(dataset, "SegmentationType").upper() != "FRACTIONAL":
        return 1.0, ()
    greatest = int(dataset.get("MaximumFractionalValue") or 255)
    return HALF * greatest, (FRACTIONAL_NOTE,)


def _stated_step(dataset: Dataset) -> float | None:
    """Millimetres between planes as the file states them; None if it does not."""
    for keyword in ("SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence"):
        groups = first_item(dataset, keyword)
        measures = first_item(groups, "PixelMeasuresSequence") if groups is not None else None
        if measures is not None and (step := numbers_of(measures, "SpacingBetweenSlices")):
            return abs(step[0])
    return None


def _check(frames: Sequence[SliceHeader]) -> None:
    """Check that the frames say where they lie and have the same orientation.

    Raises:
        UnfitMaskError: they do not.
    """
    first = frames[0]
    if first.storage.is_compressed and first.storage.allocated == 1:
        raise _unfit(sentence("its frames are compressed in a way that cannot be read"))
    if any(frame.orientation is None or frame.position is None for frame in frames):
        raise _unfit(sentence("its frames do not say where in the patient they lie"))
    if not first.storage.complete:
        raise _unfit(sentence("it is cut short; copy it again"))
    try:
        check_spacing((first.column_mm, first.row_mm, first.thickness_mm or first.row_mm))
    except UnfitImageError as error:
        raise _unfit(error.reason) from error
    looks = {(f.rows, f.columns, f.row_mm, f.column_mm, f.orientation) for f in frames}
    if len(looks) > 1:
        raise _unfit(sentence("its frames lie in several directions"))


def _stack(frames: Sequence[SliceHeader], stated: float | None) -> tuple[Geometry, tuple[int, ...]]:
    """The straight stack that the frames lie in, and the plane of each.

    Raises:
        UnfitMaskError: they do not lie in one.
    """
    first = frames[0]
    row, column = np.reshape(first.orientation or (), (2, 3))
    u, _, v = np.linalg.svd(np.stack([row, column, np.cross(row, column)], axis=1))
    axes = u @ v
    places = np.array([frame.position for frame in frames], dtype=np.float64) @ axes
    depths = places[:, 2]
    step = _step(np.sort(depths), stated) or first.thickness_mm or first.row_mm
    planes = np.rint((depths - depths.min()) / step).astype(int)
    lowest = places[np.argmin(depths)]
    meant = lowest + np.outer(planes, (0.0, 0.0, step))
    spacing = first.column_mm, first.row_mm, step
    if np.abs((places - meant) / spacing).max() > OFF_VOXELS:
        raise _unfit(sentence("its frames do not lie in one straight and even stack"))
    size = first.columns, first.rows, int(planes.max()) + 1
    geometry = Geometry(size, spacing, as_triple(axes @ lowest), as_direction(axes))
    return geometry, tuple(planes.tolist())


def _step(depths: NDArray[np.float64], stated: float | None) -> float | None:
    """Millimetres between planes with frames at these depths, in order; None for one plane.

    The stated distance is used if all frames lie on such planes; otherwise the smallest gap,
    because empty planes are left out.
    """
    gaps = np.diff(depths)
    gaps = gaps[gaps > SAME_PLACE_MM]
    if not len(gaps):
        return stated
    for step in (stated, float(gaps.min())):
        if step and gaps.min() > step * (1 - OFF_VOXELS):
            counts = np.rint(gaps / step)
            if np.abs(gaps / step - counts).max() <= OFF_VOXELS:
                return float(gaps.sum() / counts.sum())
    return float(gaps.min())


def _unfit(reason: str) -> UnfitMaskError:
    return UnfitMaskError(sentence("This mask cannot be used: {0}.", reason))
