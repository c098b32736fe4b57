"""Lets files be written without holding up the window: some of them in a child process."""

from typing import TYPE_CHECKING, BinaryIO

from PySide6.QtCore import QCoreApplication

from app.work.array_pipe import receive_content, send_array
from app.work.child import child_process
from app.work.engine_process import facts_but
from app.work.writing_process import Written, write
from inference.errors import SpineContextError
from inference.values.progress import CancelCheck

if TYPE_CHECKING:
    from inference.export import Writer
    from inference.export.dicomseg import DicomSegWriter


def perform_apart(writer: "Writer", file: BinaryIO, cancel: CancelCheck) -> None:
    """Let a writer write; one of a DICOM segmentation in a child process.

    Raises:
        CancelledError: ``cancel`` said so while the child was at work.
        SpineContextError: the child failed, crashed, or was killed by the system.
    """
    from inference.export.dicomseg import DicomSegWriter  # imported here because it is slow to load

    if isinstance(writer, DicomSegWriter):
        file.write(_written_apart(writer, cancel))
    else:
        writer(file)


def _written_apart(writer: "DicomSegWriter", cancel: CancelCheck) -> bytearray:
    content = writer.content
    facts = facts_but(content, "voxels")
    killed = QCoreApplication.translate(
        "writing",
        "The system stopped the writing of the DICOM segmentation, most likely because the "
        "computer ran out of memory. Close other programs and try again.",
    )
    crashed = QCoreApplication.translate(
        "writing",
        "The writing of the DICOM segmentation stopped unexpectedly (exit code {0}). Try again; if "
        "it happens again, choose another format, and please report it with its details.",
    )
    arguments = (type(content), facts, writer.source)
    with child_process(write, arguments, cancel, killed, crashed) as pipe:
        send_array(pipe, content.voxels)
        match pipe.recv():
            case Written():
                return receive_content(pipe)
            case SpineContextError() as error:
                raise error
    raise TypeError("the child sent neither a file nor an error")
