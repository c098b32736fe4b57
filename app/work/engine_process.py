"""The child process of a run, at its end of the pipe to the window.

The model runs in its own process for three reasons. If it crashes, or the system kills it for lack
of memory, the window and the open CT survive. It can be killed at any moment. And it never holds
the Python lock that the window needs.

The child sends ``Ready``, receives the voxels of the CT, reports what it is doing, and finally
sends ``Finished`` and the voxels of the mask.
"""

import dataclasses
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.synchronize import Event
from typing import TYPE_CHECKING, Any

import numpy as np

from app.work.array_pipe import PipeEnd, receive_array, send_array
from app.work.parent import end_with_parent
from inference.cases.settings import RunSettings
from inference.errors import OutOfMemoryError, SpineContextError
from inference.system.logs import as_defect, details_of
from inference.system.memory import RunMemory
from inference.system.quiet import quiet_itk, quiet_libraries
from inference.values.progress import Progress
from inference.values.volume import Volume

if TYPE_CHECKING:
    from inference.pipeline import Segmentation

NICENESS = 5
"""How much priority a run yields to the window, in steps of nice(1)."""

BELOW_NORMAL_PRIORITY_CLASS = 0x4000
"""The same for SetPriorityClass on Windows."""


@dataclass(frozen=True)
class Ready:
    """The child has started and waits for the CT."""


@dataclass(frozen=True)
class MemoryUse:
    """The peak memory of the run so far, in bytes."""

    peak_bytes: int


@dataclass(frozen=True)
class Finished:
    """The end of a run: its ``Segmentation`` except the mask, whose voxels follow."""

    facts: Mapping[str, Any]


def facts_but(value: Any, left_out: str) -> dict[str, Any]:
    """The fields of a dataclass instance by name, except one."""
    fields = dataclasses.fields(value)
    return {f.name: getattr(value, f.name) for f in fields if f.name != left_out}


def run(
    window: PipeEnd,
    cancel: Event,
    volume_facts: Mapping[str, Any],
    settings: RunSettings,
) -> None:
    """Segment a CT; the entry point of the child process.

    Sends ``Progress``, ``Preview`` and ``MemoryUse``, and finally ``Finished`` or the
    ``SpineContextError`` that ended it.

    Args:
        window: the pipe to the window.
        volume_facts: all of the ``Volume`` except its voxels.
    """
    end_with_parent()
    _give_way()
    quiet_libraries()
    try:
        window.send(Ready())
        voxels = receive_array(window, volume_facts["geometry"].shape, np.int16)
        result = _segment(Volume(voxels, **volume_facts), settings, window, cancel)
        # The times of the stages are a read-only view, which cannot be pickled.
        facts = facts_but(result, "mask") | {"seconds": dict(result.seconds)}
        window.send(Finished(facts))
        send_array(window, result.mask.voxels)
        return
    except (BrokenPipeError, EOFError, ConnectionResetError):
        return  # the window is gone, so there is nobody to tell
    except SpineContextError as error:
        failure = error
    except MemoryError as error:
        failure = OutOfMemoryError(details=details_of(error))
    except Exception as error:  # a traceback stays here; only what may be told is sent
        failure = as_defect(error)
    with suppress(OSError):
        window.send(failure)


def _segment(
    volume: Volume, settings: RunSettings, window: PipeEnd, cancel: Event
) -> "Segmentation":
    from inference.model.loading import load_model
    from inference.pipeline import segment

    quiet_itk()
    memory = RunMemory()

    def tell(progress: Progress) -> None:
        window.send(progress)
        window.send(MemoryUse(memory.peak_bytes))

    return segment(
        volume,
        model=load_model(settings.model, settings.threads, settings.precision),
        mode=settings.mode,
        max_ram=settings.max_ram,
        memory=memory,
        progress=tell,
        preview=window.send,
        cancel=cancel.is_set,
    )


def _give_way() -> None:
    """Let the window go first when both need the processor."""
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), BELOW_NORMAL_PRIORITY_CLASS)
    else:
        os.nice(NICENESS)
