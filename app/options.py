"""The window's command line options."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

from app.settings.store import LANGUAGES, Settings
from inference.cli.arguments import typed_path
from inference.windows.grid import Mode

SETTINGS_HELP = "they hold until the program ends, and the user cannot change them"


def parse_options(arguments: Sequence[str] | None) -> tuple[list[Path], dict[str, Any]]:
    """The inputs to open, and the settings given, by their names in ``Settings``."""
    parser = _parser()
    found = vars(parser.parse_args(arguments))
    paths: list[Path] = found.pop("paths")
    typed = {name: value for name, value in found.items() if value is not None}
    try:
        Settings(**typed)
    except ValueError as error:
        parser.error(f"{error} cannot be {typed[str(error)]}")
    return paths, typed


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="spinecontext-app",
        description="Look at a CT and find the spine in it. For research use, not for diagnosis.",
    )
    parser.add_argument(
        "paths",
        nargs="*",
        type=typed_path,
        help="DICOM folders, zip archives, NIfTI, NRRD or MHA files",
    )
    fixed = parser.add_argument_group("settings", SETTINGS_HELP)
    fixed.add_argument("--model", metavar="NAME|PATH", help="a bundled model or an ONNX file")
    fixed.add_argument("--mode", choices=get_args(Mode), help="which windows the model sees")
    fixed.add_argument(
        "--max-ram", dest="max_ram_gib", type=float, metavar="GIB", help="memory a run may hold"
    )
    fixed.add_argument("--threads", type=int, metavar="N", help="processor threads")
    fixed.add_argument("--export-folder", metavar="DIR", help="where exports go at first")
    fixed.add_argument(
        "--language", choices=[code for code in LANGUAGES if code], help="of the window"
    )
    return parser
