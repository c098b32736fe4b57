"""Stores weights in half the bytes: float16 in the file, float32 in use."""

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

SUFFIX = ".half"
"""Suffix of the names of tensors stored in float16."""

FEWEST_WEIGHTS = 256
"""Smaller tensors are left as they are: biases and constants, together less than a percent."""


def halve_weights(model: onnx.ModelProto) -> None:
    """Keep the large float32 tensors of a graph in float16, and cast them back at its start.

    A runtime folds the casts when it loads the file, so runs are not slower.
    """
    casts = []
    for tensor in model.graph.initializer:
        weights = numpy_helper.to_array(tensor)
        if tensor.data_type != TensorProto.FLOAT or weights.size < FEWEST_WEIGHTS:
            continue
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(weights.astype(np.float16), name + SUFFIX))
        casts.append(helper.make_node("Cast", [name + SUFFIX], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)


def whole_weights(model: onnx.ModelProto) -> dict[str, NDArray[np.float32]]:
    """The tensors of a graph by name, in float32 whether they were halved or not."""
    return {
        tensor.name.removesuffix(SUFFIX): numpy_helper.to_array(tensor).astype(np.float32)
        for tensor in model.graph.initializer
        if tensor.data_type in (TensorProto.FLOAT, TensorProto.FLOAT16)
    }
