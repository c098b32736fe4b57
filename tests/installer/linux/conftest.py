"""The machine that the built packages are tried on.

``make linux-installer-test`` names the folder of the packages in ``INSTALLERS``; without that,
these tests are skipped.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.installer.linux.machine import Machine, copy_of, make_bare, scratch_folder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip without packages or without the rights to make a machine."""
    if "INSTALLERS" not in os.environ:
        reason = "needs the built packages: make linux-installer-test"
    elif os.geteuid() != 0:
        reason = "needs root, for debootstrap and chroot"
    else:
        return
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    """A bare Debian 12 for the tests of one module."""
    bare = Path(os.environ.get("BARE_DEBIAN", "build/tests/bare-debian"))
    make_bare(bare)
    with scratch_folder() as folder:
        yield copy_of(bare, Path(folder) / "root")
