"""Kept arrays: what an interrupted run leaves is never taken for a case."""

from pathlib import Path
from typing import BinaryIO

import numpy as np
import pytest

from assets.training.cached import keep


def test_arrays_are_found_again_under_their_names(tmp_path: Path) -> None:
    place = tmp_path / "new" / "case.npz"
    keep(place, hu=np.arange(4, dtype=np.int16), spine=np.ones((2, 3), np.uint8))
    with np.load(place) as arrays:
        assert arrays["hu"].tolist() == [0, 1, 2, 3]
        assert arrays["spine"].shape == (2, 3)


def test_a_run_that_is_stopped_while_it_writes_keeps_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(file: BinaryIO, hu: object) -> None:
        file.write(str(hu).encode())
        raise KeyboardInterrupt

    monkeypatch.setattr(np, "savez_compressed", stopped)
    with pytest.raises(KeyboardInterrupt):
        keep(tmp_path / "case.npz", hu=np.zeros(4, np.int16))
    assert not (tmp_path / "case.npz").exists()
