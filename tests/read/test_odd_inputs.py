"""The odd inputs that users of other programs reported, as ``../shared/odd_inputs`` writes them."""

import subprocess
import sys
from pathlib import Path

import pytest

from inference.errors import SpineContextError
from inference.read import list_series, open_ct, recommend

MAKE = Path(__file__).parents[3] / "shared/odd_inputs/make.py"

pytestmark = pytest.mark.skipif(not MAKE.exists(), reason="../shared/odd_inputs is not here")

ROWS = [path.stem for path in sorted(MAKE.parent.glob("[0-9]*.py"))]


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a folder for each row."""
    folder = tmp_path_factory.mktemp("odd")
    subprocess.run([sys.executable, MAKE, folder], check=True, capture_output=True)
    return folder


@pytest.mark.parametrize("row", ROWS)
def test_what_info_says_of_each_is_what_reading_does(odd: Path, row: str) -> None:
    made = sorted((odd / row).iterdir())
    for path in made if all(one.suffix != ".raw" for one in made) else made[:1]:
        try:
            found = list_series(path)
        except SpineContextError:
            found = ()
        best = recommend(found)
        try:
            volume = open_ct(path)
        except SpineContextError:
            assert best is None, path.name
            continue
        assert best is not None, path.name
        assert set(best.warnings) <= set(volume.warnings), path.name
        for series in found:
            if series.usable:
                open_ct(path, series_uid=series.uid)
            else:
                with pytest.raises(SpineContextError):
                    open_ct(path, series_uid=series.uid)
