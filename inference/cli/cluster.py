"""Cases handed to the workers of an existing Dask cluster, which must see the same folders."""

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from inference.cases.engine import LocalEngine
from inference.cases.runner import CaseResult, CaseRunner, FinishedCase
from inference.cases.settings import CaseInput, RunSettings
from inference.cases.tally import Summary, Tally
from inference.cases.watcher import CaseWatcher
from inference.errors import SpineContextError, UsageError
from inference.system.quiet import quiet_itk, quiet_libraries
from inference.values.progress import CancelCheck, Progress, stop_if

CONNECT_SECONDS = 10
POLL_SECONDS = 0.5


def run_on_cluster(
    scheduler: str,
    cases: Sequence[CaseInput],
    out: Path,
    settings: RunSettings,
    watcher: CaseWatcher,
    cancel: CancelCheck,
) -> Summary:
    """Run all unfinished cases on the cluster, and carry on after one that fails.

    Args:
        scheduler: its address, such as ``tcp://host:8786``.

    Raises:
        UsageError: there is no such cluster, or the extra ``cluster`` is not installed.
        CancelledError: ``cancel`` said so; cases that were finished by then are kept.
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
    tally = Tally(watcher)
    with client:
        submit = functools.partial(client.submit, run_case, pure=False, retries=0)
        case_of = {submit(case, out, settings): case for case in cases}
        waiting = set(case_of)
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
                case = case_of[future]
                with tally.going_on(case):
                    result = _result(future, case)
                    if isinstance(result, FinishedCase):
                        tally.skip(case, result.report)
                        continue
                    for sentence in (*result.report["warnings"], *result.report["notes"]):
                        watcher.noted(sentence)
                    tally.finish(case, result)
            watcher.progress(Progress("cases", len(cases) - len(waiting), len(cases)))
    return tally.summary


def run_case(case: CaseInput, out: Path, settings: RunSettings) -> CaseResult | FinishedCase:
    """Run one case on this machine, if no earlier run has finished it.

    Raises:
        SpineContextError: of the kind that says what went wrong; nothing is left behind.
    """
    return _runner(out, settings).run_unfinished(case)


@functools.lru_cache(maxsize=1)
def _runner(out: Path, settings: RunSettings) -> CaseRunner:
    """A worker's models, kept from case to case."""
    quiet_libraries()
    quiet_itk()
    return CaseRunner(out, settings, LocalEngine(settings))


def _result(future: Any, case: CaseInput) -> CaseResult | FinishedCase:
    try:
        result: CaseResult | FinishedCase = future.result()
    except SpineContextError:
        raise
    except Exception as error:  # whatever ends a worker, such as running out of memory
        raise SpineContextError(
            f"The worker that ran {case.name} failed ({type(error).__name__}). Run the batch "
            "again; what is finished is skipped."
        ) from error
    return result
