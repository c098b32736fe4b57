"""Where the voxels of a MetaImage (``.mha``, ``.mhd``) lie."""

from pathlib import Path

from inference.read.planes import CHUNK_BYTES, IN_MANY_FILES, Place

TRUE = "true"


def metaimage_place(path: Path, voxel_bytes: int) -> Place | None:
    """Where all voxels, ``voxel_bytes`` together, begin; None where only ITK knows.

    Raises:
        OSError: the file cannot be read.
        ValueError: the header is damaged.
    """
    facts: dict[str, str] = {}
    with path.open("rb") as file:
        while "elementdatafile" not in facts:
            line = file.readline(CHUNK_BYTES)
            key, found, value = line.decode("latin-1").partition("=")
            if not found:
                return None
            facts[key.strip().lower()] = value.strip()
        header_bytes = file.tell()
    data = facts["elementdatafile"]
    skip = int(facts.get("headersize", "0"))
    packed = _is(facts, "compresseddata")
    if not _is(facts, "binarydata") or any(mark in data for mark in IN_MANY_FILES):
        return None
    local = data.upper() == "LOCAL"
    if skip and (local or packed):
        return None
    file_path = path if local else path.parent / data
    start = header_bytes if local else skip
    if skip < 0:
        start = file_path.stat().st_size - voxel_bytes
    high_first = _is(facts, "binarydatabyteordermsb") or _is(facts, "elementbyteordermsb")
    return Place(file_path, start, "zlib" if packed else "none", 0, ">" if high_first else "<")


def _is(facts: dict[str, str], key: str) -> bool:
    return facts.get(key, "").lower() == TRUE
