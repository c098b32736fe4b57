"""Kills or disturbs ``segment`` and ``batch`` at random moments; Linux only.

    python -m tests.benchmarks.survival.command_line --kills 200 --others 20

After a kill, the next start must find either all results of a case, old or new, or none. After
that start, no hidden or scratch files may be left, and a run must finish. SIGTERM must lead to
exit code 130 and leave nothing behind. A trial whose run had already ended is repeated with an
earlier moment.
"""

import argparse
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from inference.export import tidy
from inference.system.scratch import remove_stale_folders
from tests.benchmarks.survival.places import MissedError, Place, a_place
from tests.benchmarks.survival.runs import (
    batch,
    contents,
    faults_of_results,
    finish,
    leftovers,
    make_old_results,
    said,
    segment,
    start,
)

Scenario = Callable[[Place, float], Sequence[str]]
"""Disturbs a run after some seconds and returns what went wrong."""


def lasting(place: Place) -> float:
    """Seconds that an undisturbed batch takes."""
    finish(start(place, *batch(place)))
    shutil.rmtree(place.out)
    begun = time.monotonic()
    finish(start(place, *batch(place)))
    return time.monotonic() - begun


def killed(place: Place, seconds: float) -> Sequence[str]:
    """A batch or a single case is killed; then the next one starts."""
    command = random.choice((batch, segment))
    if random.random() < 0.5:
        make_old_results(place)
    run = start(place, *command(place))
    time.sleep(seconds)
    run.kill()
    if finish(run) != -signal.SIGKILL:
        raise MissedError
    tidy(place.out)
    os.environ["TMPDIR"] = str(place.scratch)
    remove_stale_folders()
    found = [f"after tidying: {one}" for one in (*faults_of_results(place), *leftovers(place))]
    code = finish(start(place, *batch(place)))
    if code != 0:
        found.append(f"the next start ended with {code}: {said(place)}")
    found += faults_of_results(place)
    return found + leftovers(place)


def told_to_end(place: Place, seconds: float) -> Sequence[str]:
    """SIGTERM: exit code 130, and nothing is left behind."""
    run = start(place, *batch(place))
    time.sleep(seconds)
    with suppress(ProcessLookupError):  # the run may have ended by itself
        os.kill(run.pid or 0, signal.SIGTERM)
    code = finish(run)
    if code == 0:
        raise MissedError
    # Before the program handles signals, the system ends it.
    wrong = [f"ended with {code}"] if code not in (130, -signal.SIGTERM) else []
    return wrong + faults_of_results(place) + leftovers(place)


def robbed_of_its_input(place: Place, seconds: float) -> Sequence[str]:
    """The CT disappears: exit code 3 or 4, or 0 if it was too late, and nothing is left behind."""
    run = start(place, *batch(place))
    time.sleep(seconds)
    for path in place.inputs:
        path.unlink()
    code = finish(run)
    wrong = [] if code in (0, 3) else [f"ended with {code}: {said(place)}"]
    return wrong + faults_of_results(place) + leftovers(place)


def robbed_of_its_folder(place: Place, seconds: float) -> Sequence[str]:
    """The output folder disappears: exit code 7 or 0, and results that are left are complete."""
    make_old_results(place)
    run = start(place, *batch(place))
    time.sleep(seconds)
    place.out.rename(place.folder / "elsewhere")
    code = finish(run)
    found = [] if code in (0, 7) else [f"ended with {code}: {said(place)}"]
    if place.out.exists():
        found += faults_of_results(place) + leftovers(place)
        shutil.rmtree(place.out)
    (place.folder / "elsewhere").rename(place.out)
    tidy(place.out)
    return found + faults_of_results(place) + leftovers(place)


def beside_another(place: Place, seconds: float) -> Sequence[str]:
    """Two batches write to one folder: both succeed, and the results come from one of them."""
    first = start(place, *batch(place))
    time.sleep(seconds)
    second = start(place, *batch(place))
    codes = finish(first), finish(second)
    found = [] if codes == (0, 0) else [f"ended with {codes}"]
    whole = len(contents(place.out)) == 3 * len(place.inputs) + 1  # the summary covers all cases
    return found + ([] if whole else ["results are missing"]) + faults_of_results(place)


SCENARIOS = {
    "kill": killed,
    "SIGTERM": told_to_end,
    "input gone": robbed_of_its_input,
    "output folder gone": robbed_of_its_folder,
    "two at once": beside_another,
}


def tried(scenario: Scenario, seconds: float) -> Sequence[str]:
    """What went wrong in a trial; if it came too late, it is repeated with an earlier moment."""
    with a_place() as place:
        try:
            return scenario(place, seconds)
        except MissedError:
            pass
    return tried(scenario, seconds / 2)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table of trials and faults; return 1 if there were any."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--others", type=int, default=20, help="trials of each other scenario")
    parser.add_argument("--seed", type=int, default=0)
    typed = parser.parse_args(arguments)
    random.seed(typed.seed)
    with a_place() as place:
        whole_run = lasting(place)
    print(f"An undisturbed batch takes {whole_run:.1f} s.", flush=True)
    print("| scenario | trials | faults |\n| --- | --- | --- |", flush=True)
    faulty = 0
    for name, scenario in SCENARIOS.items():
        trials = typed.kills if scenario is killed else typed.others
        faults: list[str] = []
        for _ in range(trials):
            faults += tried(scenario, random.uniform(0.0, 1.1 * whole_run))
        faulty += len(faults)
        print(f"| {name} | {trials} | {len(faults)} |", flush=True)
        for fault in faults:
            print(f"  {name}: {fault}", file=sys.stderr, flush=True)
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main())
