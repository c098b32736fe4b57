"""Makes the marrow of a real CT as soft as that of other patients."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

CORTEX_MM = 1.5
"""Deeper than this below its surface, a vertebra is marrow."""

SOFT_HU = (-30.0, 110.0)
"""The means of softened marrow. The cores of the bodies in VerSe's four CTs have 74 to 130 HU on
average, and a network that knows only denser ones leaves the softest empty. Fat has -100 HU."""


def soften_marrow(
    hu: NDArray[np.float32], spine: NDArray[np.uint8], rng: np.random.Generator
) -> NDArray[np.float32]:
    """``hu`` with the marrow of the spine lowered to a random mean, its texture kept.

    Marrow that is softer already stays as it is.

    Args:
        hu: of a patch with voxels of about 1 mm, z, y, x.
        spine: 1 on vertebrae, z, y, x.
    """
    depth = ndimage.distance_transform_edt(spine == 1)
    marrow = np.clip(depth - CORTEX_MM, 0, 1).astype(np.float32)
    inside = marrow == 1
    if not inside.any():
        return hu
    lowered = rng.uniform(*SOFT_HU) - float(hu[inside].mean())
    return hu + marrow * np.float32(min(lowered, 0.0))
