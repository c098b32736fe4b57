"""``segment`` and ``batch`` killed, told to end and robbed at random moments; Linux only.

    python -m tests.benchmarks.survival.command_line --kills 200 --others 20

After a kill, what the next start finds must be whole: all results of a case, old or new, or none.
After that start nothing hidden and no scratch is left, and a run goes on to its end. A signal to
end must end with exit code 130 and leave nothing. What struck nothing is tried again, sooner.
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
"""Disturbs a run after a share of its time, 0 to 1, and says what went wrong."""


def lasting(place: Place) -> float:
    """Seconds that an undisturbed batch takes."""
    finish(start(place, *batch(place)))
    shutil.rmtree(place.out)
    begun = time.monotonic()
    finish(start(place, *batch(place)))
    return time.monotonic() - begun


def killed(place: Place, seconds: float) -> Sequence[str]:
    """A batch, or one case, is killed; then the next one starts."""
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
    """SIGTERM: 130, and nothing is left."""
    run = start(place, *batch(place))
    time.sleep(seconds)
    with suppress(ProcessLookupError):  # it may have ended by itself
        os.kill(run.pid or 0, signal.SIGTERM)
    code = finish(run)
    if code == 0:
        raise MissedError
    # Before the program has taken over the signals, the system's own end is what it gets.
    wrong = [f"ended with {code}"] if code not in (130, -signal.SIGTERM) else []
    return wrong + faults_of_results(place) + leftovers(place)


def robbed_of_its_input(place: Place, seconds: float) -> Sequence[str]:
    """The CT disappears: 3 or 4, or 0 where it came too late, and nothing is left of it."""
    run = start(place, *batch(place))
    time.sleep(seconds)
    for path in place.inputs:
        path.unlink()
    code = finish(run)
    wrong = [] if code in (0, 3) else [f"ended with {code}: {said(place)}"]
    return wrong + faults_of_results(place) + leftovers(place)


def robbed_of_its_folder(place: Place, seconds: float) -> Sequence[str]:
    """The output folder disappears: 7 or 0, and what is there afterwards is whole."""
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
    """Two batches into one folder: both end well, and the results are of one of them."""
    first = start(place, *batch(place))
    time.sleep(seconds)
    second = start(place, *batch(place))
    codes = finish(first), finish(second)
    found = [] if codes == (0, 0) else [f"ended with {codes}"]
    whole = len(contents(place.out)) == 3 * len(place.inputs) + 1  # the summary is of all
    return found + ([] if whole else ["results are missing"]) + faults_of_results(place)


SCENARIOS = {
    "kill": killed,
    "SIGTERM": told_to_end,
    "input gone": robbed_of_its_input,
    "output folder gone": robbed_of_its_folder,
    "two at once": beside_another,
}


def tried(scenario: Scenario, seconds: float) -> Sequence[str]:
    """What went wrong in a trial; where it struck nothing, in an earlier one."""
    with a_place() as place:
        try:
            return scenario(place, seconds)
        except MissedError:
            pass
    return tried(scenario, seconds / 2)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table of trials and faults; 1 if there were any."""
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
        faults = []
        for _ in range(trials):
            faults += tried(scenario, random.uniform(0.0, 1.1 * whole_run))
        faulty += len(faults)
        print(f"| {name} | {trials} | {len(faults)} |", flush=True)
        for fault in faults:
            print(f"  {name}: {fault}", file=sys.stderr, flush=True)
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main())
