"""A child process that works for a job: started, watched, and always ended."""

import multiprocessing
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from typing import Any

from app.work.array_pipe import PipeEnd
from inference.errors import DefectError, SpineContextError
from inference.system.logs import program_facts
from inference.values.progress import CancelCheck, stop_if

POLL_SECONDS = 0.05
"""How often it is checked whether the job was cancelled."""

GRACE_SECONDS = 0.3
"""How long a cancelled child may take to stop by itself before it is killed."""

KILLED = -9
"""Exit code of a child that Linux has killed for lack of memory (SIGKILL)."""


@contextmanager
def child_process(
    target: Callable[..., None],
    arguments: tuple[Any, ...],
    cancel: CancelCheck,
    killed: str,
    crashed: str,
) -> Iterator[PipeEnd]:
    """The window's end of a pipe to a child process, which ends with the block.

    Args:
        target: the child's entry point, which gets its end of the pipe, an event that is set once
            it should stop, and ``arguments``.
        killed: the sentence for a child that the system has killed for lack of memory.
        crashed: that for one that ended otherwise; {0} is its exit code.

    Raises:
        CancelledError: ``cancel`` said so.
        SpineContextError: the child ended before the block did.
    """
    context = multiprocessing.get_context("spawn")
    pipe, childs_end = context.Pipe()
    please_stop = context.Event()
    child = context.Process(target=target, args=(childs_end, please_stop, *arguments), daemon=True)
    child.start()
    childs_end.close()  # so that the pipe closes with the child
    try:
        with _stopped_by(cancel, child, please_stop):
            yield pipe
    except (EOFError, OSError) as error:
        stop_if(cancel)
        child.join()
        raise _last_word(pipe) or _crash(child.exitcode, killed, crashed) from error
    finally:
        child.kill()
        child.join()
        pipe.close()


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


def _last_word(pipe: PipeEnd) -> SpineContextError | None:
    """What a child has said that failed before it took all that was sent to it."""
    with suppress(EOFError, OSError):
        while pipe.poll():
            if isinstance(message := pipe.recv(), SpineContextError):
                return message
    return None


def _crash(exit_code: int | None, killed: str, crashed: str) -> SpineContextError:
    """Why a child ended without reporting its outcome."""
    details = f"{program_facts()}\na child process ended with {exit_code}"
    if exit_code == KILLED:
        return SpineContextError(killed, details=details)
    return DefectError(crashed.format(exit_code), details=details)
