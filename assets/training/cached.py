"""Arrays that were made once and are kept in a folder beside the data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np


def keep(path: Path, **arrays: Any) -> None:
    """Write NumPy arrays compressed under their names, never half of them.

    A run may be stopped at any time, and the next one trusts whatever it finds.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        np.savez_compressed(file, **arrays)
    part.replace(path)
