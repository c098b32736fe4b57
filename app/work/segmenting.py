"""A run as a job: starts the child process, listens to it, and always ends it."""

import multiprocessing
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, Signal

from app.work.array_pipe import PipeEnd, receive_array, send_array
from app.work.engine_process import Finished, MemoryUse, Ready, facts_but, run
from app.work.jobs import Job
from app.work.preview_mask import paint_preview, spine_middle
from inference.cases.settings import RunSettings
from inference.errors import DefectError, SpineContextError
from inference.system.logs import program_facts
from inference.system.scratch import new_array
from inference.values.geometry import Voxel
from inference.values.mask import Mask
from inference.values.patient_facts import NOBODY
from inference.values.progress import CancelCheck, Preview, Progress, ProgressCallback, stop_if
from inference.values.volume import Volume

POLL_SECONDS = 0.05
"""How often it is checked whether the job was cancelled."""

GRACE_SECONDS = 0.3
"""How long a cancelled child may take to stop by itself before it is killed."""

KILLED = -9
"""Exit code of a child that Linux has killed for lack of memory (SIGKILL)."""


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
        context = multiprocessing.get_context("spawn")
        pipe, childs_end = context.Pipe()
        please_stop = context.Event()
        facts = facts_but(self._volume, "voxels") | {"patient": NOBODY}
        arguments = (childs_end, please_stop, facts, self._settings)
        child = context.Process(target=run, args=arguments, daemon=True)
        child.start()
        childs_end.close()  # so that the pipe closes with the child
        try:
            with _stopped_by(cancel, child, please_stop):
                return self._listen(pipe, progress, cancel)
        except (EOFError, ConnectionError) as error:
            stop_if(cancel)
            child.join()
            raise _crash(child.exitcode) from error
        finally:
            child.kill()
            child.join()
            pipe.close()

    def _listen(self, pipe: PipeEnd, progress: ProgressCallback, cancel: CancelCheck) -> object:
        """Pass on what the child sends until it ends.

        Raises:
            EOFError, ConnectionError: the child ended without reporting its outcome.
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


@contextmanager
def _stopped_by(cancel: CancelCheck, child: BaseProcess, please_stop: Event) -> Iterator[None]:
    """End the child once the job is cancelled, whatever the job's thread is waiting for.

    That thread may wait without end in the pipe if the system holds the child still, as it does to
    a program that is being debugged or checked for viruses.
    """
    over = threading.Event()

    def watch() -> None:
        while not over.wait(POLL_SECONDS):
            if cancel():
                please_stop.set()
                if not over.wait(GRACE_SECONDS):
                    child.kill()
                return

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def _crash(exit_code: int | None) -> SpineContextError:
    """Why a child ended without reporting its outcome."""
    details = f"{program_facts()}\nthe engine's process ended with {exit_code}"
    if exit_code == KILLED:
        text = QCoreApplication.translate(
            "segmenting",
            "The system ended the run, most likely because the computer ran out of memory. "
            "Close other programs and try again.",
        )
        return SpineContextError(text, details=details)
    text = QCoreApplication.translate(
        "segmenting",
        "The run stopped unexpectedly (exit code {0}). Try again; if it happens again, please "
        "report it with its details.",
    )
    return DefectError(text.format(exit_code), details=details)
