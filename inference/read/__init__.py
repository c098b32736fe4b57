"""Reading: from a path to a CT volume."""

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.errors import NoUsableSeriesError, SeveralPatientsError, UnreadableInputError
from inference.read.contents import series_at
from inference.read.dicom.assembly import census_of_stack, middle_slice, read_stack
from inference.read.dicom.headers import SliceHeader
from inference.read.dicom.series import Series, patients_in, recommend
from inference.read.images.files import census_of_image, read_image
from inference.read.masks import OpenedMask, open_labels, open_mask, open_mask_pair
from inference.read.names import distinct_names, input_name
from inference.read.sources import input_files
from inference.read.voxels.census import Census, judged, plain_problem, plane_notes, void_notes
from inference.read.voxels.hounsfield import shift_hu
from inference.read.voxels.planes import UnfitImageError
from inference.values.messages import joined, sentence
from inference.values.progress import (
    CancelCheck,
    ProgressCallback,
    ignore_progress,
    never_cancelled,
)
from inference.values.volume import DicomSource, Volume

__all__ = [
    "OpenedMask",
    "Series",
    "SeriesChooser",
    "distinct_names",
    "input_files",
    "input_name",
    "list_series",
    "middle_slice",
    "open_ct",
    "open_labels",
    "open_mask",
    "open_mask_pair",
    "recommend",
    "source_slices",
]

SeriesChooser = Callable[[Sequence[Series]], str]
"""Called if there are several series, usable or not; returns the identifier of the one to read.
Their files exist during the call, so that it may show ``middle_slice``."""


def list_series(path: str | Path, *, cancel: CancelCheck = never_cancelled) -> tuple[Series, ...]:
    """The series in an input, usable ones first, then the longest.

    The voxels of series that might be used are read as well, because they may be damaged or not HU.

    Raises:
        UnreadableInputError: the input is absent, empty, damaged or of an unknown kind.
        CancelledError: ``cancel`` said so.
    """
    with series_at(Path(path), cancel) as found:
        return tuple(_examined(series, cancel) for series in found)


def open_ct(
    path: str | Path,
    *,
    series_uid: str | None = None,
    choose: SeriesChooser | None = None,
    max_ram: int | None = None,
    hu_offset: float | None = None,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelCheck = never_cancelled,
) -> Volume:
    """Read a CT: DICOM folder, file, DICOMDIR or zip archive, NIfTI, NRRD or MHA.

    Args:
        series_uid: the series to read; the recommended one if None.
        choose: called instead if there are several series and any of them is usable.
        max_ram: bytes of memory that the whole run may hold; the lower it is, the smaller the
            volumes that go into a scratch file. None for no limit.
        hu_offset: added to all values, which are then taken as HU whatever they look like. If it is
            None, values that cannot be HU are refused, and values that seem to be shifted are
            shifted back with a warning.

    Raises:
        UnreadableInputError: the input is absent, empty, damaged or of an unknown kind, or its
            values are not HU.
        NoUsableSeriesError: nothing in it is a CT volume, or it is unclear which one to use.
        MemoryLimitError: ``max_ram`` cannot be kept, or the disk has no room for a scratch file.
        CancelledError: ``cancel`` said so.
    """
    place = Path(path)
    with series_at(place, cancel) as found:
        if choose is not None and len(found) > 1 and any(series.usable for series in found):
            series_uid = choose(found)
        chosen = _choose(found, series_uid)
        warnings = (*chosen.warnings, *_other_series(found, chosen, series_uid))
        if chosen.image is not None:
            voxels, geometry, census = read_image(
                chosen.image, max_ram, progress, cancel, hu_offset or 0.0
            )
            source = None
        else:
            voxels, geometry, census = read_stack(
                chosen.slices, max_ram, progress, cancel, hu_offset or 0.0
            )
            source = DicomSource(place, chosen.uid)
    warnings = (*warnings, *_settled_hu(voxels, census, hu_offset))
    return Volume(voxels, geometry, input_name(place), warnings, source, chosen.facts)


def _examined(series: Series, cancel: CancelCheck) -> Series:
    """The series with what all of its voxels say for and against it.

    Raises:
        UnreadableInputError: it is a damaged image file.
        OSError: it cannot be read.
        CancelledError: ``cancel`` said so.
    """
    if series.problems:
        return series
    try:
        if series.image is not None:
            census = census_of_image(series.image, cancel)
        else:
            census = census_of_stack(series.slices, cancel)
    except UnfitImageError as error:
        return dataclasses.replace(series, problems=(error.reason,))
    except UnreadableInputError as error:
        if series.image is not None:
            raise
        return dataclasses.replace(series, problems=(error.fact,))
    verdict = judged(census)
    return dataclasses.replace(
        series,
        problems=(verdict.refusal,) if verdict.refusal else (),
        warnings=(*series.warnings, *plane_notes(census), *verdict.notes),
    )


def _settled_hu(
    voxels: NDArray[np.int16], census: Census, hu_offset: float | None
) -> tuple[str, ...]:
    """Check that the voxels, z, y, x, are HU; shift them in place if necessary, with a note.

    Args:
        census: the census of the voxels as they are stored.

    Raises:
        UnreadableInputError: they cannot be HU, or those of some planes are absent.
    """
    if (problem := plain_problem(census)) is not None:
        raise UnreadableInputError(sentence("This cannot be used: {0}.", problem))
    notes = plane_notes(census)
    if hu_offset == 0:
        asked = sentence("As requested, the values were taken as HU as they are.")
        return (*notes, *void_notes(census), asked)
    if hu_offset is not None:
        asked = sentence("As requested, {0:+g} HU were added to all values.", hu_offset)
        return (*notes, *void_notes(census), asked)
    verdict = judged(census)
    if verdict.refusal:
        raise UnreadableInputError(
            sentence("This cannot be used: {0}.", verdict.refusal),
            "If you know what must be added to make HU of them, say so with --hu-offset.",
        )
    if verdict.shift:
        shift_hu(voxels, verdict.shift)
    return (*notes, *verdict.notes)


@contextmanager
def source_slices(source: DicomSource) -> Iterator[tuple[SliceHeader, ...]]:
    """The slices that a volume was read from, in its order; the files exist within the block.

    Raises:
        UnreadableInputError: the input is now gone or damaged.
        NoUsableSeriesError: the series is no longer in it.
    """
    with series_at(source.path, never_cancelled) as found:
        yield _choose(found, source.series_uid).slices


def _choose(found: Sequence[Series], series_uid: str | None) -> Series:
    if series_uid is not None:
        for series in found:
            if series.uid == series_uid:
                if series.problems:
                    raise NoUsableSeriesError(
                        sentence("The chosen series cannot be used: {0}.", series.problems[0])
                    )
                return series
        raise NoUsableSeriesError(
            sentence("There is no series with that identifier."),
            "'spinecontext info' lists those there are.",
        )
    patients = patients_in(found)
    if patients > 1:
        raise SeveralPatientsError(
            sentence("There are CTs of {0} patients here.", patients),
            "Choose a folder of one patient, or one series with --series; 'spinecontext info' "
            "lists them.",
        )
    recommended = recommend(found)
    if recommended is not None:
        return recommended
    if any(series.usable for series in found):
        raise NoUsableSeriesError(
            sentence(
                "The patient is here in parts, in several stacks that do not make one. Choose one "
                "of them, or export the scan again as one series."
            ),
            "Take it with --series; 'spinecontext info' lists them.",
        )
    raise _none_usable(found)


def _none_usable(found: Sequence[Series]) -> NoUsableSeriesError:
    if len(found) == 1:
        return NoUsableSeriesError(sentence("This cannot be used: {0}.", found[0].problems[0]))
    reasons = joined(dict.fromkeys(series.problems[0] for series in found), "; ")
    return NoUsableSeriesError(
        sentence("None of the {0} series can be used: {1}.", len(found), reasons)
    )


def _other_series(
    found: Sequence[Series], chosen: Series, series_uid: str | None
) -> tuple[str, ...]:
    others = sum(series.usable for series in found) - 1
    if not others or series_uid is not None:
        return ()
    return (
        sentence(
            "There are {0} usable series; the one with {1} slices covering {2:.0f} mm was "
            "read. Choose another one if you need it.",
            others + 1,
            chosen.size[2],
            chosen.height_mm,
        ),
    )
