"""The benchmarks' counts."""

import dataclasses
import os
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
import SimpleITK as sitk
from onnx import TensorProto, helper, numpy_helper

from app.cases.inputs import demo_ct
from inference import open_ct
from inference.model.bundled import DEFAULT_MODEL, bundled_models
from inference.model.loading import load_model
from inference.values.volume import Volume
from tests.benchmarks import rivals, totalsegmentator
from tests.benchmarks.odd_inputs import same, small_ct
from tests.benchmarks.rate import operations_of


def two_convolutions() -> onnx.ModelProto:
    """One of 1→4 channels by 3×3×3, and one of 4→2 by 2×2×2 that doubles each side."""
    kernels = {"k": (4, 1, 3, 3, 3), "t": (4, 2, 2, 2, 2)}
    space = ("N", 1, "D", "H", "W")
    graph = helper.make_graph(
        [
            helper.make_node("Conv", ["ct", "k"], ["a"], pads=[1] * 6),
            helper.make_node("ConvTranspose", ["a", "t"], ["spine"], strides=[2] * 3),
        ],
        "two",
        [helper.make_tensor_value_info("ct", TensorProto.FLOAT, space)],
        [helper.make_tensor_value_info("spine", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(np.zeros(k, np.float32), name) for name, k in kernels.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])


def test_operations_are_counted_from_the_graph() -> None:
    voxels = 4 * 6 * 8
    products = voxels * 4 * 27 + voxels * 4 * 2 * 8
    assert operations_of(two_convolutions(), (4, 6, 8)) == 2 * products


def test_a_published_patch_takes_the_operations_that_the_rates_are_told_in() -> None:
    model = onnx.load(str(bundled_models()[DEFAULT_MODEL]))
    count = operations_of(model, load_model().card.patch)
    assert count / 1e9 == pytest.approx(115.7, abs=0.1)


@pytest.mark.parametrize("turned", [False, True])
def test_a_changed_file_is_right_only_with_all_its_values_in_their_places(turned: bool) -> None:
    ct = small_ct(turned)
    x, y, z = ct.geometry.origin
    moved = dataclasses.replace(ct.geometry, origin=(x + 2.0, y, z))
    rounded = dataclasses.replace(ct.geometry, origin=(x + 0.05, y, z))
    assert same(Volume(ct.hu, ct.geometry, "same"), ct)
    assert same(Volume(ct.hu, rounded, "rounded"), ct)
    assert not same(Volume(ct.hu, moved, "moved"), ct)
    assert not same(Volume((ct.hu + 20).astype(np.int16), ct.geometry, "shifted"), ct)
    depth = len(ct.hu) - 3
    part = ct.geometry.box((0, 0, 0), (ct.geometry.size[0], ct.geometry.size[1], depth))
    assert not same(Volume(ct.hu[:depth], part, "cut"), ct)


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a script with a shebang")
def test_the_row_of_totalsegmentator_is_of_its_vertebrae_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = np.arange(120, dtype=np.uint8).reshape(2, 6, 10)
    sitk.WriteImage(sitk.GetImageFromArray(numbers), str(tmp_path / "map.nii.gz"))
    program = tmp_path / totalsegmentator.PROGRAM
    program.write_text(f'#!/bin/sh\ncp "{tmp_path}/map.nii.gz" "$4"\n', encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert totalsegmentator.installed()
    work = totalsegmentator.totalsegmentator(tmp_path / "ct.nii.gz", 12)
    assert work.mask is not None
    np.testing.assert_array_equal(np.flatnonzero(work.mask), np.arange(27, 51))
    assert work.child_peak_bytes > 0


def test_of_the_full_grid_the_first_windows_can_be_run_alone() -> None:
    ct = open_ct(demo_ct())
    work = rivals.full(demo_ct(), 1)
    assert work.windows_run == 1 < work.windows
    assert work.mask is not None
    assert work.mask.shape == ct.voxels.shape
