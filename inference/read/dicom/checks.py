"""Reasons against a stack of slices, and notes about it for the user."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from inference.read.dicom.headers import SliceHeader
from inference.read.dicom.layout import (
    LOOSE,
    Layout,
    axes_of,
    distances,
    lay_out,
    pixel_mm,
    stray_pixels,
    turn,
)
from inference.read.dicom.stacks import GAP, Stack
from inference.read.voxels.limits import MIN_SLICES, SPACING_LIMITS_MM
from inference.read.voxels.tilt import MAX_TILT_DEGREES
from inference.values.messages import Sentence, Term, sentence

STRAY_PIXELS = 0.5
"""How far, in pixels, a slice may lie off the line of a stack from a tilted gantry; and how far
small differences between slices may move a corner without a note."""

MAX_TURN = 0.02
"""If cosines differ from their mean by more than this, the slices are a fan, not a stack: 1.1°,
many times the jitter from rounding."""

MAX_PIXEL_SPREAD = 0.02
"""The same for pixel sizes, as a share of the median."""

OVERLAP = 5.0
"""In steps: slices thicker than this overlap more than those of any protocol."""

STATED_TILT_DEGREES = 1.0
"""A smaller stated tilt of the gantry may be rounding, and slices this close to upright are so."""

MISSING = 2 - LOOSE
"""Steps this many times as wide as usual have room for a missing slice."""


def too_few(count: int) -> Sentence:
    """The reason against a stack with so few slices."""
    return sentence("it has too few slices ({0}); a volume needs at least {1}", count, MIN_SLICES)


def stack_problem(stack: Stack) -> Sentence | None:
    """Why a stack cannot be used although each of its slices is good."""
    ordered = stack.slices
    if len(ordered) < MIN_SLICES:
        return too_few(len(ordered))
    if stack.clashes:
        return sentence(
            "several of its slices lie in the same place, and their headers do not say which "
            "belong together; export each reconstruction as a separate series"
        )
    if stack.mixed:
        return sentence(
            "slices of several reconstructions alternate in it; export each as a separate series"
        )
    if turn(ordered) > MAX_TURN:
        return sentence(
            "its slices are turned against each other by {0:.1f}°", np.degrees(turn(ordered))
        )
    if _pixel_spread(ordered) > MAX_PIXEL_SPREAD:
        return sentence("its pixel sizes differ by {0:.1f} %", 100 * _pixel_spread(ordered))
    return _step_problem(ordered) or _line_problem(ordered)


def stack_notes(stack: Stack, layout: Layout) -> list[Sentence]:
    """Notes on what was decided for a usable stack."""
    slices = stack.slices
    notes = []
    if stack.copies:
        notes.append(sentence("Duplicate slices were left out: {0}.", stack.copies))
    if stack.joints:
        notes.append(
            sentence(
                "Passes of the scanner that overlap in {0} slices were put together.", stack.joints
            )
        )
    repeated = len(slices) - len({(one.sop_uid or one.path, one.frame) for one in slices})
    if repeated:
        notes.append(
            sentence(
                "{0} slices carry the identifier of another one; they were told apart by their "
                "places.",
                repeated,
            )
        )
    kernels = {one.mark("ConvolutionKernel") for one in slices} - {""}
    named = Term(", ".join(sorted(kernels)))
    if len(kernels) > 1:
        notes.append(sentence("Its slices were reconstructed with different kernels: {0}.", named))
    if len({_value_scale(one) for one in slices}) > 1:
        notes.append(
            sentence(
                "Its slices differ in how their values are converted to HU; each was read as its "
                "own header says."
            )
        )
    frames = {one.mark("FrameOfReferenceUID") for one in slices} - {""}
    if len(frames) > 1:
        notes.append(
            sentence(
                "Its slices refer to {0} frames of reference, as if the patient had been moved. "
                "Check that they fit together.",
                len(frames),
            )
        )
    against = sorted({keyword for one in slices for keyword in one.contradicting})
    if against:
        row_mm, column_mm = pixel_mm(slices)
        notes.append(
            sentence(
                "Its header states a pixel size of {0:g} by {1:g} mm, which {2} contradicts. "
                "Check distances in the result.",
                column_mm,
                row_mm,
                Term(", ".join(against)),
            )
        )
    return [
        *notes,
        *_jitter_notes(slices, layout),
        *_distance_notes(slices, layout),
        *_tilt_notes(slices, layout),
        *_resampling_notes(slices, layout),
    ]


def _jitter_notes(slices: Sequence[SliceHeader], layout: Layout) -> list[Sentence]:
    """A note on slices whose directions or pixel sizes differ."""
    columns, rows, _ = layout.geometry.size
    if max(turn(slices), _pixel_spread(slices)) * max(columns, rows) <= STRAY_PIXELS:
        return []
    return [
        sentence(
            "Its slices differ by up to {0:.2f}° in direction and {1:.2f} % in pixel size; "
            "they were read as one stack.",
            np.degrees(turn(slices)),
            100 * _pixel_spread(slices),
        )
    ]


def _distance_notes(slices: Sequence[SliceHeader], layout: Layout) -> list[Sentence]:
    """Notes on a distance between slices that their thickness or header contradicts."""
    notes = []
    thickness = float(np.median([one.thickness_mm for one in slices]))
    if 0 < GAP * thickness < layout.geometry.spacing[2]:
        notes.append(
            sentence(
                "Its slices are {0:.1f} mm thick and {1:.1f} mm apart; what lies between them is "
                "not in the scan.",
                thickness,
                layout.geometry.spacing[2],
            )
        )
    if thickness > OVERLAP * layout.geometry.spacing[2]:
        notes.append(
            sentence(
                "Its slices are {0:.1f} mm thick, but only {1:.2f} mm apart. Check distances in "
                "the result.",
                thickness,
                layout.geometry.spacing[2],
            )
        )
    stated = float(np.median([one.step_mm for one in slices]))
    if 0 < GAP * stated < layout.geometry.spacing[2]:
        notes.append(
            sentence(
                "Its header says that slices lie {0:.2f} mm apart, but by their positions they lie "
                "{1:.2f} mm apart. Check that none is missing.",
                stated,
                layout.geometry.spacing[2],
            )
        )
    return notes


def _tilt_notes(slices: Sequence[SliceHeader], layout: Layout) -> list[Sentence]:
    """Notes on a tilted gantry, seen in the positions or only stated."""
    notes = []
    if layout.rows.any():
        notes.append(
            sentence(
                "The gantry was tilted by {0:.1f}°: the slices were moved into a "
                "straight stack, and the mask lies on that stack.",
                layout.tilt_degrees,
            )
        )
    stated_tilt = float(np.median([one.tilt_degrees for one in slices]))
    upright = np.degrees(np.arccos(min(1.0, abs(axes_of(slices)[2][2])))) < STATED_TILT_DEGREES
    if abs(stated_tilt) > STATED_TILT_DEGREES and upright and not layout.rows.any():
        notes.append(
            sentence(
                "Its header speaks of a gantry tilted by {0:.1f}°, but its slices lie straight. If "
                "the spine looks skewed, export the series again.",
                stated_tilt,
            )
        )
    return notes


def _resampling_notes(slices: Sequence[SliceHeader], layout: Layout) -> list[Sentence]:
    """A note on even planes between uneven slices."""
    if layout.is_even:
        return []
    steps = np.diff(distances(slices))
    return [
        sentence(
            "Its slices are {0:.1f} to {1:.1f} mm apart: even planes {2:.1f} mm apart were "
            "interpolated between them, and the mask lies on those.",
            steps.min(),
            steps.max(),
            layout.geometry.spacing[2],
        )
    ]


def _value_scale(header: SliceHeader) -> tuple[object, ...]:
    """Everything that turns a slice's stored values into HU."""
    storage = header.storage
    bits = storage.allocated, storage.stored, storage.high, storage.signed
    return header.slope, header.intercept, *bits


def _pixel_spread(slices: Sequence[SliceHeader]) -> float:
    """The largest difference of a pixel size from the median, as a share of it."""
    sizes = np.array([(one.row_mm, one.column_mm) for one in slices])
    return float(np.abs(sizes / np.array(pixel_mm(slices)) - 1).max())


def _step_problem(ordered: Sequence[SliceHeader]) -> Sentence | None:
    """Why the distances between slices do not make a volume."""
    along = distances(ordered)
    steps = np.diff(along)
    wide = _widths(ordered, steps)
    wide = wide[wide >= MISSING]
    if len(wide):
        missing = int(np.rint(wide - 1).sum())
        if np.abs(wide - np.rint(wide)).max() >= LOOSE:
            return sentence(
                "its slices are not evenly spaced ({0:.1f} to {1:.1f} mm), so that it is no "
                "regular volume",
                steps.min(),
                steps.max(),
            )
        if missing == 1:
            return sentence("a slice is missing in the middle; fetch the whole series again")
        return sentence(
            "{0} slices are missing in the middle; fetch the whole series again", missing
        )
    step = (along[-1] - along[0]) / (len(along) - 1)
    low, high = SPACING_LIMITS_MM
    if not low <= step <= high:
        return sentence("its slices have an implausible distance of {0:g} mm", step)
    return None


def _widths(ordered: Sequence[SliceHeader], steps: NDArray[np.float64]) -> NDArray[np.float64]:
    """Steps as multiples of the usual one, which is wider if slices are thicker."""
    thickness = np.array([header.thickness_mm for header in ordered])
    local = (thickness[1:] + thickness[:-1]) / 2
    expected = steps / local if thickness.min() > 0 else steps
    return np.asarray(expected / np.median(expected), dtype=np.float64)


def _line_problem(ordered: Sequence[SliceHeader]) -> Sentence | None:
    """Why the slices are not lined up like those of a straight or tilted gantry."""
    if stray_pixels(ordered) > STRAY_PIXELS:
        return sentence("its slices do not lie in one line, as those of a gantry do")
    tilt = lay_out(ordered).tilt_degrees
    if tilt > MAX_TILT_DEGREES:
        return sentence("its slices are tilted by {0:.0f}°, more than a gantry can", tilt)
    return None
