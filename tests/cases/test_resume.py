"""What counts as the same run again, and what does not."""

from pathlib import Path

import numpy as np
import pytest

from inference.cases.resume import Resume
from inference.cases.settings import CaseInput, RunSettings
from inference.values.geometry import Geometry
from tests.read.dicom_factory import write_series

GEOMETRY = Geometry((8, 8, 6), (1.0, 1.0, 2.0))
HU = np.zeros(GEOMETRY.shape, np.int16)


def facts(path: Path, out: Path, settings: RunSettings | None = None) -> dict[str, object]:
    return Resume(out, settings or RunSettings()).facts(CaseInput(path, "CT"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_series(tmp_path / "CT", HU, GEOMETRY)
    return tmp_path / "CT"


def test_a_folder_that_is_copied_elsewhere_is_the_same_input(folder: Path, tmp_path: Path) -> None:
    before = facts(folder, tmp_path / "out")
    moved = folder.rename(tmp_path / "elsewhere")
    assert facts(moved, tmp_path / "out") == before


def test_a_slice_that_is_added_or_lost_makes_another_input(folder: Path, tmp_path: Path) -> None:
    before = facts(folder, tmp_path / "out")
    next(folder.iterdir()).unlink()
    assert facts(folder, tmp_path / "out") != before


def test_a_slice_that_stands_for_its_series_changes_with_any_of_it(
    folder: Path, tmp_path: Path
) -> None:
    first, *_, last = sorted(folder.iterdir())
    before = facts(first, tmp_path / "out")
    last.unlink()
    assert facts(first, tmp_path / "out") != before


@pytest.mark.parametrize("where", [".", "results", "results/of today"])
def test_results_among_the_slices_are_no_part_of_the_input(folder: Path, where: str) -> None:
    out = folder / where
    before = facts(folder, out)
    out.mkdir(parents=True, exist_ok=True)
    (out / "CT_spine.nii.gz").write_bytes(b"x")
    (out / "CT_report.json").write_bytes(b"x")
    assert facts(folder, out) == before


def test_a_file_that_is_no_image_makes_no_difference(folder: Path, tmp_path: Path) -> None:
    before = facts(folder, tmp_path / "out")
    (folder / "Thumbs.db").write_bytes(b"x")
    assert facts(folder, tmp_path / "out") == before


METAIMAGE = """ObjectType = Image
NDims = 3
DimSize = 8 8 6
ElementSpacing = 1 1 2
ElementType = MET_SHORT
ElementDataFile = {0}
"""


@pytest.mark.parametrize(
    ("data", "files"),
    [
        ("voxels.bin", ["voxels.bin"]),
        ("raw data/voxels.bin", ["raw data/voxels.bin"]),
        ("../voxels.bin", ["../voxels.bin"]),
        ("part%02d.raw 1 3 1", ["part01.raw", "part02.raw", "part03.raw"]),
        ("LIST\na.raw\nb/c.raw", ["a.raw", "b/c.raw"]),
    ],
)
def test_a_header_stands_for_the_voxels_that_it_names(
    tmp_path: Path, data: str, files: list[str]
) -> None:
    header = tmp_path / "CT" / "ct.mhd"
    header.parent.mkdir()
    header.write_text(METAIMAGE.format(data))
    for name in files:
        (header.parent / name).parent.mkdir(exist_ok=True)
        (header.parent / name).write_bytes(bytes(HU.nbytes // len(files)))
    before = facts(header, tmp_path / "out")
    (header.parent / "others.bin").write_bytes(b"1")
    assert facts(header, tmp_path / "out") == before
    changed = header.parent / files[-1]
    changed.write_bytes(b"1" + changed.read_bytes()[1:])
    assert facts(header, tmp_path / "out") != before


def test_only_what_a_mask_depends_on_makes_another_run(folder: Path, tmp_path: Path) -> None:
    before = facts(folder, tmp_path / "out")
    same = RunSettings(threads=3, max_ram=2**31, formats=("stl",))
    assert facts(folder, tmp_path / "out", same) == before
    for other in (
        RunSettings(mode="full"),
        RunSettings(precision="bfloat16"),
        RunSettings(hu_offset=-1024.0),
    ):
        assert facts(folder, tmp_path / "out", other) != before


def test_it_tells_nothing_of_the_patient(tmp_path: Path) -> None:
    write_series(tmp_path / "MUSTERMANN", HU, GEOMETRY)
    case = CaseInput(tmp_path / "MUSTERMANN", "MUSTERMANN", "1.2.840.20240131.5")
    told = str(Resume(tmp_path, RunSettings()).facts(case))
    assert "MUSTERMANN" not in told
    assert "20240131" not in told
