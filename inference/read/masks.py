"""Masks made by this program or another one, brought onto the grid of an image.

The formats are NIfTI, NRRD, MHA and DICOM segmentations. Nothing is resampled: axes may be permuted
or flipped, and a mask may cover only a part of the grid, but its voxels must be those of the
image.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.errors import NoMaskError, UnfitMaskError, unreadable
from inference.read.dicom.headers import looks_like_dicom
from inference.read.dicom.segmentations import segmentation_in
from inference.read.folders import list_files
from inference.read.images.files import damaged_image, has_image_content, header_of, open_image
from inference.read.sources import check_exists
from inference.read.voxels.placement import Placement, common_grid, placement_in
from inference.read.voxels.planes import DAMAGE, StoredVoxels, UnfitImageError, read_planes
from inference.system.scratch import new_array
from inference.values.geometry import Geometry
from inference.values.mask import Mask
from inference.values.messages import sentence
from inference.values.progress import (
    CancelCheck,
    Progress,
    ProgressCallback,
    ignore_progress,
    never_cancelled,
    stop_if,
)
from inference.values.slabs import SLAB_PLANES, release
from inference.values.volume import Volume

MOST_LABELS = 200
"""Distinct numbers in a label map: the largest in use have about 120 structures, and an eight-bit
picture has 255 grey levels."""

ROUNDING = 1e-3
"""How far a label may be from a whole number: programs that scale labels to floats and back are off
by a millionth, whereas a probability map has values everywhere."""

Planes = Callable[[], Iterator[tuple[int, NDArray[np.generic]]]]
"""Reads the planes (y, x) of a file, each with its index z, in any order. Some may be absent; if
one comes several times, every non-zero voxel in any of them counts."""


@dataclass(frozen=True, eq=False)
class OpenedMask:
    """A mask from a file.

    Attributes:
        mask: on the requested grid; every structure in the file is spine. Who has worked on it is
            unknown.
        notes: plain sentences about what was decided.
    """

    mask: Mask
    notes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class _Stored:
    """A mask as it lies in a file.

    Attributes:
        geometry: its own grid.
        planes: reads its planes.
        structures: how many structures it has; None if only its voxels tell.
        series_uid: the series it was made from; empty if it does not say.
        part_said: whether the format is known to cover only a part of the image.
    """

    geometry: Geometry
    planes: Planes
    notes: tuple[str, ...]
    structures: int | None = None
    series_uid: str = ""
    part_said: bool = False


@dataclass
class _Census:
    """Collects the values of a mask's voxels."""

    labels: set[float] = field(default_factory=set)
    voxels: int = 0

    def add(self, values: NDArray[np.generic]) -> None:
        """Add the non-zero values of a plane.

        Raises:
            NoMaskError: they are not labels.
        """
        self.voxels += values.size
        found = np.unique(values)
        whole = np.rint(found)
        if not np.isfinite(found).all() or np.abs(found - whole).max(initial=0) > ROUNDING:
            raise NoMaskError(
                sentence(
                    "This is not a mask: its values are not whole numbers, like those of a "
                    "probability map. Save it as a mask first."
                )
            )
        if len(found) and found.min() < 0:
            raise NoMaskError(
                sentence(
                    "This is not a mask: it contains values below 0, like a CT. Choose a mask."
                )
            )
        self.labels.update(whole.tolist())
        if len(self.labels) > MOST_LABELS:
            raise NoMaskError(
                sentence(
                    "This is not a mask: it contains more than {0} different values, like a "
                    "picture. Choose a mask.",
                    MOST_LABELS,
                )
            )


def open_mask(
    path: str | Path,
    volume: Volume,
    *,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelCheck = never_cancelled,
) -> OpenedMask:
    """Open a mask and bring it onto the grid of ``volume``.

    In a folder, its only file is taken.

    Raises:
        UnreadableInputError: the file is absent or damaged.
        NoMaskError: it is something else.
        UnfitMaskError: it does not lie on the grid, or cannot be used.
        ScratchDiskError: the disk has no room for a scratch file.
        CancelledError: ``cancel`` said so.
    """
    stored = _stored(Path(path), cancel)
    opened = _brought_onto(volume.geometry, stored, progress, cancel)
    source = volume.source
    if source and stored.series_uid and not source.series_uid.startswith(stored.series_uid):
        note = sentence(
            "The segmentation says that it was made of another series. It lies on the same grid, "
            "and was taken. Check that it is of this patient."
        )
        return OpenedMask(opened.mask, (note, *opened.notes))
    return opened


def open_labels(
    path: str | Path, volume: Volume, *, cancel: CancelCheck = never_cancelled
) -> NDArray[np.uint8]:
    """The numbers of the structures in an image file, z, y, x on the grid of ``volume``.

    Raises:
        UnreadableInputError: the file is absent or damaged.
        NoMaskError: it holds something else, or numbers above 255.
        UnfitMaskError: it does not lie on the grid.
        ScratchDiskError: the disk has no room for a scratch file.
        CancelledError: ``cancel`` said so.
    """
    path = Path(path)
    try:
        check_exists(path)
        stored = _stored_image(path)
    except OSError as error:
        raise unreadable(path, error) from error
    labels = new_array(volume.geometry.shape, np.uint8)
    target = placement_in(stored.geometry, volume.geometry).view_of(labels)
    census = _Census()
    for z, plane in stored.planes():
        stop_if(cancel)
        census.add(plane[_labelled(plane)])
        if max(census.labels, default=0) > np.iinfo(np.uint8).max:
            raise NoMaskError(sentence("This is not a map of vertebrae: its numbers are too high."))
        target[:, :, z] = np.rint(plane).T
    release(labels)
    return labels


def open_mask_pair(
    path: str | Path,
    other: str | Path,
    *,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelCheck = never_cancelled,
) -> tuple[OpenedMask, OpenedMask]:
    """Open two masks of one image, which is not needed, on a grid that contains both.

    Raises:
        UnreadableInputError: a file is absent or damaged.
        UnfitMaskError: one is not a mask, or they do not lie on each other's voxels.
        ScratchDiskError: the disk has no room for a scratch file.
        CancelledError: ``cancel`` said so.
    """
    first, second = (_stored(Path(one), cancel) for one in (path, other))
    grid = common_grid(first.geometry, second.geometry)
    return (
        _brought_onto(grid, first, progress, cancel),
        _brought_onto(grid, second, progress, cancel),
    )


def _stored(path: Path, cancel: CancelCheck) -> _Stored:
    """The mask in a file, from its header."""
    try:
        check_exists(path)
        if path.is_dir():
            files = list_files(path, cancel).files
            if len(files) != 1:
                raise NoMaskError(
                    sentence(
                        "This is a folder of {0} files. Choose the file of a mask.", len(files)
                    )
                )
            path = files[0]
        image = header_of(path)
        if looks_like_dicom(path) and image is None:
            found = segmentation_in(path)
            return _Stored(
                found.geometry,
                found.read,
                found.notes,
                structures=found.segments,
                series_uid=found.series_uid,
                part_said=True,
            )
        image = image or (path if has_image_content(path) else None)
        if image is None:
            raise NoMaskError(
                sentence(
                    "{0} is not a readable mask. Choose a NIfTI, NRRD or MHA file or a DICOM "
                    "segmentation.",
                    path.name,
                )
            )
        return _stored_image(image)
    except OSError as error:
        raise unreadable(path, error) from error


def _stored_image(path: Path) -> _Stored:
    try:
        image = open_image(path)
    except UnfitImageError as error:
        raise _unfit(error) from error
    if image.shear is not None:
        raise UnfitMaskError(
            sentence(
                "This mask cannot be used: its axes are skewed. Bring it onto the straight grid of "
                "the image first."
            )
        )
    return _Stored(image.geometry, lambda: _image_planes(path, image.voxels), image.notes)


def _image_planes(path: Path, voxels: StoredVoxels) -> Iterator[tuple[int, NDArray[np.generic]]]:
    try:
        yield from enumerate(read_planes(voxels))
    except UnfitImageError as error:
        raise _unfit(error) from error
    except DAMAGE as error:
        raise damaged_image(path) from error
    except OSError as error:
        raise unreadable(path, error) if error.errno else damaged_image(path) from error


def _brought_onto(
    grid: Geometry, stored: _Stored, progress: ProgressCallback, cancel: CancelCheck
) -> OpenedMask:
    census = _Census()
    try:
        placed = placement_in(stored.geometry, grid)
    except UnfitMaskError:
        # A file that is not a mask at all is refused as such first, wherever it lies.
        for _, plane in stored.planes():
            stop_if(cancel)
            census.add(plane[_labelled(plane)])
        raise
    voxels = new_array(grid.shape, np.uint8)
    target = placed.view_of(voxels)
    for done, (z, plane) in enumerate(stored.planes(), start=1):
        stop_if(cancel)
        inside = _labelled(plane)
        census.add(plane[inside])
        target[:, :, z] |= inside.T
        if done % SLAB_PLANES == 0:
            release(voxels)
            progress(Progress("read", min(done, target.shape[2]), target.shape[2]))
    progress(Progress("read", 1, 1))
    release(voxels)
    return OpenedMask(Mask(voxels, grid, corrected=None), _notes(grid, stored, placed, census))


def _labelled(plane: NDArray[np.generic]) -> NDArray[np.bool_]:
    """Where a plane holds something other than 0 and NaN."""
    if plane.dtype.kind in "uib":
        return np.asarray(plane != 0)
    return ~(np.abs(plane.astype(np.float64)) <= ROUNDING)


def _notes(grid: Geometry, stored: _Stored, placed: Placement, census: _Census) -> tuple[str, ...]:
    notes = list(stored.notes)
    structures = len(census.labels) if stored.structures is None else stored.structures
    if not census.voxels:
        notes.append(sentence("The mask is empty."))
    elif structures > 1:
        notes.append(
            sentence(
                "The file tells {0} structures apart; all of them were taken as spine.", structures
            )
        )
    if placed.size != grid.size and not stored.part_said:
        notes.append(
            sentence("The mask covers a part of the image; elsewhere there is no spine in it.")
        )
    if not placed.is_near:
        notes.append(
            sentence(
                "The mask lies up to {0:.2f} mm beside the voxels of the image; each of its voxels "
                "was taken for the nearest one.",
                placed.off_mm,
            )
        )
    return tuple(notes)


def _unfit(error: UnfitImageError) -> NoMaskError:
    return NoMaskError(sentence("This mask cannot be used: {0}.", error.reason))
