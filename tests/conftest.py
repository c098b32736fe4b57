"""What all tests share: nothing of theirs gets among the user's own files."""

import pytest


@pytest.fixture(autouse=True, scope="session")
def _state_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Logs of the tests, and of programs that they start, in a folder of theirs."""
    folder = str(tmp_path_factory.mktemp("state"))
    patch = pytest.MonkeyPatch()
    for variable in ("XDG_STATE_HOME", "LOCALAPPDATA"):
        patch.setenv(variable, folder)
