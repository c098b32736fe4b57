"""Where each file that PyInstaller collected came from: a wheel or a Debian package."""

import ast
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from installer.bill_of_materials import Component, python_component

PYTHON_PACKAGE = "python3.11"
"""Debian's package of the interpreter, whose copyright file covers the standard library."""


def collected_components(work: Path, site_packages: Path) -> tuple[Component, ...]:
    """The third-party components in the payload.

    Args:
        work: PyInstaller's work folder, with its lists of what it took from where.
        site_packages: the packages of the Python that it ran under.
    """
    distributions = {d.name: d for d in metadata.distributions(path=[str(site_packages)])}
    owners = {
        str(site_packages / file): distribution.name
        for distribution in distributions.values()
        for file in distribution.files or ()
    }
    collected = sorted(_collected(work))
    packages = _debian_packages({source for _, source in collected} - owners.keys())
    wheels: dict[str, set[str]] = defaultdict(set)
    debian: dict[str, set[str]] = defaultdict(set)
    for name, source in collected:
        if source in owners:
            wheels[owners[source]].add(name)
        elif source in packages:
            debian[packages[source]].add(name)
    debian[PYTHON_PACKAGE].add("the standard library")
    wheels["pyinstaller"].add("spinecontext")
    wheels.pop("spinecontext", None)
    components = [
        python_component(distributions[name], files, site_packages)
        for name, files in wheels.items()
    ]
    components += [_debian_component(package, files) for package, files in debian.items()]
    return tuple(sorted(components, key=lambda component: component.name))


def _collected(work: Path) -> Iterator[tuple[str, str]]:
    """Each collected file or module: its name in the payload and the path it came from."""
    for toc in (*work.glob("COLLECT-*.toc"), *work.glob("PYZ-*.toc")):
        for part in ast.literal_eval(toc.read_text(encoding="utf-8")):
            if isinstance(part, list):
                for name, source, *_ in part:
                    if source.startswith("/"):
                        yield name, source


def _debian_packages(sources: set[str]) -> dict[str, str]:
    """The Debian package of each file that belongs to one.

    A path may be recorded with or without ``/usr``, which Debian has merged, and a link under a
    different name than its target.
    """
    spellings = {
        spelling: source
        for source in sources
        for real in (source, str(Path(source).resolve()))
        for spelling in (real, real.removeprefix("/usr"))
    }
    found = subprocess.run(
        ["dpkg-query", "--search", *spellings], capture_output=True, text=True, check=False
    )
    packages = {}
    for line in found.stdout.splitlines():
        package, path = line.rsplit(": ", 1)
        if path in spellings:
            packages[spellings[path]] = package.split(":", 1)[0]
    return packages


def _debian_component(package: str, files: set[str]) -> Component:
    version = subprocess.run(
        ["dpkg-query", "--show", "--showformat=${Version}\n", package],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()[0]
    return Component(
        name=package,
        version=version,
        licence="see the copyright file",
        purl=f"pkg:deb/debian/{package}@{version}?distro=bookworm",
        files=tuple(sorted(files)),
        licence_texts=(Path("/usr/share/doc") / package / "copyright",),
    )
