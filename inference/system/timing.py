"""How long each stage took."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType


class StageClock:
    """Adds up the wall-clock seconds of named stages."""

    def __init__(self) -> None:
        """Start with no stage timed."""
        self._seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time the block as part of stage ``name``."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self._seconds[name] = self._seconds.get(name, 0.0) + time.perf_counter() - start

    @property
    def seconds(self) -> Mapping[str, float]:
        """Seconds by stage, in the order in which the stages began."""
        return MappingProxyType(dict(self._seconds))
