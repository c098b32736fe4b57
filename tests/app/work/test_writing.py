"""DICOM segmentations are written in a process of their own."""

import io
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import highdicom
import numpy as np
import pytest

from app.work.array_pipe import PART_BYTES, PipeEnd
from app.work.serving import serve
from app.work.writing import perform_apart
from inference import open_ct
from inference.errors import (
    CancelledError,
    DefectError,
    OutputError,
    ScratchDiskError,
    SpineContextError,
    UnreadableInputError,
)
from inference.export.dicomseg import DicomSegWriter
from inference.values.geometry import Geometry
from inference.values.label_map import LabelMap
from inference.values.mask import Mask
from inference.values.progress import never_cancelled
from inference.values.volume import DicomSource, Volume
from tests.read.dicom_factory import head_up_ct, write_series

GEOMETRY = Geometry((24, 20, 12), (0.8, 0.7, 2.5), (-100.5, 20.25, -640.0))

LONG_SERIES = Geometry((512, 512, 48), (0.8, 0.7, 2.5))
"""Its mask has more bits than one message holds."""

pytestmark = pytest.mark.usefixtures("qapp")


def opened(folder: Path, geometry: Geometry) -> tuple[Volume, DicomSource]:
    write_series(folder, head_up_ct(geometry) % 1000, geometry)
    volume = open_ct(folder)
    assert volume.source is not None
    return volume, volume.source


def mask_of(geometry: Geometry) -> Mask:
    voxels = np.zeros(geometry.shape, np.uint8)
    voxels[2:9, 4:14, 5:18] = 1
    return Mask(voxels, geometry)


@pytest.fixture
def writer(tmp_path: Path) -> DicomSegWriter:
    volume, source = opened(tmp_path / "ct", GEOMETRY)
    return DicomSegWriter(mask_of(volume.geometry), source)


def written_apart(writer: DicomSegWriter) -> bytes:
    file = io.BytesIO()
    perform_apart(writer, file, never_cancelled)
    return file.getvalue()


def test_a_mask_is_written_as_it_would_be_here(writer: DicomSegWriter) -> None:
    here = io.BytesIO()
    writer(here)
    apart = written_apart(writer)
    expected, found = (
        highdicom.seg.segread(io.BytesIO(content)) for content in (here.getvalue(), apart)
    )
    assert np.array_equal(found.pixel_array, expected.pixel_array)
    assert found.SeriesDescription == expected.SeriesDescription
    assert found.PatientName == expected.PatientName


def test_vertebrae_keep_their_names(tmp_path: Path) -> None:
    volume, source = opened(tmp_path / "ct", GEOMETRY)
    voxels = mask_of(volume.geometry).voxels
    voxels[6:9] *= 2
    labels = LabelMap(voxels, volume.geometry, {1: "L1", 2: "L2"})
    found = highdicom.seg.segread(io.BytesIO(written_apart(DicomSegWriter(labels, source))))
    assert [one.SegmentLabel for one in found.SegmentSequence] == ["L1", "L2"]


def test_a_file_larger_than_a_message_arrives_whole(tmp_path: Path) -> None:
    volume, source = opened(tmp_path / "ct", LONG_SERIES)
    voxels = np.ones(volume.geometry.shape, np.uint8)
    content = written_apart(DicomSegWriter(Mask(voxels, volume.geometry), source))
    assert len(content) > PART_BYTES
    assert highdicom.seg.segread(io.BytesIO(content)).pixel_array.all()


def test_all_other_files_are_written_here() -> None:
    threads: list[int] = []
    perform_apart(lambda _: threads.append(threading.get_ident()), io.BytesIO(), never_cancelled)
    assert threads == [threading.get_ident()]


EXPORTING = """
import io, sys
from pathlib import Path
import numpy as np
from app.work.writing import perform_apart
from inference import open_ct
from inference.export import mask_writer
from inference.values.mask import Mask

if __name__ == "__main__":
    volume = open_ct(Path(sys.argv[1]))
    mask = Mask(np.ones(volume.geometry.shape, np.uint8), volume.geometry)
    file = io.BytesIO()
    perform_apart(mask_writer(mask, "dicomseg", volume.source), file, lambda: False)
    assert file.getvalue()[128:132] == b"DICM"
    print([name for name in sys.modules if "highdicom" in name or "snomed" in name])
"""


def test_the_windows_process_never_loads_the_tables(tmp_path: Path) -> None:
    """Loading them holds Python's lock, and with it the window, for a quarter of a second."""
    opened(tmp_path / "ct", GEOMETRY)
    script = tmp_path / "exporting.py"
    script.write_text(EXPORTING)
    command: Sequence[str | Path] = (sys.executable, script, tmp_path / "ct")
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def stand_still(*arguments: object) -> None:  # noqa: ARG001
    time.sleep(600)


def test_cancel_ends_the_writing_within_a_second(
    writer: DicomSegWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.work.writing.write", stand_still)
    cancelled = threading.Event()
    asked: list[float] = []

    def cancel() -> None:
        asked.append(time.monotonic())
        cancelled.set()

    threading.Timer(0.5, cancel).start()
    with pytest.raises(CancelledError):
        perform_apart(writer, io.BytesIO(), cancelled.is_set)
    assert time.monotonic() - asked[0] < 1.0


def crash(*arguments: object) -> None:  # noqa: ARG001
    os._exit(9)


def kill(*arguments: object) -> None:  # noqa: ARG001
    os.kill(os.getpid(), signal.SIGKILL)


def crash_amid_the_file(window: PipeEnd, *arguments: object) -> None:  # noqa: ARG001
    # A message of which only the start arrives.
    os.write(window.fileno(), (1000).to_bytes(4, "big") + b"start")
    os._exit(9)


ON_POSIX = pytest.mark.skipif(sys.platform == "win32", reason="it is so on POSIX only")


@pytest.mark.parametrize(
    ("end", "told", "kind"),
    [
        (crash, "stopped unexpectedly (exit code 9)", DefectError),
        pytest.param(
            crash_amid_the_file, "unexpectedly (exit code 9)", DefectError, marks=ON_POSIX
        ),
        pytest.param(kill, "out of memory", SpineContextError, marks=ON_POSIX),
    ],
)
def test_a_process_that_ends_is_told_plainly(
    end: Callable[..., None],
    told: str,
    kind: type[SpineContextError],
    writer: DicomSegWriter,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.work.writing.write", end)
    with pytest.raises(kind) as caught:
        perform_apart(writer, io.BytesIO(), never_cancelled)
    assert told in str(caught.value)
    assert "a child process ended with" in caught.value.details


def fail_before_it_listens(window: PipeEnd, *arguments: object) -> None:  # noqa: ARG001
    def work() -> None:
        raise ScratchDiskError("The disk is full.")

    serve(window, work)


def test_what_a_process_says_before_it_takes_the_voxels_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.work.writing.write", fail_before_it_listens)
    mask = Mask(np.zeros(LONG_SERIES.shape, np.uint8), LONG_SERIES)
    writer = DicomSegWriter(mask, DicomSource(tmp_path, "1"))
    with pytest.raises(ScratchDiskError, match="The disk is full"):
        perform_apart(writer, io.BytesIO(), never_cancelled)


def test_a_ct_that_is_gone_or_lacks_a_header_is_told_as_here(
    writer: DicomSegWriter, tmp_path: Path
) -> None:
    elsewhere = Geometry(GEOMETRY.size, GEOMETRY.spacing, (0.0, 0.0, 0.0))
    other = DicomSegWriter(mask_of(elsewhere), writer.source)
    for refused, kind in ((other, OutputError), (writer, UnreadableInputError)):
        if refused is writer:
            shutil.rmtree(tmp_path / "ct")
        with pytest.raises(kind) as here:
            refused(io.BytesIO())
        with pytest.raises(kind) as apart:
            perform_apart(refused, io.BytesIO(), never_cancelled)
        assert str(apart.value) == str(here.value)
