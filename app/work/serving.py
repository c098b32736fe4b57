"""What all child processes of the window do, at their end of the pipe."""

from collections.abc import Callable
from contextlib import suppress

from app.work.array_pipe import PipeEnd
from app.work.parent import end_with_parent
from app.work.priority import give_way_as_child
from inference.errors import OutOfMemoryError, SpineContextError
from inference.system.logs import as_defect, details_of
from inference.system.quiet import quiet_libraries


def serve(window: PipeEnd, work: Callable[[], None]) -> None:
    """Do the work of this process, and send the ``SpineContextError`` that ended it, if any.

    The process ends with its parent, and lets it go first when both need the processor.
    """
    end_with_parent()
    give_way_as_child()
    quiet_libraries()
    try:
        work()
        return
    except (BrokenPipeError, EOFError, ConnectionResetError):
        return  # the window is gone, so there is nobody to tell
    except SpineContextError as error:
        failure = error
    except MemoryError as error:
        failure = OutOfMemoryError(details=details_of(error))
    except Exception as error:  # a traceback stays here; only what may be told is sent
        failure = as_defect(error)
    with suppress(OSError):
        window.send(failure)
