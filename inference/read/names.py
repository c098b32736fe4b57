"""What results are named after."""

from collections.abc import Sequence
from pathlib import Path

from inference.read.images import ENDINGS

DICOMDIR = "DICOMDIR"
"""Name of the directory file on DICOM media; its folder holds the slices (DICOM PS3.10 8.6)."""


def input_name(path: Path) -> str:
    """What results are named after: the last part of the path, without its ending.

    A DICOMDIR gives the name of its folder.
    """
    if path.name.upper() == DICOMDIR:
        path = path.parent
    name = path.resolve().name
    if path.is_dir():
        return name
    for ending in (*sorted(ENDINGS, key=len, reverse=True), ".zip", ".dcm"):
        if name.lower().endswith(ending) and len(name) > len(ending):
            return name[: -len(ending)]
    return name


def distinct_names(inputs: Sequence[Path]) -> tuple[str, ...]:
    """A result name for each input, none twice.

    Inputs of one name, such as ``a/CT`` and ``b/CT``, take their parent folder's in front; what
    is still the same, such as one input given twice, is numbered.
    """
    names = [input_name(path) for path in inputs]
    names = [
        f"{path.resolve().parent.name}_{name}" if names.count(name) > 1 else name
        for path, name in zip(inputs, names, strict=True)
    ]
    return tuple(
        f"{name}_{names[: i + 1].count(name)}" if names.count(name) > 1 else name
        for i, name in enumerate(names)
    )
