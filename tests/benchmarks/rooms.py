"""Draws the picture of the engine's folders in ARCHITECTURE.md from the imports.

    python -m tests.benchmarks.rooms assets/pictures/rooms.svg

An arrow leads from each folder to the folders that it imports. Arrows to those that everything uses
(``values``, ``errors``) are left out, as are arrows that a chain of two others already shows.
"""

import argparse
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path

from tests.test_layers import imports_of, room_of

ENGINE = Path("inference")

DRAWN: tuple[tuple[tuple[str, str], ...], ...] = (
    (("app", "the window"), ("cli", "the command line")),
    (("cases", "one case, from input to results"), ("report", "what is told of it")),
    (("pipeline", "the road: CT to mask"),),
    (("export", "NIfTI, NRRD, STL, DICOM SEG"),),
    (("mask", "threshold, components, surface"),),
    (("localize", "body, finder, route"),),
    (("windows", "grid, resampling, sliding, blending"),),
    (("model", "contract, card, sessions"), ("read", "inputs; dicom, images; voxels")),
    (("system", "scratch, memory, budget, logs"),),
    (("values", "geometry, volume, mask, progress, messages"),),
)
"""The rows of the picture from the top, with a short description of each folder."""

EVERYWHERE = frozenset({"values", "errors", "version"})

WIDTH, HEIGHT, ACROSS, DOWN, MARGIN = 300, 46, 360, 76, 48
"""Size of a box, distance between boxes, and margin, in pixels."""

MIDDLE = MARGIN + ACROSS * (max(len(row) for row in DRAWN) - 1) / 2
"""Left edge of a box that is alone in its row."""

Place = tuple[float, float]


def room_imports() -> Mapping[str, frozenset[str]]:
    """The folders that each folder imports."""
    rooms: dict[str, set[str]] = {}
    for folder in (ENGINE, Path("app")):
        for path in folder.rglob("*.py"):
            parts = path.relative_to(folder).parts
            room = "app" if folder.name == "app" else parts[0].removesuffix(".py")
            used = (m for m in imports_of(path) if m.split(".")[0] == ENGINE.name)
            rooms.setdefault(room, set()).update(room_of(module) for module in used)
    return {room: frozenset(used - {room}) for room, used in rooms.items()}


def arrows(imports: Mapping[str, frozenset[str]]) -> Iterator[tuple[str, str]]:
    """The imports to draw, as pairs of from and to."""
    drawn = {room for row in DRAWN for room, _ in row} - EVERYWHERE
    for room in sorted(drawn & imports.keys()):
        used = imports[room] & drawn
        for below in sorted(used):
            if not any(below in imports.get(between, ()) for between in used - {below}):
                yield room, below


def places() -> dict[str, Place]:
    """The upper left corner of each box, x to the right and y down."""
    widest = max(len(row) for row in DRAWN)
    return {
        room: (
            MARGIN + (column + (widest - len(row)) / 2) * ACROSS,
            MARGIN + line * DOWN,
        )
        for line, row in enumerate(DRAWN)
        for column, (room, _) in enumerate(row)
    }


def picture() -> str:
    """The picture as SVG."""
    at = places()
    right = max(x for x, _ in at.values()) + WIDTH + MARGIN
    bottom = max(y for _, y in at.values()) + HEIGHT + MARGIN
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {right:.0f} {bottom:.0f}" '
        'font-family="sans-serif">',
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#446"/></marker></defs>',
        f'<rect width="{right:.0f}" height="{bottom:.0f}" fill="#fff"/>',
    ]
    lines += [_arrow(at[start], at[end]) for start, end in arrows(room_imports())]
    lines += [_box(room, words, at[room]) for row in DRAWN for room, words in row]
    return "\n".join([*lines, "</svg>", ""])


def _box(room: str, words: str, place: Place) -> str:
    x, y = place
    middle = x + WIDTH / 2
    return (
        f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="8" fill="#e8f0fa" '
        'stroke="#446"/>'
        f'<text x="{middle}" y="{y + 20}" text-anchor="middle" font-size="16" '
        f'font-weight="bold" fill="#113">{escape(room)}</text>'
        f'<text x="{middle}" y="{y + 37}" text-anchor="middle" font-size="12" '
        f'fill="#335">{escape(words)}</text>'
    )


def _arrow(start: Place, end: Place) -> str:
    """An arrow from the lower edge of one box to the upper edge of another, past boxes between."""
    rows = round((end[1] - start[1]) / DOWN)
    x0, y0 = start[0] + WIDTH / 2, start[1] + HEIGHT
    x1, y1 = end[0] + WIDTH / 2, end[1]
    if rows <= 1:
        return f'<path d="M{x0} {y0}L{x1} {y1}" stroke="#446" fill="none" marker-end="url(#tip)"/>'
    from_middle = (start[0] - MIDDLE) or (end[0] - MIDDLE) or (1 if rows % 2 else -1)
    side = 1 if from_middle > 0 else -1
    half = side * WIDTH / 2
    x0, y0, x1, y1 = x0 + half, y0 - HEIGHT / 2, x1 + half, y1 + HEIGHT / 2
    bulge = side * (max(side * x0, side * x1) + 16 * rows)
    return (
        f'<path d="M{x0} {y0}C{bulge} {y0} {bulge} {y1} {x1} {y1}" '
        'stroke="#99a" fill="none" marker-end="url(#tip)"/>'
    )


def main() -> None:
    """Write the picture."""
    parser = argparse.ArgumentParser(description="Draw the engine's folders from the imports.")
    parser.add_argument("target", type=Path)
    parser.parse_args().target.write_text(picture(), encoding="utf-8")


if __name__ == "__main__":
    main()
