"""The census of a volume, taken plane by plane in their order."""

import dataclasses

import numpy as np
from numpy.typing import NDArray

from inference.read.voxels.census import TISSUE_HU, Census, census_of
from inference.read.voxels.hounsfield import with_air
from inference.values.volume import AIR_HU

SAMPLED = 4
"""Planes are compared in every fourth row and column."""

DENSEST_HU = 2 * TISSUE_HU[1]
"""Anything above counts as this when planes are compared, so that metal does not outweigh all."""

UNLIKE = 1.2
"""A plane is unlike those beside it if it differs from both by this many times as much as they
differ from each other: at most 0.97 times as much in eighteen real CTs, where only noise brings it
near 1."""

LIKE_HU = 10.0
"""Planes that differ by less on average are alike in any case."""

MIRRORED = 0.8
"""A plane is mirrored if the mirror image of the one before differs from it by less than this share
of what that one itself does: at least 1.18 in eighteen real CTs."""

BLANK_SHARE = 0.25
"""If a larger share of the rows or columns is blank in one of two neighbouring planes only, a part
of a plane was lost: at most 0.113 in eighteen real CTs, and 0.005 but for one that was turned."""

Sample = NDArray[np.float32]


class Survey:
    """Collects the census of planes, and compares each with those before it."""

    def __init__(self) -> None:
        """No plane was seen yet."""
        self._census = Census()
        self._before: NDArray[np.int16] | None = None
        self._samples: tuple[Sample, ...] = ()
        self._inside = self._at_ends = self._repeated = self._waiting = 0
        self._blank: tuple[NDArray[np.bool_], ...] = ()
        self._planes = self._unlike = self._mirrored = self._torn = 0
        self._begun = False

    def add(self, hu: NDArray[np.int16], not_numbers: int = 0) -> Census:
        """Add the next plane, y, x, with voids still marked; returns its own census.

        Args:
            not_numbers: how many of the voids are NaN or infinite.
        """
        census = census_of(hu, not_numbers)
        self._census += census
        self._planes += 1
        if hu.min() == hu.max():
            self._waiting += 1
            self._samples, self._blank = (), ()
        else:
            if self._begun:
                self._inside += self._waiting
            else:
                self._at_ends += self._waiting
            self._waiting, self._begun = 0, True
            self._repeated += self._before is not None and np.array_equal(hu, self._before)
            self._compare(hu)
        self._before = hu
        return census

    @property
    def census(self) -> Census:
        """The census of all planes so far."""
        return dataclasses.replace(
            self._census,
            empty_inside=self._inside,
            empty_at_ends=self._at_ends + self._waiting,
            repeated=self._repeated,
            planes=self._planes,
            unlike=self._unlike,
            mirrored=self._mirrored,
            torn=self._torn,
        )

    def _compare(self, hu: NDArray[np.int16]) -> None:
        """Compare a plane with the one before, and that one with both beside it."""
        here = _sample(hu)
        if self._samples:
            straight = _apart(here, self._samples[-1])
            turned = (hu[:, ::-1], hu[::-1], hu[::-1, ::-1])
            nearest = min(_apart(_sample(plane), self._samples[-1]) for plane in turned)
            self._mirrored += straight > LIKE_HU and nearest < MIRRORED * straight
        if len(self._samples) == 2:
            first, middle = self._samples
            least = min(_apart(first, middle), _apart(middle, here))
            self._unlike += least > UNLIKE * max(LIKE_HU, _apart(first, here))
        self._samples = (*self._samples[-1:], here)
        blank = tuple(hu.min(axis) == hu.max(axis) for axis in (0, 1))
        # Nothing is known of the part of a plane before the first one.
        apart = [(one != other).mean() for one, other in zip(blank, self._blank, strict=False)]
        self._torn += max(apart, default=0.0) > BLANK_SHARE
        self._blank = blank


def _sample(hu: NDArray[np.int16]) -> Sample:
    return np.clip(with_air(hu[::SAMPLED, ::SAMPLED]), AIR_HU, DENSEST_HU).astype(np.float32)


def _apart(one: Sample, other: Sample) -> float:
    """The mean difference, in HU, of two planes."""
    return float(np.abs(one - other).mean())
