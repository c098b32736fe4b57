"""Which build this is: version, commit and date, the same for everyone who builds the commit."""

import json
import os
import subprocess
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class BuildInfo:
    """What a package says about itself.

    Attributes:
        version: as in pyproject.toml.
        commit: the first ten hex digits, with ``+`` behind it if files differ from the commit;
            ``unknown`` outside a git checkout.
        epoch: seconds since 1970 that stand for every time in the package: those of the commit,
            or of ``SOURCE_DATE_EPOCH`` if that is set.
    """

    version: str
    commit: str
    epoch: int

    @property
    def date(self) -> datetime:
        """``epoch`` as a date in UTC."""
        return datetime.fromtimestamp(self.epoch, UTC)

    def write(self, path: Path) -> None:
        """Write it where the installed program looks for it (``inference.version``)."""
        facts = {"version": self.version, "commit": self.commit, "date": f"{self.date:%Y-%m-%d}"}
        path.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")


def read_build_info() -> BuildInfo:
    """The build of the checkout around this file."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        version = tomllib.load(file)["project"]["version"]
    commit = _git("rev-parse", "--short=10", "HEAD") or "unknown"
    if _git("status", "--porcelain", "--untracked-files=no"):
        commit += "+"
    epoch = os.environ.get("SOURCE_DATE_EPOCH") or _git("log", "-1", "--format=%ct") or "0"
    return BuildInfo(version, commit, int(epoch))


def _git(*arguments: str) -> str:
    """Git's output; empty without git or outside a checkout."""
    try:
        answer = subprocess.run(
            ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return answer.stdout.strip()
