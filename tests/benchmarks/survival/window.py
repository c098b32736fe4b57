"""The real window closed, told to end and killed at random moments of its story.

    python -m tests.benchmarks.survival.window --closes 200 --kills 200

A close, and a signal to end (not on Windows), must end with exit code 0 and leave no process,
no scratch, no hidden folder and no half result. After a kill of the window, the next start must
have removed all of them; after a kill of the engine, the window must say so once, go on with
another engine to the end of its story, and leave all results. An end that finds nothing to strike
is tried again, sooner.
"""

import argparse
import collections
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import psutil

from tests.benchmarks.survival.actor import ASIDE_STEPS, STEPS, TOLD
from tests.benchmarks.survival.places import RESULTS, MissedError, Place, a_place

PATIENCE_SECONDS = 300.0
"""For a step or an end on a machine that is busy with other things."""

ENGINE_STEPS = ("run", "queue runs", "queue writes")
"""In which an engine is at work; in the last one on the second case."""

ENGINE_POLL_SECONDS = 0.01

if sys.platform == "win32":
    KILLED = 1
    """Exit code of a process that was killed; the engine's is what psutil gives it."""
    ENGINE_ENDED = "with details: The run stopped unexpectedly"
else:
    KILLED = -signal.SIGKILL
    ENGINE_ENDED = "with details: The system ended the run"

ORPHAN_SECONDS = 10.0
"""Within this the processes of a killed window must have ended."""


@dataclass(frozen=True)
class Trial:
    """One end of a window.

    Attributes:
        step: of the story, in which it came.
        after: seconds since the step began.
        faults: what went wrong, in words; empty if nothing did.
    """

    step: str
    after: float
    faults: tuple[str, ...]


Ending = Callable[[Place, str, float], Sequence[str]]
"""Ends a window in that step after those seconds and says what went wrong.

Raises:
    MissedError: there was nothing to end.
"""


def lasting(steps: Sequence[str], *story_options: str) -> Mapping[str, float]:
    """Seconds that each step of an undisturbed story takes."""
    with a_place() as place:
        story = place.act(*story_options)
        begun = {}
        for line in story.stdout or ():
            begun[line.strip()] = time.monotonic()
        code = story.wait(PATIENCE_SECONDS)
        faults = [*place.leftovers(), *([f"exit code {code}"] if code else [])]
        if faults or set(begun) != set(steps):
            raise RuntimeError(f"the undisturbed story: {faults}, {list(begun)}")
    moments = [*begun.values(), time.monotonic()]
    return {
        step: after - before
        for step, before, after in zip(begun, moments[:-1], moments[1:], strict=True)
    }


def closed(place: Place, step: str, after: float) -> Sequence[str]:
    """The user closes the window."""
    return _ended(place, place.act("--end", step, "--after", str(after)))


def closed_aside(place: Place, step: str, after: float) -> Sequence[str]:
    """The user closes the window amid the other story."""
    return _ended(place, place.act("--aside", "--end", step, "--after", str(after)))


def told_to_end(place: Place, step: str, after: float) -> Sequence[str]:
    """The system asks the window to end, whatever dialog is open."""
    story = _story_until(place, step, after)
    story.send_signal(signal.SIGTERM)
    return _ended(place, story)


def window_killed(place: Place, step: str, after: float) -> Sequence[str]:
    """The window is killed, and another one started."""
    story = _story_until(place, step, after)
    story.kill()
    if story.wait() != KILLED:
        raise MissedError
    faults = [] if place.all_ended(ORPHAN_SECONDS) else ["a process outlived the window"]
    return [*faults, *_ended(place, place.act("--end", "open"))]


def engine_killed(place: Place, step: str, after: float) -> Sequence[str]:
    """The engine is killed, and the story goes on to its end."""
    story = _story_until(place, step, after)
    while (engine := place.engine()) is None:
        if story.poll() is not None:
            raise MissedError
        time.sleep(ENGINE_POLL_SECONDS)
    try:
        engine.kill()
    except psutil.NoSuchProcess as error:
        raise MissedError from error
    faults = _ended(place, story)
    told = [one for one in (place.folder / "stderr").read_text().splitlines() if TOLD in one]
    if not told and not faults:
        raise MissedError  # it had done its work, and was ending
    if len(told) != 1 or ENGINE_ENDED not in told[0]:
        faults.append(f"it is told as {told}")
    missing = [
        f"{path.name}{ending}"
        for path in place.inputs
        for ending in RESULTS
        if not (place.out / f"{path.name.partition('.')[0]}{ending}").exists()
    ]
    return [*faults, *([f"missing: {missing}"] if missing else [])]


def _story_until(place: Place, step: str, after: float) -> "subprocess.Popen[str]":
    """A story that has begun a step so many seconds ago and has not ended.

    Raises:
        MissedError: it has.
    """
    story = place.act()
    if any(line.strip() == step for line in story.stdout or ()):
        time.sleep(after)
    if story.poll() is None:
        return story
    if faults := _ended(place, story):
        raise RuntimeError(f"the story ended by itself: {faults}")
    raise MissedError


def _ended(place: Place, story: "subprocess.Popen[str]") -> list[str]:
    """What is wrong with a window that should end now."""
    try:
        story.communicate(timeout=PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        story.kill()
        story.wait()
        return ["it did not end"]
    place.all_ended(1.0)  # multiprocessing's own helper ends just after the window
    said = (place.folder / "stderr").read_text()
    code = [f"exit code {story.returncode}"] if story.returncode else []
    return [*code, *place.leftovers(), *(["a traceback"] if "Traceback" in said else [])]


def tried(ending: Ending, step: str, after: float) -> Trial:
    """End one window; what went wrong is printed with what the window said."""
    with a_place() as place:
        try:
            trial = Trial(step, after, tuple(ending(place, step, after)))
        except MissedError:
            return tried(ending, step, after / 2)
        if trial.faults:
            said = (place.folder / "stderr").read_text()[-2000:]
            print(f"{trial}\n{said}", flush=True)
    return trial


def moments(
    steps: Sequence[str], seconds: Mapping[str, float], count: int, seed: int
) -> list[tuple[str, float]]:
    """That many random moments of random steps."""
    chance = random.Random(seed)
    chosen = chance.choices(steps, k=count)
    return [(step, chance.uniform(0.0, seconds[step])) for step in chosen]


def main(arguments: Sequence[str] | None = None) -> int:
    """Try all endings and print a table of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--closes", type=int, default=200)
    parser.add_argument("--asides", type=int, default=50, help="closes amid the other story")
    parser.add_argument("--terms", type=int, default=50)
    parser.add_argument("--kills", type=int, default=200, help="half of them of the engine")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--at-once", type=int, default=1, help="windows at a time")
    options = parser.parse_args(arguments)
    usual, aside = lasting(STEPS), lasting(ASIDE_STEPS, "--aside")
    for name, seconds in (("an undisturbed story", usual), ("the other story", aside)):
        print(f"{name}: {sum(seconds.values()):.1f} s", flush=True)
    bad = False
    print("| ending | times | with a fault | in the steps |\n| --- | --- | --- | --- |", flush=True)
    for name, ending, seconds, steps, count in (
        ("closed by the user", closed, usual, STEPS, options.closes),
        ("the same, aside", closed_aside, aside, ASIDE_STEPS, options.asides),
        ("SIGTERM", told_to_end, usual, STEPS, 0 if sys.platform == "win32" else options.terms),
        ("SIGKILL of the window", window_killed, usual, STEPS, options.kills - options.kills // 2),
        ("SIGKILL of the engine", engine_killed, usual, ENGINE_STEPS, options.kills // 2),
    ):
        ends = moments(steps, seconds, count, options.seed)
        with ThreadPoolExecutor(options.at_once) as pool:
            trials = list(pool.map(lambda end, how=ending: tried(how, *end), ends))
        faulty = sum(bool(trial.faults) for trial in trials)
        bad = bad or faulty > 0
        counts = collections.Counter(trial.step for trial in trials)
        told = ", ".join(f"{step} {counts[step]}" for step in steps if counts[step])
        print(f"| {name} | {len(trials)} | {faulty} | {told} |", flush=True)
    return int(bad)


if __name__ == "__main__":
    sys.exit(main())
