"""Every input gets its own results, with names that every file system allows."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.read.names import (
    MOST_NAME_BYTES,
    NAMELESS,
    distinct_names,
    input_name,
    likely_names,
    portable_name,
)

LONGEST_ENDING = "_vertebrae.nii.gz"

ECRYPTFS_BYTES = 143
"""The longest name in an encrypted home."""


def caseless(names: tuple[str, ...]) -> set[str]:
    return {name.casefold() for name in names}


def test_inputs_of_one_name_take_their_folders_in_front(tmp_path: Path) -> None:
    paths = [tmp_path / "a" / "CT", tmp_path / "b" / "CT", tmp_path / "c.nii.gz"]
    assert distinct_names(paths) == ("a_CT", "b_CT", "c")


def test_names_that_differ_by_case_only_are_one_name(tmp_path: Path) -> None:
    paths = [tmp_path / "a" / "Spine", tmp_path / "b" / "SPINE", tmp_path / "STRASSE.nii"]
    paths.append(tmp_path / "straße.nii")
    names = distinct_names(paths)
    assert names[:2] == ("a_Spine", "b_SPINE")
    assert len(caseless(names)) == 4


def test_composed_and_decomposed_letters_are_one_name(tmp_path: Path) -> None:
    names = distinct_names([tmp_path / "a" / "M\u00fcller", tmp_path / "b" / "Mu\u0308ller"])
    assert names == ("a_Müller", "b_Müller")


def test_one_input_given_twice_is_numbered(tmp_path: Path) -> None:
    path = tmp_path / "c.nii.gz"
    assert distinct_names([path, path]) == (f"{tmp_path.name}_c_1", f"{tmp_path.name}_c_2")


def test_a_name_made_distinct_is_not_that_of_another_input(tmp_path: Path) -> None:
    paths = [tmp_path / "a" / "CT", tmp_path / "b" / "CT", tmp_path / "a_CT.nii.gz"]
    paths += [tmp_path / "a_CT_1.nii.gz", tmp_path / "a_ct.nrrd"]
    assert len(caseless(distinct_names(paths))) == len(paths)


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from(("CT", "ct", "a_CT", "a_CT_1", "CT_1"))),
        max_size=12,
    )
)
def test_no_two_inputs_ever_share_a_name(places: list[tuple[str, str]]) -> None:
    paths = [Path("/data") / parent / name for parent, name in places]
    assert len(caseless(distinct_names(paths))) == len(paths)


@given(st.text(min_size=1, max_size=300))
def test_every_name_can_be_held_by_every_file_system(text: str) -> None:
    name = portable_name(text)
    assert name
    assert len(f"{name}{LONGEST_ENDING}".encode()) <= ECRYPTFS_BYTES
    assert not set(name) & set('<>:"/\\|?*\0\n')
    assert not name.startswith(".")


def test_long_names_that_begin_alike_stay_apart() -> None:
    long = "ü" * (MOST_NAME_BYTES // 2)
    assert portable_name(long) == long
    assert portable_name(f"{long}a") != portable_name(f"{long}b")
    assert portable_name(f"{long}a") == portable_name(f"{long}a")


@pytest.mark.parametrize("name", ["con", "NUL.5", "lpt1", "COM¹", "aux.nii"])
def test_a_device_of_windows_is_no_name(name: str) -> None:
    assert portable_name(name).partition(".")[0].endswith("_")


@pytest.mark.parametrize("name", ["console", "nulls", "common"])
def test_a_name_that_begins_like_a_device_stays(name: str) -> None:
    assert portable_name(name) == name


def test_the_name_is_the_same_without_asking_the_disk_of_all_but_links(tmp_path: Path) -> None:
    places = [tmp_path / name for name in ("a/CT", "b/CT", "scan.nii.gz", "b/DICOMDIR")]
    for place in places[:2]:
        place.mkdir(parents=True)
    for place in places[2:]:
        place.touch()
    others = ("scan",)
    assert likely_names(places, others) == distinct_names(places, others)


def test_a_drives_root_has_a_name() -> None:
    assert input_name(Path("/")) == NAMELESS
    assert input_name(Path("/DICOMDIR")) == NAMELESS
    assert distinct_names([Path("/"), Path("/DICOMDIR")]) == (f"{NAMELESS}_1", f"{NAMELESS}_2")


def test_a_dicomdir_has_the_name_of_its_folder(tmp_path: Path) -> None:
    paths = [tmp_path / one / "disc" / "DICOMDIR" for one in ("a", "b")]
    assert input_name(paths[0]) == "disc"
    assert distinct_names(paths) == ("a_disc", "b_disc")


@pytest.mark.skipif(os.name == "nt", reason="names are text on Windows")
def test_bytes_that_are_no_text_are_replaced() -> None:
    assert input_name(Path(os.fsdecode(b"/data/M\xfcller.nii.gz"))) == "M_ller"
