"""Random patches: where they are cut, how they are turned, scaled and disturbed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import ndimage
from torch import Tensor
from torch.utils.data import IterableDataset

from assets.training.cases import TrainingCase
from assets.training.synthesis import AIR, draw_ct
from inference.plan import Shape
from inference.volume import AIR_HU


@dataclass(frozen=True)
class PatchSettings:
    """How patches are drawn; ranges are uniform, angles in degrees, lengths in voxels.

    Attributes:
        shape: of a patch, z, y, x.
        spine_share: share of the patches centred near a voxel of spine.
        bone_share: share of the patches centred near other bone: ribs are what is mistaken most.
        synthetic_share: share of the patches of real CT that are drawn from their labels instead.
        shift: how far the centre may lie from the voxel it is near to.
    """

    shape: Shape = (64, 96, 96)
    spine_share: float = 0.55
    bone_share: float = 0.25
    synthetic_share: float = 0.3
    rotation: float = 15.0
    scale: tuple[float, float] = (0.75, 1.3)
    flip_share: float = 0.5
    shift: float = 24.0


class PatchStream(IterableDataset[tuple[Tensor, Tensor]]):
    """An endless stream of (HU, spine) patches, both 1×D×H×W float32, from a seed."""

    def __init__(
        self,
        cases: Sequence[TrainingCase],
        weights: Sequence[float],
        settings: PatchSettings,
        seed: int,
    ) -> None:
        """Draw from ``cases`` in proportion to ``weights``."""
        self._cases = cases
        self._weights = np.asarray(weights) / np.sum(weights)
        self._settings = settings
        self._seed = seed
        self._spine_voxels = [np.argwhere(case.spine) for case in cases]
        self._bone_voxels = [np.argwhere(case.other_bone) for case in cases]

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        worker = torch.utils.data.get_worker_info()
        rng = np.random.default_rng([self._seed, worker.id if worker else 0])
        while True:
            index = int(rng.choice(len(self._cases), p=self._weights))
            case = self._cases[index]
            centre = self._centre(index, rng)
            hu, spine = draw_patch(case, centre, self._settings, rng)
            yield torch.from_numpy(hu)[None], torch.from_numpy(spine.astype(np.float32))[None]

    def _centre(self, index: int, rng: np.random.Generator) -> NDArray[np.float64]:
        settings = self._settings
        drawn = rng.random()
        for share, voxels in (
            (settings.spine_share, self._spine_voxels[index]),
            (settings.bone_share, self._bone_voxels[index]),
        ):
            if drawn < share and len(voxels):
                return rng.choice(voxels) + rng.uniform(-1, 1, 3) * settings.shift
            drawn -= share
        return rng.uniform(0, 1, 3) * self._cases[index].spine.shape


def draw_patch(
    case: TrainingCase,
    centre: NDArray[np.float64],
    settings: PatchSettings,
    rng: np.random.Generator,
) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """A patch of HU and of spine around ``centre`` (z, y, x), turned and scaled at random."""
    matrix = _random_affine(settings, rng)
    offset = centre - matrix @ (np.asarray(settings.shape) - 1) / 2

    def cut(voxels: NDArray[np.generic], order: int, fill: float) -> NDArray[np.generic]:
        return _cut(voxels, matrix, offset, settings.shape, order, fill)

    spine = cut(case.spine, 0, 0)
    if case.hu is None or (case.classes is not None and rng.random() < settings.synthetic_share):
        return draw_ct(cut(case.classes, 0, AIR), rng), spine
    return disturb(cut(case.hu, 1, AIR_HU).astype(np.float32), rng), spine


def _random_affine(settings: PatchSettings, rng: np.random.Generator) -> NDArray[np.float64]:
    """From patch offsets to volume offsets, z, y, x."""
    matrix = np.diag(1 / rng.uniform(*settings.scale, 3) ** [0.4, 0.4, 0.4])
    matrix = matrix / rng.uniform(*settings.scale) ** 0.6
    for axes in ((0, 1), (0, 2), (1, 2)):
        angle = np.deg2rad(rng.uniform(-1, 1) * settings.rotation)
        turn = np.eye(3)
        a, b = axes
        turn[a, a] = turn[b, b] = np.cos(angle)
        turn[a, b], turn[b, a] = -np.sin(angle), np.sin(angle)
        matrix = matrix @ turn
    if rng.random() < settings.flip_share:
        matrix = matrix @ np.diag([1.0, 1.0, -1.0])
    return matrix


def _cut(
    voxels: NDArray[np.generic],
    matrix: NDArray[np.float64],
    offset: NDArray[np.float64],
    shape: Shape,
    order: int,
    fill: float,
) -> NDArray[np.generic]:
    """``voxels`` at ``matrix @ index + offset``, from the part of the volume that is touched."""
    corners = np.array(np.meshgrid(*[(0, n - 1) for n in shape])).reshape(3, -1)
    reached = matrix @ corners + offset[:, None]
    low = np.clip(np.floor(reached.min(axis=1)).astype(int) - 1, 0, np.array(voxels.shape) - 1)
    high = np.clip(np.ceil(reached.max(axis=1)).astype(int) + 2, low + 1, voxels.shape)
    part = voxels[tuple(slice(a, b) for a, b in zip(low, high, strict=True))]
    return ndimage.affine_transform(
        part, matrix, offset - low, output_shape=shape, order=order, mode="constant", cval=fill
    )


def disturb(hu: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Other contrast, dose, kernel and slice thickness for real HU, z, y, x."""
    hu = hu * rng.uniform(0.85, 1.2) + rng.uniform(-40, 40)
    if rng.random() < 0.5:
        above = hu > 120
        hu = np.where(above, 120 + (hu - 120) * rng.uniform(0.5, 1.5), hu)
    if rng.random() < 0.5:
        along, in_plane = rng.uniform(0, 2.0), rng.uniform(0, 0.8)
        hu = ndimage.gaussian_filter(hu, (along, in_plane, in_plane))
    if rng.random() < 0.5:
        noise = rng.standard_normal(hu.shape, dtype=np.float32)
        noise = ndimage.gaussian_filter(noise, rng.uniform(0, 1.0))
        hu = hu + noise / max(float(noise.std()), 1e-6) * rng.uniform(0, 50)
    return np.maximum(hu, AIR_HU).astype(np.float32)
