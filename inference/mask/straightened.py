"""The spine laid out straight: planar reformats along its centre line.

They show every vertebra of a curved spine in one picture. Across the line a picture is true to
scale; along it, only on the line itself.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from inference.mask.centre_line import CentreLine
from inference.mask.curve import Floats, Places
from inference.values.geometry import Geometry, Triple, as_triple

Plane = Literal["sagittal", "coronal"]

FRONT_MM, REAR_MM, SIDE_MM = 45.0, 85.0, 60.0
"""The extent of a picture around the line: bodies, and processes up to their tips."""


@dataclass(frozen=True, eq=False)
class StraightenedView:
    """Where the pixels of a straightened picture lie in the patient; one pixel per millimetre.

    Rows run from head to feet. Columns run from front to back in a sagittal picture, and from the
    patient's right to left in a coronal one, as in slices in the canonical orientation.

    Attributes:
        line: the line along which the picture is laid.
        offset: distance of the picture from the line, in millimetres to the left (sagittal) or back
            (coronal).
    """

    line: CentreLine
    plane: Plane
    offset: float = 0.0

    @property
    def columns_mm(self) -> Floats:
        """Position of each column: behind the line, or to its left."""
        if self.plane == "sagittal":
            return np.arange(-FRONT_MM, REAR_MM + 1)
        return np.arange(-SIDE_MM, SIDE_MM + 1)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.line), len(self.columns_mm)

    def places(self, geometry: Geometry) -> Places:
        """Where the picture's pixels lie on a grid, rows × columns."""
        here = np.array([self.offset])
        sagittal = self.plane == "sagittal"
        across, behind = (here, self.columns_mm) if sagittal else (self.columns_mm, here)
        places = Places.along(geometry, self.line.curve, across, behind)
        # Rows run from the head, the curve from the feet; one direction across is a single place.
        rows = (slice(None, None, -1), slice(None), 0) if sagittal else (slice(None, None, -1), 0)
        return Places(places.index[rows], places.inside[rows], places.shape)

    def picture(self, voxels: NDArray[Any], geometry: Geometry, fill: float) -> NDArray[Any]:
        """The nearest voxels (z, y, x on ``geometry``) as rows × columns; ``fill`` outside them."""
        return self.places(geometry).sample(voxels, fill)

    def to_patient(self, row: float, column: float) -> Triple:
        """LPS millimetres of a position in the picture; fractions are allowed."""
        along = len(self.line) - 1 - row
        aside = np.array([self.columns_mm[0] + column])
        here = np.array([self.offset])
        across, behind = (here, aside) if self.plane == "sagittal" else (aside, here)
        low = np.floor(along)
        below, above = (
            self.line.curve.at(np.array([whole]), across, behind)[0] for whole in (low, low + 1)
        )
        return as_triple(below + (along - low) * (above - below))

    def to_picture(self, point: Triple) -> tuple[float, float, float]:
        """Row, column and distance from the picture of a position in the patient.

        The distance is in millimetres to the left (sagittal) or back (coronal).
        """
        places = np.array([point], np.float32)
        along, across, behind = (float(part[0]) for part in self.line.curve.coordinates(places))
        in_plane, aside = (behind, across) if self.plane == "sagittal" else (across, behind)
        return len(self.line) - 1 - along, in_plane - self.columns_mm[0], aside - self.offset
