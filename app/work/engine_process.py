"""The child process that a run happens in: its end of the pipe to the window.

The model runs in a process of its own because a crash there, or the system ending it for want of
memory, must leave the window and the open CT standing; because it can be ended at any moment; and
because its work then never keeps Python's lock from the window.

The child says ``Ready``, is sent the voxels of the CT, tells what it is doing, and at last says
``Finished`` and sends the voxels of the mask.
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
"""How far a run gives way to the window, in steps of nice(1)."""

BELOW_NORMAL_PRIORITY_CLASS = 0x4000
"""The same for SetPriorityClass of Windows."""


@dataclass(frozen=True)
class Ready:
    """The child is there and waits for the CT."""


@dataclass(frozen=True)
class MemoryUse:
    """The most memory that the run has held so far, in bytes."""

    peak_bytes: int


@dataclass(frozen=True)
class Finished:
    """The end of a run: all of its ``Segmentation`` but the mask, whose voxels follow."""

    facts: Mapping[str, Any]


def facts_but(value: Any, left_out: str) -> dict[str, Any]:
    """The fields of a dataclass instance by name, without one."""
    fields = dataclasses.fields(value)
    return {f.name: getattr(value, f.name) for f in fields if f.name != left_out}


def run(
    window: PipeEnd,
    cancel: Event,
    volume_facts: Mapping[str, Any],
    settings: RunSettings,
) -> None:
    """Segment a CT; the entry of the child process.

    Tells ``Progress``, ``Preview`` and ``MemoryUse``, and at last ``Finished`` or the
    ``SpineContextError`` that ended it.

    Args:
        window: the pipe to the window.
        volume_facts: all of the ``Volume`` but its voxels.
    """
    end_with_parent()
    _give_way()
    quiet_libraries()
    try:
        window.send(Ready())
        voxels = receive_array(window, volume_facts["geometry"].shape, np.int16)
        result = _segment(Volume(voxels, **volume_facts), settings, window, cancel)
        # What the stages took comes as a read-only view, which does not travel.
        facts = facts_but(result, "mask") | {"seconds": dict(result.seconds)}
        window.send(Finished(facts))
        send_array(window, result.mask.voxels)
        return
    except (BrokenPipeError, EOFError, ConnectionResetError):
        return  # the window is gone, and nobody is left to tell
    except SpineContextError as error:
        failure = error
    except MemoryError as error:
        failure = OutOfMemoryError(details=details_of(error))
    except Exception as error:  # a traceback stays here; what may be said of it travels
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
    """Let the window go first where both want the processor."""
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), BELOW_NORMAL_PRIORITY_CLASS)
    else:
        os.nice(NICENESS)
