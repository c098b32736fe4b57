"""The icon in the formats that desktops need, drawn from ``assets/icons/spinecontext.svg``."""

import struct
import subprocess
from collections.abc import Sequence
from pathlib import Path

from installer.build_info import ROOT

DRAWING = ROOT / "assets" / "icons" / "spinecontext.svg"

PNG_SIZES = (16, 24, 32, 48, 64, 128, 256)
"""Sizes in pixels that icon themes of freedesktop.org and Windows look for."""


def draw_png(target: Path, size: int) -> None:
    """Draw the icon, ``size`` pixels wide and high, with librsvg's ``rsvg-convert``."""
    command = ["rsvg-convert", "-w", str(size), "-h", str(size), "-o", str(target), str(DRAWING)]
    subprocess.run(command, check=True)


def write_ico(pngs: Sequence[tuple[int, bytes]], target: Path) -> None:
    """Pack PNG pictures, each with its size in pixels, into a Windows icon file.

    The format is a header, an entry of 16 bytes for each picture and the pictures themselves;
    since Windows Vista they may be PNG (learn.microsoft.com, "The format of icon resources").
    """
    offset = 6 + 16 * len(pngs)
    content = struct.pack("<HHH", 0, 1, len(pngs))
    for size, png in pngs:
        side = size % 256  # 256 is written as 0
        content += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(png), offset)
        offset += len(png)
    target.write_bytes(content + b"".join(png for _, png in pngs))
