"""The methods of ``tests.benchmarks.rivals`` that need PyTorch.

They are in a separate module, so that the memory of PyTorch counts only for them.
"""

import itertools
import math
import time
from pathlib import Path

import numpy as np
import SimpleITK as sitk
import torch
from monai.inferers import sliding_window_inference
from monai.networks.nets import DynUNet
from numpy.typing import NDArray

from assets.training.checkpoint import load_folded
from assets.training.export import ContractModel
from inference.model.bundled import DEFAULT_MODEL, bundled_models
from tests.benchmarks.rivals import Work

PATCH = (64, 128, 128)
OVERLAP = 0.5
THRESHOLD = 0.5

NNUNET_PATCH = (128, 128, 128)
NNUNET_MM = 1.5
NNUNET_CLASSES = 25
NNUNET_FEATURES = (32, 64, 128, 256, 320, 320)
"""TotalSegmentator's plan for one of its five models at 1.5 mm, as published in its package:
patch, spacing, classes, and features by stage (arXiv 2208.05868)."""

NNUNET_WINDOWS = 2
"""Most windows to run with the nnU-Net, because they take long and their result means nothing."""

Box = tuple[slice, slice, slice]


def bundled_network() -> torch.nn.Module:
    """The bundled model's weights as a PyTorch network from HU to probabilities."""
    path = bundled_models()[DEFAULT_MODEL]
    return ContractModel(load_folded(path, "SpineContextResUNet")).eval()


def read_isotropic(path: Path, spacing_mm: float) -> tuple[sitk.Image, NDArray[np.float32]]:
    """The CT, and a float array of the whole volume at an isotropic spacing."""
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
    """The largest piece at or above the threshold, on the CT's own grid."""
    image = sitk.GetImageFromArray(probability)
    image.CopyInformation(iso)
    pieces = sitk.RelabelComponent(sitk.ConnectedComponent(image >= THRESHOLD))
    ct = sitk.ReadImage(str(path))
    mask = sitk.Resample(pieces == 1, ct, sitk.Transform(), sitk.sitkNearestNeighbor, 0)
    return sitk.GetArrayFromImage(mask)


def grid(shape: tuple[int, ...], patch: tuple[int, int, int]) -> list[Box]:
    """Windows half a patch apart, row by row; the last one on an axis ends with the volume."""
    axes = [
        [0] if n <= p else [*range(0, n - p, int(p * (1 - OVERLAP))), n - p]
        for n, p in zip(shape, patch, strict=True)
    ]
    return [
        (slice(z, z + patch[0]), slice(y, y + patch[1]), slice(x, x + patch[2]))
        for z, y, x in itertools.product(*axes)
    ]


def published(path: Path, most: int) -> Work:
    """The published method: windows over the whole volume, sums and weights in float arrays."""
    network = bundled_network()
    iso, hu = read_isotropic(path, 1.0)
    weighted, weights = np.zeros_like(hu), np.zeros_like(hu)
    bells = [np.exp(-0.5 * ((np.arange(p) - (p - 1) / 2) / (p / 8)) ** 2) for p in PATCH]
    importance = np.einsum("i,j,k->ijk", *bells).astype(np.float32).clip(1e-3)
    windows = grid(hu.shape, PATCH)
    start = time.perf_counter()
    with torch.inference_mode():
        for box in windows[:most]:
            patch = torch.from_numpy(np.ascontiguousarray(hu[box]))[None, None]
            weighted[box] += network(patch)[0, 0].numpy() * importance
            weights[box] += importance
    sliding = time.perf_counter() - start
    mask = on_ct_grid(weighted / weights.clip(1e-3), iso, path)
    return Work(sliding, len(windows), min(most, len(windows)), mask)


def monai(path: Path, most: int) -> Work:
    """MONAI's sliding window; only over the lowest rows of windows if ``most`` is not enough."""
    network = bundled_network()
    iso, hu = read_isotropic(path, 1.0)
    windows = grid(hu.shape, PATCH)
    top = max(box[0].stop for box in windows[:most])
    start = time.perf_counter()
    with torch.inference_mode():
        probability = sliding_window_inference(
            torch.from_numpy(hu[:top])[None, None], PATCH, 1, network, OVERLAP, mode="gaussian"
        )[0, 0].numpy()
    sliding = time.perf_counter() - start
    run = len(grid((top, *hu.shape[1:]), PATCH))
    padded = np.concatenate([probability, np.zeros_like(hu[top:])])
    return Work(sliding, len(windows), run, on_ct_grid(padded, iso, path))


def nnunet(path: Path, most: int) -> Work:
    """One model of TotalSegmentator's size with random weights; its result means nothing."""
    strides = [1, *[2] * (len(NNUNET_FEATURES) - 1)]
    network = DynUNet(
        3, 1, NNUNET_CLASSES, [3] * len(strides), strides, strides[1:], filters=NNUNET_FEATURES
    ).eval()
    _, hu = read_isotropic(path, NNUNET_MM)
    room = [(0, max(0, p - n)) for n, p in zip(hu.shape, NNUNET_PATCH, strict=True)]
    hu = np.pad(hu, room)
    # Like nnU-Net, keep the sums of every class over the whole volume in half precision.
    sums = np.zeros((NNUNET_CLASSES, *hu.shape), dtype=np.float16)
    windows = grid(hu.shape, NNUNET_PATCH)
    run = windows[: min(most, NNUNET_WINDOWS)]
    start = time.perf_counter()
    with torch.inference_mode():
        for box in run:
            patch = torch.from_numpy(np.ascontiguousarray(hu[box]))[None, None]
            sums[:, *box] += network(patch)[0].numpy().astype(np.float16)
    return Work(time.perf_counter() - start, len(windows), len(run), None)
