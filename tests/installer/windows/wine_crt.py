"""A C runtime for Wine that has what numpy needs. For tests alone; Windows has all of it.

Debian's Wine ends a program that calls ``crealf`` and its like: its ucrtbase.dll has stubs there.
A copy of that library gets the few instructions which those functions are.
"""

import struct
from pathlib import Path

BUILTIN = Path("/usr/lib/x86_64-linux-gnu/wine/x86_64-windows/ucrtbase.dll")
BUILTIN_MARK = b"Wine builtin DLL"
"""Wine prefers its own copy of a library that says this of itself."""

FUNCTIONS = {
    # Real and imaginary part: the x64 calling convention of Windows passes a float complex in rcx,
    # and in rcx the address of a double complex; the result goes in xmm0.
    "crealf": "66 0f 6e c1 c3",  # movd xmm0, ecx; ret
    "cimagf": "48 c1 e9 20 66 0f 6e c1 c3",  # shr rcx, 32; movd xmm0, ecx; ret
    "creal": "f2 0f 10 01 c3",  # movsd xmm0, [rcx]; ret
    "cimag": "f2 0f 10 41 08 c3",  # movsd xmm0, [rcx + 8]; ret
}


def write_patched(target: Path) -> None:
    """Write the copy of Wine's ucrtbase.dll with the functions filled in."""
    image = bytearray(BUILTIN.read_bytes())
    for name, address in _exports(image).items():
        if name in FUNCTIONS:
            code = bytes.fromhex(FUNCTIONS[name])
            start = _offset(image, address)
            image[start : start + len(code)] = code
    image = image.replace(BUILTIN_MARK, bytes(len(BUILTIN_MARK)), 1)
    target.write_bytes(image)


def _exports(image: bytearray) -> dict[str, int]:
    """Each exported function's address relative to the image (PE format, "Export Directory")."""
    (header,) = struct.unpack_from("<I", image, 0x3C)
    (directory,) = struct.unpack_from("<I", image, header + 24 + 112)
    table = _offset(image, directory)
    (names,) = struct.unpack_from("<I", image, table + 24)
    functions, name_table, ordinals = (
        _offset(image, address) for address in struct.unpack_from("<III", image, table + 28)
    )
    found = {}
    for number in range(names):
        (name_address,) = struct.unpack_from("<I", image, name_table + 4 * number)
        (ordinal,) = struct.unpack_from("<H", image, ordinals + 2 * number)
        (address,) = struct.unpack_from("<I", image, functions + 4 * ordinal)
        start = _offset(image, name_address)
        found[image[start : image.index(0, start)].decode("ascii")] = address
    return found


def _offset(image: bytearray, address: int) -> int:
    """Where in the file an address relative to the loaded image lies."""
    (header,) = struct.unpack_from("<I", image, 0x3C)
    (sections,) = struct.unpack_from("<H", image, header + 6)
    (optional,) = struct.unpack_from("<H", image, header + 20)
    for number in range(sections):
        entry = header + 24 + optional + 40 * number
        size, start, raw_size, raw = struct.unpack_from("<IIII", image, entry + 8)
        if start <= address < start + max(size, raw_size):
            return address - start + raw
    raise ValueError(f"no section holds the address {address:#x}")
