"""What a run is asked for: plain values that travel to other processes and machines."""

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inference.model.bundled import DEFAULT_MODEL
from inference.windows.grid import DEFAULT_MODE, Mode

if TYPE_CHECKING:
    from inference.model.sessions import Precision

DEFAULT_FORMATS = ("nifti", "stl")
"""What is written if nothing else is asked for."""

WITHOUT_EFFECT = frozenset({"model", "formats", "max_ram", "threads"})
"""Settings that change nothing of a mask; the model's content counts, not what it is called."""


@dataclass(frozen=True)
class VertebraSettings:
    """How vertebrae are told apart.

    Attributes:
        names: those that somebody has named: VerSe's numbers with their counts from the head.
        surfaces: write a surface of each.
    """

    names: tuple[tuple[int, int], ...] = ()
    surfaces: bool = False


@dataclass(frozen=True)
class RunSettings:
    """How cases are run.

    Attributes:
        model: name of a bundled model or path of an ONNX file.
        mode: which windows the model sees.
        formats: what to write.
        max_ram: bytes of memory that a run may hold; None for no limit.
        threads: processor threads; 0 for one a core.
        precision: what the models compute in, where the computer can.
        hu_offset: added to all values of a CT; None where they are HU.
        vertebrae: how they are told apart; None if they are not asked for.
    """

    model: str = DEFAULT_MODEL
    mode: Mode = DEFAULT_MODE
    formats: tuple[str, ...] = DEFAULT_FORMATS
    max_ram: int | None = None
    threads: int = 0
    precision: "Precision" = "float32"
    hu_offset: float | None = None
    vertebrae: VertebraSettings | None = None

    @property
    def of_the_mask(self) -> dict[str, Any]:
        """The settings that a mask and its vertebrae depend on, by name."""
        values = dataclasses.asdict(self)
        return {name: values[name] for name in sorted(values.keys() - WITHOUT_EFFECT)}


@dataclass(frozen=True)
class CaseInput:
    """One input.

    Attributes:
        path: where it is.
        name: what its results are named after.
        series_uid: the series to use; the recommended one if None.
    """

    path: Path
    name: str
    series_uid: str | None = None
