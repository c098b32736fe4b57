"""Where the voxels of an NRRD (``.nrrd``, ``.nhdr``) lie."""

from pathlib import Path

from inference.read.planes import CHUNK_BYTES, IN_MANY_FILES, ByteOrder, Packing, Place

MAGIC = b"NRRD"

PACKINGS: dict[str, Packing] = {"raw": "none", "gzip": "gzip", "gz": "gzip"}


def nrrd_place(path: Path, voxel_bytes: int) -> Place | None:
    """Where all voxels, ``voxel_bytes`` together, begin; None where only ITK knows.

    Raises:
        OSError: the file cannot be read.
        ValueError: the header is damaged.
    """
    facts: dict[str, str] = {}
    with path.open("rb") as file:
        if not file.readline(CHUNK_BYTES).startswith(MAGIC):
            return None
        while line := file.readline(CHUNK_BYTES).rstrip(b"\r\n"):
            key, found, value = line.decode("latin-1").partition(": ")
            if found and not key.startswith("#"):
                facts[key.lower().replace(" ", "")] = value.strip()
        header_bytes = file.tell()
    data = facts.get("datafile")
    packing = PACKINGS.get(facts.get("encoding", "").lower())
    skip = int(facts.get("byteskip", "0"))
    if packing is None or int(facts.get("lineskip", "0")):
        return None
    if data is not None and any(mark in data for mark in IN_MANY_FILES):
        return None
    file_path = path if data is None else path.parent / data
    start = header_bytes if data is None else 0
    order: ByteOrder = ">" if facts.get("endian", "").lower() == "big" else "<"
    if packing == "none":
        end = file_path.stat().st_size - voxel_bytes
        return Place(file_path, end if skip < 0 else start + skip, packing, 0, order)
    return None if skip < 0 else Place(file_path, start, packing, skip, order)
