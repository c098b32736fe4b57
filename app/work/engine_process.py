"""The child process of a run, at its end of the pipe to the window.

The model runs in its own process for three reasons. If it crashes, or the system kills it for lack
of memory, the window and the open CT survive. It can be killed at any moment. And it never holds
the Python lock that the window needs.

The child sends ``Ready``, receives the voxels of the CT, reports what it is doing, and finally
sends ``Finished`` and the voxels of the mask.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from multiprocessing.synchronize import Event
from typing import TYPE_CHECKING, Any

import numpy as np

from app.work.array_pipe import PipeEnd, receive_array, send_array
from app.work.serving import serve
from inference.cases.settings import RunSettings
from inference.system.memory import RunMemory
from inference.system.quiet import quiet_itk
from inference.values.progress import Progress
from inference.values.volume import Volume

if TYPE_CHECKING:
    from inference.pipeline import Segmentation


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


def facts_but(value: Any, *left_out: str) -> dict[str, Any]:
    """The fields of a dataclass instance by name, except these."""
    fields = dataclasses.fields(value)
    return {f.name: getattr(value, f.name) for f in fields if f.name not in left_out}


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
    serve(window, partial(_run, window, cancel, volume_facts, settings))


def _run(
    window: PipeEnd, cancel: Event, volume_facts: Mapping[str, Any], settings: RunSettings
) -> None:
    window.send(Ready())
    voxels = receive_array(window, volume_facts["geometry"].shape, np.int16)
    result = _segment(Volume(voxels, **volume_facts), settings, window, cancel)
    # The times of the stages are a read-only view, which cannot be pickled.
    facts = facts_but(result, "mask") | {"seconds": dict(result.seconds)}
    window.send(Finished(facts))
    send_array(window, result.mask.voxels)


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
