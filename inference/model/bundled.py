"""The models that come with the program."""

from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path

from inference.errors import ModelRefusedError
from inference.values.messages import sentence

DEFAULT_MODEL = "spinecontext_resunet"
"""The bundled model that is used when none is named."""

FINDER_MODEL = "spine_finder"
"""The bundled model that finds the spine at coarse voxels, used if a model names no other finder.
Models whose names begin with it are finders too. Finders make no mask, so the user cannot choose
them."""

FORMER_NAMES: Mapping[str, str] = {"spinecontext_resunet_free": DEFAULT_MODEL}
"""Names that settings and scripts may still have, with those of the models' later versions."""

OUR_MODELS = "spinecontext"
"""What the names of our own models begin with; the others are there to be compared with."""

MODELS_FOLDER = Path(str(resources.files("assets"))) / "models"


def bundled_models() -> Mapping[str, Path]:
    """The models that come with the program to choose from, by name: the default, our others, and
    those to compare with."""

    def place(path: Path) -> tuple[bool, bool, str]:
        return path.stem != DEFAULT_MODEL, not path.stem.startswith(OUR_MODELS), path.stem

    paths = sorted(MODELS_FOLDER.glob("*.onnx"), key=place)
    return {path.stem: path for path in paths if not path.stem.startswith(FINDER_MODEL)}


def current_name(name: str) -> str:
    """The name that a bundled model has now if it had this one before, in any case; else this."""
    return FORMER_NAMES.get(name.lower(), name)


def find_model(name_or_path: str) -> Path:
    """The file of a bundled model by name or former name, in any case, or the path itself.

    Raises:
        ModelRefusedError: there is no such file.
    """
    for path in (MODELS_FOLDER / f"{current_name(name_or_path).lower()}.onnx", Path(name_or_path)):
        if path.is_file():
            return path
    names = ", ".join(bundled_models()) or "none"
    raise ModelRefusedError(
        sentence("There is no model {0}.", name_or_path),
        f"Give the path of an ONNX file, or one of the bundled models: {names}.",
    )


def bundled_finders() -> Sequence[str]:
    """The names of the bundled finders."""
    return sorted(path.stem for path in MODELS_FOLDER.glob(f"{FINDER_MODEL}*.onnx"))
