"""Vertebrae as files: numbers, names, codes, and a surface of each."""

import dataclasses
import gzip
from collections.abc import Callable
from pathlib import Path

import highdicom
import numpy as np
import pytest
import SimpleITK as sitk
from numpy.typing import NDArray

from inference import open_ct
from inference.cases.settings import VertebraSettings
from inference.cases.vertebrae import label_bytes
from inference.export import DICOMSEG_BYTES, Stage, held_bytes, staged_folder
from inference.export.vertebrae import (
    colour,
    renumbered,
    vertebra_endings,
    vertebra_writers,
)
from inference.values.geometry import Geometry
from inference.values.label_map import LabelMap
from inference.values.volume import DicomSource, Volume
from tests.read.dicom_factory import head_up_ct, write_series

GEOMETRY = Geometry((24, 20, 12), (0.8, 0.7, 2.5), (-100.5, 20.25, -640.0))


def counted() -> LabelMap:
    voxels = np.zeros(GEOMETRY.shape, np.uint8)
    voxels[8:11, 3:9, 5:20] = 1
    voxels[5:8, 3:12, 5:20] = 2
    voxels[1:4, 4:9, 6:20] = 3
    return LabelMap(voxels, GEOMETRY, {n: f"Vertebra {n}" for n in (1, 2, 3)})


def named() -> LabelMap:
    names = {19: "T12", 28: "T13", 20: "L1"}
    return renumbered(dataclasses.replace(counted(), names=names), (19, 28, 20))


def read(path: Path) -> NDArray[np.uint8]:
    return sitk.GetArrayFromImage(sitk.ReadImage(str(path)))


def write_vertebrae(
    labels: LabelMap,
    formats: list[str],
    stage: Stage,
    name: str,
    source: DicomSource | None = None,
    *,
    surfaces: bool = False,
) -> tuple[str, ...]:
    writers = vertebra_writers(labels, formats, source, surfaces=surfaces)
    stage.write({f"{name}{ending}": write for ending, write in writers.items()})
    return tuple(writers)


def test_a_label_map_has_verses_numbers_once_they_are_named(tmp_path: Path) -> None:
    with staged_folder(tmp_path) as stage:
        assert write_vertebrae(named(), ["stl"], stage, "a") == ("_vertebrae.nii.gz",)
    expected = np.array([0, 19, 28, 20])[counted().voxels]
    assert np.array_equal(read(tmp_path / "a_vertebrae.nii.gz"), expected)


def test_an_nrrd_tells_slicer_names_values_extents_and_colours(tmp_path: Path) -> None:
    with staged_folder(tmp_path) as stage:
        write_vertebrae(named(), ["nrrd"], stage, "a")
    path = tmp_path / "a_vertebrae.seg.nrrd"
    assert np.array_equal(read(path), named().voxels), "ITK reads it as an image too"
    header, _, packed = path.read_bytes().partition(b"\n\n")
    fields = dict(
        line.split(":=", 1) for line in header.decode("ascii").splitlines() if ":=" in line
    )
    assert [fields[f"Segment{n}_Name"] for n in range(3)] == ["T12", "T13", "L1"]
    assert [fields[f"Segment{n}_LabelValue"] for n in range(3)] == ["19", "28", "20"]
    assert fields["Segment1_Extent"] == "5 19 3 11 5 7", "x, y, z, first and last"
    assert fields["Segmentation_MasterRepresentation"] == "Binary labelmap"
    assert gzip.decompress(packed) == named().voxels.tobytes()


@pytest.mark.parametrize(
    ("labels", "codes"),
    [
        (named, ["23215003", "51282000", "66794005"]),
        (counted, ["51282000"] * 3),
    ],
)
def test_a_dicom_segmentation_has_a_segment_each_with_its_code(
    tmp_path: Path, labels: Callable[[], LabelMap], codes: list[str]
) -> None:
    write_series(tmp_path / "ct", head_up_ct(GEOMETRY), GEOMETRY)
    volume = open_ct(tmp_path / "ct")
    made = labels()
    with staged_folder(tmp_path) as stage:
        write_vertebrae(made, ["dicomseg"], stage, "a", volume.source)
    found = highdicom.seg.segread(tmp_path / "a_vertebrae.dcm")
    assert [found.get_segment_description(n).segment_label for n in (1, 2, 3)] == list(
        made.names.values()
    )
    assert [
        found.get_segment_description(n).segmented_property_type.value for n in (1, 2, 3)
    ] == codes
    stack = found.get_volume(combine_segments=True).array
    assert sorted(np.bincount(stack.ravel())[1:]) == sorted(
        np.bincount(counted().voxels.ravel())[1:]
    )


def test_each_vertebra_has_a_surface_of_its_own_if_asked_for(tmp_path: Path) -> None:
    with staged_folder(tmp_path) as stage:
        write_vertebrae(named(), [], stage, "a", surfaces=True)
        write_vertebrae(counted(), [], stage, "b", surfaces=True)
    names = {path.name for path in tmp_path.glob("*.stl")}
    assert names == {
        *(f"a_vertebra_{name}.stl" for name in ("T12", "T13", "L1")),
        *(f"b_vertebra_{n}.stl" for n in (1, 2, 3)),
    }
    assert all(path.stat().st_size > 84 for path in tmp_path.glob("*.stl"))


@pytest.mark.parametrize("labels", [counted, named])
@pytest.mark.parametrize("surfaces", [False, True])
@pytest.mark.parametrize("formats", [[], ["stl"], ["nrrd", "dicomseg"], ["dicomseg", "nifti"]])
def test_the_files_are_known_before_they_are_written(
    labels: Callable[[], LabelMap], surfaces: bool, formats: list[str], tmp_path: Path
) -> None:
    made = labels()
    write_series(tmp_path / "ct", head_up_ct(GEOMETRY), GEOMETRY)
    for source in (None, open_ct(tmp_path / "ct").source):
        names = tuple(made.names.values())
        endings = vertebra_endings(names, formats, source, surfaces=surfaces)
        assert endings == tuple(vertebra_writers(made, formats, source, surfaces=surfaces))


def test_neighbours_differ_in_colour() -> None:
    colours = np.array([colour(place) for place in range(28)])
    assert np.abs(np.diff(colours, axis=0)).max(axis=1).min() > 0.2


def test_what_labels_and_a_dicom_segmentation_hold_is_counted() -> None:
    volume = Volume(np.zeros(GEOMETRY.shape, np.int16), GEOMETRY, "CT")
    voxels = volume.voxels.size
    counted_only, with_names = VertebraSettings(), VertebraSettings(names=((20, 1),))
    assert label_bytes(volume, None, voxels) == 0
    assert label_bytes(volume, counted_only, voxels) == voxels
    assert label_bytes(volume, with_names, voxels) == 2 * voxels, "counted and with VerSe's numbers"
    assert label_bytes(volume, with_names, voxels - 1) == 0, "they lie in files"
    assert held_bytes(["nifti"], volume, 7) == 7
    assert held_bytes(["dicomseg"], volume, 7) == DICOMSEG_BYTES * voxels + 7
