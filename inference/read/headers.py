"""DICOM headers as frozen values; the only place that knows how pydicom names things."""

import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import pydicom
from pydicom.dataset import Dataset, FileDataset
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    EnhancedCTImageStorage,
    LegacyConvertedEnhancedCTImageStorage,
    MediaStorageDirectoryStorage,
)

from inference.errors import UnreadableInputError
from inference.geometry import Triple

Orientation = tuple[float, float, float, float, float, float]

_TAGS = [
    "ImageType",
    "SOPClassUID",
    "SOPInstanceUID",
    "Modality",
    "SeriesDescription",
    "PatientName",
    "PatientID",
    "StudyInstanceUID",
    "SeriesInstanceUID",
    "AcquisitionNumber",
    "TemporalPositionIdentifier",
    "ImagePositionPatient",
    "ImageOrientationPatient",
    "FrameOfReferenceUID",
    "SamplesPerPixel",
    "PhotometricInterpretation",
    "NumberOfFrames",
    "Rows",
    "Columns",
    "PixelSpacing",
    "BitsAllocated",
    "PixelRepresentation",
    "RescaleIntercept",
    "RescaleSlope",
    "RescaleType",
    "SharedFunctionalGroupsSequence",
    "PerFrameFunctionalGroupsSequence",
]

_FUNCTIONAL_GROUPS = [
    "CTImageFrameTypeSequence",
    "FrameContentSequence",
    "PlanePositionSequence",
    "PlaneOrientationSequence",
    "PixelMeasuresSequence",
    "PixelValueTransformationSequence",
]
"""Where enhanced CT keeps what differs from frame to frame (DICOM PS3.3 A.38 and C.7.6.16)."""


@dataclass(frozen=True)
class SliceHeader:
    """What reading needs to know of one slice: a file, or one frame of a multi-frame file.

    Attributes:
        path: the file.
        frame: number of the frame, from 0; None where the file holds one slice only.
        patient: tells patients apart; for comparison only, never shown or stored.
        modality: such as "CT"; "" if absent.
        spacing: millimetres between pixels along x and y.
        position: LPS millimetres of the centre of the first pixel.
        orientation: LPS unit vectors along a row (x) and down a column (y).
        signed: whether stored values are signed.
        slope, intercept: HU = slope · stored value + intercept; None if absent.
    """

    path: Path
    frame: int | None
    series_uid: str
    study_uid: str
    patient: tuple[str, ...] = field(repr=False)
    sop_class: str
    description: str
    modality: str
    image_type: tuple[str, ...]
    acquisition: str
    phase: str
    frame_of_reference: str
    rows: int
    columns: int
    samples: int
    photometric: str
    signed: bool
    spacing: tuple[float, float] | None
    position: Triple | None
    orientation: Orientation | None
    slope: float | None
    intercept: float | None
    rescale_type: str


def is_dicom(path: Path) -> bool:
    """Whether the file's first bytes are those of DICOM, with or without the preamble.

    Raises:
        OSError: the file cannot be opened.
    """
    with path.open("rb") as file:
        start = file.read(132)
    if start[128:] == b"DICM":
        return True
    # Without a preamble a data set starts with group 0002 or 0008, explicit or implicit VR.
    return start[:4] in (b"\x02\x00\x00\x00", b"\x08\x00\x00\x00", b"\x08\x00\x05\x00") or (
        start[:2] == b"\x08\x00" and start[4:6] in (b"UI", b"CS", b"UL")
    )


def read_headers(path: Path) -> tuple[SliceHeader, ...]:
    """The headers of all slices in a DICOM file, without its pixels; () for a DICOMDIR.

    Raises:
        UnreadableInputError: the file is damaged or cut short.
        OSError: the file cannot be opened.
    """
    with path.open("rb") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return _read_headers(path, file)
        except OSError:
            raise
        # Damaged files make pydicom raise nearly anything, and all of it means the same here.
        except Exception as error:
            raise _damaged(path) from error


def _damaged(path: Path) -> UnreadableInputError:
    return UnreadableInputError(
        f"The DICOM file {path.name} is damaged or cut short; copy it again from its source."
    )


def _read_headers(path: Path, file: BinaryIO) -> tuple[SliceHeader, ...]:
    dataset = pydicom.dcmread(file, stop_before_pixels=True, force=True, specific_tags=_TAGS)
    if _sop_class(dataset) == MediaStorageDirectoryStorage:
        return ()
    if not dataset.get("Modality") and not dataset.get("Rows"):
        raise _damaged(path)
    if dataset.get("Rows") and not _pixels_follow(dataset, file):
        raise _damaged(path)
    frames = int(dataset.get("NumberOfFrames") or 1)
    if frames == 1 and "PerFrameFunctionalGroupsSequence" not in dataset:
        return (_header(dataset, path, None),)
    return tuple(_header(_frame(dataset, i), path, i) for i in range(frames))


def _sop_class(dataset: FileDataset) -> str:
    return str(
        dataset.get("SOPClassUID") or dataset.file_meta.get("MediaStorageSOPClassUID") or ""
    )


def _pixels_follow(dataset: FileDataset, file: BinaryIO) -> bool:
    """Whether the file is long enough for its pixels; it stands where they begin."""
    syntax = dataset.file_meta.get("TransferSyntaxUID")
    if syntax == DeflatedExplicitVRLittleEndian:
        return True
    start = file.tell()
    left = file.seek(0, 2) - start
    if syntax is not None and syntax.is_compressed:
        return left > 0
    bits = int(dataset.get("BitsAllocated") or 16) * int(dataset.get("SamplesPerPixel") or 1)
    pixels = int(dataset.Rows) * int(dataset.Columns) * int(dataset.get("NumberOfFrames") or 1)
    return left >= pixels * bits // 8


def _frame(dataset: Dataset, index: int) -> Dataset:
    """One frame as if it were a file of its own: its functional groups laid over the rest."""
    flat = Dataset(dataset)
    flat.file_meta = dataset.file_meta
    for sequence, item in (
        ("SharedFunctionalGroupsSequence", 0),
        ("PerFrameFunctionalGroupsSequence", index),
    ):
        groups = dataset.get(sequence)
        if not groups:
            continue
        for name in _FUNCTIONAL_GROUPS:
            if groups[item].get(name):
                flat.update(groups[item][name][0])
    return flat


def _header(dataset: Dataset, path: Path, frame: int | None) -> SliceHeader:
    sop_class = _sop_class(dataset)
    spacing = _floats(dataset, "PixelSpacing", 2)
    position = _floats(dataset, "ImagePositionPatient", 3)
    orientation = _floats(dataset, "ImageOrientationPatient", 6)
    slope, intercept = (_floats(dataset, n, 1) for n in ("RescaleSlope", "RescaleIntercept"))
    study = _text(dataset, "StudyInstanceUID")
    patient = (_text(dataset, "PatientID"), _text(dataset, "PatientName"))
    return SliceHeader(
        path=path,
        frame=frame,
        series_uid=_text(dataset, "SeriesInstanceUID"),
        study_uid=study,
        patient=patient if any(patient) else (study,),
        sop_class=sop_class,
        description=_text(dataset, "SeriesDescription"),
        modality=_text(dataset, "Modality"),
        image_type=_texts(dataset, "FrameType") or _texts(dataset, "ImageType"),
        acquisition=_text(dataset, "AcquisitionNumber") or _text(dataset, "FrameAcquisitionNumber"),
        phase=_text(dataset, "TemporalPositionIdentifier")
        or _text(dataset, "TemporalPositionIndex"),
        frame_of_reference=_text(dataset, "FrameOfReferenceUID"),
        rows=int(dataset.get("Rows") or 0),
        columns=int(dataset.get("Columns") or 0),
        samples=int(dataset.get("SamplesPerPixel") or 1),
        photometric=_text(dataset, "PhotometricInterpretation"),
        signed=dataset.get("PixelRepresentation") == 1,
        # DICOM gives the distance between rows, which is along y, first.
        spacing=(spacing[1], spacing[0]) if spacing else None,
        position=(position[0], position[1], position[2]) if position else None,
        orientation=(
            (*orientation[:3], *orientation[3:]) if orientation else None  # type: ignore[arg-type]
        ),
        slope=slope[0] if slope else None,
        intercept=intercept[0] if intercept else None,
        rescale_type=_text(dataset, "RescaleType"),
    )
