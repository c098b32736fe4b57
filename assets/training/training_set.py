"""What is learned from, how often, and what is tested on."""

import functools
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from assets.training.cases import (
    TrainingCase,
    below_spine,
    label_patients,
    load_case,
    phantom_case,
    shoulders,
)
from assets.training.checkpoint import load_legs
from assets.training.drawn_limbs import DRAWN_LIMBS, load_limbs
from assets.training.drawn_necks import VERSE_LABELS, load_neck
from assets.training.finder.spine_lines import read_lines
from assets.training.headed_necks import HEADED_NECKS, load_headed_neck
from assets.training.heads import HEADS, load_head
from assets.training.pseudo_labels import load_series
from assets.training.sources import (
    DCM_QA,
    IRCAD,
    LIDC,
    PHANTOM,
    SERIES_SOURCES,
    TOTALSEGMENTATOR,
    VERSE,
    Leg,
    Source,
    all_sources,
    require_free,
    series_source,
)
from assets.training.verse import VERSE_CTS, load_verse
from assets.training.whole_body import MAPS, SHOULDER_MAP, load_map, load_structures_ct
from inference import open_ct
from inference.model.loading import SpineModel, load_model

TEST_CTS = {1: "ircad/ircad01_dicom.zip", 7: "ircad/ircad07_ct.nii.gz"}
"""The two labelled CTs kept for testing: neither they nor their labels are learned from."""

LABEL_ONLY_PATIENTS = (2, 3, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16)
"""Patients whose separated vertebrae look right; their CT is drawn from their labels. 4 and 18 have
nearly every disc marked as bone, 18 also a rib, and 19 is rough above the diaphragm."""

HALF_SERIES = "thorax_1p5mm_b"
"""Cut through the middle of the bodies, and of a patient whom another series shows whole."""

PHANTOM_SEEDS = (101, 102)
"""Bodies from formulas, none of them the demo's; their ribs teach what is not spine."""

RARE_SERIES = (
    "neck_thorax_arms_up_4mm",
    "skull_base_neck_1p25mm",
    "trunk_pelvis_4mm",
    "wholebody_petct_5mm",
)
"""The neck is in no label map, the sacrum in two."""

DISC_SERIES = ("thorax_1p5mm", "upper_thorax_1mm")
"""Thin discs that can be seen one by one, and were marked by eye."""

PELVIS_SERIES = ("trunk_pelvis_4mm", "wholebody_petct_5mm")
"""Their parts below the last vertebra are used once more, because femora look like vertebrae."""

DRAWN_WEIGHT, SERIES_WEIGHT, RARE_WEIGHT, DISC_WEIGHT, PHANTOM_WEIGHT = 0.8, 1.5, 2.5, 4.0, 0.3
"""How much more often one case is used than another."""

READER_WEIGHT, SMALL_READER_WEIGHT = 8.0, 4.0
"""Readers' labels helped more than anything tried before; two vertebrae count less than six."""

STRUCTURES_WEIGHT, NECK_WEIGHT, MAP_WEIGHT = 8.0, 2.0, 4.0

HEADED_NECK_WEIGHT = 2.0
"""There are four, of the two necks that are used alone as well."""

HEAD_WEIGHT, LIMBS_WEIGHT, SHOULDER_WEIGHT = 3.0, 1.0, 1.5
"""Cases without a spine are needed, but teach nothing about its outline."""

SMALL_READER_CASES = ("verse006",)

LARGE_READER_CASES = tuple(name for name in VERSE_CTS if name not in SMALL_READER_CASES)


@dataclass(frozen=True, eq=False)
class Member:
    """A case to learn from.

    Attributes:
        weight: how often patches are taken from it, relative to others.
        sources: of the image and of its label.
    """

    case: TrainingCase
    weight: float
    sources: tuple[Source, ...]


@dataclass(frozen=True, eq=False)
class TrainingSet:
    """What is learned from, and what a run's log is scored on."""

    members: tuple[Member, ...]
    tests: tuple[TrainingCase, ...]

    @property
    def leg(self) -> Leg:
        """A leg that learns from it, before its first step."""
        return Leg(0, tuple(member.case.name for member in self.members), self.sources)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Each once."""
        return tuple(dict.fromkeys(source for m in self.members for source in m.sources))

    def favouring_readers(self, factor: float) -> "TrainingSet":
        """The set with readers' larger cases used ``factor`` times as often."""
        members = (
            replace(m, weight=m.weight * factor) if m.case.name in LARGE_READER_CASES else m
            for m in self.members
        )
        return replace(self, members=tuple(members))

    def holding_out(self, names: Collection[str]) -> "TrainingSet":
        """The set without these cases, which become test cases if they have a CT.

        Raises:
            ValueError: there is no such case.
        """
        missing = set(names) - {member.case.name for member in self.members}
        if missing:
            raise ValueError(f"there is nothing called {', '.join(sorted(missing))} to hold out")
        kept = tuple(m for m in self.members if m.case.name not in names)
        held_out = (m.case for m in self.members if m.case.name in names)
        return TrainingSet(kept, (*self.tests, *(case for case in held_out if case.hu is not None)))


def load_training_set(data: Path, cache: Path) -> TrainingSet:
    """All cases in the folder, whatever their licence.

    Raises:
        ValueError: labels are missing, or do not fit their CT.
    """
    known = label_patients(data)
    missing = sorted({*TEST_CTS, *LABEL_ONLY_PATIENTS} - set(known))
    if missing:
        raise ValueError(f"there are no labels of the patients {missing}")
    members = (
        *_ircad_members(data, cache),
        *_series_members(data, cache),
        *free_members(data, cache),
    )
    return TrainingSet(members, tuple(_test_cases(data, cache)))


def load_free_set(data: Path, cache: Path) -> TrainingSet:
    """The cases whose licences allow a hospital to use what was learned from them.

    Raises:
        ValueError: labels are missing, or do not fit their CT.
    """
    free = TrainingSet(tuple(free_members(data, cache)), tuple(_test_cases(data, cache)))
    require_free([free.leg])
    return free


def load_taught_set(data: Path, cache: Path, teacher: Path) -> TrainingSet:
    """The free cases, and the unlabelled series of free sources with a free model's pseudo-labels.

    Raises:
        ValueError: the teacher is not free, labels are missing, or they do not fit their CT.
    """
    legs = load_legs(teacher)
    require_free(legs)
    free, model = load_free_set(data, cache), load_model(str(teacher))
    taught = TrainingSet(
        (*free.members, *_taught_members(data, cache, model, all_sources(legs))), free.tests
    )
    require_free([taught.leg])
    return taught


def _taught_members(
    data: Path, cache: Path, teacher: SpineModel, sources: tuple[Source, ...]
) -> Iterator[Member]:
    """The unlabelled series of free sources; what they show below the spine needs no teacher."""
    for name in sorted(SERIES_SOURCES.keys() & read_lines().keys() - {HALF_SERIES}):
        case, source = load_series(data, name, cache, teacher), series_source(name)
        yield Member(case, _series_weight(name), (source, *sources))
        if name in PELVIS_SERIES:
            yield Member(below_spine(case), DISC_WEIGHT, (source,))


def free_members(data: Path, cache: Path) -> Iterator[Member]:
    """Readers' labels, structures with their CT and without, heads, limbs and phantoms."""
    for name in VERSE_CTS:
        weight = SMALL_READER_WEIGHT if name in SMALL_READER_CASES else READER_WEIGHT
        yield Member(load_verse(data, name, cache), weight, (VERSE,))
    for name in VERSE_LABELS:
        yield Member(load_neck(data, name, cache), NECK_WEIGHT, (VERSE,))
    for neck, head in HEADED_NECKS:
        case = load_headed_neck(data, neck, head, cache)
        yield Member(case, HEADED_NECK_WEIGHT, (VERSE, DCM_QA))
    chest = load_structures_ct(data, cache)
    yield Member(chest, STRUCTURES_WEIGHT, (LIDC,))
    for side in shoulders(chest):
        yield Member(side, SHOULDER_WEIGHT, (LIDC,))
    for name in MAPS:
        yield Member(load_map(data, name, cache), MAP_WEIGHT, (TOTALSEGMENTATOR,))
    for side in shoulders(load_map(data, SHOULDER_MAP, cache)):
        yield Member(side, SHOULDER_WEIGHT, (TOTALSEGMENTATOR,))
    for name in HEADS:
        yield Member(load_head(data, name, cache), HEAD_WEIGHT, (DCM_QA,))
    for name in DRAWN_LIMBS:
        yield Member(load_limbs(name), LIMBS_WEIGHT, (PHANTOM,))
    for seed in PHANTOM_SEEDS:
        yield Member(phantom_case(seed), PHANTOM_WEIGHT, (PHANTOM,))


def _ircad_members(data: Path, cache: Path) -> Iterator[Member]:
    for number in LABEL_ONLY_PATIENTS:
        yield Member(load_case(data, number, cache), DRAWN_WEIGHT, (IRCAD,))


def _series_members(data: Path, cache: Path) -> Iterator[Member]:
    """The unlabelled series with pseudo-labels by the bundled model. All are taken to rest on
    3D-IRCADb-01, as the set does anyway.
    """
    teacher = load_model()
    for name in read_lines():
        if name == HALF_SERIES:
            continue
        case, sources = load_series(data, name, cache, teacher), (series_source(name), IRCAD)
        yield Member(case, _series_weight(name), sources)
        if name in PELVIS_SERIES:
            yield Member(below_spine(case), RARE_WEIGHT, sources)


def _series_weight(name: str) -> float:
    if name in DISC_SERIES:
        return DISC_WEIGHT
    return RARE_WEIGHT if name in RARE_SERIES else SERIES_WEIGHT


def _test_cases(data: Path, cache: Path) -> Iterator[TrainingCase]:
    for number, file in TEST_CTS.items():
        yield load_case(data, number, cache, functools.partial(open_ct, data / file))
