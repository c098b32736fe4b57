"""What the program says about itself: version, model card, and licences of all it ships."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from app.wording import version_in_words
from inference.model.bundled import DEFAULT_MODEL, bundled_models, current_name

PROGRAM = "spinecontext"

OWN_EXTRAS = ("app",)
"""The extras in ``pyproject.toml`` that are shipped."""

SHIPPED_LICENCES = "licences"
"""The folder beside the installed program; holds one folder of texts for each component."""

LICENCE_FILE = re.compile(r"licen[cs]e|copying|notice", re.IGNORECASE)
REQUIREMENT = re.compile(r"^([A-Za-z0-9._-]+)")
EXTRA = re.compile(r"extra\s*==\s*[\"']([^\"']+)[\"']")


@dataclass(frozen=True)
class LicenceNotice:
    """One component and its licence text."""

    component: str
    text: str


@dataclass(frozen=True)
class AboutFacts:
    """What the dialog shows.

    Attributes:
        version: of the program.
        model_card: of the model in use, Markdown; empty if it has none.
        licences: the program's own first, then its components'.
    """

    version: str
    model_card: str
    licences: tuple[LicenceNotice, ...]


def model_card(model: str = "") -> str:
    """The card of a model, Markdown; empty if it has none.

    Args:
        model: name of a bundled model, or path of an ONNX file with its card beside it; empty for
            the bundled default.
    """
    model = model or DEFAULT_MODEL
    path = bundled_models().get(current_name(model).lower(), Path(model))
    card = path.with_suffix(".md")
    return card.read_text(encoding="utf-8") if card.is_file() else ""


def about_facts(card: str) -> AboutFacts:
    """Gather everything but the ``card`` of the model from a few dozen small files."""
    return AboutFacts(
        version=version_in_words(),
        model_card=card,
        licences=tuple(_shipped() or _installed()),
    )


def _shipped() -> list[LicenceNotice]:
    """The texts that the installer put beside the program; none without an installer."""
    folder = Path(sys.executable).parent / SHIPPED_LICENCES
    if not getattr(sys, "frozen", False) or not folder.is_dir():
        return []
    return [
        LicenceNotice(entry.stem if entry.is_file() else entry.name, _words(entry))
        for entry in sorted(folder.iterdir(), key=_ours_first)
    ]


def _words(entry: Path) -> str:
    """A text file, or all texts of a folder."""
    files = [entry] if entry.is_file() else sorted(p for p in entry.rglob("*") if p.is_file())
    return "\n\n".join(path.read_text(encoding="utf-8", errors="replace") for path in files)


def _ours_first(entry: Path) -> tuple[bool, str]:
    return not entry.name.lower().startswith(PROGRAM), entry.name.lower()


def _installed() -> Iterator[LicenceNotice]:
    """The program and all it requires, according to their packages' metadata."""
    waiting, seen = [PROGRAM], set()
    found = []
    while waiting:
        name = _normal(waiting.pop())
        if name in seen:
            continue
        seen.add(name)
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # required only on another system
        found.append(distribution)
        waiting += _requirements(distribution, OWN_EXTRAS if name == PROGRAM else ())
    for one in sorted(found, key=lambda d: (_normal(d.name) != PROGRAM, _normal(d.name))):
        yield LicenceNotice(f"{one.name} {one.version}", _licence(one))


def _requirements(distribution: metadata.Distribution, extras: tuple[str, ...]) -> Iterator[str]:
    for requirement in distribution.requires or ():
        extra = EXTRA.search(requirement)
        name = REQUIREMENT.match(requirement)
        if name and (extra is None or extra[1] in extras):
            yield name[1]


def _licence(distribution: metadata.Distribution) -> str:
    """What the package says about its licence, and the texts it contains."""
    facts = distribution.metadata
    short, *_ = facts.get_all("License-Expression") or facts.get_all("License") or [""]
    texts = [
        Path(str(file.locate())).read_text(encoding="utf-8", errors="replace")
        for file in distribution.files or ()
        if LICENCE_FILE.search(file.name) and file.suffix.lower() in ("", ".txt", ".md")
    ]
    return "\n\n".join(part for part in (short, *texts) if part)


def _normal(name: str) -> str:
    """A package's name as the index compares names (PyPA, name normalization)."""
    return re.sub(r"[-_.]+", "-", name).lower()
