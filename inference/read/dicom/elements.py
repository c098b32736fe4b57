"""Values of single DICOM elements as text and as numbers, however badly they were written.

Texts are taken as stored: pydicom would check each value against the standard, warn of violations,
and raise if it is not a number.
"""

import re
from collections.abc import Sequence
from typing import Any

from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset

Misprint = tuple[str, str]
"""The keyword of an element, and the text it contains instead of numbers."""

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
"""A decimal string (DICOM PS3.5 6.2): no words such as "nan", and no comma."""

QUOTED_LETTERS = 40
"""Misprints are quoted up to this length."""


def text_of(dataset: Dataset, keyword: str) -> str:
    """The value of a text element, without padding blanks and zeros.

    Several values are separated by backslashes. Non-ASCII letters are given byte by byte.
    """
    if keyword not in dataset:
        return ""
    value = dataset.get_item(keyword).value
    if value is None:
        return ""
    if isinstance(value, bytes):
        text = value.decode("latin-1")
    elif isinstance(value, str) or not isinstance(value, Sequence):
        text = str(value)
    else:
        text = "\\".join(str(one) for one in value)
    return "\\".join(part.strip("\0 ") for part in text.split("\\"))


def numbers_of(dataset: Dataset, keyword: str) -> tuple[float, ...] | None:
    """The numbers of an element; None if it contains something else, empty if it is empty."""
    item = dataset.get_item(keyword) if keyword in dataset else None
    if item is None or item.value is None:
        return ()
    if not isinstance(item, RawDataElement) or item.VR in ("FD", "FL"):
        return _as_floats(dataset[keyword].value)
    text = text_of(dataset, keyword)
    if not text:
        return ()
    parts = text.split("\\")
    if not all(NUMBER.fullmatch(part) for part in parts):
        return None
    return tuple(float(part) for part in parts)


def quoted(dataset: Dataset, keyword: str) -> Misprint:
    """The element's text for a message: printable and not too long."""
    shown = "".join(letter if letter.isprintable() else "?" for letter in text_of(dataset, keyword))
    return keyword, shown[:QUOTED_LETTERS]


def first_item(dataset: Dataset, keyword: str) -> Dataset | None:
    """The first item of a sequence; None if it has none."""
    items: Any = dataset.get(keyword) or ()
    return items[0] if items else None


def _as_floats(value: Any) -> tuple[float, ...] | None:
    if value is None or value == "":
        return ()
    values = value if isinstance(value, Sequence) and not isinstance(value, str) else (value,)
    try:
        return tuple(float(one) for one in values)
    except (TypeError, ValueError):
        return None
