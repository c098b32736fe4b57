"""Sends arrays and files through a pipe between processes in parts, so that neither is held twice.

A single message may be limited to 32 MiB, depending on the system.
"""

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

__all__ = ["PipeEnd", "receive_array", "receive_content", "send_array", "send_content"]

PART_BYTES = 2**20
"""The size of the messages with the content of a file."""


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


def send_content(pipe: PipeEnd, content: memoryview) -> None:
    """Send the content of a file to a process that calls ``receive_content``.

    Raises:
        OSError: the other process is gone.
    """
    pipe.send(content.nbytes)
    for start in range(0, content.nbytes, PART_BYTES):
        pipe.send_bytes(content[start : start + PART_BYTES])


def receive_content(pipe: PipeEnd) -> bytearray:
    """Receive the content that ``send_content`` sends.

    Raises:
        EOFError: the other process is gone.
    """
    content = bytearray(pipe.recv())
    for start in range(0, len(content), PART_BYTES):
        pipe.recv_bytes_into(content, start)
    return content
