"""How many small changes of planning, geometry and masks the tests notice, as Markdown.

    python -m tests.benchmarks.mutation
    python -m tests.benchmarks.mutation inference/windows/grid.py --sample 100

cosmic-ray (extra ``mutation``) changes one number, comparison or sign at a time in a copy of the
code; then the module's own tests run. A seeded sample of the changes of each module is tried. What
survives is listed below the table: either a test is missing, or the change makes no difference.
"""

import argparse
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
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
"""The modules that plan, place and mark, each with the tests that hold it."""

COPIED = ("inference", "assets", "tests", "pyproject.toml")

SKIPPED_OPERATORS = (
    "BinaryOperator_.*_(BitAnd|BitOr|BitXor|LShift|RShift|Pow|Mod|FloorDiv)$",
    "BinaryOperator_(Add|Sub)_(Mul|Div)$",
    "BinaryOperator_(Mul|Div)_(Add|Sub)$",
    "BinaryOperator_BitOr_",
    "ComparisonOperator_.*_(Is|IsNot)$",
    "RemoveDecorator",
    "ExceptionReplacer",
)
"""Changes that nobody makes by mistake, or that only say the same again."""

TIMEOUT_S = 180
"""For the tests of one module, which take a few seconds on a quiet machine."""

SAMPLE = 30
"""Changes tried of each module."""

SEED = 15


@dataclass(frozen=True)
class Outcome:
    """How the tests of one module did.

    Attributes:
        possible: the changes that could have been tried.
        survivors: the changes that no test noticed: line, kind and place of each.
    """

    module: str
    possible: int
    tried: int
    survivors: tuple[str, ...]

    @property
    def noticed(self) -> int:
        """How many of the changes some test noticed."""
        return self.tried - len(self.survivors)


def outcome(module: str, root: Path, sample: int, seed: int) -> Outcome:
    """Change one module in some ways, one at a time, and run its tests.

    Args:
        root: a copy of the project, which is changed on the way.
        sample: how many changes to try.
        seed: decides which ones.
    """
    session, config = root / "session.sqlite", root / "cosmic-ray.toml"
    command = f"{sys.executable} -m pytest -x -q -p no:cacheprovider {TESTS[module]}"
    skipped = ", ".join(f"'.*{name}'" for name in SKIPPED_OPERATORS)
    config.write_text(
        f"[cosmic-ray]\nmodule-path = '{module}'\ntimeout = {TIMEOUT_S}.0\nexcluded-modules = []\n"
        f"test-command = '{command}'\n[cosmic-ray.distributor]\nname = 'local'\n"
        f"[cosmic-ray.filters.operators-filter]\nexclude-operators = [{skipped}]\n",
        encoding="utf-8",
    )
    session.unlink(missing_ok=True)
    environment = {**os.environ, "PYTHONPATH": str(root)}

    def use(tool: str, *arguments: Path) -> None:
        words = [sys.executable, "-m", tool, *map(str, arguments)]
        subprocess.run(words, check=True, cwd=root, env=environment, stderr=subprocess.DEVNULL)

    use("cosmic_ray.cli", "init", config, session)
    use("cosmic_ray.tools.filters.operators_filter", session, config)
    possible = _thin_out(session, sample, seed)
    use("cosmic_ray.cli", "exec", config, session)
    with closing(sqlite3.connect(session)) as rows:
        found = rows.execute(
            "select operator_name, start_pos_row, start_pos_col, test_outcome "
            "from work_results join mutation_specs using (job_id) "
            "where worker_outcome = 'NORMAL' order by start_pos_row"
        ).fetchall()
    alive = tuple(
        f"{module}:{row}:{column} {operator.removeprefix('core/')}"
        for operator, row, column, result in found
        if result == "SURVIVED"
    )
    return Outcome(module, possible, len(found), alive)


def _thin_out(session: Path, sample: int, seed: int) -> int:
    """Leave a sample of the planned changes in a session; how many there were."""
    with closing(sqlite3.connect(session)) as rows:
        planned = [
            job
            for (job,) in rows.execute(
                "select job_id from mutation_specs where job_id not in "
                "(select job_id from work_results) "
                "order by start_pos_row, start_pos_col, operator_name, occurrence"
            )
        ]
        kept = random.Random(seed).sample(planned, min(sample, len(planned)))
        for job in set(planned) - set(kept):
            for name in ("mutation_specs", "work_items"):
                rows.execute(f"delete from {name} where job_id = ?", (job,))
        rows.commit()
    return len(planned)


def table(outcomes: list[Outcome]) -> Iterator[str]:
    """Markdown: a row for each module, and what survived."""
    yield "| module | possible changes | tried | noticed | score |"
    yield "| --- | --- | --- | --- | --- |"
    for one in outcomes:
        share = one.noticed / max(1, one.tried)
        yield f"| `{one.module}` | {one.possible} | {one.tried} | {one.noticed} | {share:.0%} |"
    possible = sum(one.possible for one in outcomes)
    tried, noticed = sum(o.tried for o in outcomes), sum(o.noticed for o in outcomes)
    yield f"| all | {possible} | {tried} | {noticed} | {noticed / max(1, tried):.0%} |"
    yield ""
    yield from (f"    {survivor}" for one in outcomes for survivor in one.survivors)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Count the changes that tests notice.")
    parser.add_argument("modules", nargs="*", choices=[*TESTS, []], metavar="MODULE")
    parser.add_argument("--sample", type=int, default=SAMPLE, help="changes tried of each module")
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    modules = options.modules or list(TESTS)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name in COPIED:
            copy = shutil.copytree if Path(name).is_dir() else shutil.copy
            copy(name, root / name)
        outcomes = []
        for module in modules:
            print(module, file=sys.stderr, flush=True)
            outcomes.append(outcome(module, root, options.sample, options.seed))
            print("\n".join(table(outcomes[-1:])), file=sys.stderr, flush=True)
    print("\n".join(table(outcomes)))


if __name__ == "__main__":
    main()
