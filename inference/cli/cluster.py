"""Cases handed to the workers of an existing Dask cluster, which must see the same folders."""

import functools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from inference.cli.batch import Failure, Job, noting_failure
from inference.cli.cases import Engine, RunSettings, run_case, tell_result
from inference.cli.console import Console, SilentConsole
from inference.errors import SpineContextError, UsageError
from inference.values.progress import CancelCheck, Progress, never_cancelled, stop_if

CONNECT_SECONDS = 10
POLL_SECONDS = 0.5


def run_on_cluster(
    scheduler: str,
    jobs: Sequence[Job],
    settings: RunSettings,
    console: Console,
    cancel: CancelCheck,
) -> list[Failure]:
    """Run all jobs on the cluster, going on after one that fails; those that failed, and why.

    Args:
        scheduler: its address, such as ``tcp://host:8786``.

    Raises:
        UsageError: there is no such cluster, or the extra ``cluster`` is not installed.
        CancelledError: ``cancel`` said so; cases that were finished by then stay.
    """
    try:
        from distributed import Client, wait
    except ImportError as error:
        raise UsageError(
            "Handing cases to a cluster needs the extra 'cluster'. Install it with "
            "pip install 'spinecontext[cluster]'."
        ) from error
    try:
        client = Client(scheduler, timeout=CONNECT_SECONDS)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"There is no Dask scheduler at {scheduler}. Check the address and that it runs."
        ) from error
    failures: list[Failure] = []
    with client:
        job_of = {client.submit(run_job, job, settings, pure=False, retries=0): job for job in jobs}
        waiting = set(job_of)
        while waiting:
            if cancel():
                client.cancel(list(waiting))
            stop_if(cancel)
            try:
                done = wait(waiting, POLL_SECONDS, "FIRST_COMPLETED").done
            except TimeoutError:
                continue
            waiting -= done
            for future in done:
                with noting_failure(job_of[future], failures, console):
                    files, report = _result(future, job_of[future])
                    for sentence in (*report["warnings"], *report["notes"]):
                        console.warning(sentence)
                    tell_result(console, files, report)
            console.progress(Progress("cases", len(jobs) - len(waiting), len(jobs)))
    return failures


def run_job(job: Job, settings: RunSettings) -> tuple[tuple[Path, ...], Mapping[str, Any]]:
    """Run one job where it is called: the files written and the report.

    Raises:
        SpineContextError: of the kind that says what went wrong; nothing is left behind.
    """
    case = run_case(job.path, _engine(settings), SilentConsole(), never_cancelled, name=job.name)
    return case.files, case.report


@functools.lru_cache(maxsize=1)
def _engine(settings: RunSettings) -> Engine:
    """A worker's models, kept from case to case."""
    return Engine(settings)


def _result(future: Any, job: Job) -> Any:
    try:
        return future.result()
    except SpineContextError:
        raise
    except Exception as error:  # whatever ends a worker, such as a lack of memory there
        raise SpineContextError(
            f"The worker that ran {job.name} failed ({type(error).__name__}). Run the batch again; "
            "what is finished is skipped."
        ) from error
