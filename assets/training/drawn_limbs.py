"""Legs, raised arms and crowns of the head from formulas, because no free CT shows them.

    python -m assets.training.drawn_limbs runs/limbs

draws a picture of each, with a CT drawn from it, to check before training on it.

None contains a spine. They are not real anatomy but tubes of soft tissue with one, two or many long
bones from joint to joint. What matters is that bones are round and tubular, end in knobs, and lie
in air and soft tissue.
All lengths are voxels of 1 mm; arrays are z, y, x, z to the head.
"""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assets.training.cases import TrainingCase
from assets.training.overlay import draw_on_drawn_ct
from assets.training.spine_labels import BODY, BONE
from assets.training.synthesis import AIR, COMPACT, YELLOW_MARROW
from inference.values.geometry import Shape

SHAPE: Shape = (360, 200, 360)

Point = NDArray[np.float64]
"""z, y, x in voxels."""

Shares = NDArray[np.float64]


@dataclass(frozen=True)
class LimbKind:
    """The shape of a pair of limbs; ranges are uniform, lengths in voxels of 1 mm.

    Attributes:
        aside: distance of each from the middle.
        flesh: radius of the soft tissue.
        shaft: radius of the thickest bone.
        segment: from joint to joint.
        bones: how many lie side by side, from the trunk outwards.
        crown: whether a skull lies between the two.
    """

    aside: tuple[float, float]
    flesh: tuple[float, float]
    shaft: tuple[float, float]
    segment: tuple[float, float]
    bones: tuple[int, ...]
    crown: bool = False


LEGS = LimbKind((70, 95), (42, 80), (12, 16), (130, 220), (1, 2))
ARMS = LimbKind((105, 150), (26, 42), (9, 12), (90, 170), (1, 2, 5), crown=True)

DRAWN_LIMBS: Mapping[str, tuple[LimbKind, int]] = {
    "legs a": (LEGS, 1),
    "legs b": (LEGS, 2),
    "legs c": (LEGS, 5),
    "legs d": (LEGS, 6),
    "arms and crown a": (ARMS, 3),
    "arms and crown b": (ARMS, 4),
}
"""The kind and the seed of each case."""

JOINT_GAP = 4.0
"""Cartilage between the ends of two bones."""

KNOB = 2.1
"""How much thicker a bone's ends are than its shaft; at the knee about twice as thick."""

KNOB_SHARPNESS = 6
"""The power of the distance from a bone's middle by which it widens; high, for knobs at the
ends."""

CORTEX_SHARE, CAVITY_HALF, COMPACT_HALF = 0.38, 0.72, 0.8
"""Share of a shaft's radius that is compact bone, and of a bone's half length that its cavity and
that compact bone span."""

SKULL_RADII = (95.0, 92.0, 74.0)
SKULL_THICKNESS = (4.0, 9.0)
SCALP = 7.0


def load_limbs(name: str) -> TrainingCase:
    """The case of that name: classes of ``synthesis``, and no spine."""
    kind, seed = DRAWN_LIMBS[name]
    classes = draw_limbs(kind, np.random.default_rng(seed))
    return TrainingCase(name, None, classes, np.zeros(classes.shape, np.uint8))


def draw_limbs(kind: LimbKind, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Classes of ``synthesis`` of a pair of limbs, ``SHAPE``."""
    classes = np.full(SHAPE, AIR, np.uint8)
    depth, height, width = SHAPE
    aside, flesh = rng.uniform(*kind.aside), rng.uniform(*kind.flesh)
    shaft, lean = rng.uniform(*kind.shaft), rng.uniform(-0.15, 0.15)
    offset = rng.uniform(0, kind.segment[0])
    segment = rng.uniform(*kind.segment)
    for side in (-1, 1):
        middle = np.array([0.0, height / 2, width / 2 + side * aside])
        along = np.array([1.0, rng.uniform(-0.12, 0.12), side * lean])
        _tube(
            classes, middle, middle + along * depth, lambda share: np.full_like(share, flesh), BODY
        )
        joints = np.arange(-offset, depth + segment, segment)
        for number, (low, high) in enumerate(pairwise(joints)):
            count = kind.bones[number % len(kind.bones)]
            ends = (middle + along * (low + JOINT_GAP / 2), middle + along * (high - JOINT_GAP / 2))
            _bones(classes, ends, count, shaft, rng)
    if kind.crown:
        _skull(classes, rng)
    return classes


def _bones(
    classes: NDArray[np.uint8],
    ends: tuple[Point, Point],
    count: int,
    shaft: float,
    rng: np.random.Generator,
) -> None:
    """Bones side by side between two joints; the more there are, the thinner."""
    radius = shaft / count**0.6
    for place in np.arange(count) - (count - 1) / 2:
        beside = np.array([0.0, rng.uniform(-6, 6) if count > 1 else 0.0, place * radius * 3.0])
        low, high = (end + beside for end in ends)
        own = radius * rng.uniform(0.8, 1.15)

        def outer(share: Shares, own: float = own) -> Shares:
            return own * (1 + (KNOB - 1) * np.abs(2 * share - 1) ** KNOB_SHARPNESS)

        def shaft_only(share: Shares, own: float = own) -> Shares:
            return np.where(np.abs(2 * share - 1) < COMPACT_HALF, outer(share, own), -1.0)

        def cavity(share: Shares, own: float = own) -> Shares:
            inside = np.abs(2 * share - 1) < CAVITY_HALF
            return np.where(inside, own * (1 - CORTEX_SHARE), -1.0)

        _tube(classes, low, high, outer, BONE)
        _tube(classes, low, high, shaft_only, COMPACT)
        _tube(classes, low, high, cavity, YELLOW_MARROW)


def _tube(
    classes: NDArray[np.uint8],
    low: Point,
    high: Point,
    radius: Callable[[Shares], Shares],
    value: int,
) -> None:
    """Set ``classes`` around the line from ``low`` to ``high``.

    Args:
        radius: the tube's, by the share of the way from ``low`` to ``high``.
    """
    widest = float(np.max(radius(np.linspace(0, 1, 101))))
    if widest <= 0:
        return
    reach = np.array([0.0, widest, widest])
    corners = np.stack([np.minimum(low, high) - reach, np.maximum(low, high) + reach])
    first, last = np.clip(np.rint(corners), 0, classes.shape).astype(int)
    box = tuple(slice(a, b) for a, b in zip(first, last, strict=True))
    z, y, x = (np.arange(a, b, dtype=np.float64) for a, b in zip(first, last, strict=True))
    offset = [
        axis - start
        for axis, start in zip((z[:, None, None], y[None, :, None], x), low, strict=True)
    ]
    along = high - low
    share = sum(o * step for o, step in zip(offset, along, strict=True)) / float(along @ along)
    squared = sum((o - share * step) ** 2 for o, step in zip(offset, along, strict=True))
    inside = (share >= 0) & (share <= 1) & (squared <= np.maximum(radius(share), 0) ** 2)
    classes[box][inside] = value


def _skull(classes: NDArray[np.uint8], rng: np.random.Generator) -> None:
    """The crown of a head in the middle, cut through by the volume's lower end."""
    depth, height, width = classes.shape
    middle = (rng.uniform(-20, 60), height / 2, width / 2)
    thickness = rng.uniform(*SKULL_THICKNESS)
    for grown, value in ((SCALP, BODY), (0.0, BONE), (-thickness, BODY)):
        z, y, x = (
            ((np.arange(n) - m) / (radius + grown)) ** 2
            for n, m, radius in zip((depth, height, width), middle, SKULL_RADII, strict=True)
        )
        classes[z[:, None, None] + y[None, :, None] + x <= 1] = value


def main() -> None:
    """Draw every case."""
    parser = argparse.ArgumentParser(description="Draw the limbs made from formulas.")
    parser.add_argument("out", type=Path, help="folder for pictures")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for name in DRAWN_LIMBS:
        case = load_limbs(name)
        draw_on_drawn_ct(case, options.out / f"{name}.png")
        print(name, flush=True)


if __name__ == "__main__":
    main()
