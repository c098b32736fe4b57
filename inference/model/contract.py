"""The ONNX contract, rule by rule; ``CONTRACT.md`` beside this file states it in words."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from inference.model.card import ModelCard, read_card
from inference.values.geometry import Shape
from inference.values.volume import AIR_HU

INPUT_NAME = "ct"
OUTPUT_NAME = "spine"
FLOAT_TENSOR = "tensor(float)"

TRIAL_HU = (AIR_HU, 3000)
"""The range of the trial patch: from air to beyond dense bone."""


@dataclass(frozen=True)
class Finding:
    """The result of checking one rule.

    Attributes:
        rule: what the contract requires.
        problem: how the file breaks the rule; None if it does not.
    """

    rule: str
    problem: str | None = None


def signature_findings(session: ort.InferenceSession) -> Iterator[Finding]:
    """Whether input and output are as the contract requires."""
    for kind, nodes, name in (
        ("input", session.get_inputs(), INPUT_NAME),
        ("output", session.get_outputs(), OUTPUT_NAME),
    ):
        problem = None
        if [node.name for node in nodes] != [name]:
            found = ", ".join(node.name for node in nodes)
            problem = f"it must have one {kind} named {name}, but has {found}"
        elif nodes[0].type != FLOAT_TENSOR or len(nodes[0].shape) != 5:
            problem = f"its {kind} must be float32 with five axes N, 1, D, H, W"
        yield Finding(f"one {kind} named {name}, float32, N×1×D×H×W", problem)


def card_of(session: ort.InferenceSession, sha256: str) -> ModelCard:
    """The facts in the file's metadata.

    Raises:
        ValueError: a fact is missing, unreadable or impossible.
    """
    return read_card(session.get_modelmeta().custom_metadata_map, sha256)


def shape_finding(session: ort.InferenceSession, card: ModelCard) -> Finding:
    """Whether the patch fits the graph. Named axes fit any size."""
    problem = None
    for kind, node in (("input", session.get_inputs()[0]), ("output", session.get_outputs()[0])):
        for axis, voxels in zip(node.shape, (1, 1, *card.patch), strict=True):
            if isinstance(axis, int) and axis != voxels:
                problem = f"its {kind} is fixed to {node.shape}, which its patch does not fit"
    return Finding("a graph that takes the patch", problem)


def answer_problem(answer: NDArray[np.float32], patch: Shape) -> str | None:
    """Why the output for a patch (z, y, x) is not made of probabilities; None if it is."""
    if answer.shape != (1, 1, *patch):
        return f"it returned shape {answer.shape} for a patch of {patch} voxels"
    # Written so that NaN is refused too.
    if not (answer.min() >= 0.0 and answer.max() <= 1.0):
        return "it returned values that are not probabilities between 0 and 1"
    return None


def trial_patch(patch: Shape) -> NDArray[np.float32]:
    """A patch (z, y, x) with HU rising from air to metal along x, to try a model on."""
    return np.broadcast_to(np.linspace(*TRIAL_HU, patch[2], dtype=np.float32), patch)
