"""The directory file of DICOM media, which lists the images of each series."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pydicom
from pydicom.dataset import Dataset

from inference.read.dicom.elements import text_of
from inference.read.dicom.headers import damaged_dicom

LOWER = "OffsetOfReferencedLowerLevelDirectoryEntity"
NEXT = "OffsetOfTheNextDirectoryRecord"
"""Elements that lead from one record to others, by their byte in the file (DICOM PS3.3 F.3)."""


def listed_images(directory: Path) -> dict[str, frozenset[str]]:
    """The SOP instance UIDs of the images that a DICOMDIR lists, by series instance UID.

    Raises:
        UnreadableInputError: it is damaged.
        OSError: it cannot be read.
    """
    try:
        dataset = pydicom.dcmread(directory)
        records = {
            record.seq_item_tell: record for record in dataset.get("DirectoryRecordSequence", ())
        }
        listed: dict[str, frozenset[str]] = defaultdict(frozenset)
        for record in records.values():
            if text_of(record, "DirectoryRecordType") == "SERIES":
                uids = (
                    text_of(r, "ReferencedSOPInstanceUIDInFile") for r in _below(record, records)
                )
                listed[text_of(record, "SeriesInstanceUID")] |= frozenset(uids) - {""}
    except Exception as error:  # on damaged files, pydicom raises whatever its parser stumbles on
        if isinstance(error, OSError) and error.errno:
            raise
        raise damaged_dicom(directory) from error
    return dict(listed)


def _below(record: Dataset, records: dict[int, Dataset]) -> Iterator[Dataset]:
    """The records of the images of a series."""
    seen = set()
    at = _offset(record, LOWER)
    while at in records and at not in seen:
        seen.add(at)
        yield records[at]
        at = _offset(records[at], NEXT)


def _offset(record: Dataset, keyword: str) -> int:
    return int(record.get(keyword) or 0)
