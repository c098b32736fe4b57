"""Icons and the bill of materials."""

import struct
from pathlib import Path

import pytest

from installer.bill_of_materials import Component
from installer.build_info import BuildInfo
from installer.icons import write_ico
from installer.papers import bill_of_materials, write_papers

BUILD = BuildInfo("1.2.3", "0123456789", 1_700_000_000)


def component(*licence_texts: Path) -> Component:
    return Component("numpy", "2.0", "BSD-3-Clause", "pkg:pypi/numpy@2.0", ("a.so",), licence_texts)


def test_the_bill_of_materials_names_each_component_and_is_the_same_each_time() -> None:
    bill = bill_of_materials([component()], BUILD)
    assert bill == bill_of_materials([component()], BUILD)
    assert bill["specVersion"] == "1.5"
    assert [part["purl"] for part in bill["components"]] == ["pkg:pypi/numpy@2.0"]
    assert bill["metadata"]["timestamp"] == "2023-11-14T22:13:20Z"
    assert bill["dependencies"] == [
        {"ref": "spinecontext@1.2.3", "dependsOn": ["pkg:pypi/numpy@2.0"]}
    ]


def test_licence_texts_of_one_name_do_not_replace_each_other(tmp_path: Path) -> None:
    texts = [tmp_path / "a" / "LICENSE", tmp_path / "b" / "LICENSE"]
    for text in texts:
        text.parent.mkdir()
        text.write_text(text.parent.name)
    payload = tmp_path / "payload"
    payload.mkdir()
    write_papers(payload, [component(*texts)], BUILD)
    found = sorted((payload / "licences" / "numpy-2.0").iterdir())
    assert [path.read_text() for path in found] == ["b", "a"]


def test_a_component_without_the_text_of_its_licence_is_not_shipped(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="numpy"):
        write_papers(tmp_path, [component()], BUILD)


def test_an_icon_file_leads_to_each_of_its_pictures(tmp_path: Path) -> None:
    pictures = [(16, b"small"), (256, b"large picture")]
    write_ico(pictures, tmp_path / "icon.ico")
    content = (tmp_path / "icon.ico").read_bytes()
    kind, count = struct.unpack_from("<HH", content, 2)
    assert (kind, count) == (1, 2)
    for number, (size, picture) in enumerate(pictures):
        side, *_, length, offset = struct.unpack_from("<BBBBHHII", content, 6 + 16 * number)
        assert side == size % 256
        assert content[offset : offset + length] == picture
