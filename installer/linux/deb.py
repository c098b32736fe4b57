"""The ``.deb``: a staged tree, what it declares, and ``dpkg-deb``."""

import gzip
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from installer.build_info import ROOT, BuildInfo
from installer.icons import DRAWING, PNG_SIZES, draw_png

SHARE = Path(__file__).parent / "share"
PROGRAM = Path("usr/lib/spinecontext")
"""Where the frozen program lies under the root of the package."""

MAINTAINER = "The SpineContext Desktop developers <no-address@spinecontext.invalid>"
"""A package must name an address. There is none to write to; ``.invalid`` (RFC 2606) says so."""

DECLARED_BY_HAND = ("fonts-dejavu-core | fonts-freefont-ttf | fonts-noto-core",)
"""Dependencies that no library declares: without a font, Qt draws boxes instead of letters."""

SUMMARY = "spine segmentation of CT on an ordinary PC"
DESCRIPTION = """\
 A CT goes in as a DICOM folder or a NIfTI file; the spine comes out as an
 overlay to look at, a mask and a surface, in the geometry of the CT. It needs
 no network and no graphics card.
 .
 For research use, not for diagnosis."""


def stage(payload: Path, root: Path, build: BuildInfo) -> None:
    """Lay out all files of the package under ``root``, except those that only dpkg needs."""
    shutil.copytree(payload, root / PROGRAM, symlinks=True)
    (root / "usr/bin").mkdir(parents=True)
    for program in ("spinecontext", "spinecontext-app"):
        (root / "usr/bin" / program).symlink_to(f"../lib/spinecontext/{program}")
        page = (SHARE / f"{program}.1").read_bytes()
        _compressed(page, root / f"usr/share/man/man1/{program}.1.gz")
    _copy(SHARE / "spinecontext.desktop", root / "usr/share/applications")
    _copy(SHARE / "spinecontext.xml", root / "usr/share/mime/packages")
    _copy(DRAWING, root / "usr/share/icons/hicolor/scalable/apps")
    for size in PNG_SIZES:
        folder = root / f"usr/share/icons/hicolor/{size}x{size}/apps"
        folder.mkdir(parents=True)
        draw_png(folder / "spinecontext.png", size)
    overrides = root / "usr/share/lintian/overrides/spinecontext"
    overrides.parent.mkdir(parents=True)
    shutil.copyfile(SHARE / "lintian-overrides", overrides)
    documents = root / "usr/share/doc/spinecontext"
    _compressed(_changelog(build).encode(), documents / "changelog.gz")
    (documents / "copyright").write_text(_copyright(), encoding="utf-8")


def pack(root: Path, deb: Path, build: BuildInfo, compression: int) -> None:
    """Write the package.

    Args:
        root: the staged tree; ``DEBIAN/`` is added to it.
        compression: xz's level, 0 to 9.
    """
    control = root / "DEBIAN"
    control.mkdir()
    size_kib = sum(f.lstat().st_size for f in root.rglob("*") if f.is_file()) // 1024
    (control / "control").write_text(
        f"Package: spinecontext\nVersion: {build.version}\nArchitecture: amd64\n"
        f"Maintainer: {MAINTAINER}\nInstalled-Size: {size_kib}\n"
        f"Depends: {', '.join(_dependencies(root))}\nSection: science\nPriority: optional\n"
        f"Description: {SUMMARY}\n{DESCRIPTION}\n",
        encoding="utf-8",
    )
    preinst = control / "preinst"
    shutil.copyfile(Path(__file__).parent / "preinst", preinst)
    _settle(root, build.epoch)
    preinst.chmod(0o755)
    command = ["dpkg-deb", "--root-owner-group", "-Zxz", f"-z{compression}", "--build"]
    subprocess.run(
        [*command, str(root), str(deb)],
        check=True,
        env={**os.environ, "SOURCE_DATE_EPOCH": str(build.epoch)},
    )


def _dependencies(root: Path) -> list[str]:
    """The Debian packages of all libraries that the program uses but does not contain."""
    program = root / PROGRAM
    binaries = [
        path
        for path in program.rglob("*")
        if path.is_file() and not path.is_symlink() and path.read_bytes()[:4] == b"\x7fELF"
    ]
    private = sorted({str(path.parent) for path in binaries})
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "debian").mkdir()
        (Path(folder) / "debian/control").write_text(
            "Source: spinecontext\n\nPackage: spinecontext\nArchitecture: any\n"
        )
        answer = subprocess.run(
            [
                *("dpkg-shlibdeps", "-O", "--ignore-missing-info", "--warnings=0"),
                *(f"-l{directory}" for directory in private),
                *(f"-e{binary}" for binary in binaries),
            ],
            cwd=folder,
            check=True,
            capture_output=True,
            text=True,
        )
    found = answer.stdout.strip().removeprefix("shlibs:Depends=").split(", ")
    return sorted({*found, *DECLARED_BY_HAND})


def _settle(root: Path, epoch: int) -> None:
    """Give every file the usual modes of packages, and the build's time."""
    for path in (root, *root.rglob("*")):
        if not path.is_symlink():
            is_program = path.parent == root / PROGRAM and path.name.startswith("spinecontext")
            runs = path.is_dir() or (is_program and not path.suffix)
            path.chmod(0o755 if runs else 0o644)
        os.utime(path, (epoch, epoch), follow_symlinks=False)


def _copy(file: Path, folder: Path) -> None:
    folder.mkdir(parents=True)
    shutil.copyfile(file, folder / file.name)


def _compressed(content: bytes, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(content, 9, mtime=0))


def _changelog(build: BuildInfo) -> str:
    return (
        f"spinecontext ({build.version}) stable; urgency=medium\n\n"
        f"  * Build {build.commit}; the changes are in the project's CHANGELOG.md.\n\n"
        f" -- {MAINTAINER}  {build.date:%a, %d %b %Y %H:%M:%S +0000}\n"
    )


def _copyright() -> str:
    words = "\n".join(
        f" {line}" if line else " ." for line in (ROOT / "LICENSE").read_text().splitlines()
    )
    return (
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n"
        "Upstream-Name: SpineContext Desktop\n"
        "Comment: The components that come with it and the texts of their licences are under\n"
        " /usr/lib/spinecontext/licences and in /usr/lib/spinecontext/sbom.cdx.json. The models\n"
        " are under CC BY-SA 4.0; the card beside each names the sources that it rests on. Qt and\n"
        " PySide are used under the LGPL, version 3 (/usr/share/common-licenses/LGPL-3), as\n"
        " separate files that you may replace.\n\n"
        "Files: *\nCopyright: 2026 The SpineContext Desktop developers\nLicense: MIT\n\n"
        f"License: MIT\n{words}\n"
    )
