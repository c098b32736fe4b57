"""Masks and label maps as DICOM segmentations, beside the CT they belong to.

This is the only export that carries the patient's name, number and dates. They are copied from the
CT's headers, because an archive files the segmentation by them (DICOM PS3.3 A.51).
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.uid import generate_uid

from inference.errors import OutputError
from inference.read import source_slices
from inference.read.dicom.headers import SliceHeader
from inference.read.dicom.layout import lay_out
from inference.read.voxels.planes import whole_content
from inference.values.geometry import Geometry
from inference.values.label_map import LabelMap
from inference.values.mask import Mask
from inference.values.messages import sentence
from inference.values.volume import DicomSource

if TYPE_CHECKING:
    import highdicom

MANUFACTURER = "SpineContext Desktop"

NOTICE = "Research use, not for diagnosis"
"""Goes into the content description, which viewers show."""

SERIES_NUMBER = 5100
"""Higher than the numbers that scanners give, so that the segmentation is listed after the CT."""

NO_SERIAL_NUMBER = "0"
"""The standard requires a device's serial number, and a program has none."""

REQUIRED = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")
"""Without these, nothing can refer to the CT."""

MAY_BE_EMPTY = (
    "PatientID",
    "PatientName",
    "PatientBirthDate",
    "PatientSex",
    "AccessionNumber",
    "StudyID",
    "StudyDate",
    "StudyTime",
)
"""The standard allows these to be empty but not absent (type 2); anonymised files often lack
them."""

SAME_PLACE_MM = 1e-3
"""How far a corner of the mask may lie from where the slices put it."""


@dataclass(frozen=True, eq=False)
class DicomSegWriter:
    """Writes a mask, or vertebrae, as a DICOM segmentation.

    It holds Python's lock for a quarter of a second when it first loads its tables, and two bytes
    per voxel. So a program with other things to do may let another process call it.

    Attributes:
        source: the slices that the segmentation refers to.
    """

    content: Mask | LabelMap
    source: DicomSource

    def __call__(self, file: BinaryIO) -> None:
        """Write it; raises as ``write_dicom_seg`` does."""
        if isinstance(self.content, Mask):
            write_dicom_seg(self.content, self.source, file)
        else:
            write_dicom_seg_of_vertebrae(self.content, self.source, file)


def write_dicom_seg(mask: Mask, source: DicomSource, file: BinaryIO) -> None:
    """Write ``mask`` as a binary DICOM segmentation that refers to the CT's own slices.

    Each frame refers to the slice that it covers pixel by pixel. If the slices of a tilted gantry
    were moved into a straight stack, or uneven slices onto even planes, the frames lie on the
    planes of that stack, in the same frame of reference.

    Raises:
        OutputError: the CT's headers lack what the format needs, or the CT has changed.
        UnreadableInputError: the CT is gone or damaged.
        OSError: the file cannot be written.
    """
    content = _Content("Spine", SERIES_NUMBER, (("Spine", "Spine"),), mask.corrected is not False)
    _write(mask.voxels, mask.geometry, content, source, file)


def write_dicom_seg_of_vertebrae(labels: LabelMap, source: DicomSource, file: BinaryIO) -> None:
    """Write vertebrae in the same way, one segment each in the order of their names.

    A name such as L1 has a code of its own; any other is coded as a vertebra.

    Raises:
        OutputError: the CT's headers lack what the format needs, or the CT has changed.
        UnreadableInputError: the CT is gone or damaged.
        OSError: the file cannot be written.
    """
    from pydicom.sr.codedict import codes

    known = {name for name in labels.names.values() if hasattr(codes.SCT, f"{name}Vertebra")}
    segments = tuple(
        (name, f"{name}Vertebra" if name in known else "Vertebra") for name in labels.names.values()
    )
    table = np.zeros(256, np.uint8)
    table[list(labels.names)] = np.arange(1, len(labels.names) + 1)
    content = _Content("Vertebrae", SERIES_NUMBER + 1, segments, labels.corrected)
    _write(table[labels.voxels], labels.geometry, content, source, file)


@dataclass(frozen=True)
class _Content:
    """What a segmentation holds.

    Attributes:
        title: of the series.
        segments: labels with the keywords of their SNOMED CT codes.
        corrected: whether a person may have changed what the model found.
    """

    title: str
    series_number: int
    segments: tuple[tuple[str, str], ...]
    corrected: bool


def _write(
    voxels: NDArray[np.uint8],
    geometry: Geometry,
    content: _Content,
    source: DicomSource,
    file: BinaryIO,
) -> None:
    with source_slices(source) as slices:
        layout = lay_out(slices)
        _check_same_place(layout.straightened()[0], geometry)
        images = _images(slices)
    pixels: NDArray[np.uint8] | highdicom.Volume
    if layout.is_of_slices and (len(images) == 1 or slices[0].frames == 1):
        pixels = _frame_by_frame(voxels, slices)
    else:
        pixels = _stack_of_its_own(voxels, geometry, images[0])
    _segmentation(images, pixels, content).save_as(file)


def _images(slices: Sequence[SliceHeader]) -> list[Dataset]:
    """The datasets of the slices' files without pixels, each once and in order."""
    paths = dict.fromkeys(header.path for header in slices)
    images: list[Dataset] = []
    for path in paths:
        with whole_content(path) as file:
            images.append(pydicom.dcmread(file, stop_before_pixels=True))
    for image in images:
        for keyword in REQUIRED:
            if not image.get(keyword):
                raise OutputError(
                    sentence(
                        "A DICOM segmentation cannot refer to this CT: its headers lack {0}. "
                        "Choose another format.",
                        keyword,
                    )
                )
        for keyword in MAY_BE_EMPTY:
            if keyword not in image:
                setattr(image, keyword, None)
        if not image.get("FrameOfReferenceUID"):
            # Anonymised files often lack it. The frames still refer to their slices, and all
            # segmentations of the series get the same identifier.
            image.FrameOfReferenceUID = generate_uid(entropy_srcs=[image.SeriesInstanceUID])
    return images


def _check_same_place(slices: Geometry, mask: Geometry) -> None:
    """Refuse slices other than those that the mask was made from."""
    corners = slices.outer_corners() - mask.outer_corners()
    if slices.size != mask.size or np.abs(corners).max() > SAME_PLACE_MM:
        raise OutputError(
            sentence(
                "A DICOM segmentation cannot be written: the CT has changed since it "
                "was opened. Open it again."
            )
        )


def _frame_by_frame(voxels: NDArray[np.uint8], slices: Sequence[SliceHeader]) -> NDArray[np.uint8]:
    """The mask in the order of the source's frames, which may be any within one file."""
    if slices[0].frames == 1:
        return voxels
    frames = np.zeros((slices[0].frames, *voxels.shape[1:]), np.uint8)
    frames[[header.frame for header in slices]] = voxels
    return frames


def _stack_of_its_own(
    voxels: NDArray[np.uint8], geometry: Geometry, image: Dataset
) -> "highdicom.Volume":
    """The mask as a stack with its own position in the CT's frame of reference."""
    import highdicom

    from_x_y_z = geometry.index_to_patient
    return highdicom.Volume(
        voxels,
        affine=from_x_y_z[:, [2, 1, 0, 3]],
        coordinate_system="PATIENT",
        frame_of_reference_uid=image.FrameOfReferenceUID,
    )


def _segmentation(images: Sequence[Dataset], pixels: Any, content: _Content) -> Dataset:
    # It takes a second to load, and few runs need it.
    import highdicom
    from pydicom.sr.codedict import codes

    version = metadata.version("spinecontext")
    kind = highdicom.seg.SegmentAlgorithmTypeValues
    algorithm = highdicom.AlgorithmIdentificationSequence(
        name=MANUFACTURER, family=codes.DCM.ArtificialIntelligence, version=version
    )
    segments = [
        highdicom.seg.SegmentDescription(
            segment_number=number,
            segment_label=label,
            segmented_property_category=codes.SCT.AnatomicalStructure,
            segmented_property_type=getattr(codes.SCT, keyword),
            algorithm_type=kind.SEMIAUTOMATIC if content.corrected else kind.AUTOMATIC,
            algorithm_identification=algorithm,
        )
        for number, (label, keyword) in enumerate(content.segments, start=1)
    ]
    try:
        # Warnings about odd headers quote the patient's name, which must not get into a log.
        with warnings.catch_warnings(action="ignore"):
            return highdicom.seg.Segmentation(
                source_images=images,
                pixel_array=pixels,
                segmentation_type=highdicom.seg.SegmentationTypeValues.BINARY,
                segment_descriptions=segments,
                series_instance_uid=highdicom.UID(),
                series_number=content.series_number,
                sop_instance_uid=highdicom.UID(),
                instance_number=1,
                manufacturer=MANUFACTURER,
                manufacturer_model_name=MANUFACTURER,
                software_versions=version,
                device_serial_number=NO_SERIAL_NUMBER,
                content_description=NOTICE,
                content_label=content.title.upper(),
                series_description=content.title,
            )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise OutputError(
            sentence(
                "A DICOM segmentation cannot refer to this CT: its headers break the "
                "DICOM standard. Choose another format."
            )
        ) from error
