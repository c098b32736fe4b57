"""From a file to a running model that keeps the contract."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from inference.errors import ModelRefusedError
from inference.model.bundled import DEFAULT_MODEL, find_model
from inference.model.card import ModelCard
from inference.model.contract import (
    Finding,
    answer_problem,
    card_of,
    shape_finding,
    signature_findings,
    trial_patch,
)
from inference.model.sessions import Precision, Runner, open_stock
from inference.values.messages import sentence

ANOTHER_MODEL = "Choose another model."
"""Advice for the command line; the window leads to the settings."""


class SpineModel:
    """A loaded model.

    Attributes:
        card: the facts from its file.
    """

    def __init__(self, runner: Runner, card: ModelCard) -> None:
        """Use ``load_model`` instead, which checks the contract."""
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
        """The number format it computes in."""
        return self._runner.precision

    @property
    def notes(self) -> tuple[str, ...]:
        """Plain sentences about anything that did not go as planned."""
        return (self._runner.note,) if self._runner.note else ()

    def predict(self, hu: NDArray[np.float32]) -> NDArray[np.float32]:
        """The spine probabilities of one patch of HU, both z, y, x.

        Raises:
            ModelRefusedError: the model failed or did not return probabilities.
        """
        try:
            probability = self._runner.run(hu[np.newaxis, np.newaxis])
        except Exception as error:  # onnxruntime raises a family of its own without a common base
            raise ModelRefusedError(
                sentence(
                    "The model {0} failed on a patch of {1} voxels.", self.card.name, hu.shape
                ),
                ANOTHER_MODEL,
            ) from error
        problem = answer_problem(probability, hu.shape)
        if problem:
            raise ModelRefusedError(
                sentence("The model {0} cannot be used: {1}.", self.card.name, problem),
                ANOTHER_MODEL,
            )
        patch: NDArray[np.float32] = probability[0, 0]
        return patch


def load_model(
    name_or_path: str = DEFAULT_MODEL, threads: int = 0, precision: Precision = "float32"
) -> SpineModel:
    """Load a bundled model by name, or any ONNX file that keeps the contract.

    Args:
        threads: processor threads to use; 0 takes one per core.
        precision: the number format to compute in; float32 if the computer lacks the other.

    Raises:
        ModelRefusedError: there is no such model, it is damaged, or it breaks the contract.
    """
    path = find_model(name_or_path)
    content = _content(path)
    session = _opened(path, content)
    for finding in signature_findings(session):
        _require(path, finding)
    card = _card(path, session, content)
    _require(path, shape_finding(session, card))
    return SpineModel(Runner(content, threads, precision), card)


def check_model(name_or_path: str) -> Iterator[Finding]:
    """Check one file against every rule of the contract, the last by running it on a patch.

    The check ends early if a problem makes the remaining rules impossible to check.

    Raises:
        ModelRefusedError: there is no such file, or it is not an ONNX model.
    """
    path = find_model(name_or_path)
    content = _content(path)
    session = _opened(path, content)
    yield Finding("an ONNX file that onnxruntime opens")
    signature = list(signature_findings(session))
    yield from signature
    facts = "metadata with name, version, voxels, threshold, data and licence"
    try:
        card = card_of(session, hashlib.sha256(content).hexdigest())
    except ValueError as error:
        yield Finding(facts, str(error))
        return
    yield Finding(facts)
    if any(finding.problem for finding in signature):
        return
    shape = shape_finding(session, card)
    yield shape
    if shape.problem is None:
        yield Finding("probabilities of the patch's own shape for any HU", _trial(content, card))


def _trial(content: bytes, card: ModelCard) -> str | None:
    try:
        answer = Runner(content, threads=0).run(trial_patch(card.patch)[np.newaxis, np.newaxis])
    except Exception as error:  # onnxruntime raises a family of its own without a common base
        return f"it failed on a patch of {card.patch} voxels ({type(error).__name__})"
    return answer_problem(answer, card.patch)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelRefusedError(
            sentence("The model file {0} cannot be read ({1}).", path.name, error.strerror),
            ANOTHER_MODEL,
        ) from error


def _opened(path: Path, content: bytes) -> ort.InferenceSession:
    try:
        return open_stock(content)
    except Exception as error:  # onnxruntime raises a family of its own without a common base
        raise ModelRefusedError(
            sentence("The model file {0} is damaged or not an ONNX model.", path.name),
            ANOTHER_MODEL,
        ) from error


def _card(path: Path, session: ort.InferenceSession, content: bytes) -> ModelCard:
    try:
        return card_of(session, hashlib.sha256(content).hexdigest())
    except ValueError as error:
        raise _breach(path, str(error)) from error


def _require(path: Path, finding: Finding) -> None:
    if finding.problem:
        raise _breach(path, finding.problem)


def _breach(path: Path, problem: str) -> ModelRefusedError:
    return ModelRefusedError(
        sentence("The model file {0} breaks the contract: {1}.", path.name, problem),
        f'{ANOTHER_MODEL} "spinecontext check-model {path}" names everything that is wrong with '
        "it.",
    )
