"""Many cases: the next is read and the last written while one is segmented."""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from inference.cli.cases import (
    Case,
    Engine,
    ReadCase,
    read_case,
    segment_case,
    write_case,
)
from inference.cli.console import Console
from inference.errors import CancelledError, OutOfMemoryError, SpineContextError
from inference.system.memory import RunMemory
from inference.values.progress import CancelCheck, ignore_progress


@dataclass(frozen=True)
class Job:
    """One input of a batch and what its results are named after."""

    path: Path
    name: str


Failure = tuple[Job, SpineContextError]


def run_batch(
    jobs: Sequence[Job], engine: Engine, console: Console, cancel: CancelCheck
) -> list[Failure]:
    """Run all jobs, going on after one that fails; those that failed, and why.

    Raises:
        CancelledError: ``cancel`` said so; cases that were finished by then stay.
    """
    failures: list[Failure] = []
    writing: deque[tuple[Job, Future[Case]]] = deque()

    def finish(job: Job, written: "Future[Case]") -> None:
        with noting_failure(job, failures, console):
            written.result().tell(console)

    with ThreadPoolExecutor(max_workers=1) as writer:
        for job, reading in _read_ahead(jobs, engine, cancel):
            with noting_failure(job, failures, console):
                case = reading.result()
                mask = segment_case(case, engine, RunMemory(), console, cancel)
                writing.append((job, writer.submit(write_case, case, mask, engine.settings)))
            # One finished mask may wait for its writer; more would only fill the memory.
            while len(writing) > 1 or (writing and writing[0][1].done()):
                finish(*writing.popleft())
        for one in writing:
            finish(*one)
    return failures


@contextmanager
def noting_failure(job: Job, failures: list[Failure], console: Console) -> Iterator[None]:
    """Tell and note what goes wrong with one job, and go on; only a cancel ends the batch."""
    try:
        yield
    except CancelledError:
        raise
    except SpineContextError as error:
        failure = error
    except MemoryError:
        failure = OutOfMemoryError()
    else:
        return
    console.error(failure)
    failures.append((job, failure))


def _read_ahead(
    jobs: Sequence[Job], engine: Engine, cancel: CancelCheck
) -> Iterator[tuple[Job, "Future[ReadCase]"]]:
    """Each job with its reading, the next of which has begun by then."""

    def begin(job: Job) -> "Future[ReadCase]":
        return reader.submit(
            read_case, job.path, engine.settings, ignore_progress, cancel, name=job.name
        )

    with ThreadPoolExecutor(max_workers=1) as reader:
        readings: deque[tuple[Job, Future[ReadCase]]] = deque()
        for job in jobs:
            readings.append((job, begin(job)))
            if len(readings) > 1:
                yield readings.popleft()
        yield from readings
