"""The child process that a run happens in: its end of the pipe to the window.

The model runs in a process of its own because a crash there, or the system ending it for want of
memory, must leave the window and the open CT standing; because it can be ended at any moment; and
because its work then never keeps Python's lock from the window.

Arrays go through files in a folder that the window makes and deletes, all else through the pipe.
"""

import dataclasses
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from inference.errors import MemoryLimitError, SpineContextError
from inference.memory import peak_rss_bytes
from inference.progress import Progress
from inference.volume import Volume

if TYPE_CHECKING:
    from inference.pipeline import Segmentation
    from inference.plan import Mode

CT_FILE = "ct.npy"
MASK_FILE = "mask.npy"

NICENESS = 5
"""How far a run gives way to the window, in steps of nice(1)."""

BELOW_NORMAL_PRIORITY_CLASS = 0x4000
"""The same for SetPriorityClass of Windows."""


@dataclass(frozen=True)
class RunSettings:
    """How a run is done.

    Attributes:
        model: name of a bundled model or path of an ONNX file; None for the bundled default.
        mode: which windows the model sees; None for the engine's default.
        threads: processor threads; 0 for one a core.
    """

    model: str | None = None
    mode: "Mode | None" = None
    threads: int = 0


@dataclass(frozen=True)
class MemoryUse:
    """The most memory that the run has held so far, in bytes."""

    peak_bytes: int


@dataclass(frozen=True)
class Finished:
    """The end of a run: all of its ``Segmentation`` but the mask, which lies in ``MASK_FILE``."""

    facts: Mapping[str, Any]


def facts_but(value: Any, left_out: str) -> dict[str, Any]:
    """The fields of a dataclass instance by name, without one."""
    fields = dataclasses.fields(value)
    return {f.name: getattr(value, f.name) for f in fields if f.name != left_out}


def run(
    to_window: Connection,
    cancel: Event,
    folder: Path,
    volume_facts: Mapping[str, Any],
    settings: RunSettings,
) -> None:
    """Segment the CT that lies in ``folder``; the entry of the child process.

    Sends ``Progress``, ``Preview`` and ``MemoryUse``, and at last ``Finished`` or the
    ``SpineContextError`` that ended it.
    """
    _give_way()
    try:
        voxels = np.load(folder / CT_FILE, mmap_mode="r")
        result = _segment(Volume(voxels, **volume_facts), settings, to_window, cancel)
        np.save(folder / MASK_FILE, result.mask.voxels)
        # What the stages took comes as a read-only view, which does not travel.
        facts = facts_but(result, "mask") | {"seconds": dict(result.seconds)}
        to_window.send(Finished(facts))
    except SpineContextError as error:
        to_window.send(error)
    except MemoryError:
        to_window.send(
            MemoryLimitError("The computer ran out of memory. Close other programs and try again.")
        )
    except BrokenPipeError:
        return  # the window is gone, and nobody is left to tell


def _segment(
    volume: Volume, settings: RunSettings, to_window: Connection, cancel: Event
) -> "Segmentation":
    from inference.model import DEFAULT_MODEL, load_model
    from inference.pipeline import DEFAULT_MODE, segment

    def tell(progress: Progress) -> None:
        to_window.send(progress)
        to_window.send(MemoryUse(peak_rss_bytes()))

    return segment(
        volume,
        model=load_model(settings.model or DEFAULT_MODEL, settings.threads),
        mode=settings.mode or DEFAULT_MODE,
        progress=tell,
        preview=to_window.send,
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
