"""Spine segmentation of CT: ``segment(open_ct(path))`` is the whole job.

For research use, not for diagnosis.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inference.pipeline import Segmentation, segment
    from inference.read import list_series, open_ct
    from inference.values.mask import Mask
    from inference.values.progress import Preview, Progress
    from inference.values.volume import Volume
    from inference.windows.grid import Mode

__all__ = [
    "Mask",
    "Mode",
    "Preview",
    "Progress",
    "Segmentation",
    "Volume",
    "list_series",
    "open_ct",
    "segment",
]

_HOMES = {
    "Mask": "inference.values.mask",
    "Mode": "inference.windows.grid",
    "Preview": "inference.values.progress",
    "Progress": "inference.values.progress",
    "Segmentation": "inference.pipeline",
    "Volume": "inference.values.volume",
    "list_series": "inference.read",
    "open_ct": "inference.read",
    "segment": "inference.pipeline",
}


def __getattr__(name: str) -> object:
    """Load a name when it is first used (PEP 562).

    SimpleITK, onnxruntime and pydicom take seconds to load on a slow PC. The window needs only the
    light modules of this package and must appear before them.
    """
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
