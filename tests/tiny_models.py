"""Small ONNX models for the tests, with known output."""

from collections.abc import Mapping
from pathlib import Path

import onnx
from onnx import TensorProto, helper

CONTRACT_FACTS: Mapping[str, str] = {
    "name": "threshold",
    "version": "1",
    "spacing_mm": "1.0 1.0 1.0",
    "patch": "32 48 48",
    "threshold": "0.5",
    "parameters": "0",
    "trained_on": "nothing",
    "licence": "MIT",
    "opset": "17",
}

DYNAMIC_SHAPE = ("N", 1, "D", "H", "W")


def write_threshold_model(
    path: Path,
    *,
    bone_hu: float = 200.0,
    scale_hu: float = 20.0,
    facts: Mapping[str, str] = CONTRACT_FACTS,
    input_name: str = "ct",
    output_name: str = "spine",
    shape: tuple[str | int, ...] = DYNAMIC_SHAPE,
    probability: bool = True,
) -> Path:
    """A model that answers sigmoid((HU - bone_hu) / scale_hu), voxel by voxel.

    With ``probability`` False it returns the HU themselves, which are not probabilities.
    """
    constants = [
        helper.make_tensor("bone", TensorProto.FLOAT, [], [bone_hu]),
        helper.make_tensor("scale", TensorProto.FLOAT, [], [scale_hu]),
    ]
    nodes = [
        helper.make_node("Sub", [input_name, "bone"], ["above"]),
        helper.make_node("Div", ["above", "scale"], ["scaled"]),
        helper.make_node("Sigmoid" if probability else "Identity", ["scaled"], [output_name]),
    ]
    graph = helper.make_graph(
        nodes,
        "threshold",
        [helper.make_tensor_value_info(input_name, TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info(output_name, TensorProto.FLOAT, shape)],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    helper.set_model_props(model, dict(facts))
    onnx.save(model, str(path))
    return path
