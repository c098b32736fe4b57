"""Cases to learn from that certainly show no spine: heads, and limbs from formulas."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="PyTorch is only in the extra 'train'")
pytest.importorskip("scipy", reason="SciPy is only in the extras 'train' and 'test'")

from scipy import ndimage

from assets.training.cases import UNKNOWN
from assets.training.drawn_limbs import DRAWN_LIMBS, load_limbs
from assets.training.finder.cases import free_cases
from assets.training.heads import ARCHIVE, HEADS, load_head
from assets.training.spine_labels import BODY, BONE
from assets.training.synthesis import AIR, COMPACT, YELLOW_MARROW, draw_ct

REAL_CT = Path("../shared/ct")

needs_heads = pytest.mark.skipif(
    not (REAL_CT / ARCHIVE).exists(), reason="the archive with the heads is not here"
)


@pytest.mark.parametrize("name", DRAWN_LIMBS)
def test_limbs_hold_tubular_bone_in_flesh_in_air_and_no_spine(name: str) -> None:
    case = load_limbs(name)
    assert case.classes is not None
    assert not case.spine.any()
    assert set(np.unique(case.classes)) == {AIR, BODY, BONE, COMPACT, YELLOW_MARROW}
    bone = np.isin(case.classes, (BONE, COMPACT, YELLOW_MARROW))
    shell = ndimage.binary_dilation(bone, iterations=2) & ~bone
    assert (case.classes[shell] == BODY).mean() > 0.95


def test_the_cavity_of_a_bone_never_touches_flesh() -> None:
    classes = load_limbs("legs a").classes
    assert classes is not None
    around = ndimage.binary_dilation(classes == YELLOW_MARROW) & (classes != YELLOW_MARROW)
    assert np.isin(classes[around], (BONE, COMPACT)).mean() > 0.99


def test_the_wall_of_a_shaft_is_denser_than_the_ends_of_its_bone() -> None:
    classes = load_limbs("legs a").classes
    assert classes is not None
    coarse = classes[::2, ::2, ::2]
    hu = draw_ct(coarse, np.random.default_rng(1))
    assert np.median(hu[coarse == COMPACT]) > np.median(hu[coarse == BONE]) + 200


def test_raised_arms_lie_beside_a_crown_that_is_hollow() -> None:
    classes = load_limbs("arms and crown a").classes
    assert classes is not None
    height, width = classes.shape[1:]
    middle = classes[30, height // 2, :]
    assert middle[width // 2] == BODY
    inwards = middle[: width // 2][::-1]
    assert BONE in inwards[:100]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cases")


@needs_heads
@pytest.mark.parametrize("name", HEADS)
def test_a_head_holds_no_vertebra_but_what_is_unknown(name: str, cache: Path) -> None:
    case = load_head(REAL_CT, name, cache)
    assert case.hu is not None
    assert not (case.spine == 1).any()
    unknown = case.spine == UNKNOWN
    assert unknown.any() == (HEADS[name] is not None)
    assert case.other_bone.sum() > 300_000  # a skull, in cubic millimetres


@needs_heads
def test_the_atlas_is_left_out_of_the_skull_that_is_taught(cache: Path) -> None:
    case = load_head(REAL_CT, "head_gantry_tilt", cache)
    assert case.hu is not None
    # The ring of the atlas and the dens, by eye in the axial pictures.
    ring = (slice(36, 44), slice(160, 200), slice(90, 150))
    dense = case.hu[ring] > 300
    assert dense.any()
    assert (case.spine[ring][dense] == UNKNOWN).all()


@needs_heads
def test_the_finder_sees_heads_and_limbs_without_a_spine(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for others in ("VERSE_CTS", "VERSE_LABELS", "HEADED_NECKS", "MAPS", "PHANTOM_SEEDS"):
        monkeypatch.setattr(f"assets.training.finder.cases.{others}", ())
    one = dict(list(DRAWN_LIMBS.items())[:1])
    monkeypatch.setattr("assets.training.finder.cases.DRAWN_LIMBS", one)
    monkeypatch.setattr("assets.training.finder.cases.reader_cases", lambda *_: iter(()))
    monkeypatch.setattr("assets.training.finder.cases.read_lines", dict)
    cases = list(free_cases(REAL_CT, cache))
    assert len(cases) == len(HEADS) + 2 * len(one)
    assert not any(case.spine.any() for case in cases)
