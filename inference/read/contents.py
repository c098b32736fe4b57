"""What an input holds: the series in a file, a folder or an archive."""

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from inference.errors import (
    NoUsableSeriesError,
    SeveralInputsError,
    UnreadableInputError,
    unreadable,
)
from inference.read.archives import has_archive_content, is_archive, unpacked
from inference.read.dicom.directories import listed_images
from inference.read.dicom.headers import (
    SliceHeader,
    damaged_dicom,
    looks_like_dicom,
    read_headers,
)
from inference.read.dicom.kinds import CT
from inference.read.dicom.pixels import same_pixels
from inference.read.dicom.series import Series, group_series, patients_in, recommend
from inference.read.folders import Listing, is_broken, list_files
from inference.read.images.files import has_image_content, header_of, is_image, open_image
from inference.read.names import DICOMDIR, SLICE_ENDINGS, pattern_of
from inference.read.sources import check_exists
from inference.read.voxels.planes import UnfitImageError
from inference.values.messages import Sentence, sentence
from inference.values.progress import CancelCheck, stop_if

ONLY_ONE = "image"
"""Identifies the only series of an image file, whose own name may be the patient's."""

UNKNOWN_WHETHER_WHOLE = sentence(
    "The DICOMDIR is damaged, so that it does not tell whether slices are missing at the ends. "
    "Check that no part of the patient is missing."
)
"""A note."""


@contextmanager
def series_at(path: Path, cancel: CancelCheck) -> Iterator[tuple[Series, ...]]:
    """The series in the input at ``path``; their files exist within the block.

    Raises:
        UnreadableInputError: the input is absent, empty, damaged or of an unknown kind.
        NoUsableSeriesError: it holds several inputs.
        CancelledError: ``cancel`` said so.
    """
    try:
        check_exists(path)
        if path.is_dir():
            yield _series_of_folder(path, path.resolve().name, cancel)
        elif is_archive(path) or has_archive_content(path):
            with unpacked(path, cancel) as folder:
                yield _series_of_archive(folder, path.name, cancel)
        elif (header := header_of(path)) and not looks_like_dicom(path):
            yield (_series_of_image(header),)
        else:
            yield _series_of_file(path, cancel)
    except OSError as error:
        raise unreadable(path, error) from error


def _series_of_archive(folder: Path, name: str, cancel: CancelCheck) -> tuple[Series, ...]:
    """The series in an archive that was unpacked into the temporary ``folder``."""
    try:
        return _series_of_folder(folder, name, cancel)
    except SeveralInputsError as error:
        raise NoUsableSeriesError(
            sentence(
                "{0} contains several images or archives. Unpack it and choose one of them.", name
            )
        ) from error


def _series_of_folder(folder: Path, name: str, cancel: CancelCheck) -> tuple[Series, ...]:
    listing = list_files(folder, cancel)
    found = _series_in(listing, name, cancel)
    notes: list[Sentence] = []
    if listing.closed:
        notes.append(
            sentence("{0} folders could not be opened and were left out.", len(listing.closed))
        )
    return _with_notes((*notes, *_broken_notes(listing.broken)), found)


def _broken_notes(broken: Sequence[Path]) -> tuple[Sentence, ...]:
    """A note on links that lead to nothing, as in data sets of which not all was fetched."""
    if not broken:
        return ()
    note = sentence(
        "{0} links lead to no file and were left out. Check that no part of the patient is "
        "missing.",
        len(broken),
    )
    return (note,)


def _with_notes(notes: Sequence[Sentence], found: Iterable[Series]) -> tuple[Series, ...]:
    """The series with these notes before their own."""
    return tuple(
        dataclasses.replace(series, warnings=(*notes, *series.warnings)) for series in found
    )


def _series_in(listing: Listing, name: str, cancel: CancelCheck) -> tuple[Series, ...]:
    """The DICOM series among files; if none of them is usable, the only image file."""
    files = listing.files
    if not files:
        raise UnreadableInputError(
            sentence("{0} is empty. Choose a folder that contains a CT.", name)
        )
    images = [path for path in files if is_image(path)]
    headers = _headers((path for path in files if not is_image(path)), cancel)
    series = _with_absent_ones(_grouped(headers, cancel), headers, files)
    inputs = [path for path in files if is_image(path) or is_archive(path)]
    is_whole = patients_in(series) > 1 or recommend(series) is not None
    if series and (is_whole or not inputs):
        return _with_note_of(inputs, series)
    if not inputs:
        raise UnreadableInputError(
            sentence(
                "{0} contains no CT: none of its {1} files is a DICOM, NIfTI, NRRD or MHA "
                "image. Choose another folder.",
                name,
                len(files),
            )
        )
    if inputs != images or len(images) > 1:
        count = len(inputs)
        what = sentence("an archive") if count == 1 else sentence("{0} images or archives", count)
        raise SeveralInputsError(
            sentence("{0} contains {1} and no usable DICOM series.", name, what),
            "Choose one of them, or give them all to 'spinecontext batch'.",
            inputs,
        )
    image = _series_of_image(images[0])
    return (image,) if image.usable else (image, *series)


def _with_absent_ones(
    series: Sequence[Series], headers: Sequence[SliceHeader], files: Sequence[Path]
) -> tuple[Series, ...]:
    """The series; of which a DICOMDIR lists more images than there are, those are refused.

    Images are known by their identifiers: names change when media are copied. A DICOMDIR that lists
    none of the images that are here is that of other media, or they were anonymised since. One that
    is damaged is noted, for the slices say most of what it would.
    """
    here: dict[str, set[str]] = defaultdict(set)
    for header in headers:
        here[header.series_uid].add(header.sop_uid)
    absent: dict[str, int] = defaultdict(int)
    notes = []
    for directory in (path for path in files if path.name.upper() == DICOMDIR):
        try:
            of_directory = listed_images(directory)
        except UnreadableInputError:
            notes.append(UNKNOWN_WHETHER_WHOLE)
            continue
        for uid, listed in of_directory.items():
            if listed & here[uid]:
                absent[uid] += len(listed - here[uid])
    series = _with_notes(tuple(dict.fromkeys(notes)), series)
    return tuple(
        dataclasses.replace(
            one,
            problems=(
                sentence(
                    "its DICOMDIR lists {0} more images than are here; copy the whole series again",
                    absent[one.slices[0].series_uid],
                ),
            ),
        )
        if one.usable and absent[one.slices[0].series_uid]
        else one
        for one in series
    )


def _with_note_of(inputs: Sequence[Path], series: Sequence[Series]) -> tuple[Series, ...]:
    """DICOM series, with a note about files beside them that were not read."""
    if not inputs:
        return tuple(series)
    what = sentence("an image file or archive")
    if len(inputs) > 1:
        what = sentence("{0} image files or archives", len(inputs))
    note = sentence(
        "Not looked at beside the DICOM slices: {0}. If the CT is there, choose that file.",
        what,
    )
    return tuple(
        dataclasses.replace(one, warnings=(*one.warnings, note)) if one.usable else one
        for one in series
    )


def _series_of_file(path: Path, cancel: CancelCheck) -> tuple[Series, ...]:
    """The series of a single DICOM file, with what the files beside it hold of it."""
    if path.name.upper() == DICOMDIR:
        return _series_of_folder(path.parent, path.parent.resolve().name, cancel)
    own = read_headers(path)
    if not own and has_image_content(path):
        return (_series_of_image(path),)
    if not own:
        raise UnreadableInputError(
            sentence(
                "{0} is not an image that can be read, or it is damaged. Choose a DICOM "
                "folder, a zip archive, or a NIfTI, NRRD or MHA file.",
                path.name,
            )
        )
    if own[0].frames == 1:
        return _series_around(path, own, cancel)
    # A file of several slices is itself the part that is asked for.
    try:
        around = _series_around(path, own, cancel)
    except UnreadableInputError:
        around = ()
    alone = _grouped(own, cancel)
    if not any(one.usable for one in around) and any(one.usable for one in alone):
        note = sentence(
            "{0} was read alone, because it makes no volume together with the other files beside "
            "it. Check that no part of the patient is missing.",
            path.name,
        )
        return _with_notes((note,), alone)
    return tuple(dataclasses.replace(series, partial=False) for series in around or alone)


def _series_around(
    path: Path, own: Sequence[SliceHeader], cancel: CancelCheck
) -> tuple[Series, ...]:
    """The series that a file with these slices belongs to, from all files beside it."""
    entries = sorted(path.parent.iterdir())
    broken = _broken_notes([entry for entry in entries if is_broken(entry)])
    beside = _headers([entry for entry in entries if entry.is_file()], cancel)
    # Other series may go on where this one ends, or hold slices that it lacks.
    found = [
        one for one in _grouped(beside, cancel) if one.slices[0].series_uid == own[0].series_uid
    ]
    # Of several stacks with one identifier, the one that contains the file or reports it as left
    # out.
    holding = [one for one in found if any(h.path == path for h in one.slices)]
    note = sentence("{0} is one file of a series; the whole series beside it was read.", path.name)
    return tuple(
        dataclasses.replace(series, warnings=(note, *broken, *series.warnings))
        if len({header.path for header in series.slices}) > 1
        else series
        for series in holding or found
    )


def _grouped(headers: Sequence[SliceHeader], cancel: CancelCheck) -> tuple[Series, ...]:
    """The series among headers; comparing the pixels of possible copies can be cancelled."""

    def same(one: SliceHeader, other: SliceHeader) -> bool:
        stop_if(cancel)
        return same_pixels(one, other)

    return group_series(headers, same)


def _headers(paths: Iterator[Path] | Sequence[Path], cancel: CancelCheck) -> list[SliceHeader]:
    """The slices in files.

    Raises:
        UnreadableInputError: a slice is damaged, or a file that is named as slices are is none.
    """
    headers: list[SliceHeader] = []
    others = []
    for path in paths:
        stop_if(cancel)
        of_file = read_headers(path)
        headers += of_file
        if not of_file and not looks_like_dicom(path):
            others.append(path)
    slices = {(header.path.parent, pattern_of(header.path.name)) for header in headers}
    for path in others:
        named_alike = (path.parent, pattern_of(path.name)) in slices
        if named_alike or path.name.lower().endswith(SLICE_ENDINGS):
            raise damaged_dicom(path)  # Empty, overwritten, or cut off before its signature.
    return headers


def _series_of_image(path: Path) -> Series:
    """The image file as a series, from its header.

    Raises:
        UnreadableInputError: it is not an image, or damaged.
        OSError: it cannot be read.
    """
    series = Series(ONLY_ONE, path.name, CT, (0, 0, 0), (0.0, 0.0, 0.0), image=path)
    try:
        image = open_image(path)
    except UnfitImageError as error:
        return dataclasses.replace(series, problems=(error.reason,))
    depth, height, width = image.voxels.shape
    return dataclasses.replace(
        series,
        size=(width, height, depth),
        spacing=image.geometry.spacing,
        warnings=image.notes,
    )
