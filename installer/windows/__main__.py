"""``python -m installer.windows``: write the installer for Windows into ``dist/``.

Runs on Linux under the Python of ``build/windows/venv``, which ``make windows-installer`` makes; it
needs Debian's nsis, gcc-mingw-w64-x86-64 and librsvg2-bin.
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from installer.build_info import ROOT, BuildInfo, read_build_info
from installer.manifest import LIST_NAME, list_files
from installer.sums import write_sums
from installer.windows.payload import LIBRARY, assemble, download

BUILD = ROOT / "build" / "windows"
SCRIPT = Path(__file__).parent / "spinecontext.nsi"


def main() -> int:
    """Build the installer and print where it is."""
    parser = argparse.ArgumentParser(description="Build the Windows installer.")
    parser.add_argument("--payload-only", action="store_true", help="lay out, but pack nothing")
    parser.add_argument("--build", type=Path, default=BUILD, help="folder for what comes between")
    parser.add_argument(
        "--compressor", default="/SOLID lzma", help="NSIS's compressor (default: /SOLID lzma)"
    )
    options = parser.parse_args()
    build = read_build_info()
    folder: Path = options.build.resolve()
    downloads, work, payload = (folder / name for name in ("downloads", "work", "payload"))
    for old in (downloads, work, payload):
        shutil.rmtree(old, ignore_errors=True)
    work.mkdir(parents=True)
    download(downloads)
    assemble(downloads, work, payload, build)
    if options.payload_only:
        print(payload)
        return 0
    dist = ROOT / "dist"
    dist.mkdir(exist_ok=True)
    target = dist / f"SpineContext-{build.version}-windows-x64.exe"
    pack(payload, work, target, build, options.compressor)
    for line in write_sums(dist):
        print(line)
    return 0


def pack(payload: Path, work: Path, target: Path, build: BuildInfo, compressor: str) -> None:
    """Write the installer of ``payload`` with makensis."""
    deletions = work / "deletions.nsh"
    deletions.write_text(deletion_lines(payload), encoding="utf-8")
    defines = {
        "VERSION": build.version,
        "BUILD": build.commit,
        "COMPRESSOR": compressor,
        "PAYLOAD": payload.resolve(),
        "ICON": (work / "spinecontext.ico").resolve(),
        "DELETIONS": deletions.resolve(),
        "SIZE_KIB": sum(file.size for file in list_files(payload)) // 1024,
        "TARGET": target.resolve(),
    }
    options = [f"-D{name}={value}" for name, value in defines.items()]
    subprocess.run(
        ["makensis", "-V2", "-WX", *options, str(SCRIPT)],
        check=True,
        env={**os.environ, "SOURCE_DATE_EPOCH": str(build.epoch)},
    )


def deletion_lines(payload: Path) -> str:
    """NSIS lines that delete what was installed, file by file, and folders only if then empty.

    A folder deleted whole would take with it what a user saved there. Python's compiled copies of
    the modules are the exception.
    """
    names = [*(file.name for file in list_files(payload)), LIST_NAME]
    folders = {parent for name in names for parent in Path(name).parents} - {Path()}
    lines = [f'Delete "$INSTDIR\\{_windows(name)}"' for name in names]
    for folder in sorted(folders, key=lambda folder: (-len(folder.parts), folder)):
        path = _windows(folder.as_posix())
        if folder.parts[0] == LIBRARY:
            lines.append(f'RMDir /r "$INSTDIR\\{path}\\__pycache__"')
        lines.append(f'RMDir "$INSTDIR\\{path}"')
    return "\n".join(lines) + "\n"


def _windows(path: str) -> str:
    """A path with ``/`` as NSIS writes it for Windows."""
    return path.replace("/", "\\").replace("$", "$$")


if __name__ == "__main__":
    sys.exit(main())
