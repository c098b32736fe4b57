"""Models under the ONNX contract: HU in, spine probability out, facts in the file."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from inference.errors import ModelRefusedError
from inference.model.sessions import Precision, Runner, open_stock
from inference.values.geometry import Shape, Triple
from inference.values.messages import sentence

DEFAULT_MODEL = "spinecontext_resunet"
"""The bundled model that is used when none is named."""

FINDER_MODEL = "spine_finder"
"""The bundled model that finds the spine at coarse voxels; it makes no mask and is no choice."""

INPUT_NAME = "ct"
OUTPUT_NAME = "spine"
FLOAT_TENSOR = "tensor(float)"

SPACING_LIMITS_MM = (0.2, 10.0)
"""Voxels that a model may ask for; anything else is a slip of the pen in its metadata."""

PATCH_LIMIT = 512
"""Longest side of a patch in voxels; more cannot be run within the memory promise."""


@dataclass(frozen=True)
class ModelCard:
    """The facts that the contract wants in the file's metadata.

    Attributes:
        spacing_mm: voxel spacing that the model was trained on, x, y, z.
        patch: voxels of one window, z, y, x.
        threshold: probability from which a voxel is spine.
        parameters: number of trained weights.
        sha256: hexadecimal digest of the file.
    """

    name: str
    version: str
    spacing_mm: Triple
    patch: Shape
    threshold: float
    parameters: int
    trained_on: str
    licence: str
    opset: int
    sha256: str


class SpineModel:
    """A loaded model.

    Attributes:
        card: the facts in its file.
    """

    def __init__(self, runner: Runner, card: ModelCard) -> None:
        """Use ``load_model``, which holds the file to the contract."""
        self._runner = runner
        self.card = card

    @property
    def threads(self) -> int:
        """Processor threads that it uses; 0 for one per core."""
        return self._runner.threads

    @property
    def provider(self) -> str:
        """What runs it, as onnxruntime names it without "ExecutionProvider"."""
        return self._runner.provider

    @property
    def precision(self) -> Precision:
        """What it computes in."""
        return self._runner.precision

    @property
    def notes(self) -> tuple[str, ...]:
        """Plain sentences about what did not go as it should."""
        return (self._runner.note,) if self._runner.note else ()

    def predict(self, hu: NDArray[np.float32]) -> NDArray[np.float32]:
        """Spine probabilities of one patch of HU, both z, y, x.

        Raises:
            ModelRefusedError: the model failed or did not answer with probabilities.
        """
        try:
            probability = self._runner.run(hu[np.newaxis, np.newaxis])
        except Exception as error:  # onnxruntime raises a family of its own without a common base
            raise ModelRefusedError(
                sentence(
                    "The model {0} failed on a patch of {1} voxels. Choose another model.",
                    self.card.name,
                    hu.shape,
                )
            ) from error
        if probability.shape != (1, 1, *hu.shape):
            raise ModelRefusedError(
                sentence(
                    "The model {0} answered with shape {1} to a patch of {2} voxels. "
                    "Choose another model.",
                    self.card.name,
                    probability.shape,
                    hu.shape,
                )
            )
        # Written so that NaN is refused too.
        if not (probability.min() >= 0.0 and probability.max() <= 1.0):
            raise ModelRefusedError(
                sentence(
                    "The model {0} answered with values that are not probabilities between "
                    "0 and 1. Choose another model.",
                    self.card.name,
                )
            )
        patch: NDArray[np.float32] = probability[0, 0]
        return patch


def bundled_models() -> Mapping[str, Path]:
    """The models that come with the program to choose from, by name."""
    paths = (path for path in sorted(_models_folder().glob("*.onnx")) if path.stem != FINDER_MODEL)
    return {path.stem: path for path in paths}


def load_model(
    name_or_path: str = DEFAULT_MODEL, threads: int = 0, precision: Precision = "float32"
) -> SpineModel:
    """Load a bundled model by name, or any ONNX file that keeps the contract.

    Args:
        threads: processor threads to use; 0 takes one per core.
        precision: what it computes in; float32 where the computer lacks the other.

    Raises:
        ModelRefusedError: there is no such model, it is damaged, or it breaks the contract.
    """
    path = _find(name_or_path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelRefusedError(
            sentence(
                "The model file {0} cannot be read ({1}). Choose another model.",
                path.name,
                error.strerror,
            )
        ) from error
    try:
        session = open_stock(content)
    except Exception as error:  # onnxruntime raises a family of its own without a common base
        raise ModelRefusedError(
            sentence(
                "The model file {0} is damaged or not an ONNX model. Choose another model.",
                path.name,
            )
        ) from error
    problem = _signature_problem(session)
    if problem:
        raise _breach(path, problem)
    card = _read_card(path, session, hashlib.sha256(content).hexdigest())
    return SpineModel(Runner(content, threads, precision), card)


def _models_folder() -> Path:
    return Path(str(resources.files("assets"))) / "models"


def _find(name_or_path: str) -> Path:
    for path in (_models_folder() / f"{name_or_path}.onnx", Path(name_or_path)):
        if path.is_file():
            return path
    names = ", ".join(bundled_models()) or "none"
    raise ModelRefusedError(
        sentence(
            "There is no model {0}. Give the path of an ONNX file, or one of the "
            "bundled models: {1}.",
            name_or_path,
            names,
        )
    )


def _breach(path: Path, problem: str) -> ModelRefusedError:
    return ModelRefusedError(
        sentence(
            "The model file {0} breaks the contract: {1}. Choose another model.", path.name, problem
        )
    )


def _signature_problem(session: ort.InferenceSession) -> str | None:
    """Why inputs and outputs are not those of the contract; None if they are."""
    for kind, nodes, name in (
        ("input", session.get_inputs(), INPUT_NAME),
        ("output", session.get_outputs(), OUTPUT_NAME),
    ):
        if [node.name for node in nodes] != [name]:
            found = ", ".join(node.name for node in nodes)
            return f"it must have one {kind} named {name}, but has {found}"
        if nodes[0].type != FLOAT_TENSOR or len(nodes[0].shape) != 5:
            return f"its {kind} must be float32 with five axes N, 1, D, H, W"
    return None


def _read_card(path: Path, session: ort.InferenceSession, sha256: str) -> ModelCard:
    facts: Mapping[str, str] = session.get_modelmeta().custom_metadata_map
    wanted = {field for field in ModelCard.__dataclass_fields__ if field != "sha256"}
    missing = sorted(wanted - facts.keys())
    if missing:
        raise _breach(path, f"its metadata lacks {', '.join(missing)}")
    try:
        depth_mm, height_mm, width_mm = (float(v) for v in facts["spacing_mm"].split())
        depth, height, width = (int(v) for v in facts["patch"].split())
        card = ModelCard(
            name=facts["name"],
            version=facts["version"],
            spacing_mm=(width_mm, height_mm, depth_mm),
            patch=(depth, height, width),
            threshold=float(facts["threshold"]),
            parameters=int(facts["parameters"]),
            trained_on=facts["trained_on"],
            licence=facts["licence"],
            opset=int(facts["opset"]),
            sha256=sha256,
        )
    except ValueError as error:
        raise _breach(path, f"its metadata cannot be read ({error})") from error
    problem = _card_problem(card) or _shape_problem(session, card)
    if problem:
        raise _breach(path, problem)
    return card


def _card_problem(card: ModelCard) -> str | None:
    """Which fact cannot be true; None if all can."""
    low, high = SPACING_LIMITS_MM
    if not all(low <= mm <= high for mm in card.spacing_mm):
        return f"its spacing must lie between {low} and {high} mm"
    if not all(1 <= voxels <= PATCH_LIMIT for voxels in card.patch):
        return f"its patch must have between 1 and {PATCH_LIMIT} voxels a side"
    if not 0.0 < card.threshold < 1.0:
        return "its threshold must lie between 0 and 1"
    return None


def _shape_problem(session: ort.InferenceSession, card: ModelCard) -> str | None:
    """Why a patch does not fit the graph; None if it does. Named axes fit any size."""
    for kind, node in (("input", session.get_inputs()[0]), ("output", session.get_outputs()[0])):
        for axis, voxels in zip(node.shape, (1, 1, *card.patch), strict=True):
            if isinstance(axis, int) and axis != voxels:
                return f"its {kind} is fixed to {node.shape}, which its patch does not fit"
    return None
