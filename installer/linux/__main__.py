"""``python -m installer.linux``: freeze the program and write both packages into ``dist/``.

Runs under the Python of ``build/linux/venv``, which holds what the lock files name and nothing
else; ``make linux-installer`` makes it.
"""

import argparse
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from installer.build_info import ROOT, BuildInfo, read_build_info
from installer.linux.collected import collected_components
from installer.linux.deb import pack, stage
from installer.linux.home import write_home_installer
from installer.manifest import write_list
from installer.papers import write_papers
from installer.sums import write_sums

BUILD = ROOT / "build" / "linux"


def main() -> int:
    """Build everything and print where it is."""
    parser = argparse.ArgumentParser(description="Build the Linux packages.")
    parser.add_argument("--payload-only", action="store_true", help="freeze, but pack nothing")
    parser.add_argument("--compression", type=int, default=6, help="xz's level (default: 6)")
    parser.add_argument("--build", type=Path, default=BUILD, help="folder for what comes between")
    options = parser.parse_args()
    build = read_build_info()
    payload = freeze(options.build, build)
    if options.payload_only:
        print(payload)
        return 0
    dist = ROOT / "dist"
    dist.mkdir(exist_ok=True)
    root = options.build / "deb"
    shutil.rmtree(root, ignore_errors=True)
    stage(payload, root, build)
    deb = dist / f"spinecontext_{build.version}_amd64.deb"
    pack(root, deb, build, options.compression)
    unpacked = sum(file.lstat().st_size for file in root.rglob("*") if file.is_file())
    home = dist / f"SpineContext-{build.version}-linux-x86_64.run"
    write_home_installer(deb, unpacked, home, build)
    for line in write_sums(dist):
        print(line)
    return 0


def freeze(folder: Path, build: BuildInfo) -> Path:
    """The program's folder as built by PyInstaller, with its papers and its list of files."""
    build_name = ROOT / "assets" / "build.json"
    work = folder / "pyinstaller"
    shutil.rmtree(folder / "payload", ignore_errors=True)
    # PyInstaller takes our version from an installed package; an old build/lib would get in the
    # way.
    shutil.rmtree(ROOT / "build" / "lib", ignore_errors=True)
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--force-reinstall"]
    subprocess.run([*install, "--no-build-isolation", str(ROOT)], check=True)
    try:
        build.write(build_name)
        subprocess.run(
            [
                *(
                    sys.executable,
                    "-m",
                    "PyInstaller",
                    "--noconfirm",
                    "--clean",
                    "--log-level=WARN",
                ),
                *("--distpath", str(folder / "payload"), "--workpath", str(work)),
                str(ROOT / "installer" / "spinecontext.spec"),
            ],
            cwd=ROOT,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": str(build.epoch)},
        )
    finally:
        build_name.unlink(missing_ok=True)
    payload = folder / "payload" / "spinecontext"
    site_packages = Path(sysconfig.get_path("purelib"))
    components = collected_components(work / "spinecontext", site_packages)
    write_papers(payload, components, build)
    write_list(payload)
    return payload


if __name__ == "__main__":
    sys.exit(main())
