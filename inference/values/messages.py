"""Sentences that the window can show in another language.

To translate one, look up its template in a table of translations and fill in the values again.
"""

import unicodedata
from collections.abc import Iterable
from numbers import Number
from pathlib import PurePath

INVISIBLE = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Categories of characters that would break a line, control a terminal or cannot be encoded:
controls, lone surrogates, line and paragraph separators (Unicode Standard, 4.5)."""

TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that change the direction of writing, which can disguise a name."""

FIRST_LONE_BYTE = 0xDC80
LAST_LONE_BYTE = 0xDCFF
"""The highest code point that Python uses for undecodable bytes of a path, ``0xDC00`` plus the byte
(PEP 383).
"""


class Sentence(str):
    """A sentence in English that can be used like any other text.

    Attributes:
        template: the sentence with ``{0}``, ``{1}``, … (``str.format``) for the values.
        values: the values; sentences among them are translated themselves.
    """

    template: str
    values: tuple[object, ...]


class Term(str):
    """Text from a file that cannot name anyone: a DICOM keyword, or a misprinted number."""


def sentence(template: str, *values: object) -> Sentence:
    """The template with its values filled in."""
    shown = tuple(_shown(value) for value in values)
    made = Sentence(template.format(*shown))
    made.template = template
    made.values = shown
    return made


def visible(text: str) -> str:
    """A text from outside, such as a file name, in characters that can be shown anywhere.

    Others are spelled out: a new line as ``\\n``, a byte that is not UTF-8 as ``\\xfc``.
    """
    return "".join(_spelled(sign) for sign in text)


def _shown(value: object) -> object:
    if isinstance(value, Sentence):
        return value
    if isinstance(value, Term):
        return Term(visible(value))
    return visible(str(value)) if isinstance(value, str | PurePath) else value


def _spelled(sign: str) -> str:
    if FIRST_LONE_BYTE <= ord(sign) <= LAST_LONE_BYTE:
        return f"\\x{ord(sign) - 0xDC00:02x}"
    if unicodedata.category(sign) in INVISIBLE or sign in TURNING:
        return sign.encode("unicode_escape").decode("ascii")
    return sign


def joined(sentences: Iterable[str], separator: str) -> Sentence:
    """Several sentences as one, each translated by itself."""
    parts = tuple(sentences)
    return sentence(separator.join(f"{{{number}}}" for number in range(len(parts))), *parts)


HIDDEN = "…"
"""Replaces what may name a patient."""


def nameless(text: str) -> str:
    """A sentence without anything that may name a patient, for files and other processes.

    The name of a file or folder is often the patient's, and any text filled into a sentence may be
    one. So only numbers, terms, and sentences treated in the same way are kept.
    """
    if not isinstance(text, Sentence):
        return HIDDEN
    return sentence(text.template, *map(_nameless_value, text.values))


def _nameless_value(value: object) -> object:
    if isinstance(value, Term):
        return value
    if isinstance(value, str):
        return nameless(value)
    return value if isinstance(value, Number) else HIDDEN
