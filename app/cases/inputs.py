"""Which inputs are meant by what the user dropped or chose."""

import os
import sys
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QMimeData, QUrl

ALONE = (
    *(".zip", ".tar", ".tgz", ".tbz", ".tbz2", ".txz", ".7z", ".rar"),
    *(".gz", ".bz2", ".xz", ".nii", ".hdr", ".nrrd", ".nhdr", ".mha", ".mhd"),
)
"""Endings, in lower case, of files that are complete inputs by themselves."""


def dropped_paths(data: QMimeData) -> list[Path]:
    """The local files and folders in a drop; anything else is ignored."""
    return [_local_path(url) for url in data.urls() if url.isLocalFile()]


def _local_path(url: QUrl) -> Path:
    """The file of a URL byte for byte; Qt would replace bytes that are not UTF-8."""
    if sys.platform == "win32":
        return Path(url.toLocalFile())
    encoded = url.path(QUrl.ComponentFormattingOption.FullyEncoded)
    return Path(os.fsdecode(unquote_to_bytes(encoded)))


def distinct_inputs(paths: Sequence[Path]) -> list[Path]:
    """One path for each input: single slices stand for their folder."""
    inputs: list[Path] = []
    slices = [path for path in paths if path.is_file() and not is_whole_input(path)]
    for path in paths:
        meant = path.parent if path in slices and len(slices) > 1 else path
        if meant not in inputs:
            inputs.append(meant)
    return inputs


def is_whole_input(file: Path) -> bool:
    """Whether the file, by its name, is a whole CT and not a slice of one."""
    return file.suffix.lower() in ALONE


def demo_ct() -> Path:
    """The bundled phantom."""
    return Path(str(resources.files("assets"))) / "phantom" / "phantom_ct.nii.gz"
