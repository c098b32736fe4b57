"""The same commit gives the same payload, file for file."""

import subprocess
from pathlib import Path

import pytest

from installer.manifest import LIST_NAME, differences

BUILD_PYTHON = Path("build/linux/venv/bin/python")


@pytest.mark.skipif(not BUILD_PYTHON.exists(), reason="the packages were built elsewhere")
def test_a_second_build_gives_the_payload_of_the_package(deb: Path, tmp_path: Path) -> None:
    packed = tmp_path / "packed"
    subprocess.run(["dpkg-deb", "--extract", str(deb), str(packed)], check=True)
    command = [str(BUILD_PYTHON), "-m", "installer.linux", "--payload-only"]
    subprocess.run([*command, "--build", str(tmp_path / "again")], check=True)
    first = packed / "usr/lib/spinecontext"
    second = tmp_path / "again/payload/spinecontext"
    assert differences(first, second) == ()
    assert (first / LIST_NAME).read_bytes() == (second / LIST_NAME).read_bytes()
