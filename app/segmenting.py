"""A run as a job: starts the child process, listens to it, and ends it whatever happens."""

import multiprocessing
import time
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from app.engine_process import (
    CT_FILE,
    MASK_FILE,
    Finished,
    MemoryUse,
    RunSettings,
    facts_but,
    run,
)
from app.jobs import Job
from app.preview_mask import paint_preview
from inference.errors import CancelledError, SpineContextError
from inference.progress import CancelCheck, Preview, Progress, ProgressCallback
from inference.volume import Mask, Volume

POLL_SECONDS = 0.05
"""How often the job looks whether it was cancelled while the child is silent."""

GRACE_SECONDS = 0.5
"""How long a cancelled child may take to stop by itself before it is ended."""


class SegmentJob(Job):
    """Finds the spine in a child process; succeeds with a ``Segmentation``.

    A child that crashes or is ended by the system makes the job fail with a plain sentence.

    Attributes:
        spine_so_far: uint8, z, y, x on the CT's grid; grows while the run goes on.
    """

    spine_grew = Signal()
    memory_told = Signal(MemoryUse)

    def __init__(
        self, volume: Volume, settings: RunSettings, parent: QObject | None = None
    ) -> None:
        """Prepare a run on ``volume``."""
        super().__init__(self._supervise, parent)
        self._volume = volume
        self._settings = settings
        self.spine_so_far: NDArray[np.uint8] = np.zeros(volume.geometry.shape, np.uint8)

    def _supervise(self, *, progress: ProgressCallback, cancel: CancelCheck) -> object:
        from inference.pipeline import Segmentation

        with TemporaryDirectory(prefix="spinecontext-") as name:
            folder = Path(name)
            np.save(folder / CT_FILE, self._volume.voxels)
            facts = self._listen(folder, progress, cancel).facts
            voxels = np.load(folder / MASK_FILE)
        return Segmentation(mask=Mask(voxels, self._volume.geometry), **facts)

    def _listen(self, folder: Path, progress: ProgressCallback, cancel: CancelCheck) -> Finished:
        """Pass on what the child tells until its end."""
        context = multiprocessing.get_context("spawn")
        from_child, to_window = context.Pipe(duplex=False)
        please_stop = context.Event()
        facts = facts_but(self._volume, "voxels")
        arguments = (to_window, please_stop, folder, facts, self._settings)
        child = context.Process(target=run, args=arguments, daemon=True)
        child.start()
        to_window.close()  # so that the pipe ends with the child
        cancelled_at: float | None = None
        try:
            while True:
                if cancel() and cancelled_at is None:
                    please_stop.set()
                    cancelled_at = time.monotonic()
                if cancelled_at is not None and time.monotonic() - cancelled_at > GRACE_SECONDS:
                    raise CancelledError("Cancelled. Nothing was written.")
                if not from_child.poll(POLL_SECONDS):
                    continue
                match _receive(from_child, child):
                    case Progress() as step:
                        progress(step)
                    case Preview() as preview:
                        paint_preview(self.spine_so_far, self._volume.geometry, preview)
                        self.spine_grew.emit()
                    case MemoryUse() as use:
                        self.memory_told.emit(use)
                    case Finished() as finished:
                        return finished
                    case SpineContextError() as error:
                        raise error
        finally:
            child.kill()
            child.join()
            from_child.close()


def _receive(from_child: Connection, child: SpawnProcess) -> object:
    """The next message.

    Raises:
        SpineContextError: the child ended without a last word.
    """
    try:
        return from_child.recv()
    except (EOFError, ConnectionResetError) as error:
        child.join()
        raise SpineContextError(
            f"The run stopped unexpectedly (exit code {child.exitcode}); most often the computer "
            "ran out of memory. The CT is still open: close other programs and run it again."
        ) from error
