"""SHA-256 sums of everything in ``dist/``, in the format that ``sha256sum --check`` reads."""

from pathlib import Path

from installer.manifest import sha256

SUMS_NAME = "SHA256SUMS"


def write_sums(dist: Path) -> tuple[str, ...]:
    """Write the sums of all installers in ``dist`` and return a line of name and size for each."""
    files = sorted(f for f in dist.iterdir() if f.suffix in (".deb", ".run", ".exe"))
    sums = "".join(f"{sha256(file)}  {file.name}\n" for file in files)
    (dist / SUMS_NAME).write_text(sums, encoding="utf-8", newline="\n")
    return tuple(f"{file}: {file.stat().st_size / 1e6:.1f} MB" for file in files)
