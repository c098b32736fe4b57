"""The vertebrae of a case: told apart, named, written and told of in the report."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from inference.cases.settings import VertebraSettings
from inference.errors import UsageError
from inference.export import Stage
from inference.export.vertebrae import renumbered, write_vertebrae
from inference.mask.numbering import Numbering, propose
from inference.mask.vertebra_table import VertebraFacts, vertebra_table
from inference.mask.vertebrae import separate_vertebrae
from inference.values.label_map import LabelMap
from inference.values.mask import Mask
from inference.values.messages import Sentence, nameless, sentence
from inference.values.progress import CancelCheck, never_cancelled
from inference.values.vertebra_names import numbers_from
from inference.values.volume import Volume


@dataclasses.dataclass(frozen=True)
class WrittenVertebrae:
    """What was written of the vertebrae of a case.

    Attributes:
        endings: of the files' names.
        facts: for the report, as JSON values.
    """

    endings: tuple[str, ...]
    facts: Mapping[str, Any]


def write_case_vertebrae(
    mask: Mask,
    volume: Volume,
    settings: VertebraSettings,
    formats: Sequence[str],
    stage: Stage,
    name: str,
    in_memory: int,
    cancel: CancelCheck = never_cancelled,
) -> WrittenVertebrae:
    """Tell the vertebrae of a case apart and write them.

    They have VerSe's numbers once somebody has named one; before, 1, 2, … from the head. Names that
    do not fit what was found are told of and left aside.

    Args:
        formats: of the mask.
        in_memory: labels of more bytes go into a scratch file.

    Raises:
        OutputError: a file cannot be written.
        MemoryLimitError: the disk has no room for a scratch file.
        CancelledError: ``cancel`` said so between two steps.
    """
    found = separate_vertebrae(mask, volume, in_memory=in_memory, cancel=cancel)
    notes = list(found.notes)
    numbering: Numbering | None = None
    if settings.names and found.count:
        try:
            numbers = numbers_from(dict(settings.names), found.count)
            numbering = Numbering(numbers, sentence("Named by the user."))
        except UsageError as error:
            notes.append(
                sentence("The names given do not fit and were left aside. {0}", error.fact)
            )
    proposal = None if numbering else propose(found, volume.voxels, volume.geometry)
    counted = tuple(range(1, found.count + 1))
    names = numbering.names if numbering else tuple(f"Vertebra {number}" for number in counted)
    labels = LabelMap(
        found.labels, found.geometry, dict(zip(counted, names, strict=True)), mask.corrected
    )
    if numbering:
        labels = renumbered(labels, numbering.numbers, names, in_memory)
    endings = write_vertebrae(
        labels, formats, stage, name, volume.source, surfaces=settings.surfaces
    )
    table = vertebra_table(found, volume.voxels, volume.geometry)
    return WrittenVertebrae(endings, _facts(names, numbering, proposal, notes, table))


def _facts(
    names: Sequence[str],
    numbering: Numbering | None,
    proposal: Numbering | None,
    notes: Sequence[Sentence],
    table: Sequence[VertebraFacts],
) -> dict[str, Any]:
    rows = [
        {"count": count, "name": name, **_rounded(dataclasses.asdict(facts))}
        for count, (name, facts) in enumerate(zip(names, table, strict=True), start=1)
    ]
    return {
        "count": len(table),
        "named": numbering is not None,
        "proposal": proposal
        and {
            "names": list(proposal.names),
            "reason": nameless(proposal.reason),
            "sure": proposal.sure,
        },
        "notes": [nameless(note) for note in notes],
        "table": rows,
    }


def _rounded(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts to the hundredth, which is finer than any of them is measured."""

    def value(one: Any) -> Any:
        if isinstance(one, tuple):
            return [value(part) for part in one]
        return round(one, 2) if isinstance(one, float) else one

    return {key: value(one) for key, one in facts.items()}
