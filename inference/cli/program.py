"""The command line as a program: from what was typed to the exit code."""

from collections.abc import Sequence

from inference.cli.arguments import build_parser
from inference.cli.commands import run_command
from inference.cli.console import open_console
from inference.errors import CancelledError, OutOfMemoryError, SpineContextError
from inference.system.logs import LOGGER, as_defect, logging_to_file
from inference.system.quiet import quiet_itk, quiet_libraries
from inference.system.scratch import remove_stale_folders
from inference.values.progress import CancelCheck, stop_if


def run_program(arguments: Sequence[str], cancel: CancelCheck) -> int:
    """Run one command and return its documented exit code."""
    quiet_libraries()
    options = build_parser().parse_args(arguments)
    with logging_to_file(options.verbose):
        console = open_console(options.json)
        try:
            quiet_itk()
            remove_stale_folders()
            stop_if(cancel)
            return run_command(options, console, cancel)
        except SpineContextError as error:
            LOGGER.info("ended with %s", error)
            failure = error
        except KeyboardInterrupt:
            failure = CancelledError("Cancelled. Nothing was written.")
        except MemoryError:
            LOGGER.exception("the memory is full")
            failure = OutOfMemoryError()
        except Exception as error:  # whatever it is, it gets a sentence and a documented exit code
            LOGGER.exception("a defect")
            failure = as_defect(error)
        console.error(failure)
        return failure.exit_code
