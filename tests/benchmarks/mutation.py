"""Counts how many small changes in planning, geometry and masks the tests catch, as Markdown.

    python -m tests.benchmarks.mutation
    python -m tests.benchmarks.mutation inference/windows/grid.py --sample 100

cosmic-ray (extra ``mutation``) changes one number, comparison or sign at a time in a copy of the
code; then the tests of that module run. A seeded sample of the changes to each module is tried.
The survivors are listed below the table: either a test is missing, or the change makes no
difference.

Each change is tried in a process forked from one that has loaded the libraries, because loading
them takes longer than most tests. This is why Linux or macOS is needed.
"""

import argparse
import importlib
import os
import random
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

TESTS: Mapping[str, str] = {
    "inference/values/geometry.py": "tests/values",
    "inference/windows/grid.py": "tests/windows/test_grid.py",
    "inference/windows/blending.py": "tests/windows/test_sliding.py",
    "inference/localize/body.py": "tests/localize/test_body.py",
    "inference/localize/route.py": "tests/localize/test_route.py",
    "inference/mask/components.py": "tests/mask/test_components.py",
    "inference/mask/threshold.py": "tests/mask/test_threshold.py",
}
"""The modules for planning, geometry and masks, each with its tests."""

LIBRARIES = ("numpy", "SimpleITK", "onnxruntime", "pytest", "hypothesis", "hypothesis.extra.numpy")
"""Loaded once. No project code is among them, so that each process loads the changed code."""

COPIED = ("inference", "assets", "tests", "pyproject.toml")

SKIPPED_OPERATORS = re.compile(
    "BinaryOperator_.*_(BitAnd|BitOr|BitXor|LShift|RShift|Pow|Mod|FloorDiv)$"
    "|BinaryOperator_(Add|Sub)_(Mul|Div)$"
    "|BinaryOperator_(Mul|Div)_(Add|Sub)$"
    "|BinaryOperator_BitOr_"
    "|ComparisonOperator_.*_(Is|IsNot)$"
    "|RemoveDecorator"
    "|ExceptionReplacer"
)
"""Changes that nobody makes by mistake, or that duplicate others."""

SAFEGUARD = re.compile(r"(strict|frozen|eq)=$")
"""Precedes a True or False that only guards against mistakes in other code."""

KEYWORDS_ONLY = "*,"
"""A line of a signature, in which cosmic-ray takes the asterisk for a multiplication."""

TIMEOUT_S = 300
"""For the tests of one module, which take a few seconds on a quiet machine. A change that makes
them exceed it counts as caught."""

SAMPLE = 20
"""Changes tried per module."""

SEED = 15

POLL_S = 0.1


@dataclass(frozen=True)
class Change:
    """One change to a module.

    Attributes:
        occurrence: index of the place where the operator applies, from 0.
        line, column: position of that place.
    """

    operator: str
    occurrence: int
    line: int
    column: int


@dataclass(frozen=True)
class Outcome:
    """The result for one module.

    Attributes:
        possible: the changes that could have been tried.
        survivors: line and kind of each change that no test caught.
    """

    module: str
    possible: int
    tried: int
    survivors: tuple[str, ...]

    @property
    def caught(self) -> int:
        """Number of changes that at least one test caught."""
        return self.tried - len(self.survivors)


def possible_changes(source: str) -> Iterator[Change]:
    """All possible changes to the code of a module."""
    from cosmic_ray import plugins
    from cosmic_ray.ast import ast_nodes, get_ast

    tree, lines = get_ast(source), source.splitlines()
    for name in plugins.operator_names():
        operator_class = plugins.get_operator(name)
        if operator_class.arguments() or SKIPPED_OPERATORS.search(name):
            continue
        operator = operator_class()
        places = (at for node in ast_nodes(tree) for at in operator.mutation_positions(node))
        for occurrence, ((line, column), _) in enumerate(places):
            text = lines[line - 1]
            if text.strip() == KEYWORDS_ONLY or SAFEGUARD.search(text[:column]):
                continue
            yield Change(name, occurrence, line, column)


def outcome(module: str, root: Path, sample: int, seed: int) -> Outcome:
    """Try a sample of changes to one module, one at a time, and run its tests.

    Args:
        root: a copy of the project, which is changed temporarily.
        sample: how many changes to try.
        seed: of the sample.

    Raises:
        RuntimeError: the tests fail even without a change.
    """
    from cosmic_ray import plugins
    from cosmic_ray.mutating import mutate_code

    path = root / module
    source = path.read_text(encoding="utf-8")
    if not passes(root, TESTS[module]):
        raise RuntimeError(f"{TESTS[module]} fails as it is")
    possible = list(possible_changes(source))
    chosen = random.Random(seed).sample(possible, min(sample, len(possible)))
    alive = []
    for change in sorted(chosen, key=lambda one: (one.line, one.column)):
        operator = plugins.get_operator(change.operator)()
        path.write_text(mutate_code(source, operator, change.occurrence), encoding="utf-8")
        if passes(root, TESTS[module]):
            kind = change.operator.removeprefix("core/")
            alive.append(f"{module}:{change.line}:{change.column} {kind}")
            print(f"  survived: {alive[-1]}", file=sys.stderr, flush=True)
    path.write_text(source, encoding="utf-8")
    return Outcome(module, len(possible), len(chosen), tuple(alive))


def passes(root: Path, tests: str) -> bool:
    """Whether tests pass in a copy of the project, in a separate process."""
    child = os.fork()
    if child == 0:
        os._exit(_run_tests(root, tests))
    end = time.monotonic() + TIMEOUT_S
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status) == 0
        time.sleep(POLL_S)
    os.kill(child, 9)
    os.waitpid(child, 0)
    return False


def _run_tests(root: Path, tests: str) -> int:
    """Run pytest in this process and return its exit code."""
    import pytest

    here = str(Path.cwd())
    os.chdir(root)
    os.environ["PYTHONPATH"] = str(root)
    sys.path[:] = [str(root), *(one for one in sys.path if one not in ("", here))]
    for name in [one for one in sys.modules if one.split(".")[0] == "tests"]:
        del sys.modules[name]  # this module's own package, to be loaded from the copy from here on
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
        return int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", tests]))


def table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """A Markdown table with a row for each module, and the survivors."""
    yield "| module | possible changes | tried | caught | score |"
    yield "| --- | --- | --- | --- | --- |"
    for one in outcomes:
        share = one.caught / max(1, one.tried)
        yield f"| `{one.module}` | {one.possible} | {one.tried} | {one.caught} | {share:.0%} |"
    possible = sum(one.possible for one in outcomes)
    tried, caught = sum(o.tried for o in outcomes), sum(o.caught for o in outcomes)
    yield f"| all | {possible} | {tried} | {caught} | {caught / max(1, tried):.0%} |"
    yield ""
    yield from (f"    {survivor}" for one in outcomes for survivor in one.survivors)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Count the changes that tests catch.")
    parser.add_argument("modules", nargs="*", choices=[*TESTS, []], metavar="MODULE")
    parser.add_argument("--sample", type=int, default=SAMPLE, help="changes tried per module")
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    for library in LIBRARIES:
        importlib.import_module(library)
    outcomes = []
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name in COPIED:
            copy = shutil.copytree if Path(name).is_dir() else shutil.copy
            copy(name, root / name)
        sys.dont_write_bytecode = True
        for module in options.modules or TESTS:
            print(module, file=sys.stderr, flush=True)
            outcomes.append(outcome(module, root, options.sample, options.seed))
            print("\n".join(table(outcomes[-1:])), file=sys.stderr, flush=True)
    print("\n".join(table(outcomes)))


if __name__ == "__main__":
    main()
