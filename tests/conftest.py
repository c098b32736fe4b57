"""What all tests share: nothing of theirs gets among the user's own files, and none is in haste."""

import pytest
from hypothesis import settings

# On a busy machine an example may take any time.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(autouse=True, scope="session")
def _state_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Logs of the tests, and of programs that they start, in a folder of theirs."""
    folder = str(tmp_path_factory.mktemp("state"))
    patch = pytest.MonkeyPatch()
    for variable in ("XDG_STATE_HOME", "LOCALAPPDATA"):
        patch.setenv(variable, folder)
