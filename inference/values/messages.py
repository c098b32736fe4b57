"""Sentences that the window can say in another language.

Whoever shows one may look its template up in a table of translations and fill in the values anew.
"""

from collections.abc import Iterable


class Sentence(str):
    """A sentence in English, to be used like any other text.

    Attributes:
        template: the sentence with ``{0}``, ``{1}``, … (``str.format``) for what changes.
        values: what they stand for; sentences among them have translations of their own.
    """

    template: str
    values: tuple[object, ...]


def sentence(template: str, *values: object) -> Sentence:
    """The template with its values filled in."""
    made = Sentence(template.format(*values))
    made.template = template
    made.values = values
    return made


def joined(sentences: Iterable[str], separator: str) -> Sentence:
    """Several as one, each with a translation of its own."""
    parts = tuple(sentences)
    return sentence(separator.join(f"{{{number}}}" for number in range(len(parts))), *parts)
