"""Sends arrays through a pipe between processes in slabs, so that neither holds one twice."""

import sys
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from inference.system.scratch import new_array
from inference.values.slabs import slabs

if sys.platform == "win32":
    from multiprocessing.connection import PipeConnection as PipeEnd
else:
    from multiprocessing.connection import Connection as PipeEnd

__all__ = ["PipeEnd", "receive_array", "send_array"]


def send_array(pipe: PipeEnd, array: NDArray[Any]) -> None:
    """Send an array to a process that calls ``receive_array``.

    Raises:
        OSError: the other process is gone.
    """
    for _, slab in slabs(array):
        pipe.send_bytes(np.ascontiguousarray(slab).data.cast("B"))


def receive_array(pipe: PipeEnd, shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
    """Receive the array that ``send_array`` sends; into a scratch file if it is large.

    Raises:
        EOFError: the other process is gone.
        MemoryLimitError: the disk has no room for the scratch file.
    """
    array = new_array(shape, dtype)
    for _, slab in slabs(array):
        pipe.recv_bytes_into(slab.data.cast("B"))
    return array
