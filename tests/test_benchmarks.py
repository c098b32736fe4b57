"""What the benchmarks count rather than time."""

import dataclasses

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from inference.model.bundled import DEFAULT_MODEL, bundled_models
from inference.model.loading import load_model
from inference.values.volume import Volume
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
