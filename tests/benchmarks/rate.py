"""Measures how much of the cores' computing power the model uses.

    python -m tests.benchmarks.rate

Times a window and a large float32 matrix product in turn and takes the best of several runs of
each.
"""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import onnx

from assets.training.half_weights import SUFFIX
from inference.model.bundled import DEFAULT_MODEL, bundled_models
from inference.model.loading import load_model

MATRIX = 4096
REPEATS = 5

AXES = ("N", "D", "H", "W")
"""The contract's named axes."""


@dataclass(frozen=True)
class Rates:
    """Multiplications and additions, in 10⁹ per second."""

    model: float
    product: float

    def __str__(self) -> str:
        """Both rates, and the first as a share of the second."""
        return (
            f"Model {self.model:.0f} GFLOP/s, matrix product {self.product:.0f}: "
            f"{self.model / self.product:.0%}."
        )


def measure_rates() -> Rates:
    """Measure the bundled model and a matrix product."""
    model = load_model()
    rng = np.random.default_rng(0)
    patch = rng.normal(0, 300, model.card.patch).astype(np.float32)
    matrix = rng.normal(size=(MATRIX, MATRIX)).astype(np.float32)
    model.predict(patch)
    windows, products = [], []
    for _ in range(REPEATS):
        start = time.perf_counter()
        model.predict(patch)
        middle = time.perf_counter()
        matrix @ matrix
        windows.append(middle - start)
        products.append(time.perf_counter() - middle)
    graph = onnx.load(str(bundled_models()[DEFAULT_MODEL]))
    operations = operations_of(graph, model.card.patch)
    return Rates(operations / 1e9 / min(windows), 2 * MATRIX**3 / 1e9 / min(products))


def operations_of(model: onnx.ModelProto, patch: Sequence[int]) -> int:
    """Multiplications and additions in all convolutions of a model for one patch (z, y, x)."""
    lengths = dict(zip(AXES, (1, *patch), strict=True))
    for node in (*model.graph.input, *model.graph.output):
        for axis in node.type.tensor_type.shape.dim:
            if axis.dim_param:
                axis.dim_value = lengths[axis.dim_param]
    inferred = onnx.shape_inference.infer_shapes(model, strict_mode=True).graph
    voxels = {
        value.name: math.prod(axis.dim_value for axis in value.type.tensor_type.shape.dim[2:])
        for value in (*inferred.value_info, *inferred.input, *inferred.output)
    }
    weights = {
        tensor.name.removesuffix(SUFFIX): math.prod(tensor.dims) for tensor in inferred.initializer
    }
    total = 0
    for node in inferred.node:
        # Each weight is used once for each voxel on the smaller side.
        if node.op_type == "Conv":
            total += 2 * weights[node.input[1]] * voxels[node.output[0]]
        elif node.op_type == "ConvTranspose":
            total += 2 * weights[node.input[1]] * voxels[node.input[0]]
    return total


if __name__ == "__main__":
    print(measure_rates())
