"""Export a trained network to ONNX under the contract.

    python -m assets.training.export runs/first/last.pt assets/models/spinecontext_resunet.onnx

The file takes ``ct``, HU as they are, and gives ``spine``, probabilities of the same shape, both
float32 N×1×D×H×W (z, y, x). Scaling is inside, batch norm is folded, and the weights
are kept in float16 (``half_weights.py``).
"""

import argparse
import io
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import onnx
import torch
from torch import Tensor, nn

from assets.training.checkpoint import Trained, load_trained
from assets.training.finder.patches import FINDER_SPACING_MM
from assets.training.finder.validation import FOUND_PROBABILITY, WINDOW
from assets.training.fold_norms import fold_norms
from assets.training.half_weights import halve_weights
from assets.training.networks import NETWORKS, SIDE_MULTIPLE, count_parameters
from assets.training.scaling import scale_hu
from assets.training.sources import CC_BY_4, CC_BY_SA_4, Leg, all_sources, legs_to_json
from assets.training.validation import PATCH
from assets.training.verse import VERSE_CTS
from assets.training.whole_body import STRUCTURES_CT
from inference.model.card import COMPARISON, TRUNK
from inference.values.geometry import Shape

OPSET = 17

USE = "for research, not for diagnosis"

RESEARCH = "research"
"""The edition with weights that a hospital may not use."""

PURE_TESTS = "patients 1 and 7 of 3D-IRCADb-01"
"""What no model ever learned from."""

READERS_CASES = (*VERSE_CTS, STRUCTURES_CT)


@dataclass(frozen=True)
class Release:
    """How an exported file should be run.

    Attributes:
        version: of the weights.
        patch: voxels of the windows that the engine shall run, z, y, x.
        spacing_mm: of the volumes that it takes, the same along each axis.
        threshold: probability from which a voxel is spine.
        edition: distinguishes it from other weights of the same network.
        region: the part of the body that it knows; empty for all of it.
        purpose: what it is for; empty for finding spines.
    """

    version: str
    patch: Shape = PATCH
    spacing_mm: float = 1.0
    threshold: float = 0.5
    edition: str = ""
    region: str = ""
    purpose: str = ""


SEGMENTER = Release("0.7.0", threshold=0.4)

BASELINE = Release("0.2.0", threshold=0.4, region=TRUNK, purpose=COMPARISON)
"""For the published comparison's other networks."""

FINDER = Release("0.3.0", patch=WINDOW, spacing_mm=FINDER_SPACING_MM, threshold=FOUND_PROBABILITY)

RELEASES: Mapping[str, Release] = {
    "SpineContextResUNet": SEGMENTER,
    "SpineFinder": FINDER,
    "SwinUNETR": replace(BASELINE, version="0.3.0"),
}


def release_of(trained: Trained) -> Release:
    """How weights are released; those from sources that are not free are a separate edition."""
    sources = all_sources(trained.legs)
    free = bool(sources) and all(source.licence.free for source in sources)
    release = RELEASES.get(trained.name, BASELINE)
    return release if free else replace(release, edition=RESEARCH)


FIXED_SHAPE_NETWORKS = frozenset({"SwinUNETR"})
"""Tracing fixes the number of attention windows, so these fit only their own patch."""


class ContractModel(nn.Module):
    """From HU to probabilities, as the contract requires."""

    def __init__(self, network: nn.Module) -> None:
        """Wrap a network from scaled HU to logits."""
        super().__init__()
        self.network = network

    def forward(self, ct: Tensor) -> Tensor:
        """Probabilities of HU, both N×1×D×H×W."""
        return torch.sigmoid(self.network(scale_hu(ct)))


def export(trained: Trained, target: Path, release: Release = SEGMENTER) -> None:
    """Write ``target``, never half of it.

    Raises:
        ValueError: the network cannot take the release's patch, whose sides must be multiples of
            ``SIDE_MULTIPLE``.
    """
    model = contract_file(trained, release)
    halve_weights(model)
    onnx.checker.check_model(model)
    part = target.with_name(target.name + ".part")
    onnx.save(model, part)
    part.replace(target)


def contract_file(trained: Trained, release: Release = SEGMENTER) -> onnx.ModelProto:
    """The network under the contract, its weights in float32 as they were learned.

    Raises:
        ValueError: as ``export``.
    """
    patch = release.patch
    if any(side % SIDE_MULTIPLE for side in patch):
        raise ValueError(f"the sides of a patch must be multiples of {SIDE_MULTIPLE}, not {patch}")
    model = _traced(ContractModel(fold_norms(trained.network)).eval(), trained.name, patch)
    onnx.helper.set_model_props(model, dict(model_facts(trained, release)))
    return model


def _traced(model: nn.Module, name: str, patch: Shape) -> onnx.ModelProto:
    dynamic = {0: "N", 2: "D", 3: "H", 4: "W"}
    fixed = name in FIXED_SHAPE_NETWORKS
    traced = io.BytesIO()
    with warnings.catch_warnings():
        # The tracing exporter is deprecated; the new one needs another package.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model,
            (torch.zeros(1, 1, *patch),),
            traced,
            dynamo=False,
            opset_version=OPSET,
            input_names=["ct"],
            output_names=["spine"],
            dynamic_axes=None if fixed else {"ct": dynamic, "spine": dynamic},
        )
    return onnx.load_model_from_string(traced.getvalue())


def model_facts(trained: Trained, release: Release) -> Mapping[str, str]:
    """The contract's metadata; lengths in z, y, x order."""
    facts = {
        "name": f"{trained.name} {release.edition}".strip(),
        "version": release.version,
        "spacing_mm": " ".join([str(release.spacing_mm)] * 3),
        "patch": " ".join(map(str, release.patch)),
        "threshold": str(release.threshold),
        "parameters": str(count_parameters(NETWORKS[trained.name]())),
        "trained_on": trained_on(trained.legs),
        "licence": licence_of(trained.legs),
        "opset": str(OPSET),
        "legs": legs_to_json(trained.legs),
    }
    named = {"region": release.region, "purpose": release.purpose}
    return facts | {key: value for key, value in named.items() if value}


def trained_on(legs: Sequence[Leg]) -> str:
    """The sources of the weights, in words."""
    named = "; ".join(f"{source.name}, {source.licence.name}" for source in all_sources(legs))
    steps = " + ".join(str(leg.steps) for leg in legs)
    return f"{named or 'nothing'}. Steps: {steps or '0'}. Never learned from: {held_out(legs)}"


def held_out(legs: Sequence[Leg]) -> str:
    """The test cases that weights never saw, in words; readers' cases only if all legs say theirs.

    A case's name begins with that of the scan that it is a part of.
    """
    seen = [case for leg in legs for case in leg.learned_from]
    told = all(leg.learned_from for leg in legs)
    unseen = [of for of in READERS_CASES if told and not any(case.startswith(of) for case in seen)]
    return ", ".join([PURE_TESTS, *unseen])


def licence_of(legs: Sequence[Leg]) -> str:
    """What the licences of all sources together allow.

    Share-alike applies to everything derived from a source; "NC" and "ND" apply to everybody who
    passes it on.
    """
    sources = all_sources(legs)
    binding = [s for s in sources if not s.licence.free]
    if binding:
        named = "; ".join(f"{source.name}, {source.licence.name}" for source in binding)
        return f"Research weights, not for commercial use, not for diagnosis: they rest on {named}"
    if CC_BY_SA_4 in [source.licence for source in sources]:
        return f"{CC_BY_SA_4.name}, commercial use included, {USE}"
    return f"{CC_BY_4.name}, commercial use included, {USE}"


def main() -> None:
    """Export as given on the command line."""
    parser = argparse.ArgumentParser(description="Export a checkpoint to ONNX.")
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("target", type=Path)
    options = parser.parse_args()
    trained = load_trained(options.checkpoint)
    export(trained, options.target, release_of(trained))


if __name__ == "__main__":
    main()
