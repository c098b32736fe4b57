"""Draws random patches, turned, scaled and disturbed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import ndimage
from torch import Tensor
from torch.utils.data import IterableDataset

from assets.training.cases import TrainingCase
from assets.training.marrow import soften_marrow
from assets.training.scanner import disturb
from assets.training.synthesis import AIR, draw_ct
from inference.values.geometry import Shape
from inference.values.volume import AIR_HU

Scalar = TypeVar("Scalar", bound=np.generic)

CELL, NEAR_CELLS = 8, 4
"""Side of a cell in voxels of 1 mm, and steps between cells within which bone is near the spine."""

SACRUM_MM = 40
"""Bone near the spine lies below it if it is no further up than this from the lowest voxel of
spine: the sacrum begins in front of the last spinous process."""

CENTRES = 50_000
"""How many voxels of a kind are kept per case as patch centres; all of them would take
gigabytes."""


@dataclass(frozen=True)
class PatchSettings:
    """How patches are drawn; ranges are uniform, angles in degrees, lengths in voxels.

    Attributes:
        shape: of a patch, z, y, x.
        spine_share: share of the patches centred near a voxel of spine.
        near_bone_share: share of the patches centred near other bone close to the spine: necks of
            ribs and the sacrum are confused most often.
        sacrum_share: share of the patches centred near that part of it which lies below the spine.
        bone_share: share of the patches centred near any other bone.
        synthetic_share: share of the patches of real CT that are drawn from their labels instead.
        soft_share: share of the patches of real CT in which marrow is made softer.
        shift: how far the centre may lie from the chosen voxel.
        bend: how far a spine is bent to the sides, and to front and back.
        bend_length: from one bend to the next along the spine.
        twist: how much the body is turned about its axis between the patch's ends.
        squeeze_share: share of the patches in which one vertebra is compressed.
        squeeze: share of the height that is lost in front; behind, the height stays.
        squeeze_reach: half the height of the compressed part.
    """

    shape: Shape = (64, 96, 96)
    spine_share: float = 0.5
    near_bone_share: float = 0.2
    sacrum_share: float = 0.0
    bone_share: float = 0.2
    synthetic_share: float = 0.3
    soft_share: float = 0.4
    rotation: float = 15.0
    scale: tuple[float, float] = (0.75, 1.3)
    flip_share: float = 0.5
    shift: float = 24.0
    bend: float = 8.0
    bend_length: tuple[float, float] = (60.0, 250.0)
    twist: float = 8.0
    squeeze_share: float = 0.15
    squeeze: tuple[float, float] = (0.2, 0.6)
    squeeze_reach: tuple[float, float] = (8.0, 16.0)


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
        self._spine_voxels: list[NDArray[np.int64]] = []
        self._bone_voxels: list[NDArray[np.int64]] = []
        self._near_bone_voxels: list[NDArray[np.int64]] = []
        self._sacrum_voxels: list[NDArray[np.int64]] = []
        rng = np.random.default_rng(seed)
        for case in cases:
            spine, bone = np.argwhere(case.spine == 1), np.argwhere(case.other_bone)
            near = _those_near(bone, spine)
            sacrum = near[near[:, 0] < spine[:, 0].min() + SACRUM_MM] if len(spine) else near
            for kept, voxels in (
                (self._spine_voxels, spine),
                (self._bone_voxels, bone),
                (self._near_bone_voxels, near),
                (self._sacrum_voxels, sacrum),
            ):
                few = min(len(voxels), CENTRES)
                kept.append(rng.choice(voxels, few, replace=False) if few else voxels)

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
            (settings.near_bone_share, self._near_bone_voxels[index]),
            (settings.sacrum_share, self._sacrum_voxels[index]),
            (settings.bone_share, self._bone_voxels[index]),
        ):
            if drawn < share and len(voxels):
                return rng.choice(voxels) + rng.uniform(-1, 1, 3) * settings.shift
            drawn -= share
        return rng.uniform(0, 1, 3) * self._cases[index].spine.shape


def _those_near(voxels: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.int64]:
    """The voxels in cells of ``CELL`` at most ``NEAR_CELLS`` steps from a cell of the others."""
    if not len(voxels) or not len(others):
        return voxels[:0]
    cells, other_cells = voxels // CELL, others // CELL
    near = np.zeros(np.maximum(cells.max(axis=0), other_cells.max(axis=0)) + 1, dtype=bool)
    near[tuple(other_cells.T)] = True
    near = ndimage.binary_dilation(near, iterations=NEAR_CELLS)
    return voxels[near[tuple(cells.T)]]


def draw_patch(
    case: TrainingCase,
    centre: NDArray[np.float64],
    settings: PatchSettings,
    rng: np.random.Generator,
) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """A patch of HU and of spine around ``centre`` (z, y, x), turned and scaled at random."""
    places = _places(centre, settings, rng)

    spine = _cut(case.spine, places, 0, 0)
    if case.hu is None or (case.classes is not None and rng.random() < settings.synthetic_share):
        assert case.classes is not None
        hu = draw_ct(_cut(case.classes, places, 0, AIR), rng)
    else:
        hu = _cut(case.hu, places, 1, AIR_HU).astype(np.float32)
        if rng.random() < settings.soft_share:
            hu = soften_marrow(hu, spine, rng)
        hu = disturb(hu, rng)
    spine[hu <= AIR_HU] = 0  # cut off with the field of view
    return hu, spine


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


def _places(
    centre: NDArray[np.float64], settings: PatchSettings, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Where in the volume each voxel of the patch comes from: 3, z, y, x."""
    matrix = _random_affine(settings, rng)
    axes = [np.arange(n) - (n - 1) / 2 for n in settings.shape]
    z, y, x = np.meshgrid(*axes, indexing="ij", sparse=True)
    angle = np.deg2rad(rng.uniform(-1, 1) * settings.twist) * z / len(axes[0])
    y, x = np.cos(angle) * y - np.sin(angle) * x, np.sin(angle) * y + np.cos(angle) * x
    if rng.random() < settings.squeeze_share:
        z = z + _squeeze(z, y, settings, rng)
    y = y + _bend(axes[0], settings, rng)
    x = x + _bend(axes[0], settings, rng)
    places = [centre[i] + matrix[i, 0] * z + matrix[i, 1] * y + matrix[i, 2] * x for i in range(3)]
    return np.asarray(places, dtype=np.float32)


def _squeeze(
    z: NDArray[np.float64],
    y: NDArray[np.float64],
    settings: PatchSettings,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """How far planes are moved along the spine to reduce a vertebra's height towards the front.

    The front is where y is low. Planes never swap places, because no share reaches one.
    """
    reach = rng.uniform(*settings.squeeze_reach)
    from_middle = (z - rng.uniform(-0.3, 0.3) * settings.shape[0]) / reach
    in_front = 1 / (1 + np.exp((y - rng.uniform(-10, 10)) / 6))
    lost = rng.uniform(*settings.squeeze) * in_front
    return np.asarray(lost * reach * from_middle * np.exp(-(from_middle**2)))


def _bend(
    z: NDArray[np.floating], settings: PatchSettings, rng: np.random.Generator
) -> NDArray[np.float64]:
    """How far planes are moved sideways: a wave along the spine."""
    turn = 2 * np.pi * z / rng.uniform(*settings.bend_length) + rng.uniform(0, 2 * np.pi)
    return np.asarray(settings.bend * rng.uniform(-1, 1) * np.sin(turn))[:, None, None]


def _cut(
    voxels: NDArray[Scalar], places: NDArray[np.float32], order: int, fill: float
) -> NDArray[Scalar]:
    """``voxels`` interpolated at ``places``, using only the part of the volume that is needed."""
    flat = places.reshape(3, -1)
    low = np.clip(np.floor(flat.min(axis=1)).astype(int) - 1, 0, np.array(voxels.shape) - 1)
    high = np.clip(np.ceil(flat.max(axis=1)).astype(int) + 2, low + 1, voxels.shape)
    part = voxels[tuple(slice(a, b) for a, b in zip(low, high, strict=True))]
    inside = places - low.astype(np.float32)[:, None, None, None]
    return ndimage.map_coordinates(part, inside, order=order, mode="constant", cval=fill)
