"""What each part of a payload costs: ``python -m installer.measure_size FOLDER``.

Prints megabytes (10⁶ bytes), as installed and as compressed by xz's fastest level, largest part
first. The packages are compressed harder and end up about a fifth smaller.
"""

import lzma
import sys
from collections import defaultdict
from pathlib import Path

LIBRARY_FOLDERS = ("_internal", "lib")
"""Where packages lie on Linux and on Windows; their folders and files are parts of their own."""

SMALL_MB = 1.0
"""Parts smaller than this are summed up."""


def main() -> int:
    """Print the table."""
    folder = Path(sys.argv[1])
    parts: dict[str, list[Path]] = defaultdict(list)
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            parts[_part(path.relative_to(folder))].append(path)
    rows = [(name, _megabytes(files), _compressed(files)) for name, files in parts.items()]
    large = sorted((row for row in rows if row[1] >= SMALL_MB), key=lambda row: -row[1])
    small = [row for row in rows if row[1] < SMALL_MB]
    large.append(
        (f"{len(small)} smaller parts", sum(r[1] for r in small), sum(r[2] for r in small))
    )
    large.append(("all", sum(row[1] for row in rows), sum(row[2] for row in rows)))
    print("| part | installed, MB | compressed, MB |\n| --- | ---: | ---: |")
    for name, installed, compressed in large:
        print(f"| {name} | {installed:.1f} | {compressed:.1f} |")
    return 0


def _part(path: Path) -> str:
    parts = path.parts
    depth = 1 if parts[0] in LIBRARY_FOLDERS and len(parts) > 1 else 0
    return parts[depth].removesuffix(".libs")


def _megabytes(files: list[Path]) -> float:
    return sum(path.stat().st_size for path in files) / 1e6


def _compressed(files: list[Path]) -> float:
    compressor = lzma.LZMACompressor(preset=0)
    size = sum(len(compressor.compress(path.read_bytes())) for path in files)
    return (size + len(compressor.flush())) / 1e6


if __name__ == "__main__":
    sys.exit(main())
