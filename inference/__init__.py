"""Spine segmentation of CT: ``segment(open_ct(path))`` is the whole job.

For research use, not for diagnosis.
"""

from inference.pipeline import Segmentation, segment
from inference.plan import Mode
from inference.progress import Preview, Progress
from inference.read import list_series, open_ct
from inference.volume import Mask, Volume

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
