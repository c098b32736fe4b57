"""The CT volume."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.values.geometry import Geometry
from inference.values.patient_facts import NOBODY, PatientFacts

AIR_HU = -1000
"""The HU of air, and of everything outside a volume."""


@dataclass(frozen=True)
class DicomSource:
    """Where to find the DICOM slices of a volume again, for an export that refers to them.

    Attributes:
        path: the folder, file or archive that was opened.
        series_uid: the series in it, as in ``Series.uid``.
    """

    path: Path
    series_uid: str


@dataclass(frozen=True, eq=False)
class Volume:
    """A CT volume.

    Attributes:
        voxels: HU, int16, z, y, x; possibly memory-mapped.
        geometry: where the voxels lie.
        name: the start of results' file names: the file's or folder's name without its ending.
        warnings: plain sentences about what had to be decided or repaired during reading.
        source: where its DICOM slices are; None if it was not DICOM.
        patient: whose CT it is, to be shown and never written.
    """

    voxels: NDArray[np.int16]
    geometry: Geometry
    name: str
    warnings: tuple[str, ...] = ()
    source: DicomSource | None = None
    patient: PatientFacts = field(default=NOBODY, repr=False)

    def __post_init__(self) -> None:
        """Check that voxels and grid have the same shape."""
        if self.voxels.shape != self.geometry.shape:
            raise ValueError(f"voxels {self.voxels.shape} do not fit grid {self.geometry.shape}")
