"""A run as a job: starts the child process, listens to it, and always ends it."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, Signal

from app.work.array_pipe import PipeEnd, receive_array, send_array
from app.work.child import child_process
from app.work.engine_process import Finished, MemoryUse, Ready, facts_but, run
from app.work.jobs import Job
from app.work.preview_mask import paint_preview, spine_middle
from inference.cases.settings import RunSettings
from inference.errors import SpineContextError
from inference.system.scratch import new_array
from inference.values.geometry import Voxel
from inference.values.mask import Mask
from inference.values.patient_facts import NOBODY
from inference.values.progress import CancelCheck, Preview, Progress, ProgressCallback
from inference.values.volume import Volume


class SegmentJob(Job):
    """Finds the spine in a child process; succeeds with a ``Segmentation``.

    If the child crashes or is killed by the system, the job fails with a plain sentence.

    Attributes:
        spine_so_far: uint8, z, y, x on the CT's grid; empty until ``spine_grew`` is first emitted.
        spine_middle: a voxel in the middle of the spine when it was first seen; None before.
    """

    spine_grew = Signal()
    memory_told = Signal(MemoryUse)

    def __init__(self, volume: Volume, settings: RunSettings) -> None:
        """Prepare a run on ``volume``."""
        super().__init__(self._supervise)
        self._volume = volume
        self._settings = settings
        self.spine_so_far: NDArray[np.uint8] = np.zeros((0, 0, 0), np.uint8)
        self.spine_middle: Voxel | None = None

    def _supervise(self, *, progress: ProgressCallback, cancel: CancelCheck) -> object:
        self.spine_so_far = new_array(self._volume.geometry.shape, np.uint8)
        facts = facts_but(self._volume, "voxels") | {"patient": NOBODY}
        killed = QCoreApplication.translate(
            "segmenting",
            "The system ended the run, most likely because the computer ran out of memory. "
            "Close other programs and try again.",
        )
        crashed = QCoreApplication.translate(
            "segmenting",
            "The run stopped unexpectedly (exit code {0}). Try again; if it happens again, please "
            "report it with its details.",
        )
        with child_process(run, (facts, self._settings), cancel, killed, crashed) as pipe:
            return self._listen(pipe, progress, cancel)

    def _listen(self, pipe: PipeEnd, progress: ProgressCallback, cancel: CancelCheck) -> object:
        """Pass on what the child sends until it ends.

        Raises:
            EOFError, OSError: the child ended without reporting its outcome.
        """
        from inference.pipeline import (
            Segmentation,
            log_run,
        )  # imported here because it is slow to load

        while True:
            match pipe.recv():
                case Ready():
                    send_array(pipe, self._volume.voxels)
                case Progress() as step:
                    progress(step)
                case Preview() as preview:
                    paint_preview(self.spine_so_far, self._volume.geometry, preview, cancel)
                    if self.spine_middle is None:
                        self.spine_middle = spine_middle(self._volume.geometry, preview)
                    self.spine_grew.emit()
                case MemoryUse() as use:
                    self.memory_told.emit(use)
                case Finished(facts):
                    geometry = self._volume.geometry
                    voxels = receive_array(pipe, geometry.shape, np.uint8)
                    result = Segmentation(mask=Mask(voxels, geometry), **facts)
                    log_run(result)
                    return result
                case SpineContextError() as error:
                    raise error
