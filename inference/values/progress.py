"""Progress and cancellation: what travels between a run and its watcher."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from inference.errors import CancelledError
from inference.values.geometry import Geometry

Step = TypeVar("Step")


@dataclass(frozen=True)
class Progress:
    """``done`` of ``total`` steps of one stage ("read", "find", "predict", …) are finished."""

    stage: str
    done: int
    total: int


ProgressCallback = Callable[[Progress], None]
"""Called on the working thread; it must return quickly."""


@dataclass(frozen=True, eq=False)
class Preview:
    """What the spine looks like so far in one box, first coarse, then window by window.

    Later previews of a region replace earlier ones; only the mask is the result.

    Attributes:
        geometry: the grid of exactly this box, in canonical orientation.
        probability: bytes, z, y, x; 255 is probability 1.
    """

    geometry: Geometry
    probability: NDArray[np.uint8]


PreviewCallback = Callable[[Preview], None]
"""Called on the working thread; it must return quickly."""

CancelCheck = Callable[[], bool]
"""Called between steps; ``threading.Event().is_set`` will do."""


def ignore_progress(progress: Progress) -> None:
    """The watcher of a run that nobody watches."""


def ignore_preview(preview: Preview) -> None:
    """The watcher of a run of which only the result matters."""


def never_cancelled() -> bool:
    """The cancel check of a run that nobody can stop."""
    return False


def stop_if(cancel: CancelCheck) -> None:
    """Stop here if the user has cancelled.

    Raises:
        CancelledError: ``cancel`` says so.
    """
    if cancel():
        raise CancelledError("Cancelled. Nothing was written.")


def stopping(steps: Iterable[Step], cancel: CancelCheck) -> Iterator[Step]:
    """The same steps, ending before the next one if the user has cancelled.

    Raises:
        CancelledError: ``cancel`` says so.
    """
    stop_if(cancel)
    for step in steps:
        yield step
        stop_if(cancel)
