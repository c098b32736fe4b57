"""The child process that writes a DICOM segmentation, at its end of the pipe to the window.

Loading the tables of DICOM holds the Python lock that the window needs for a quarter of a second.
The child receives the voxels, and sends ``Written`` and the content of the file.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from multiprocessing.synchronize import Event
from typing import Any

import numpy as np

from app.work.array_pipe import PipeEnd, receive_array, send_content
from app.work.serving import serve
from inference.values.label_map import LabelMap
from inference.values.mask import Mask
from inference.values.progress import stop_if
from inference.values.volume import DicomSource

Kind = type[Mask] | type[LabelMap]


@dataclass(frozen=True)
class Written:
    """The content of the file follows."""


def write(
    window: PipeEnd, cancel: Event, kind: Kind, facts: Mapping[str, Any], source: DicomSource
) -> None:
    """Write a DICOM segmentation; the entry point of the child process.

    Sends ``Written``, or the ``SpineContextError`` that ended it.

    Args:
        window: the pipe to the window.
        kind: of what is written.
        facts: all of it except its voxels.
        source: the slices that the segmentation refers to.
    """
    serve(window, partial(_write, window, cancel, kind, facts, source))


def _write(
    window: PipeEnd, cancel: Event, kind: Kind, facts: Mapping[str, Any], source: DicomSource
) -> None:
    voxels = receive_array(window, facts["geometry"].shape, np.uint8)
    from inference.export.dicomseg import DicomSegWriter

    file = io.BytesIO()
    DicomSegWriter(kind(voxels, **facts), source)(file)
    stop_if(cancel.is_set)
    window.send(Written())
    send_content(window, file.getbuffer())
