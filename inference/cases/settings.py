"""The settings of a run: plain values that travel to other processes and machines."""

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inference.model.bundled import DEFAULT_MODEL
from inference.windows.grid import DEFAULT_MODE, Mode

if TYPE_CHECKING:
    from inference.model.sessions import Precision

DEFAULT_FORMATS = ("nifti", "stl")
"""What is written by default."""

WITHOUT_EFFECT = frozenset({"model", "formats", "max_ram", "threads"})
"""Settings that do not change a mask; what counts is the model's content, not its name."""


@dataclass(frozen=True)
class VertebraSettings:
    """How vertebrae are told apart.

    Attributes:
        names: the vertebrae named by the user: VerSe's numbers with their counts from the head.
        surfaces: whether to write a surface of each.
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
        threads: processor threads; 0 for one per core.
        precision: the number format that the models compute in, if the computer supports it.
        hu_offset: added to all values of a CT; None if they are HU already.
        vertebrae: how they are told apart; None if they are not wanted.
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
        name: the start of its results' file names.
        series_uid: the series to use; the recommended one if None.
    """

    path: Path
    name: str
    series_uid: str | None = None
