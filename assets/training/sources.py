"""Where training data come from and what their licences allow.

What a model says about itself is generated from these, so it cannot say anything else.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Licence:
    """What a source may be used for.

    Attributes:
        name: as its authors write it.
        free: whether weights derived from it may be used in a hospital and sold; "NC" forbids this,
            and "ND" forbids passing them on.
    """

    name: str
    free: bool


CC_BY_3 = Licence("CC BY 3.0", free=True)
CC_BY_4 = Licence("CC BY 4.0", free=True)
CC_BY_SA_4 = Licence("CC BY-SA 4.0", free=True)
CC_BY_NC_ND_4 = Licence("CC BY-NC-ND 4.0", free=False)
BSD_2 = Licence("BSD 2-Clause", free=True)
OWN = Licence("this project's own", free=True)
NOT_RECORDED = Licence("licence not recorded for each", free=False)
"""For series from both free collections and public demonstrations: which is from which was not
recorded, so none counts as free."""


@dataclass(frozen=True)
class Source:
    """A public collection of images or labels.

    Attributes:
        name: including which part was used, as a model's metadata state it.
    """

    name: str
    licence: Licence


IRCAD = Source("3D-IRCADb-01 (CT drawn from organ labels)", CC_BY_NC_ND_4)
VERSE = Source("VerSe 2019 and 2020 (readers' labels, with CT and without)", CC_BY_SA_4)
LIDC = Source("LIDC-IDRI (CT; structures outlined by TotalSegmentator)", CC_BY_3)
ACRIN = Source("ACRIN-FLT-Breast (CT)", CC_BY_3)
TOTALSEGMENTATOR = Source("TotalSegmentator's data set and test files", CC_BY_4)
MIXED_SERIES = Source(
    "series of ACRIN-FLT-Breast, CPTAC-3, Lung-Fused-CT-Pathology, RIDER and public demonstrations",
    NOT_RECORDED,
)
DCM_QA = Source("dcm_qa_ct (a head, and one of plastic)", BSD_2)
PHANTOM = Source("bodies made from formulas", OWN)

SERIES_SOURCES = {
    "thorax_1p5mm": TOTALSEGMENTATOR,
    "thorax_1p5mm_b": TOTALSEGMENTATOR,
    "trunk_pelvis_4mm": ACRIN,
    "lumbar_pelvis_4p25mm": ACRIN,
    "thorax_lidc0002_1p25mm": LIDC,
}
"""Sources of the unlabelled series; those not listed come from ``MIXED_SERIES``. The trunk is the
same scan as the lumbar spine with pelvis, up to rounding of its HU."""


def series_source(name: str) -> Source:
    """The source of an unlabelled series."""
    return SERIES_SOURCES.get(name, MIXED_SERIES)


@dataclass(frozen=True)
class Leg:
    """One stretch of training: what was learned from, and for how long.

    Attributes:
        steps: of the optimiser.
        learned_from: names of the cases.
        sources: of the cases and of their labels.
    """

    steps: int
    learned_from: tuple[str, ...]
    sources: tuple[Source, ...]


def all_sources(legs: Iterable[Leg]) -> tuple[Source, ...]:
    """Every source of all legs, once, in order of first use."""
    return tuple(dict.fromkeys(source for leg in legs for source in leg.sources))


LEGS_BEFORE_THE_RECORD = (
    Leg(
        9170,
        ("ircad02 to ircad06, ircad08 to ircad16", "nine unlabelled series", "phantoms"),
        (IRCAD, MIXED_SERIES, TOTALSEGMENTATOR, ACRIN, PHANTOM),
    ),
)
"""For version 0.4.1, whose file names none: 950, 120, 2050, 1500, 1000, 1800, 1000, 400 and 350
steps, according to its card, with pseudo-labels by earlier versions. Patients 1 and 7 were in none,
except the CT of patient 1 in version 0.1.0, which made the first pseudo-labels."""

FINDER_LEGS_BEFORE_THE_RECORD = (
    Leg(
        2000,
        ("ircad02 to ircad06, ircad08 to ircad19", "nine unlabelled series", "phantoms"),
        (IRCAD, MIXED_SERIES, TOTALSEGMENTATOR, ACRIN, PHANTOM),
    ),
)
"""For the finder of that time: about 1300 and 700 steps, according to its card."""


def require_free(legs: Iterable[Leg]) -> None:
    """Check that weights come only from free sources.

    Raises:
        ValueError: one source is not free; the message names it.
    """
    forbidden = [source for source in all_sources(legs) if not source.licence.free]
    if forbidden:
        named = "; ".join(f"{source.name}, {source.licence.name}" for source in forbidden)
        raise ValueError(f"these weights are not free, they rest on: {named}")


def legs_to_json(legs: Iterable[Leg]) -> str:
    """Legs as text, to store with the weights."""
    return json.dumps([asdict(leg) for leg in legs])


def legs_from_json(text: str) -> tuple[Leg, ...]:
    """Legs from the text of ``legs_to_json``.

    Raises:
        ValueError: the text is something else.
    """
    try:
        return tuple(
            Leg(
                leg["steps"],
                tuple(leg["learned_from"]),
                tuple(Source(s["name"], Licence(**s["licence"])) for s in leg["sources"]),
            )
            for leg in json.loads(text)
        )
    except (KeyError, TypeError) as error:
        raise ValueError("the record of the training is damaged") from error
