"""The window's entry: ``spinecontext-app`` and ``python -m app [PATHS]``."""

import argparse
import multiprocessing
import sys
from collections.abc import Sequence
from pathlib import Path


def main(arguments: Sequence[str] | None = None) -> int:
    """Show the window, open what was given, and return when it is closed."""
    # In a frozen program, a child process begins here too, and must not show a second window.
    multiprocessing.freeze_support()
    options = _parser().parse_args(arguments)
    # Qt is loaded here, not above: the child process that runs the model imports this module.
    from app.application import create_application
    from app.main_window import MainWindow

    application = create_application()
    window = MainWindow()
    window.show()
    window.open_paths(options.paths)
    return application.exec()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="spinecontext-app",
        description="Look at a CT and find the spine in it. For research use, not for diagnosis.",
    )
    parser.add_argument(
        "paths", nargs="*", type=Path, help="DICOM folders, zip archives, NIfTI, NRRD or MHA files"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
