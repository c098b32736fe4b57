"""HU of DICOM slices: values are decoded frame by frame and rescaled, and padding becomes air.

GDCM decodes compressed frames, and is given only the frame: from the whole file it would use the
first frame's rescale for all of them.
"""

import itertools
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pydicom
import SimpleITK as sitk
from numpy.typing import NDArray
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate, get_frame
from pydicom.uid import UID, CTImageStorage, generate_uid

from inference.errors import ScratchDiskError, UnreadableInputError
from inference.read.dicom.headers import SliceHeader
from inference.read.dicom.storage import Storage
from inference.read.voxels.census import AIR_TOLERANCE_HU
from inference.read.voxels.hounsfield import HIGHEST_HU, VOID_HU, to_hu
from inference.read.voxels.planes import whole_content
from inference.system.aliases import plain_path
from inference.system.scratch import private_folder, telling_of_scratch
from inference.values.messages import sentence
from inference.values.volume import AIR_HU

DICOM_READER = "GDCMImageIO"
"""ITK's name for GDCM."""

SURELY_PADDING_HU = -200
"""A padding value below this can only be air, lung or fat. One above it may be tissue too, and
counts as padding only in regions that reach the edge of the picture."""


def hu_of(slices: Sequence[SliceHeader], offset: float = 0.0) -> Iterator[NDArray[np.int16]]:
    """HU (rows by columns) of slices, one at a time, each with its own rescale and voids marked.

    Args:
        offset: added to all values.

    Raises:
        UnreadableInputError: a slice is damaged, gone, in colour, or breaks its own header.
    """
    for header, cells in zip(slices, cells_of(slices), strict=True):
        yield _as_hu(header, cells, offset)


def cells_of(slices: Sequence[SliceHeader]) -> Iterator[NDArray[np.number[Any]]]:
    """The stored values of slices (rows by columns), one at a time: all allocated bits, or floats.

    Raises:
        UnreadableInputError: a slice is damaged, gone or in colour.
    """
    with ExitStack() as stack:
        packed = any(header.storage.is_compressed for header in slices)
        folder = stack.enter_context(private_folder()) if packed else None
        for _, run in itertools.groupby(slices, key=lambda header: header.path):
            of_file = list(run)
            with _opened(of_file[0]) as file:
                for header in of_file:
                    yield _cells(header, file, folder)


def same_pixels(one: SliceHeader, other: SliceHeader) -> bool:
    """Whether two slices hold the same HU.

    Raises:
        UnreadableInputError: one of them is damaged or gone.
    """
    if (one.rows, one.columns) != (other.rows, other.columns):
        return False
    first, second = hu_of([one, other])
    return np.array_equal(first, second)


def _cells(header: SliceHeader, file: BinaryIO, folder: Path | None) -> NDArray[np.number[Any]]:
    """The values of a frame (rows by columns) with all allocated bits, or as floats."""
    try:
        if header.storage.samples != 1:
            raise ValueError("colours")
        if folder is not None and header.storage.is_compressed:
            cells = _decompressed(header, file, folder)
        else:
            cells = _read(header, file)
        return cells.reshape(header.rows, header.columns)
    except ScratchDiskError:
        raise
    except Exception as error:  # on damaged files, decoders raise whatever they stumble on
        raise damaged(header) from error


def _read(header: SliceHeader, file: BinaryIO) -> NDArray[np.number[Any]]:
    storage = header.storage
    if storage.allocated == 1:
        return _read_bits(header, file)
    kind = f"{storage.byte_order}{'f' if storage.floats else 'u'}{storage.allocated // 8}"
    count = header.rows * header.columns
    width = np.dtype(kind).itemsize
    file.seek(storage.at + header.frame * count * width)
    # Big-endian words of two bytes each (DICOM PS3.5 8.1.2).
    if storage.byte_order == ">" and storage.vr == "OW" and width == 1:
        return np.frombuffer(file.read(count + count % 2), ">u2").astype("<u2").view("u1")[:count]
    return np.frombuffer(file.read(count * width), kind)


def _read_bits(header: SliceHeader, file: BinaryIO) -> NDArray[np.number[Any]]:
    """A frame with one bit per pixel, which may begin within a byte, where the previous one
    ends."""
    count = header.rows * header.columns
    start, skip = divmod(header.frame * count, 8)
    file.seek(header.storage.at + start)
    packed = np.frombuffer(file.read((skip + count + 7) // 8), np.uint8)
    # The first pixel is the lowest bit of its byte (DICOM PS3.5 8.1.1).
    return np.unpackbits(packed, bitorder="little")[skip : skip + count]


def _decompressed(header: SliceHeader, file: BinaryIO, folder: Path) -> NDArray[np.number[Any]]:
    storage = header.storage
    file.seek(storage.at)
    frame = get_frame(
        file, header.frame, number_of_frames=header.frames, extended_offsets=storage.offsets
    )
    alone = folder / "frame.dcm"
    with telling_of_scratch(folder):
        _frame_alone(header, frame).save_as(alone, enforce_file_format=True)
    with plain_path(alone) as name:
        image = sitk.ReadImage(name, imageIO=DICOM_READER)
    return np.array(sitk.GetArrayViewFromImage(image))  # a view would outlive its image


def _frame_alone(header: SliceHeader, frame: bytes) -> FileDataset:
    """A file with one compressed frame and no rescale."""
    storage = header.storage
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = UID(storage.syntax)
    meta.MediaStorageSOPClassUID = CTImageStorage
    meta.MediaStorageSOPInstanceUID = generate_uid()
    alone = FileDataset("", {}, file_meta=meta, preamble=bytes(128))
    alone.SOPClassUID, alone.SOPInstanceUID = CTImageStorage, meta.MediaStorageSOPInstanceUID
    alone.Modality = "CT"
    alone.Rows, alone.Columns = header.rows, header.columns
    alone.SamplesPerPixel, alone.PhotometricInterpretation = 1, "MONOCHROME2"
    alone.BitsAllocated, alone.BitsStored = storage.allocated, storage.stored
    alone.HighBit, alone.PixelRepresentation = storage.high, int(storage.signed)
    alone.PixelData = encapsulate([frame])
    alone["PixelData"].VR = "OB"
    return alone


def _opened(header: SliceHeader) -> BinaryIO:
    """The slice's file, or its content if it is compressed as a whole."""
    try:
        file = whole_content(header.path)
        if not header.storage.is_deflated:
            return file
        with file:
            return BytesIO(pydicom.dcmread(file, force=True).PixelData)
    except Exception as error:  # on damaged files, pydicom raises whatever its parser stumbles on
        raise damaged(header) from error


def _as_hu(header: SliceHeader, cells: NDArray[np.number[Any]], offset: float) -> NDArray[np.int16]:
    slope = 1.0 if header.slope is None else header.slope
    intercept = (header.intercept or 0.0) + offset
    values, padding = _values(header, cells)
    rescaled = values * slope + intercept
    if rescaled.max(initial=0.0, where=~padding) > HIGHEST_HU:
        raise UnreadableInputError(
            sentence(
                "The slice in the file {0} contains {1:.0f} HU, which no CT has. Export the "
                "series again.",
                header.path.name,
                rescaled.max(where=~padding, initial=0.0),
            )
        )
    hu = to_hu(rescaled)
    if header.storage.padding is not None and padding.any():
        ends = [end * slope + intercept for end in header.storage.padding]
        if max(ends) >= SURELY_PADDING_HU and min(ends) <= HIGHEST_HU:
            mask = sitk.GetImageFromArray(padding.astype(np.uint8))
            # Regions that do not reach the edge are not padding.
            at_edge = sitk.GetArrayFromImage(sitk.BinaryGrindPeak(mask, foregroundValue=1))
            padding &= at_edge != 0
        is_air = np.abs(hu.astype(np.int32) - AIR_HU) <= AIR_TOLERANCE_HU
        hu[padding] = np.where(is_air[padding], AIR_HU, VOID_HU)
    return hu


def _values(
    header: SliceHeader, cells: NDArray[np.number[Any]]
) -> tuple[NDArray[np.number[Any]], NDArray[np.bool_]]:
    """The values in the cells' used bits, and where they are padding.

    Raises:
        UnreadableInputError: bits that the header declares unused are in use.
    """
    storage = header.storage
    if storage.floats:
        return cells, np.zeros(cells.shape, np.bool_)
    bits = cells.astype(np.int64) & ((1 << storage.allocated) - 1)
    whole = _signed(bits, storage.allocated) if storage.signed else bits
    used = bits & ((1 << storage.stored) - 1)
    values = _signed(used, storage.stored) if storage.signed else used
    padding = _within(values, storage) | _within(whole, storage)
    if not storage.overlaid and np.any((bits != used) & (whole != values) & ~padding):
        raise UnreadableInputError(
            sentence(
                "The slice in the file {0} contains larger numbers than its header allows. "
                "Export the series again.",
                header.path.name,
            )
        )
    return values, padding


def _signed(bits: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Integers with ``count`` bits, read as two's complement."""
    return bits - ((bits >> (count - 1)) << count)


def _within(values: NDArray[np.int64], storage: Storage) -> NDArray[np.bool_]:
    if storage.padding is None:
        return np.zeros(values.shape, np.bool_)
    low, high = storage.padding
    return (values >= low) & (values <= high)


def damaged(header: SliceHeader) -> UnreadableInputError:
    """The error for a slice that cannot be decoded."""
    return UnreadableInputError(
        sentence(
            "The slice in the file {0} cannot be read: it is damaged, cut short or "
            "gone. Copy the series again.",
            header.path.name,
        )
    )
