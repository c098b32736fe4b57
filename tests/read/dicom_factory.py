"""DICOM series made for a test, with whatever should be wrong with them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.dataelem import RawDataElement
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

from inference.values.geometry import Geometry

INTERCEPT = -1024


@dataclass(frozen=True)
class SeriesSettings:
    """What the headers of a series say.

    Attributes:
        lean_mm: offset of each slice from the previous one along the columns, from a tilted gantry.
        overrides: elements by keyword, set last; None deletes.
    """

    patient: str = "A"
    series_uid: str = "1.2.3.4"
    modality: str = "CT"
    acquisition: int = 1
    lean_mm: float = 0.0
    overrides: tuple[tuple[str, object], ...] = ()

    def but(self, **overrides: object) -> "SeriesSettings":
        """The same with other elements."""
        return replace(self, overrides=(*self.overrides, *overrides.items()))


def write_series(
    folder: Path,
    hu: NDArray[np.int16],
    geometry: Geometry,
    settings: SeriesSettings = SeriesSettings(),
    slices: Sequence[int] | None = None,
) -> list[Path]:
    """Write slices of ``hu`` (z, y, x) into files whose names say nothing about their order."""
    folder.mkdir(parents=True, exist_ok=True)
    shuffled = np.random.default_rng(0).permutation(len(hu))
    paths = []
    for index in range(len(hu)) if slices is None else slices:
        path = folder / f"{settings.series_uid[-1]}{shuffled[index]:04d}"
        make_slice(hu[index], geometry, index, settings).save_as(path, enforce_file_format=True)
        paths.append(path)
    return paths


def make_slice(
    hu: NDArray[np.int16], geometry: Geometry, index: int, settings: SeriesSettings
) -> FileDataset:
    """One slice of HU (y, x) as a dataset."""
    direction = np.reshape(geometry.direction, (3, 3))
    position = geometry.to_patient(np.array([[0.0, 0.0, index]]))[0]
    position = position + index * settings.lean_mm * direction[:, 1]
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = CTImageStorage
    meta.MediaStorageSOPInstanceUID = generate_uid()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    dataset.SOPClassUID = CTImageStorage
    dataset.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    dataset.Modality = settings.modality
    dataset.PatientName = f"Secret^{settings.patient}"
    dataset.PatientID = f"ID-{settings.patient}"
    dataset.PatientBirthDate = "19700101"
    dataset.StudyInstanceUID = f"1.2.3.{ord(settings.patient)}"
    dataset.SeriesInstanceUID = settings.series_uid
    dataset.FrameOfReferenceUID = "1.2.3.5"
    dataset.StudyDate, dataset.StudyTime, dataset.StudyID = "20200101", "120000", "1"
    dataset.SeriesNumber = 1
    dataset.AcquisitionNumber = settings.acquisition
    dataset.InstanceNumber = 1
    dataset.ImagePositionPatient = [f"{v:.6f}" for v in position]
    dataset.ImageOrientationPatient = [f"{v:.8f}" for v in direction.T[:2].ravel()]
    dataset.PixelSpacing = [geometry.spacing[1], geometry.spacing[0]]
    dataset.SliceThickness = geometry.spacing[2]
    dataset.Rows, dataset.Columns = hu.shape
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.BitsAllocated = dataset.BitsStored = 16
    dataset.HighBit = 15
    dataset.PixelRepresentation = 0
    dataset.RescaleIntercept = INTERCEPT
    dataset.RescaleSlope = 1
    dataset.PixelData = (hu.astype(np.int32) - INTERCEPT).astype("<u2").tobytes()
    for keyword, value in settings.overrides:
        if value is None:
            delattr(dataset, keyword)
        else:
            setattr(dataset, keyword, value)
    return dataset


def grainy(voxels: NDArray[np.int16]) -> NDArray[np.int16]:
    """The same with 1 HU more in every other column, as no two neighbours in a CT are all equal."""
    return voxels + (np.arange(voxels.shape[-1]) % 2).astype(np.int16)


def head_up_ct(geometry: Geometry) -> NDArray[np.int16]:
    """HU (z, y, x) that differ from voxel to voxel and along every axis, most of them of tissue."""
    z, y, x = np.indices(geometry.shape)
    hu = 60 * z + 25 * y + 7 * x + (x * y + z) % 5
    return np.asarray(hu - int(np.median(hu)), dtype=np.int16)


def edit(path: Path, **elements: object) -> None:
    """Change elements of a written file by keyword; None deletes."""
    dataset = pydicom.dcmread(path)
    for keyword, value in elements.items():
        if value is None:
            delattr(dataset, keyword)
        else:
            setattr(dataset, keyword, value)
    dataset.save_as(path)


def misspell(path: Path, keyword: str, text: str) -> None:
    """Write a text into an element that the standard does not allow there."""
    dataset = pydicom.dcmread(path)
    element = dataset[keyword]
    stored = text.encode("latin-1")
    dataset[element.tag] = RawDataElement(
        element.tag,
        element.VR,
        len(stored) + len(stored) % 2,
        stored.ljust(2, b" "),
        0,
        False,
        True,
    )
    dataset.save_as(path)
