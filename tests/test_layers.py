"""Imports go one way, so that everybody knows what a room may depend on."""

import ast
from collections.abc import Callable, Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

LAYERS = (
    ("__main__",),
    ("cli",),
    ("__init__",),
    ("cases",),
    ("report",),
    ("pipeline",),
    ("export",),
    ("mask",),
    ("localize",),
    ("windows",),
    ("model", "read"),
    ("system",),
    ("values",),
    ("errors", "version"),
)
"""The rooms and modules of ``inference``, from the top down; each imports only from lower ones or
from its own room."""

READING = (
    ("__init__",),
    ("contents", "masks"),
    ("sources",),
    ("archives",),
    ("names", "folders"),
    ("dicom", "images"),
    ("voxels",),
)
"""The same for ``inference.read``: what inputs have in common, then each kind of file, then what
all kinds share."""

MESSAGES = "inference.values.messages"
"""The one module that errors, which are below everything, depend on."""


def imports_of(path: Path) -> Iterator[str]:
    """The modules that a file imports anywhere, in functions and for type checks too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def room_of(module: str, package: str = "inference") -> str:
    """The room of a module of ``package``; ``__init__`` for the package itself."""
    return module[len(package) + 1 :].split(".")[0] or "__init__"


def levels(layers: tuple[tuple[str, ...], ...]) -> dict[str, int]:
    """How deep each room lies."""
    return {room: level for level, rooms in enumerate(layers) for room in rooms}


LEVELS = levels(LAYERS)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "inference").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_a_module_of_the_engine_imports_only_from_rooms_below_its_own(path: Path) -> None:
    room = path.relative_to(ROOT / "inference").parts[0].removesuffix(".py")
    for module in imports_of(path):
        assert not module.startswith("app"), f"{path.name} imports {module}"
        if module.split(".")[0] != "inference" or module == MESSAGES:
            continue
        below = room_of(module)
        assert below == room or LEVELS[below] > LEVELS[room], f"{path.name} imports {module}"


def test_the_rooms_of_reading_import_downwards_only() -> None:
    package, level = "inference.read", levels(READING)
    for path in (ROOT / "inference" / "read").rglob("*.py"):
        room = room_of(module_name(path), package)
        for module in imports_of(path):
            if module != package and not module.startswith(f"{package}."):
                continue
            below = room_of(module, package)
            assert below == room or level[below] > level[room], f"{path.name} imports {module}"


def module_name(path: Path) -> str:
    """The name by which a file is imported."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def package_of(module: str) -> str:
    """The package of the window that a module is in, or the module itself if in none."""
    return ".".join(module.split(".")[:2])


def imported_modules(path: Path, known: frozenset[str]) -> Iterator[str]:
    """The modules in ``known`` that a file imports, also as ``from package import module``."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{alias.name}" for alias in node.names} & known
            yield from inner
            if not inner and node.module in known:
                yield node.module


@pytest.mark.parametrize(
    "unit_of", [lambda module: module, package_of], ids=["modules", "packages"]
)
def test_no_two_of_the_window_lean_on_each_other(unit_of: Callable[[str], str]) -> None:
    files = {module_name(path): path for path in (ROOT / "app").rglob("*.py")}
    leans: dict[str, set[str]] = {}
    for module, path in files.items():
        below = {unit_of(other) for other in imported_modules(path, frozenset(files))}
        leans.setdefault(unit_of(module), set()).update(below - {unit_of(module)})
    try:
        TopologicalSorter(leans).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))
