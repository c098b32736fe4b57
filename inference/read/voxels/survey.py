"""The census of a volume, taken plane by plane in their order."""

import dataclasses

import numpy as np
from numpy.typing import NDArray

from inference.read.voxels.census import Census, census_of


class Survey:
    """Collects the census of planes, and counts those that say nothing of their own."""

    def __init__(self) -> None:
        """No plane was seen yet."""
        self._census = Census()
        self._before: NDArray[np.int16] | None = None
        self._inside = self._at_ends = self._repeated = self._waiting = 0
        self._begun = False

    def add(self, hu: NDArray[np.int16], not_numbers: int = 0) -> Census:
        """Add the next plane, y, x, with voids still marked; returns its own census.

        Args:
            not_numbers: how many of the voids are NaN or infinite.
        """
        census = census_of(hu, not_numbers)
        self._census += census
        if hu.min() == hu.max():
            self._waiting += 1
        else:
            if self._begun:
                self._inside += self._waiting
            else:
                self._at_ends += self._waiting
            self._waiting, self._begun = 0, True
            self._repeated += self._before is not None and np.array_equal(hu, self._before)
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
        )
