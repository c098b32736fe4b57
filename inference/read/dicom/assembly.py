"""The voxels of a DICOM series: slices assembled into one straight and even volume of HU."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from inference.errors import UnreadableInputError
from inference.read.dicom.headers import SliceHeader
from inference.read.dicom.layout import lay_out
from inference.read.dicom.pixels import hu_of
from inference.read.voxels.census import SHIFT_HU, Census
from inference.read.voxels.hounsfield import with_air
from inference.read.voxels.survey import Survey
from inference.read.voxels.tilt import shifted
from inference.system.budget import in_memory_bytes
from inference.system.scratch import new_array
from inference.values.geometry import Geometry
from inference.values.messages import sentence
from inference.values.progress import CancelCheck, Progress, ProgressCallback, stop_if
from inference.values.slabs import SLAB_PLANES, release

HAIR = 1e-6
"""In planes: up to this distance a slice and a plane coincide."""


def read_stack(
    slices: Sequence[SliceHeader],
    max_ram: int | None,
    progress: ProgressCallback,
    cancel: CancelCheck,
    hu_offset: float = 0.0,
) -> tuple[NDArray[np.int16], Geometry, Census]:
    """HU (int16, z, y, x) of slices that passed all checks, with their geometry and their census.

    A tilted stack is straightened: each slice is moved along its columns, by linear interpolation,
    to its position in a stack along the normal, with rows of air added to make room. In an
    uneven stack, even planes are interpolated between the slices on either side.

    Args:
        max_ram: bytes of memory that the whole run may hold; None for no limit.
        hu_offset: added to all values.

    Raises:
        UnreadableInputError: a slice is damaged or gone, or some cannot hold HU as others do.
        MemoryLimitError: the disk has no room for a scratch file.
        CancelledError: ``cancel`` said so between two slices.
    """
    layout = lay_out(slices)
    geometry, rows = layout.straightened()
    voxels = new_array(geometry.shape, np.int16, in_memory_bytes(max_ram))
    before, filled = voxels[0], 0
    survey, lowest = Survey(), _Lowest(slices)
    for index, hu in enumerate(hu_of(slices, hu_offset)):
        stop_if(cancel)
        lowest.add(slices[index], survey.add(hu).lowest)
        moved = shifted(with_air(hu), rows[index], geometry.size[1])
        here = layout.planes[index]
        # A plane with a slice in it is that slice, even if rounding puts it slightly beside.
        while filled < geometry.size[2] and filled <= here + HAIR:
            share = 1.0 if here <= filled + HAIR else _share(layout.planes, index, filled)
            voxels[filled] = moved if share == 1.0 else _between(before, moved, share)
            if filled % SLAB_PLANES == 0:
                release(voxels)
            filled += 1
        before = moved
        progress(Progress("read", index + 1, len(slices)))
    lowest.check()
    return voxels, geometry, survey.census


def census_of_stack(slices: Sequence[SliceHeader], cancel: CancelCheck) -> Census:
    """The census of slices, which are all read for it.

    Raises:
        UnreadableInputError: a slice is damaged or gone, or some cannot hold HU as others do.
        CancelledError: ``cancel`` said so between two slices.
    """
    survey, lowest = Survey(), _Lowest(slices)
    for header, hu in zip(slices, hu_of(slices), strict=True):
        stop_if(cancel)
        lowest.add(header, survey.add(hu).lowest)
    lowest.check()
    return survey.census


def middle_slice(slices: Sequence[SliceHeader]) -> NDArray[np.int16]:
    """HU (rows by columns) of the slice in the middle of ``slices``, to show what the series is.

    Raises:
        UnreadableInputError: the slice is damaged, gone or in colour.
    """
    (hu,) = hu_of([slices[len(slices) // 2]])
    return with_air(hu)


class _Lowest:
    """The lowest HU of slices, for each intercept.

    Slices whose differing intercept leaves nothing below 0 HU, unlike that of the others, have lost
    their own.
    """

    def __init__(self, slices: Sequence[SliceHeader]) -> None:
        """None of ``slices`` was seen yet."""
        self._slices = slices
        self._lowest: dict[float, int] = {}

    def add(self, header: SliceHeader, lowest: int) -> None:
        """Add the lowest HU of a slice."""
        intercept = header.intercept or 0.0
        self._lowest[intercept] = min(lowest, self._lowest.get(intercept, lowest))

    def check(self) -> None:
        """Check that no slice has lost its intercept.

        Raises:
            UnreadableInputError: some have.
        """
        usual = [intercept for intercept, least in self._lowest.items() if least < 0]
        if not usual or len({header.slope for header in self._slices}) > 1:
            return
        highest = max(usual) + SHIFT_HU / 2
        odd = [header for header in self._slices if (header.intercept or 0.0) > highest]
        odd = [header for header in odd if self._lowest[header.intercept or 0.0] >= 0]
        if not odd:
            return
        raise UnreadableInputError(
            sentence(
                "{0} of {1} slices, such as the file {2}, have an intercept of their own, with "
                "which they contain neither air nor fat. Export the series again.",
                len(odd),
                len(self._slices),
                odd[0].path.name,
            )
        )


def _share(planes: NDArray[np.float64], index: int, plane: int) -> float:
    """The weight of slice ``index`` in a plane between it and the previous slice."""
    before, here = planes[index - 1 : index + 1]
    return float((plane - before) / (here - before))


def _between(
    before: NDArray[np.int16], after: NDArray[np.int16], share: float
) -> NDArray[np.int16]:
    mixed = before * np.float32(1 - share) + after * np.float32(share)
    return np.asarray(np.rint(mixed), dtype=np.int16)
