"""The outcomes of many cases, as one table beside their results."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inference.cases.settings import CaseInput
from inference.export.table import write_csv
from inference.values.messages import sentence, visible
from inference.values.table import Table, decimals

SUMMARY_FILE = "spinecontext_summary.csv"
"""The name of the table in the results folder."""

DONE = sentence("done")
NO_SPINE = sentence("no spine found")
FAILED = sentence("failed")
NOT_RUN = sentence("not run")


@dataclass(frozen=True)
class Outcome:
    """How one case ended.

    Attributes:
        name: the start of its results' file names.
        state: ``DONE``, ``NO_SPINE``, ``FAILED`` or ``NOT_RUN``.
        volume_ml: of the spine; None if no mask was made.
        seconds: how long the run took, with reading and writing; None if it did not finish.
        note: what the user should know about it, or why it failed.
    """

    name: str
    state: str
    volume_ml: float | None = None
    seconds: float | None = None
    note: str = ""


def outcome_of(case: CaseInput, report: Mapping[str, Any]) -> Outcome:
    """The outcome of a case that was finished, now or earlier, taken from its report."""
    volume_ml = report["spine_volume_ml"]
    return Outcome(
        case.name,
        DONE if volume_ml else NO_SPINE,
        volume_ml,
        sum(report["seconds"].values()),
        " ".join((*report["warnings"], *report["notes"])),
    )


def failed_outcome(case: CaseInput, reason: str) -> Outcome:
    """The outcome of a case that failed."""
    return Outcome(case.name, FAILED, note=reason)


def outcomes_table(outcomes: Iterable[Outcome]) -> Table:
    """One row per case."""
    header = (
        sentence("Name"),
        sentence("Outcome"),
        sentence("Volume (mL)"),
        sentence("Time (s)"),
        sentence("Note"),
    )
    rows = (
        (
            visible(one.name),
            one.state,
            decimals(one.volume_ml, 1),
            decimals(one.seconds, 1),
            one.note,
        )
        for one in outcomes
    )
    return Table(header, tuple(rows))


def write_summary(out: Path, table: Table) -> Path:
    """Write the table of all cases into the results folder, replacing an older one.

    Raises:
        OutputError: it cannot be written.
    """
    path = out / SUMMARY_FILE
    write_csv(path, table)
    return path
