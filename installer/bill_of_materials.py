"""The contents of a payload: each third-party component with its version, licence and files."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

LICENCE_NAME = re.compile(r"(licen[cs]e|copying|notice|copyright|thirdparty)", re.IGNORECASE)

COMMON = Path("/usr/share/common-licenses")
"""Where Debian keeps the texts of well-known licences."""
OURS = Path(__file__).parent / "licence_texts"

WITHOUT_TEXT = {
    "pyside6-essentials": (COMMON / "LGPL-3", COMMON / "GPL-3"),
    "shiboken6": (COMMON / "LGPL-3", COMMON / "GPL-3"),
    "flatbuffers": (COMMON / "Apache-2.0",),
    "openvino": (COMMON / "Apache-2.0",),
    "pyjpegls": (OURS / "pyjpegls.txt",),
}
"""Packages whose wheels contain no licence text, and the texts that apply."""


@dataclass(frozen=True)
class Component:
    """A shipped component from somebody else.

    Attributes:
        name: as in its registry.
        version: as in its registry.
        licence: an SPDX expression or, failing that, the component's own wording.
        purl: package URL (github.com/package-url/purl-spec), by which scanners know it.
        files: where its files lie in the payload, with ``/``.
        licence_texts: files with the text of its licence.
    """

    name: str
    version: str
    licence: str
    purl: str
    files: tuple[str, ...]
    licence_texts: tuple[Path, ...]


def python_component(
    distribution: metadata.Distribution, files: Iterable[str], base: Path
) -> Component:
    """A component, from a wheel's metadata.

    Args:
        files: which of its files are shipped, as they lie in the payload.
        base: the folder that the distribution's own list of files starts from.
    """
    name = re.sub(r"[-_.]+", "-", distribution.name).lower()
    texts = [
        base / file
        for file in distribution.files or ()
        if LICENCE_NAME.search(file.name) and file.suffix in ("", ".txt", ".md", ".rst")
    ]
    texts += WITHOUT_TEXT.get(name, ())
    return Component(
        name=name,
        version=distribution.version,
        licence=_licence(distribution),
        purl=f"pkg:pypi/{name}@{distribution.version}",
        files=tuple(sorted(files)),
        licence_texts=tuple(text for text in texts if text.is_file()),
    )


def _licence(distribution: metadata.Distribution) -> str:
    """The shortest thing that a wheel says about its licence."""
    facts = distribution.metadata
    classifiers = [
        line.rsplit(" :: ", 1)[-1]
        for line in facts.get_all("Classifier") or ()
        if line.startswith("License ::")
    ]
    fields = (*(facts.get_all("License-Expression") or ()), *(facts.get_all("License") or ()), "")
    stated = fields[0].strip()
    if not stated or "\n" in stated:
        stated = " or ".join(classifiers)
    return stated or "see the licence text"
