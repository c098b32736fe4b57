"""Separates the vertebrae: one number per vertebra, on the grid of the CT."""

from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray

from inference.mask.atlas import with_atlas
from inference.mask.beyond import SKULL_SHARE, bone_beyond
from inference.mask.bone import bone_of
from inference.mask.borders import GAP_FROM_MM, Border, find_borders
from inference.mask.centre_line import CentreLine, find_centre_line
from inference.mask.pieces import give_pieces_to_neighbours
from inference.system.scratch import IN_MEMORY_BYTES, new_array
from inference.values.geometry import Geometry
from inference.values.mask import Mask
from inference.values.messages import Sentence, joined, sentence
from inference.values.progress import CancelCheck, never_cancelled, stop_if
from inference.values.slabs import bounding_box, release, slabs, voxels_in
from inference.values.volume import Volume

MOST_VERTEBRAE = 100
"""Far more than a spine has, so that labels fit into bytes and differ from ``OUTSIDE``."""

OUTSIDE = 255
"""In seeds: not part of the spine."""

BODY_MARGIN_MM, ARCH_MARGIN_MM, ELSEWHERE_MARGIN_MM = 1.5, 1.5, 8.0
"""How far from a border's surface a voxel surely belongs to its vertebra. In bodies and in the
middle of arches the surface is measured; at facets and transverse processes it is only
extrapolated, and off by 4 to 6 mm on average."""

MIDDLE_SHARE = 0.44
"""Further than this share of the way from one border's surface to the next a voxel belongs to the
vertebra between them, however near both are: in a neck, joints lie 12 mm apart, and a vertebra
without a seed there would go to its neighbours."""

BODY_SHARE = 0.9
"""Share of a body's half-width and half-depth in which ``BODY_MARGIN_MM`` applies."""

ARCH_HALF_WIDTH_MM, ARCH_TO_MM = 7.0, 40.0
"""Where ``ARCH_MARGIN_MM`` applies: to the sides, and behind the canal's middle."""

COST_RADIUS = 2
"""Radius, in voxels, within which the amount of bone shows how thick the bone is: facet joints and
other thin places are flooded last."""

CHUNK_PLANES, CHUNK_MARGIN = 256, 40
"""Planes flooded at a time, and the margin flooded around them: more than a vertebra with its
processes needs. Memory does not grow with the length of the spine."""

UNSURE = 0.3
"""Below this confidence a border is a guess. On the CTs of ``../shared/ct``, visible discs have 0.5
or more, and noise in filled ones gives 0.1."""


@dataclass(frozen=True, eq=False)
class Vertebrae:
    """The vertebrae of a spine mask, counted from the head.

    Attributes:
        labels: uint8, z, y, x on the grid of the CT; 0 outside the mask, 1 for the first vertebra.
        geometry: the grid of ``labels``.
        count: how many there are.
        line: the line through the middle of their bodies; None if there is less than a vertebra.
        borders: from the head down; ``borders[0]`` is between the first and the second.
        edited: whether the user has changed what was found.
    """

    labels: NDArray[np.uint8]
    geometry: Geometry
    count: int
    line: CentreLine | None
    borders: tuple[Border, ...]
    edited: bool = False

    def confidence(self, vertebra: int) -> float:
        """How sure the borders of a vertebra (1, 2, …) are, 0 to 1: the less sure of the two."""
        beside = self.borders[max(vertebra - 2, 0) : vertebra]
        return min((border.confidence for border in beside), default=0.0)

    @property
    def notes(self) -> tuple[Sentence, ...]:
        """Plain sentences about borders and ends that are guesses."""
        return (*self._unseen_discs, *self._thin_ends)

    @property
    def _unseen_discs(self) -> tuple[Sentence, ...]:
        guesses = [
            sentence("{0}/{1}", number, number + 1)
            for number, border in enumerate(self.borders, start=1)
            if border.confidence < UNSURE
        ]
        if not guesses:
            return ()
        return (
            sentence(
                "No disc was seen between some vertebrae (counted from the head: {0}); the border "
                "there is a guess from the heights of their neighbours. Check it.",
                joined(guesses, ", "),
            ),
        )

    @property
    def _thin_ends(self) -> tuple[Sentence, ...]:
        below, above = self.line.spurs_mm if self.line else (0.0, 0.0)
        notes = []
        if above:
            notes.append(
                sentence(
                    "At the head end, the mask is so thin over {0} mm that no vertebrae were "
                    "looked for there; the first one includes it. Check it.",
                    round(above),
                )
            )
        if below:
            notes.append(
                sentence(
                    "At the foot end, the mask is so thin over {0} mm that no vertebrae were "
                    "looked for there; the last one includes it. Check it.",
                    round(below),
                )
            )
        return tuple(notes)


def separate_vertebrae(
    mask: Mask,
    volume: Volume,
    *,
    in_memory: int = IN_MEMORY_BYTES,
    cancel: CancelCheck = never_cancelled,
) -> Vertebrae:
    """Separate the vertebrae of a spine mask.

    Args:
        mask: on the grid of ``volume``.
        in_memory: labels of more bytes go into a scratch file.

    Raises:
        MemoryLimitError: the disk has no room for the scratch file that a large one needs.
        CancelledError: ``cancel`` said so between two steps.
    """
    box = bounding_box(mask.voxels)
    if box is None:
        empty = new_array(mask.voxels.shape, np.uint8, in_memory)
        return Vertebrae(empty, mask.geometry, 0, None, ())
    bone, grid = bone_of(mask, box, cancel)
    line = find_centre_line(bone, grid)
    borders = line and find_borders(bone, grid, volume.voxels, volume.geometry, line)
    if not line or not borders:
        labels = _whole(mask, in_memory)
        return Vertebrae(labels, mask.geometry, 1, line, ())
    borders = borders[::-1]
    stop_if(cancel)
    if bone_beyond(line, volume.voxels, volume.geometry, up=True) >= SKULL_SHARE:
        borders = with_atlas(bone, grid, volume.voxels, volume.geometry, line, borders)
    borders = borders[:MOST_VERTEBRAE]
    places = Places(line, borders)
    flooded = _flood(bone, grid, places, cancel)
    labels = _on_grid_of(mask, flooded, grid, places, in_memory, cancel)
    give_pieces_to_neighbours(labels[box], mask.geometry.voxel_volume_ml, cancel)
    return Vertebrae(labels, mask.geometry, len(borders) + 1, line, borders)


@dataclass(frozen=True, eq=False)
class Places:
    """Tells between which borders a position lies.

    Attributes:
        borders: from the head down.
    """

    line: CentreLine
    borders: tuple[Border, ...]

    def numbers(self, points: NDArray[np.float32]) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
        """The number of the vertebra that each point lies in, and whether that is certain.

        Args:
            points: N×3, LPS millimetres.
        """
        along, across, behind = self.line.curve.coordinates(points)
        number = np.ones(len(points), np.uint8)
        sure = np.ones(len(points), bool)
        usual = self._margins(along, across, behind)
        above, below = (np.full(len(points), np.inf, np.float32) for _ in range(2))
        for border in self.borders:
            low, high = border.reach
            low, high = low - ELSEWHERE_MARGIN_MM, high + ELSEWHERE_MARGIN_MM
            number += along < low
            near = np.flatnonzero((along >= low) & (along <= high))
            height = border.height(along[near], across[near], behind[near])
            number[near] += height < 0
            sure[near] &= np.abs(height) > border.margin(behind[near], usual[near])
            above[near] = np.minimum(above[near], np.where(height < 0, -height, np.inf))
            below[near] = np.minimum(below[near], np.where(height < 0, np.inf, height))
        return number, sure | (np.minimum(above, below) > MIDDLE_SHARE * (above + below))

    def _margins(
        self,
        along: NDArray[np.float32],
        across: NDArray[np.float32],
        behind: NDArray[np.float32],
    ) -> NDArray[np.float32]:
        index = np.clip(np.rint(along), 0, len(self.line) - 1).astype(np.intp)
        body = (np.abs(across) < BODY_SHARE * self.line.half_width[index]) & (
            behind < BODY_SHARE * self.line.half_depth[index]
        )
        behind_canal = behind - self.line.canal[index]
        arch = (
            (np.abs(across) < ARCH_HALF_WIDTH_MM)
            & (behind_canal > GAP_FROM_MM)
            & (behind_canal < ARCH_TO_MM)
        )
        margins = np.full(len(along), ELSEWHERE_MARGIN_MM, np.float32)
        margins[arch] = ARCH_MARGIN_MM
        margins[body] = BODY_MARGIN_MM
        return margins


def _whole(mask: Mask, in_memory: int) -> NDArray[np.uint8]:
    labels = new_array(mask.voxels.shape, np.uint8, in_memory)
    for part, slab in slabs(mask.voxels):
        labels[part] = slab > 0
        release(labels)
    return labels


def _flood(
    bone: NDArray[np.uint8], grid: Geometry, places: Places, cancel: CancelCheck
) -> NDArray[np.uint8]:
    """Labels of the bone and of ``COST_RADIUS`` voxels around it, flooded from certain seeds.

    A watershed: thick bone is flooded first, so that floods meet in the thin places between two
    vertebrae. Voxels that no flood reaches are 0.
    """
    labels = np.zeros_like(bone)
    for start in range(0, len(bone), CHUNK_PLANES):
        stop_if(cancel)
        stop = min(start + CHUNK_PLANES, len(bone))
        low, high = max(start - CHUNK_MARGIN, 0), min(stop + CHUNK_MARGIN, len(bone))
        inner = bounding_box(bone[low:high])
        if inner is None:
            continue
        box = (slice(low, high), *(_wider(axis) for axis in inner[1:]))
        flooded = _flood_chunk(bone[box], grid.part(*box), places)
        labels[start:stop, box[1], box[2]] = flooded[start - low : stop - low]
    return labels


def _wider(axis: slice) -> slice:
    """With room for the floods around bone; ``ROOM_VOXELS`` are there."""
    return slice(axis.start - COST_RADIUS - 1, axis.stop + COST_RADIUS + 1)


def _flood_chunk(bone: NDArray[np.uint8], grid: Geometry, places: Places) -> NDArray[np.uint8]:
    thickness = _bone_around(bone)
    seeds = np.where(thickness > 0, np.uint8(0), np.uint8(OUTSIDE))
    for planes, slab in slabs(bone):
        voxels = voxels_in(slab)
        numbers, sure = places.numbers(points_of(voxels, grid, planes.start))
        seeds[planes][voxels] = np.where(sure, numbers, 0)
    flooded: NDArray[np.uint8] = sitk.GetArrayFromImage(
        sitk.MorphologicalWatershedFromMarkers(
            sitk.GetImageFromArray(255 - thickness), sitk.GetImageFromArray(seeds), False, False
        )
    )
    flooded[flooded == OUTSIDE] = 0
    return flooded


def _bone_around(bone: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The number of bone voxels in the cube of ``COST_RADIUS`` around each voxel: up to 125."""
    count = (bone > 0).astype(np.uint8)
    for axis in range(3):
        along = np.moveaxis(count, axis, 0)
        total = along.copy()
        for step in range(1, COST_RADIUS + 1):
            total[step:] += along[:-step]
            total[:-step] += along[step:]
        count = np.moveaxis(total, 0, axis)
    return np.ascontiguousarray(count)


def _on_grid_of(
    mask: Mask,
    labels: NDArray[np.uint8],
    grid: Geometry,
    places: Places,
    in_memory: int,
    cancel: CancelCheck,
) -> NDArray[np.uint8]:
    """The label of every voxel of the mask: the nearest flooded one, or else by position."""
    found = new_array(mask.voxels.shape, np.uint8, in_memory)
    from_mask = np.linalg.inv(grid.index_to_patient) @ mask.geometry.index_to_patient
    for planes, slab in slabs(mask.voxels):
        stop_if(cancel)
        voxels = voxels_in(slab)
        indices = []
        for axis, length in zip((2, 1, 0), grid.shape, strict=True):
            row = from_mask[axis]
            place = row[0] * voxels[2] + row[1] * voxels[1] + row[2] * (voxels[0] + planes.start)
            indices.append(np.rint(place + row[3]).astype(np.intp).clip(0, length - 1))
        number = labels[tuple(indices)]
        lost = np.flatnonzero(number == 0)
        if len(lost):
            those = tuple(axis[lost] for axis in voxels)
            number[lost], _ = places.numbers(points_of(those, mask.geometry, planes.start))
        found[planes][voxels] = number
        release(found)
    return found


def points_of(
    voxels: tuple[NDArray[np.intp], ...], grid: Geometry, first_plane: int
) -> NDArray[np.float32]:
    """LPS millimetres, N×3, of voxels z, y, x whose planes are counted from ``first_plane``."""
    z, y, x = voxels
    to_patient = grid.index_to_patient[:3].astype(np.float32)
    columns = np.stack([x, y, z + first_plane], axis=1).astype(np.float32)
    return np.asarray(columns @ to_patient[:, :3].T + to_patient[:, 3])
