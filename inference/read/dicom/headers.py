"""The headers of DICOM files, slice by slice; pixels are not read."""

import os
import re
import struct
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import pydicom
from pydicom.dataset import Dataset, FileDataset
from pydicom.valuerep import VR

from inference.errors import UnreadableInputError
from inference.read.dicom.elements import Misprint, first_item, numbers_of, quoted, text_of
from inference.read.dicom.patients import Patient, facts_of, patient_of
from inference.read.dicom.pixelsizes import contradicting
from inference.read.dicom.storage import Storage, storage_of
from inference.read.voxels.planes import DAMAGE, open_content, whole_content
from inference.values.geometry import Triple, as_triple
from inference.values.messages import sentence
from inference.values.patient_facts import PatientFacts

Orientation = tuple[float, float, float, float, float, float]

PREAMBLE_BYTES = 132
"""A DICOM file begins with 128 arbitrary bytes and the letters DICM (DICOM PS3.10 7.1)."""

FIRST_GROUPS = frozenset({0x0002, 0x0008})
"""Groups with which files from old archives begin that lack the preamble: that of the file, or that
of the identification (DICOM PS3.10 7.1, PS3.6 6)."""

LAST_FIRST_ELEMENT = 0x00FF
"""The highest element that may be the first: the required ones of these groups are lower."""

FIRST_VALUE_BYTES = 256
"""The first value of such a file is shorter than this: a length, a UID or an image type."""

VALUE_KINDS = frozenset(kind.value.encode() for kind in VR)
"""Two letters that follow a tag, unless the syntax is implicit (DICOM PS3.5 7.1.2)."""

CT_IMAGE = "1.2.840.10008.5.1.4.1.1.2"
"""The SOP class of CT images. Those of enhanced ones go on with a dot (DICOM PS3.4 B.5)."""

IN_GROUPS = {
    "AcquisitionNumber": ("FrameContentSequence", "FrameAcquisitionNumber"),
    "TemporalPositionIdentifier": ("FrameContentSequence", "TemporalPositionIndex"),
    "ConvolutionKernel": ("CTReconstructionSequence", "ConvolutionKernel"),
    "FilterType": ("CTXRayDetailsSequence", "FilterType"),
    "SliceThickness": ("PixelMeasuresSequence", "SliceThickness"),
    "ImageType": ("CTImageFrameTypeSequence", "FrameType"),
    "KVP": ("CTXRayDetailsSequence", "KVP"),
}
"""Where an enhanced image stores per frame what others store once (DICOM PS3.3 C.8.15.3)."""

TRANSFORMATION = "PixelValueTransformationSequence"
"""Where an enhanced image stores slope and intercept."""

INTEGER = re.compile(r"[+-]?\d+")
"""An integer string (DICOM PS3.5 6.2)."""

MARKS = (
    "ConvolutionKernel",
    "SliceThickness",
    "FilterType",
    "ReconstructionAlgorithm",
    "AcquisitionNumber",
    "KVP",
    "ContrastBolusAgent",
    "TemporalPositionIdentifier",
    "NominalPercentageOfCardiacPhase",
    "ImageType",
    "SeriesNumber",
    "SeriesDescription",
    "StudyInstanceUID",
    "SeriesTime",
    "FrameOfReferenceUID",
)
"""Elements that may distinguish reconstructions or passes that share one series UID."""


@dataclass(frozen=True)
class SliceHeader:
    """One slice: a file, or one frame of a file that holds several.

    Attributes:
        path: the file.
        frame: which of the file's frames, from 0.
        frames: how many the file holds.
        described: how many frames the header describes one by one; 0 if none.
        patient: distinguishes patients in memory; never shown or written.
        facts: what the file says about patient and series; shown, but never written.
        series_uid: empty if the file has none.
        sop_uid: the file's own identifier; empty if it has none.
        sop_class: identifies the kind of file, such as a CT image.
        modality: two letters, such as CT; empty if the file does not say.
        image_type: values such as ORIGINAL, PRIMARY, AXIAL, LOCALIZER.
        instance: the instance number; None if the file has none.
        marks: the values of ``MARKS``, in their order; empty if the file has none.
        rows, columns: pixels; 0 if the file is not an image.
        photometric: how values become grey or colour, such as MONOCHROME2.
        row_mm, column_mm: distance between rows and between columns; 0 if unknown.
        orientation: direction cosines of a row, then of a column, in LPS; None if unknown.
        position: LPS millimetres of the first pixel's centre; None if unknown.
        thickness_mm: thickness of the slice; 0 if unknown.
        step_mm: distance between slices as stated apart from their positions; 0 if unknown.
        tilt_degrees: of the gantry, as stated apart from the directions; 0 if unknown.
        images: how many images the acquisition has; 0 if the file does not say.
        part, parts: which file this is of those that together store the frames, from 1, and how
            many these are; 0 if the file does not say.
        slope, intercept: HU are stored values times slope plus intercept; None if the file does not
            say.
        has_table: whether a table converts stored values instead (DICOM PS3.3 C.11.1).
        unit: unit of the rescaled values, such as HU; empty if the file does not say.
        misprints: required numbers that cannot be read.
        contradicting: keywords of elements that imply another pixel size or shape.
        storage: how the file stores its pixels.
    """

    path: Path
    frame: int
    frames: int
    described: int
    patient: Patient = field(repr=False)
    facts: PatientFacts = field(repr=False)
    series_uid: str
    sop_uid: str
    sop_class: str
    description: str
    modality: str
    image_type: tuple[str, ...]
    instance: int | None
    marks: tuple[str, ...]
    rows: int
    columns: int
    photometric: str
    row_mm: float
    column_mm: float
    orientation: Orientation | None
    position: Triple | None
    thickness_mm: float
    step_mm: float
    tilt_degrees: float
    images: int
    part: int
    parts: int
    slope: float | None
    intercept: float | None
    has_table: bool
    unit: str
    misprints: tuple[Misprint, ...]
    contradicting: tuple[str, ...]
    storage: Storage

    def mark(self, keyword: str) -> str:
        """The slice's value of one of ``MARKS``."""
        return self.marks[MARKS.index(keyword)]


def looks_like_dicom(path: Path) -> bool:
    """Whether the file has the signature of DICOM, or begins like one saved without it.

    The file may be compressed as a whole.

    Raises:
        OSError: the file cannot be read.
    """
    try:
        with open_content(path) as file:
            start = file.read(PREAMBLE_BYTES)
    except DAMAGE:
        return False
    return start[PREAMBLE_BYTES - 4 :] == b"DICM" or _begins_with_an_element(start)


def _begins_with_an_element(start: bytes) -> bool:
    """Whether a file with this start begins with an element that DICOM puts first."""
    if len(start) < 8:
        return False
    for order in ("<", ">"):
        group, element = struct.unpack_from(f"{order}HH", start)
        if group in FIRST_GROUPS and element <= LAST_FIRST_ELEMENT:
            implicit = struct.unpack_from("<L", start, 4)[0]
            of_its_length = order == "<" and implicit % 2 == 0 and implicit < FIRST_VALUE_BYTES
            return start[4:6] in VALUE_KINDS or of_its_length
    return False


def read_headers(path: Path) -> tuple[SliceHeader, ...]:
    """The slices of a DICOM file; none if it is not DICOM, or only a directory of other files.

    Raises:
        UnreadableInputError: it is a DICOM file, but damaged or cut short.
        OSError: the file cannot be read.
    """
    if not looks_like_dicom(path):
        return ()
    try:
        # Warnings about odd headers quote their content, which may be the patient's.
        with whole_content(path) as file, warnings.catch_warnings(action="ignore"):
            return _headers_in(path, file)
    except (OSError, UnreadableInputError):
        raise
    except Exception as error:  # on damaged files, pydicom raises whatever its parser stumbles on
        raise damaged_dicom(path) from error


def _headers_in(path: Path, file: BinaryIO) -> tuple[SliceHeader, ...]:
    dataset = pydicom.dcmread(file, stop_before_pixels=True, force=True)
    if "DirectoryRecordSequence" in dataset:
        return ()
    here = file.tell()
    file_bytes = file.seek(0, os.SEEK_END)
    file.seek(here)
    left = file_bytes - here
    storage = storage_of(dataset, file, file_bytes)
    if _ends_in_header(dataset, storage, left):
        raise damaged_dicom(path)
    return tuple(_slices(path, dataset, storage))


def _ends_in_header(dataset: Dataset, storage: Storage, left: int) -> bool:
    """Whether the file ended before its kind was known or, for an image, before its pixels."""
    if not any(dataset.get(keyword) for keyword in ("SOPClassUID", "Modality", "Rows")):
        return True
    sop_class = str(dataset.get("SOPClassUID", ""))
    ended = left == 0 and not storage.is_deflated
    return ended and (is_ct_class(sop_class) or CT_IMAGE.startswith(sop_class))


def is_ct_class(sop_class: str) -> bool:
    """Whether a SOP class is that of CT images."""
    return sop_class == CT_IMAGE or sop_class.startswith(f"{CT_IMAGE}.")


def damaged_dicom(path: Path) -> UnreadableInputError:
    return UnreadableInputError(
        sentence(
            "The DICOM file {0} is damaged or cut short. Copy it again, or take it "
            "away if it does not belong there.",
            path.name,
        )
    )


def _slices(path: Path, dataset: FileDataset, storage: Storage) -> Iterator[SliceHeader]:
    stated = max(1, int(text_of(dataset, "NumberOfFrames") or 1))
    # Of frames that cannot all be there, the first one says so.
    frames = stated if storage.complete and dataset.get("Rows") else 1
    shared = first_item(dataset, "SharedFunctionalGroupsSequence")
    of_frames: Any = dataset.get("PerFrameFunctionalGroupsSequence") or ()
    for frame in range(frames):
        own = of_frames[frame] if frame < len(of_frames) else None
        groups = [group for group in (own, shared) if group is not None]
        yield _slice(path, dataset, storage, groups, frame, stated, len(of_frames))


def _slice(
    path: Path,
    dataset: FileDataset,
    storage: Storage,
    groups: Sequence[Dataset],
    frame: int,
    frames: int,
    described: int,
) -> SliceHeader:
    misprints: list[Misprint] = []
    if text_of(dataset, "NumberOfFrames") and frames != int(text_of(dataset, "NumberOfFrames")):
        misprints.append(quoted(dataset, "NumberOfFrames"))

    def holder(sequence: str, keyword: str) -> Dataset:
        """The functional group of an enhanced image that contains it, or the dataset itself."""
        for group in groups:
            item = first_item(group, sequence)
            if item is not None and keyword in item:
                return item
        return dataset

    def numbers(sequence: str, keyword: str, count: int) -> tuple[float, ...] | None:
        """The ``count`` numbers; None, with a misprint noted, if there is something else."""
        place = holder(sequence, keyword)
        found = numbers_of(place, keyword)
        if found is None or len(found) not in (0, count):
            misprints.append(quoted(place, keyword))
            return None
        return found or None

    def text(keyword: str) -> str:
        sequence, of_frame = IN_GROUPS.get(keyword, ("", keyword))
        place = holder(sequence, of_frame)
        return text_of(place, of_frame if place is not dataset else keyword)

    spacing = numbers("PixelMeasuresSequence", "PixelSpacing", 2)
    orientation = numbers("PlaneOrientationSequence", "ImageOrientationPatient", 6)
    position = numbers("PlanePositionSequence", "ImagePositionPatient", 3)
    slope = numbers(TRANSFORMATION, "RescaleSlope", 1)
    intercept = numbers(TRANSFORMATION, "RescaleIntercept", 1)

    def millimetres(keyword: str) -> float:
        """A length that is not required; 0 without one."""
        found = numbers_of(holder("PixelMeasuresSequence", keyword), keyword)
        return found[0] if found else 0.0

    instance = text_of(dataset, "InstanceNumber")
    images = numbers_of(dataset, "ImagesInAcquisition")
    tilt = numbers_of(dataset, "GantryDetectorTilt")
    return SliceHeader(
        path=path,
        frame=frame,
        frames=frames,
        described=described,
        patient=patient_of(dataset),
        facts=facts_of(dataset),
        series_uid=text_of(dataset, "SeriesInstanceUID"),
        sop_uid=text_of(dataset, "SOPInstanceUID"),
        sop_class=text_of(dataset, "SOPClassUID"),
        description=str(dataset.get("SeriesDescription") or "").strip(),
        modality=text_of(dataset, "Modality").upper(),
        image_type=tuple(kind for kind in text("ImageType").upper().split("\\") if kind),
        instance=int(instance) if INTEGER.fullmatch(instance) else None,
        marks=tuple(map(text, MARKS)),
        rows=int(dataset.get("Rows") or 0),
        columns=int(dataset.get("Columns") or 0),
        photometric=text_of(dataset, "PhotometricInterpretation").upper(),
        row_mm=spacing[0] if spacing else 0.0,
        column_mm=spacing[1] if spacing else 0.0,
        orientation=_orientation(orientation) if orientation else None,
        position=as_triple(position) if position else None,
        thickness_mm=millimetres("SliceThickness"),
        step_mm=abs(millimetres("SpacingBetweenSlices")),
        tilt_degrees=tilt[0] if tilt else 0.0,
        images=int(images[0]) if images else 0,
        part=int(dataset.get("InConcatenationNumber") or 0),
        parts=int(dataset.get("InConcatenationTotalNumber") or 0),
        slope=slope[0] if slope else None,
        intercept=intercept[0] if intercept else None,
        has_table=bool(dataset.get("ModalityLUTSequence")),
        unit=text_of(holder(TRANSFORMATION, "RescaleType"), "RescaleType").upper(),
        misprints=tuple(misprints),
        contradicting=contradicting(dataset, spacing) if spacing else (),
        storage=storage,
    )


def _orientation(values: tuple[float, ...]) -> Orientation:
    a, b, c, d, e, f = values
    return a, b, c, d, e, f
