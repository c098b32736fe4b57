"""Rewrites the tables in BENCHMARKS.md, each with the command shown above it.

    python -m tests.benchmarks.figures ../shared/ct                all tables
    python -m tests.benchmarks.figures ../shared/ct speed rate     only these

A table is enclosed by two comments. The first gives its name and its command, in which ``DATA``
stands for the folder of the real CTs::

    <!-- figures rate: python -m tests.benchmarks.rate -->
    <!-- end of figures -->

Above each table, the command is written as a reader can type it, with the versions of the models,
the processor, and how busy it was before. If a command fails, its old table stays.
"""

import argparse
import os
import platform
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from inference.model.bundled import DEFAULT_MODEL, FINDER_MODEL
from inference.model.loading import load_model

PAGE = Path("BENCHMARKS.md")

BLOCK = re.compile(
    r"<!-- figures (?P<name>[\w-]+): (?P<command>.+?) -->\n(?P<body>.*?)<!-- end of figures -->",
    re.DOTALL,
)

CPU_FACTS = Path("/proc/cpuinfo")


@dataclass(frozen=True)
class Figures:
    """One table on the page.

    Attributes:
        command: with ``DATA`` for the folder of the real CTs.
        body: everything between the two comments.
    """

    name: str
    command: str
    body: str

    def written(self, body: str) -> str:
        """The block with a new body."""
        return f"<!-- figures {self.name}: {self.command} -->\n{body}<!-- end of figures -->"


def blocks(page: str) -> Iterator[Figures]:
    """The tables on a page, from the top."""
    for found in BLOCK.finditer(page):
        yield Figures(found["name"], found["command"], found["body"])


def versions() -> str:
    """The models that the figures belong to."""
    cards = [load_model(name).card for name in (DEFAULT_MODEL, FINDER_MODEL)]
    return ", ".join(f"{card.name} {card.version}" for card in cards)


def heading(command: str) -> str:
    """The text above a table: its command, models, machine and date."""
    day = datetime.now(UTC).strftime("%Y-%m-%d")
    return f"`{command}`\n({versions()}; {_machine()}; {day})\n"


def _machine() -> str:
    model = platform.processor() or platform.machine()
    if CPU_FACTS.exists():
        names = re.findall(r"^model name\s*: (.+)$", CPU_FACTS.read_text(), re.MULTILINE)
        model = names[0] if names else model
    busy = f", load average {os.getloadavg()[0]:.1f} before" if hasattr(os, "getloadavg") else ""
    return f"{os.cpu_count()} cores of {model}{busy}"


def run(figures: Figures, data: Path) -> str:
    """Run the command and return the block with the new figures.

    Raises:
        subprocess.CalledProcessError: the command failed.
    """
    command = figures.command.replace("DATA", data.as_posix())
    words = [sys.executable if word == "python" else word for word in shlex.split(command)]
    out = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout
    return figures.written(f"\n{heading(command)}\n{out.strip()}\n\n")


def main() -> int:
    """Rewrite the chosen tables in turn; return 1 if a command failed."""
    parser = argparse.ArgumentParser(description="Rewrite the tables in BENCHMARKS.md.")
    parser.add_argument("data", type=Path, help="folder of the real CT")
    parser.add_argument("names", nargs="*", help="tables to write; all by default")
    options = parser.parse_args()
    failed = 0
    for figures in blocks(PAGE.read_text(encoding="utf-8")):
        if options.names and figures.name not in options.names:
            continue
        print(figures.name, flush=True)
        try:
            block = run(figures, options.data)
        except subprocess.CalledProcessError as error:
            print(f"  {error}", flush=True)
            failed = 1
            continue
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(page.replace(figures.written(figures.body), block), encoding="utf-8")
    return failed


if __name__ == "__main__":
    sys.exit(main())
