"""The built installer and the Wine that it is tried on.

``make windows-installer-test`` names the folder of the installer in ``INSTALLERS``; without that,
these tests are skipped.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.installer.windows.wine import WINE, Wine


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip without the installer or without Wine."""
    if "INSTALLERS" not in os.environ:
        reason = "needs the built installer: make windows-installer-test"
    elif not WINE.exists():
        reason = "needs Debian's wine64"
    else:
        return
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def installer() -> Path:
    (found,) = Path(os.environ["INSTALLERS"]).resolve().glob("*.exe")
    return found


@pytest.fixture(scope="module")
def wine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wine]:
    """A Windows of its own for the tests of one module."""
    windows = Wine(tmp_path_factory.mktemp("wine") / "prefix")
    windows.prepare()
    yield windows
    windows.stop()
