"""Other ways to do the same, each in a process of its own, for ``tests.benchmarks.speed``.

    python -m tests.benchmarks.rivals WAY CT OUT

Writes the mask on the CT's grid to OUT (``.npy``; none of the ``nnunet`` way) and prints one JSON
object: seconds, windows, peak resident memory, and how many windows were run.
"""

import argparse
import json
import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import SimpleITK as sitk
import torch
from monai.inferers import sliding_window_inference
from monai.networks.nets import DynUNet
from numpy.typing import NDArray
from onnx import numpy_helper

from assets.training.export import ContractModel
from assets.training.fold_norms import fold_norms
from assets.training.networks import SpineContextResUNet
from inference import open_ct, segment
from inference.memory import peak_rss_bytes
from inference.model import DEFAULT_MODEL

PATCH = (64, 128, 128)
OVERLAP = 0.5
THRESHOLD = 0.5

NNUNET_PATCH = (128, 128, 128)
NNUNET_MM = 1.5
NNUNET_CLASSES = 25
NNUNET_FEATURES = (32, 64, 128, 256, 320, 320)
"""TotalSegmentator's plan for one of its five models at 1.5 mm, as its package publishes it:
patch, spacing, classes, and features by stage (arXiv 2208.05868)."""

WINDOWS_TIMED = 2
"""Of the nnU-Net, whose time for all is extrapolated from these."""


@dataclass(frozen=True)
class Outcome:
    """What one way took.

    Attributes:
        seconds: from the file to the mask; extrapolated where fewer windows were run.
        windows: that the way needs.
        windows_run: that were run.
    """

    seconds: float
    windows: int
    windows_run: int
    peak_rss_bytes: int


def bundled_network() -> torch.nn.Module:
    """The bundled model's weights in PyTorch, from HU to probabilities."""
    path = Path(str(resources.files("assets"))) / "models" / f"{DEFAULT_MODEL}.onnx"
    weights = {
        tensor.name: torch.from_numpy(numpy_helper.to_array(tensor).copy())
        for tensor in onnx.load(str(path)).graph.initializer
        if tensor.name.startswith("network.")
    }
    model = ContractModel(fold_norms(SpineContextResUNet())).eval()
    model.load_state_dict(weights)
    return model


def read_isotropic(path: Path, spacing_mm: float) -> tuple[sitk.Image, NDArray[np.float32]]:
    """The CT, and its HU at one spacing as a float array of the whole volume."""
    ct = sitk.ReadImage(str(path), sitk.sitkFloat32)
    size = [
        math.ceil(n * mm / spacing_mm) for n, mm in zip(ct.GetSize(), ct.GetSpacing(), strict=True)
    ]
    grid = sitk.Image(size, sitk.sitkFloat32)
    grid.SetSpacing([spacing_mm] * 3)
    grid.SetOrigin(ct.GetOrigin())
    grid.SetDirection(ct.GetDirection())
    iso = sitk.Resample(ct, grid, sitk.Transform(), sitk.sitkLinear, -1000.0)
    return iso, sitk.GetArrayFromImage(iso)


def on_ct_grid(probability: NDArray[np.float32], iso: sitk.Image, path: Path) -> NDArray[np.uint8]:
    """The largest piece of what is at least the threshold, on the CT's own grid."""
    image = sitk.GetImageFromArray(probability)
    image.CopyInformation(iso)
    pieces = sitk.RelabelComponent(sitk.ConnectedComponent(image >= THRESHOLD))
    ct = sitk.ReadImage(str(path))
    mask = sitk.Resample(pieces == 1, ct, sitk.Transform(), sitk.sitkNearestNeighbor, 0)
    return sitk.GetArrayFromImage(mask)


def starts(length: int, patch: int) -> list[int]:
    """First voxels of windows at half a patch from each other, the last at the end."""
    if length <= patch:
        return [0]
    return [*range(0, length - patch, int(patch * (1 - OVERLAP))), length - patch]


def published(path: Path) -> tuple[NDArray[np.uint8], int]:
    """The published method: windows over the whole volume, sums and weights in float arrays."""
    network = bundled_network()
    iso, hu = read_isotropic(path, 1.0)
    shape = hu.shape
    hu = np.pad(
        hu, [(0, max(0, p - n)) for n, p in zip(shape, PATCH, strict=True)], constant_values=-1000
    )
    weighted, weights = np.zeros_like(hu), np.zeros_like(hu)
    bells = [np.exp(-0.5 * ((np.arange(p) - (p - 1) / 2) / (p / 8)) ** 2) for p in PATCH]
    importance = np.einsum("i,j,k->ijk", *bells).astype(np.float32).clip(1e-3)
    windows = 0
    with torch.inference_mode():
        for z in starts(hu.shape[0], PATCH[0]):
            for y in starts(hu.shape[1], PATCH[1]):
                for x in starts(hu.shape[2], PATCH[2]):
                    box = (slice(z, z + PATCH[0]), slice(y, y + PATCH[1]), slice(x, x + PATCH[2]))
                    patch = torch.from_numpy(np.ascontiguousarray(hu[box]))[None, None]
                    weighted[box] += network(patch)[0, 0].numpy() * importance
                    weights[box] += importance
                    windows += 1
    inner = tuple(slice(0, n) for n in shape)
    return on_ct_grid((weighted / weights)[inner], iso, path), windows


def monai(path: Path) -> tuple[NDArray[np.uint8], int]:
    """MONAI's sliding window over the whole volume."""
    network = bundled_network()
    iso, hu = read_isotropic(path, 1.0)
    windows = 0

    def counted(patch: torch.Tensor) -> torch.Tensor:
        nonlocal windows
        windows += len(patch)
        return network(patch)

    with torch.inference_mode():
        probability = sliding_window_inference(
            torch.from_numpy(hu)[None, None],
            PATCH,
            1,
            counted,
            OVERLAP,
            mode="gaussian",
            cval=-1000,
        )
    return on_ct_grid(probability[0, 0].numpy(), iso, path), windows


def stock(path: Path) -> tuple[NDArray[np.uint8], int]:
    """Our full grid, run by onnxruntime's own provider."""
    ort.get_available_providers = lambda: ["CPUExecutionProvider"]
    result = segment(open_ct(path), mode="full")
    assert result.provider == "CPU"
    return result.mask.voxels, result.windows_run


def nnunet(path: Path) -> tuple[float, int]:
    """Seconds, extrapolated from a few windows, and windows of one TotalSegmentator-sized model."""
    start = time.perf_counter()
    strides = [1, *[2] * (len(NNUNET_FEATURES) - 1)]
    network = DynUNet(
        3, 1, NNUNET_CLASSES, [3] * len(strides), strides, strides[1:], filters=NNUNET_FEATURES
    ).eval()
    _, hu = read_isotropic(path, NNUNET_MM)
    windows = math.prod(len(starts(n, p)) for n, p in zip(hu.shape, NNUNET_PATCH, strict=True))
    # Sums of every class over the whole volume, as nnU-Net keeps them (in half precision).
    sums = np.zeros((NNUNET_CLASSES, *hu.shape), dtype=np.float16)
    before = time.perf_counter() - start
    patch = torch.zeros(1, 1, *NNUNET_PATCH)
    with torch.inference_mode():
        started = time.perf_counter()
        for _ in range(WINDOWS_TIMED):
            answer = network(patch)[0].numpy()
            depth, height, width = (min(n, p) for n, p in zip(hu.shape, NNUNET_PATCH, strict=True))
            sums[:, :depth, :height, :width] += answer[:, :depth, :height, :width].astype(
                np.float16
            )
        a_window = (time.perf_counter() - started) / WINDOWS_TIMED
    return before + a_window * windows, windows


MASKING: dict[str, Callable[[Path], tuple[NDArray[np.uint8], int]]] = {
    "published": published,
    "monai": monai,
    "stock": stock,
}


def main() -> None:
    """Run one way and print what it took."""
    parser = argparse.ArgumentParser()
    parser.add_argument("way", choices=[*MASKING, "nnunet"])
    parser.add_argument("ct", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    if options.way == "nnunet":
        seconds, windows = nnunet(options.ct)
        outcome = Outcome(seconds, windows, WINDOWS_TIMED, peak_rss_bytes())
    else:
        start = time.perf_counter()
        mask, windows = MASKING[options.way](options.ct)
        seconds = time.perf_counter() - start
        np.save(options.out, mask)
        outcome = Outcome(seconds, windows, windows, peak_rss_bytes())
    print(json.dumps(asdict(outcome)))


if __name__ == "__main__":
    main()
