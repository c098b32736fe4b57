"""The lock files name everything that is shipped, with hashes."""

import re
from pathlib import Path

import pytest

LOCKS = sorted(Path("installer/locks").glob("*.txt"))
PYTHON_LOCKS = [lock for lock in LOCKS if not lock.name.startswith("debian-")]
REQUIREMENT = re.compile(r"^([\w.-]+)==\S+(.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("lock", PYTHON_LOCKS, ids=lambda lock: lock.stem)
def test_every_package_has_one_version_and_a_hash(lock: Path) -> None:
    found = REQUIREMENT.findall(lock.read_text(encoding="utf-8"))
    assert found
    names = [name for name, _ in found]
    assert len(names) == len(set(names))
    assert [name for name, rest in found if "--hash=sha256:" not in rest] == []


@pytest.mark.parametrize("lock", PYTHON_LOCKS, ids=lambda lock: lock.stem)
def test_nothing_is_shipped_that_sends_usage_figures(lock: Path) -> None:
    names = [name for name, _ in REQUIREMENT.findall(lock.read_text(encoding="utf-8"))]
    assert [name for name in names if "telemetry" in name or "analytics" in name] == []
