"""Closes, terminates or kills the real window at random moments of a session.

    python -m tests.benchmarks.survival.window --closes 200 --kills 200

Closing the window and SIGTERM (not on Windows) must lead to exit code 0 and leave no process,
scratch file, hidden folder or partial result. After the window is killed, the next start must have
removed all of these. After the engine is killed, the window must say so once, continue with
another engine to the end of the session, and write all results. A trial that comes too late is
repeated with an earlier moment.
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
"""Time limit for a step or for ending on a busy machine."""

ENGINE_STEPS = ("run", "queue runs", "queue writes")
"""Steps in which an engine is working; in the last one, on the second case."""

ENGINE_POLL_SECONDS = 0.01

if sys.platform == "win32":
    KILLED = 1
    """Exit code of a killed process; that of the engine is reported by psutil."""
    ENGINE_ENDED = "with details: The run stopped unexpectedly"
else:
    KILLED = -signal.SIGKILL
    ENGINE_ENDED = "with details: The system ended the run"

ORPHAN_SECONDS = 10.0
"""Time within which the processes of a killed window must have ended."""


@dataclass(frozen=True)
class Trial:
    """One trial of ending a window.

    Attributes:
        step: the step of the session in which it was ended.
        after: seconds after the step had begun.
        faults: descriptions of what went wrong; empty if nothing did.
    """

    step: str
    after: float
    faults: tuple[str, ...]


Ending = Callable[[Place, str, float], Sequence[str]]
"""Ends a window in a step after some seconds, and returns what went wrong.

Raises:
    MissedError: there was nothing to end.
"""


def lasting(steps: Sequence[str], *story_options: str) -> Mapping[str, float]:
    """Seconds that each step of an undisturbed session takes."""
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
    """The user closes the window during less common actions."""
    return _ended(place, place.act("--aside", "--end", step, "--after", str(after)))


def told_to_end(place: Place, step: str, after: float) -> Sequence[str]:
    """The system asks the window to end, whatever dialog is open."""
    story = _story_until(place, step, after)
    story.send_signal(signal.SIGTERM)
    return _ended(place, story)


def window_killed(place: Place, step: str, after: float) -> Sequence[str]:
    """The window is killed, and another one is started."""
    story = _story_until(place, step, after)
    story.kill()
    if story.wait() != KILLED:
        raise MissedError
    faults = [] if place.all_ended(ORPHAN_SECONDS) else ["a process outlived the window"]
    # A child that was just being started says with a traceback that its parent is gone.
    place.forget_what_was_said()
    return [*faults, *_ended(place, place.act("--end", "open"))]


def engine_killed(place: Place, step: str, after: float) -> Sequence[str]:
    """The engine is killed, and the session continues to its end."""
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
        raise MissedError  # it had finished its work and was ending
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
    """A session that began a step this many seconds ago and has not ended.

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
    """Faults of a window that should end now."""
    try:
        story.communicate(timeout=PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        story.kill()
        story.wait()
        return ["it did not end"]
    place.all_ended(1.0)  # multiprocessing's own helper process ends just after the window
    said = (place.folder / "stderr").read_text()
    code = [f"exit code {story.returncode}"] if story.returncode else []
    return [*code, *place.leftovers(), *(["a traceback"] if "Traceback" in said else [])]


def tried(ending: Ending, step: str, after: float) -> Trial:
    """End one window; print any faults with the output of the window."""
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
    """A number of random moments in random steps."""
    chance = random.Random(seed)
    chosen = chance.choices(steps, k=count)
    return [(step, chance.uniform(0.0, seconds[step])) for step in chosen]


def main(arguments: Sequence[str] | None = None) -> int:
    """Try all endings and print a table of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--closes", type=int, default=200)
    parser.add_argument("--asides", type=int, default=50, help="closes during less common actions")
    parser.add_argument("--terms", type=int, default=50)
    parser.add_argument("--kills", type=int, default=200, help="half of them kill the engine")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--at-once", type=int, default=1, help="windows at the same time")
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
