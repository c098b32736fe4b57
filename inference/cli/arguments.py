"""What can be typed: commands, options and their help."""

import argparse
import math
from pathlib import Path
from typing import get_args

from inference.cases.settings import DEFAULT_FORMATS
from inference.export import FORMATS
from inference.model.bundled import DEFAULT_MODEL, bundled_models
from inference.model.sessions import Precision
from inference.system.budget import parse_bytes
from inference.values.vertebra_names import parse_name
from inference.version import version_text
from inference.windows.grid import DEFAULT_MODE, Mode

MOST_THREADS = 1024
"""More processor threads than any computer has; making many more would exhaust it."""

EPILOG = """\
exit codes:
  0 done                      5 the memory limit cannot be kept
  1 a fault of the program    6 model refused
  2 wrong usage               7 output cannot be written
  3 unreadable input        130 cancelled
  4 no usable CT series or mask

For research use, not for diagnosis."""


def build_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line; the chosen command is ``command``."""
    parser = argparse.ArgumentParser(
        prog="spinecontext",
        description="Finds the spine in a CT and writes it as a mask and a surface.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=version_text())
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    segment = commands.add_parser("segment", help="segment one CT")
    segment.add_argument("input", type=typed_path, metavar="INPUT", help=INPUT_HELP)
    segment.add_argument("--series", metavar="UID", help="the series to use, as 'info' lists them")
    segment.add_argument("--out", type=typed_path, required=True, metavar="DIR", help=OUT_HELP)
    segment.add_argument(
        "--name",
        dest="names",
        type=_name,
        action="append",
        default=[],
        metavar="NAME=N",
        help="the name of the Nth vertebra from the head, such as L1=3; all others follow. A "
        "second name tells of a T13 or of no T12 (implies --vertebrae)",
    )
    _add_reading_options(segment)
    _add_run_options(segment)

    batch = commands.add_parser(
        "batch", help="segment many CTs, continuing after a bad one; finished cases are skipped"
    )
    batch.add_argument("inputs", type=typed_path, nargs="+", metavar="INPUT", help=INPUT_HELP)
    batch.add_argument("--out", type=typed_path, required=True, metavar="DIR", help=OUT_HELP)
    batch.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="hand the cases to a Dask cluster, such as tcp://host:8786, whose workers see the "
        "same folders (extra 'cluster')",
    )
    _add_reading_options(batch)
    _add_run_options(batch)

    demo = commands.add_parser("demo", help="segment the bundled phantom")
    demo.add_argument(
        "--out", type=typed_path, default=Path("spinecontext_demo"), metavar="DIR", help=OUT_HELP
    )
    _add_run_options(demo)

    info = commands.add_parser(
        "info", help="list the series in an input, and whether each can be used"
    )
    info.add_argument("input", type=typed_path, metavar="INPUT", help=INPUT_HELP)
    _add_output_options(info)

    models = commands.add_parser(
        "models", help="list the bundled models, with Dice, time and licence"
    )
    _add_output_options(models)

    compare = commands.add_parser(
        "compare", help="say how well two masks of one CT agree: Dice, HD95 and volumes"
    )
    compare.add_argument("mask", type=typed_path, metavar="MASK", help=MASK_HELP)
    compare.add_argument(
        "other", type=typed_path, metavar="OTHER", help="another mask of the same CT"
    )
    _add_output_options(compare)

    check = commands.add_parser(
        "check-model", help="check an ONNX file against the contract for models"
    )
    check.add_argument("model", metavar="NAME|PATH", help="a bundled model or an ONNX file")
    _add_output_options(check)
    return parser


INPUT_HELP = "a DICOM folder, DICOM file, DICOMDIR, zip or tar archive, NIfTI, NRRD or MHA file"
MASK_HELP = "a NIfTI, NRRD or MHA file or a DICOM segmentation; any structure in it counts"
OUT_HELP = "folder for the results; it is made if absent, and files of the same name are replaced"


def _add_reading_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--hu-offset",
        type=_hu,
        metavar="HU",
        help="what must be added to the values to make HU of them, such as -1024; 0 says that they "
        "are HU whatever they look like (default: values that cannot be HU are refused)",
    )


def _add_run_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--format",
        dest="formats",
        type=_formats,
        default=DEFAULT_FORMATS,
        metavar="NAMES",
        help=f"what to write, separated by commas, of {', '.join(FORMATS)} "
        f"(default: {','.join(DEFAULT_FORMATS)})",
    )
    parser.add_argument(
        "--vertebrae",
        action="store_true",
        help="tell the vertebrae apart too: a label map, beside it what --format asks for, and a "
        "table in the report; counted from the head until one is named",
    )
    parser.add_argument(
        "--vertebra-stl",
        dest="surfaces",
        action="store_true",
        help="a surface of each vertebra as STL (implies --vertebrae)",
    )
    parser.add_argument(
        "--mode",
        choices=get_args(Mode),
        default=DEFAULT_MODE,
        help="follow: find the spine, then look along it (default); "
        "full: the published sliding window over the whole volume",
    )
    parser.add_argument(
        "--model",
        default=DEFAULT_MODEL,
        metavar="NAME|PATH",
        help="a bundled model, as 'models' lists them, or an ONNX file under the contract; "
        f"bundled: {', '.join(bundled_models())}",
    )
    parser.add_argument(
        "--threads",
        type=_threads,
        default=0,
        metavar="N",
        help="processor threads to use (default: one per core)",
    )
    parser.add_argument(
        "--precision",
        choices=get_args(Precision),
        default="float32",
        help="bfloat16: two to three times as fast on processors that have it, and a few "
        "voxels at the spine's edge differ; float32: the same mask everywhere (default)",
    )
    parser.add_argument(
        "--max-ram",
        type=_bytes,
        metavar="SIZE",
        help="memory that the run may hold, such as 2GiB; it is planned for before anything is "
        "read (default: no limit; a whole trunk of 2000 slices took 0.7GiB)",
    )
    _add_output_options(parser)


def _add_output_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object a line, for machines"
    )
    parser.add_argument(
        "--verbose",
        action="store_true",
        help="show what is logged as well: figures, and where in the code an error came from",
    )


def typed_path(text: str) -> Path:
    """A path as it was typed.

    Raises:
        ArgumentTypeError: it is empty, as of a variable that was never set. Python would take that
            for the current folder, and so read or write what nobody named.
    """
    if not text:
        raise argparse.ArgumentTypeError("the path is empty; write . for the current folder")
    return Path(text)


def _formats(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip().lower() for name in text.split(",") if name.strip()))
    unknown = [name for name in names if name not in FORMATS]
    if unknown or not names:
        raise argparse.ArgumentTypeError(
            f"unknown format {', '.join(unknown) or repr(text)}; choose from {', '.join(FORMATS)}"
        )
    return names


def _name(text: str) -> tuple[int, int]:
    try:
        return parse_name(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _bytes(text: str) -> int:
    try:
        return parse_bytes(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _hu(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise argparse.ArgumentTypeError(f"{text} is no number of HU; write it like -1024")
    return number


def _threads(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_THREADS:
        raise argparse.ArgumentTypeError(f"the number of threads must be 1 to {MOST_THREADS}")
    return int(text)
