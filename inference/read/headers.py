"""What the headers of DICOM files say, slice by slice; pixels stay unread."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pydicom
from pydicom.dataset import Dataset, FileDataset

from inference.errors import UnreadableInputError
from inference.values.geometry import Triple, as_triple
from inference.values.messages import sentence

Orientation = tuple[float, float, float, float, float, float]

PREAMBLE_BYTES = 132
"""A DICOM file begins with 128 bytes of anything and the letters DICM (DICOM PS3.10 7.1)."""

FIRST_TAGS = (
    b"\x02\x00\x00\x00",
    b"\x02\x00\x01\x00",
    b"\x08\x00\x00\x00",
    b"\x08\x00\x05\x00",
    b"\x08\x00\x08\x00",
)
"""What files of old archives begin with, which lack the preamble: group lengths, the file meta
version, character set or image type (DICOM PS3.5 7.1, little-endian)."""

CT_IMAGE = "1.2.840.10008.5.1.4.1.1.2"
"""Begins the SOP classes of CT images, enhanced ones too (DICOM PS3.4 B.5)."""


@dataclass(frozen=True)
class SliceHeader:
    """One slice: a file, or one frame of a file that holds several.

    Attributes:
        path: the file.
        frame: which of the file's frames, from 0.
        frames: how many the file holds.
        patient: tells patients apart in memory; never shown or written.
        series_uid: empty where the file has none.
        sop_uid: the file's own identifier; empty where it has none.
        sop_class: identifier of what the file is, such as a CT image.
        modality: two letters, such as CT; empty where the file does not say.
        image_type: values such as ORIGINAL, PRIMARY, AXIAL, LOCALIZER.
        acquisition: number of the acquisition; empty where the file has none.
        rows, columns: pixels; 0 where the file is no image.
        photometric: how values become grey or colour, such as MONOCHROME2.
        row_mm, column_mm: distance between rows and between columns; 0 where unknown.
        orientation: direction cosines of a row, then of a column, in LPS; None where unknown.
        position: LPS millimetres of the first pixel's centre; None where unknown.
        thickness_mm: how thick the slice is; 0 where unknown.
        slope, intercept: what stored values are multiplied by and what is added then, for HU; the
            slope is None where the file does not say.
        packed: whether the pixels are compressed, or the whole file is.
        complete: whether the file is long enough for its pixels.
    """

    path: Path
    frame: int
    frames: int
    patient: str = field(repr=False)
    series_uid: str
    sop_uid: str
    sop_class: str
    description: str
    modality: str
    image_type: tuple[str, ...]
    acquisition: str
    rows: int
    columns: int
    photometric: str
    row_mm: float
    column_mm: float
    orientation: Orientation | None
    position: Triple | None
    thickness_mm: float
    slope: float | None
    intercept: float
    packed: bool
    complete: bool

    @property
    def rescaled(self) -> bool:
        """Whether the file says how its values become HU."""
        return self.slope is not None


def looks_like_dicom(path: Path) -> bool:
    """Whether the file carries the sign of DICOM, or begins as one that was saved without it.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        start = file.read(PREAMBLE_BYTES)
    return start[-4:] == b"DICM" or start[:4] in FIRST_TAGS


def read_headers(path: Path) -> tuple[SliceHeader, ...]:
    """The slices of a DICOM file; none if it is no DICOM file, or a directory of others.

    Raises:
        UnreadableInputError: it is a DICOM file, but damaged or cut short.
        OSError: the file cannot be read.
    """
    if not looks_like_dicom(path):
        return ()
    try:
        with path.open("rb") as file:
            dataset = pydicom.dcmread(file, stop_before_pixels=True, force=True)
            left = path.stat().st_size - file.tell()
        if "DirectoryRecordSequence" in dataset:
            return ()
        if _ends_in_header(dataset, left):
            raise _damaged(path)
        return tuple(_slices(path, dataset, complete=left >= _least_pixel_bytes(dataset)))
    except (OSError, UnreadableInputError):
        raise
    except Exception as error:  # damage makes pydicom raise whatever its parser stumbles on
        raise _damaged(path) from error


def _ends_in_header(dataset: Dataset, left: int) -> bool:
    """Whether the file ended before it said what it is, or as an image before its pixels."""
    if not any(dataset.get(keyword) for keyword in ("SOPClassUID", "Modality", "Rows")):
        return True
    sop_class = str(dataset.get("SOPClassUID", ""))
    return left == 0 and (sop_class.startswith(CT_IMAGE) or CT_IMAGE.startswith(sop_class))


def _damaged(path: Path) -> UnreadableInputError:
    return UnreadableInputError(
        sentence(
            "The DICOM file {0} is damaged or cut short. Copy it again, or take it "
            "away if it does not belong there.",
            path.name,
        )
    )


def _slices(path: Path, dataset: Dataset, complete: bool) -> Iterator[SliceHeader]:
    frames = int(dataset.get("NumberOfFrames") or 1)
    shared = _first(dataset, "SharedFunctionalGroupsSequence")
    of_frames: Any = dataset.get("PerFrameFunctionalGroupsSequence") or ()
    for frame in range(frames):
        own = of_frames[frame] if frame < len(of_frames) else None
        groups = [group for group in (own, shared) if group is not None]
        yield _slice(path, dataset, groups, frame, frames, complete)


def _slice(
    path: Path,
    dataset: Dataset,
    groups: Sequence[Dataset],
    frame: int,
    frames: int,
    complete: bool,
) -> SliceHeader:
    def value(sequence: str, keyword: str) -> Any:
        """From the functional groups of an enhanced image, else from the dataset itself."""
        for group in groups:
            item = _first(group, sequence)
            if item is not None and item.get(keyword) is not None:
                return item.get(keyword)
        return dataset.get(keyword)

    spacing = _floats(value("PixelMeasuresSequence", "PixelSpacing"), 2)
    orientation = _floats(value("PlaneOrientationSequence", "ImageOrientationPatient"), 6)
    position = _floats(value("PlanePositionSequence", "ImagePositionPatient"), 3)
    thickness = value("PixelMeasuresSequence", "SliceThickness")
    slope = value("PixelValueTransformationSequence", "RescaleSlope")
    intercept = value("PixelValueTransformationSequence", "RescaleIntercept")
    return SliceHeader(
        path=path,
        frame=frame,
        frames=frames,
        patient=f"{dataset.get('PatientID', '')}\n{dataset.get('PatientName', '')}",
        series_uid=str(dataset.get("SeriesInstanceUID", "")),
        sop_uid=str(dataset.get("SOPInstanceUID", "")),
        sop_class=str(dataset.get("SOPClassUID", "")),
        description=str(dataset.get("SeriesDescription", "")).strip(),
        modality=str(dataset.get("Modality", "")),
        image_type=tuple(str(kind).upper() for kind in dataset.get("ImageType") or ()),
        acquisition=str(dataset.get("AcquisitionNumber") or ""),
        rows=int(dataset.get("Rows") or 0),
        columns=int(dataset.get("Columns") or 0),
        photometric=str(dataset.get("PhotometricInterpretation", "")),
        row_mm=spacing[0] if spacing else 0.0,
        column_mm=spacing[1] if spacing else 0.0,
        orientation=_orientation(orientation),
        position=as_triple(position) if position else None,
        thickness_mm=float(thickness or 0.0),
        slope=None if slope is None else float(slope),
        intercept=float(intercept or 0.0),
        packed=_is_packed(dataset),
        complete=complete,
    )


def _least_pixel_bytes(dataset: FileDataset) -> int:
    """How many bytes the pixels take at least; compressed ones may take few."""
    if not dataset.get("Rows") or _is_packed(dataset):
        return 0
    values = int(dataset.Rows) * int(dataset.get("Columns") or 0)
    values *= int(dataset.get("SamplesPerPixel") or 1) * int(dataset.get("NumberOfFrames") or 1)
    return values * int(dataset.get("BitsAllocated") or 16) // 8


def _is_packed(dataset: Dataset) -> bool:
    syntax = dataset.file_meta.get("TransferSyntaxUID")
    return syntax is not None and (syntax.is_compressed or syntax.is_deflated)


def _first(dataset: Dataset, keyword: str) -> Dataset | None:
    items: Any = dataset.get(keyword) or ()
    return items[0] if items else None


def _floats(values: Any, count: int) -> tuple[float, ...] | None:
    try:
        numbers = tuple(float(value) for value in values)
    except (TypeError, ValueError):
        return None
    return numbers if len(numbers) == count else None


def _orientation(values: tuple[float, ...] | None) -> Orientation | None:
    if values is None:
        return None
    a, b, c, d, e, f = values
    return a, b, c, d, e, f
