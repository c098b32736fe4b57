"""The four published networks, the finder and the loss."""

import pytest

torch = pytest.importorskip("torch", reason="PyTorch is only in the extra 'train'")
pytest.importorskip("monai", reason="MONAI is only in the extra 'train'")

from assets.training.cases import UNKNOWN, TrainingCase  # noqa: E402
from assets.training.diets import DIETS  # noqa: E402
from assets.training.loss import GAP_MM, bce_dice, gaps  # noqa: E402
from assets.training.networks import NETWORKS, SIDE_MULTIPLE, count_parameters  # noqa: E402
from assets.training.scaling import scale_hu  # noqa: E402
from assets.training.sources import VERSE  # noqa: E402
from assets.training.train import rate_share  # noqa: E402
from assets.training.training_set import Member, TrainingSet  # noqa: E402

PUBLISHED_PARAMETERS = {
    "SpineContextResUNet": 1_703_841,
    "ResUNet": 1_424_545,
    "UNet3D": 1_788_274,
    "SwinUNETR": 3_746_536,
}


def test_the_published_networks_and_the_finder_are_there() -> None:
    assert NETWORKS.keys() == {*PUBLISHED_PARAMETERS, "SpineFinder"}


@pytest.mark.parametrize("name", PUBLISHED_PARAMETERS)
def test_a_network_has_the_published_number_of_parameters(name: str) -> None:
    assert count_parameters(NETWORKS[name]()) == PUBLISHED_PARAMETERS[name]


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_answers_on_the_grid_of_its_patch(name: str) -> None:
    patch = torch.zeros(1, 1, SIDE_MULTIPLE, 2 * SIDE_MULTIPLE, SIDE_MULTIPLE)
    with torch.inference_mode():
        assert NETWORKS[name]().eval()(patch).shape == patch.shape


def test_hu_are_clipped_and_scaled_as_published() -> None:
    hu = torch.tensor([-3000.0, -1000.0, 500.0, 2000.0, 9000.0])
    assert scale_hu(hu).tolist() == pytest.approx([-1.0, -1.0, 0.0, 1.0, 1.0])


def test_the_loss_vanishes_where_the_spine_is_met_and_grows_where_it_is_missed() -> None:
    spine = (torch.arange(512.0).reshape(1, 1, 8, 8, 8) > 300).float()
    met, missed = (bce_dice(logits, spine).item() for logits in (40 * spine - 20, 20 - 40 * spine))
    assert met == pytest.approx(0.0, abs=1e-6)
    assert missed > 2


def test_the_loss_is_finite_in_a_patch_without_spine() -> None:
    empty = torch.zeros(1, 1, 8, 8, 8)
    assert bce_dice(empty - 20, empty).item() < 0.01


def test_few_voxels_marked_where_no_spine_is_cost_little_and_many_cost_much() -> None:
    empty = torch.zeros(1, 1, 32, 32, 32)
    few, many = empty.clone(), empty.clone()
    few.view(-1)[:10] = many.view(-1)[:10_000] = 1
    dice_part = {
        name: bce_dice(40 * marked - 20, empty).item() - 20 * marked.mean().item()
        for name, marked in (("few", few), ("many", many))
    }
    assert dice_part["few"] < 0.02
    assert dice_part["many"] > 0.85


def test_gaps_weigh_no_more_where_only_outlines_are_learned() -> None:
    spine = two_bodies(gap=4)
    disc, beyond = spine.clone(), spine.clone()
    disc[:, :, 16:20] = 1
    beyond[:, :, 34:38] = 1
    weight = DIETS["outlines"].gap_weight
    in_disc, elsewhere = (bce_dice(20 * (2 * m - 1), spine, weight).item() for m in (disc, beyond))
    assert in_disc == pytest.approx(elsewhere)


def test_readers_larger_cases_are_favoured_and_nothing_else_is() -> None:
    voxels = torch.zeros(1, 1, 1)
    hu, label = voxels.short().numpy(), voxels.byte().numpy()
    names = ("verse007", "verse006", "phantom")
    members = tuple(Member(TrainingCase(name, hu, None, label), 2.0, (VERSE,)) for name in names)
    favoured = TrainingSet(members, ()).favouring_readers(3.0)
    assert [member.weight for member in favoured.members] == [6.0, 2.0, 2.0]


def test_a_case_held_out_is_a_test_and_nothing_is_learned_from_it() -> None:
    voxels = torch.zeros(1, 1, 1)
    hu, label = voxels.short().numpy(), voxels.byte().numpy()
    cases = [TrainingCase(name, hu, None, label) for name in ("first", "second", "test")]
    drawn = TrainingCase("drawn", None, label, label)
    members = tuple(Member(case, 1.0, (VERSE,)) for case in (*cases[:2], drawn))
    whole = TrainingSet(members, tuple(cases[2:]))
    part = whole.holding_out(["second", "drawn"])
    assert [member.case.name for member in part.members] == ["first"]
    assert [case.name for case in part.tests] == ["test", "second"]
    assert part.leg.learned_from == ("first",)
    with pytest.raises(ValueError, match="nothing called other"):
        whole.holding_out(["other"])


def test_voxels_that_nobody_knows_do_not_count() -> None:
    spine = torch.zeros(1, 1, 4, 4, 4)
    spine[..., :2] = 1
    unsure = spine.clone()
    unsure[..., 2:] = UNKNOWN
    wrong_there = torch.full_like(spine, 20.0)
    assert bce_dice(wrong_there, spine).item() > 1
    assert bce_dice(wrong_there, unsure).item() < 0.01


def two_bodies(gap: int) -> "torch.Tensor":
    """Two bodies of 12 planes with a gap of ``gap`` planes between, N×1×D×H×W."""
    spine = torch.zeros(1, 1, 40, 6, 6)
    spine[:, :, 4:16] = spine[:, :, 16 + gap : 28 + gap] = 1
    return spine


def test_a_disc_is_a_gap_and_what_lies_beyond_the_spine_is_none() -> None:
    marked = gaps(two_bodies(gap=4))
    assert (marked[:, :, 16:20] == 1).all()
    assert marked.sum() == 4 * 36
    assert gaps(two_bodies(gap=GAP_MM - 1)).any()
    assert not gaps(two_bodies(gap=GAP_MM)).any()


def test_a_filled_disc_costs_more_than_as_much_marked_elsewhere() -> None:
    spine = two_bodies(gap=4)
    disc, beyond = spine.clone(), spine.clone()
    disc[:, :, 16:20] = 1
    beyond[:, :, 34:38] = 1
    in_disc, elsewhere = (bce_dice(20 * (2 * m - 1), spine).item() for m in (disc, beyond))
    assert in_disc > 1.3 * elsewhere


def test_the_rate_rises_stays_and_falls_to_zero() -> None:
    shares = [rate_share(step, 100, 10) for step in range(101)]
    assert shares[0] == pytest.approx(0.1)
    assert shares[10:70] == [1.0] * 60
    assert sorted(shares[70:], reverse=True) == shares[70:]
    assert shares[100] == pytest.approx(0.0)
