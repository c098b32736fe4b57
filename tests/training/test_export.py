"""From a checkpoint to an ONNX file under the contract."""

import functools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is only in the extra 'train'")
pytest.importorskip("monai", reason="MONAI is only in the extra 'train'")

from assets.training.checkpoint import (  # noqa: E402
    Trained,
    load_folded,
    load_legs,
    load_trained,
)
from assets.training.export import (  # noqa: E402
    FINDER,
    FIXED_SHAPE_NETWORKS,
    PURE_TESTS,
    ContractModel,
    Release,
    export,
    held_out,
    licence_of,
    model_facts,
    release_of,
    trained_on,
)
from assets.training.fold_norms import fold_norms  # noqa: E402
from assets.training.half_weights import FEWEST_WEIGHTS  # noqa: E402
from assets.training.merge import merge  # noqa: E402
from assets.training.networks import NETWORKS  # noqa: E402
from assets.training.sources import (  # noqa: E402
    IRCAD,
    LEGS_BEFORE_THE_RECORD,
    LIDC,
    VERSE,
    Leg,
    legs_from_json,
    legs_to_json,
    require_free,
)
from assets.training.training_set import load_taught_set  # noqa: E402
from inference.model.loading import load_model  # noqa: E402
from inference.values.geometry import Shape  # noqa: E402

TOLERANCE = 1e-4
"""Greatest difference of probabilities that another order of float32 operations may cause."""

SMALL: Shape = (32, 64, 32)
SMALL_RELEASE = Release("0.0.1", SMALL)
OTHER: Shape = (64, 32, 32)
ONE_LEG = Leg(7, ("verse006",), (VERSE,))


def untrained(name: str) -> Trained:
    """A network whose norms have seen data, so that wrong folding is noticed."""
    torch.manual_seed(3)
    network = NETWORKS[name]()
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm3d):
            for values in (module.weight.data, module.bias.data, module.running_mean):
                values.uniform_(-1, 1)
            module.running_var.uniform_(0.5, 2)
    return Trained(name, network.eval(), legs=())


Exported = Callable[[str], tuple[Trained, Path]]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """Exports each network once: what it was, and its file in an otherwise empty folder."""

    @functools.cache
    def once(name: str) -> tuple[Trained, Path]:
        trained, target = untrained(name), tmp_path_factory.mktemp(name) / "model.onnx"
        trained = replace(trained, legs=(ONE_LEG,))
        export(trained, target, SMALL_RELEASE)
        return trained, target

    return once


def checkpoint(path: Path, name: str, weights_of: str) -> Path:
    network = NETWORKS[weights_of]()
    torch.save(
        {
            "settings": {"network": name},
            "averaged_network": network.state_dict(),
            "legs": legs_to_json([ONE_LEG]),
        },
        path,
    )
    return path


def random_hu(shape: Shape) -> "np.ndarray":
    return np.random.default_rng(0).uniform(-1500, 3000, shape).astype(np.float32)


def halved(network: torch.nn.Module) -> torch.nn.Module:
    """The network with its weights rounded as in its file."""
    folded = fold_norms(network)
    for weights in folded.parameters():
        if weights.numel() >= FEWEST_WEIGHTS:
            weights.data = weights.data.half().float()
    return folded


@pytest.mark.parametrize("name", NETWORKS)
def test_the_file_answers_as_the_network_does(name: str, exported: Exported) -> None:
    trained, target = exported(name)
    model = load_model(str(target))
    for shape in (SMALL,) if name in FIXED_SHAPE_NETWORKS else (SMALL, OTHER):
        hu = random_hu(shape)
        with torch.inference_mode():
            expected = ContractModel(halved(trained.network))(torch.from_numpy(hu)[None, None])[
                0, 0
            ]
        answered = model.predict(hu)
        assert np.ptp(answered) > 100 * TOLERANCE, "a constant answer would prove nothing"
        assert np.abs(answered - expected.numpy()).max() < TOLERANCE


def test_the_large_weights_take_two_bytes_each(exported: Exported) -> None:
    _, target = exported("SpineFinder")
    assert target.stat().st_size < 2.5 * load_model(str(target)).card.parameters


def test_a_run_can_go_on_from_the_file(exported: Exported) -> None:
    trained, target = exported("SpineFinder")
    taken_up = load_folded(target, "SpineFinder").state_dict()
    for name, weights in halved(trained.network).state_dict().items():
        assert torch.allclose(taken_up[name], weights, atol=1e-6), name


@pytest.mark.parametrize("name", NETWORKS)
def test_no_batch_norm_is_left_in_the_file(name: str, exported: Exported) -> None:
    _, target = exported(name)
    operators = {node.op_type for node in onnx.load(target).graph.node}
    assert "Conv" in operators
    assert "BatchNormalization" not in operators


def test_the_file_carries_the_facts_of_the_contract(exported: Exported) -> None:
    _, target = exported("SpineContextResUNet")
    properties = onnx.load(target).metadata_props
    facts = {entry.key: entry.value for entry in properties}
    assert set(facts) == {
        "name",
        "version",
        "spacing_mm",
        "patch",
        "threshold",
        "parameters",
        "trained_on",
        "licence",
        "opset",
        "legs",
    }
    assert facts["parameters"] == "1703841"
    assert facts["patch"] == "32 64 32"
    assert facts["version"] == "0.0.1"
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.parametrize("network", ["SpineContextResUNet", "SpineFinder"])
def test_weights_that_a_hospital_may_not_use_are_an_edition_for_research(network: str) -> None:
    free = replace(untrained(network), legs=(ONE_LEG,))
    bound = replace(free, legs=(ONE_LEG, Leg(1, (), (IRCAD,))))
    assert model_facts(free, release_of(free))["name"] == network
    assert model_facts(bound, release_of(bound))["name"] == f"{network} research"


@pytest.mark.parametrize("name", ["ResUNet", "UNet3D", "SwinUNETR"])
def test_the_networks_that_are_compared_keep_their_own_names_and_say_what_they_are_for(
    name: str,
) -> None:
    compared = replace(untrained(name), legs=(ONE_LEG,))
    facts = model_facts(compared, release_of(compared))
    assert facts["name"] == name
    assert (facts["region"], facts["purpose"]) == ("trunk", "comparison")


def test_the_finder_says_that_it_takes_coarse_volumes(tmp_path: Path) -> None:
    export(untrained("SpineFinder"), tmp_path / "finder.onnx", FINDER)
    card = load_model(str(tmp_path / "finder.onnx")).card
    assert (card.name, card.spacing_mm) == ("SpineFinder", (4.0, 4.0, 4.0))
    assert card.parameters < 500_000


def test_a_patch_that_cannot_be_halved_often_enough_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="multiples of 32"):
        export(untrained("ResUNet"), tmp_path / "model.onnx", Release("0.0.1", (32, 32, 40)))
    assert not list(tmp_path.iterdir())


def test_a_checkpoint_gives_back_its_network(tmp_path: Path) -> None:
    trained = load_trained(checkpoint(tmp_path / "last.pt", "ResUNet", weights_of="ResUNet"))
    assert (trained.name, trained.legs) == ("ResUNet", (ONE_LEG,))
    assert not trained.network.training


def test_a_checkpoint_of_another_network_is_refused(tmp_path: Path) -> None:
    path = checkpoint(tmp_path / "last.pt", "SpineContextResUNet", weights_of="ResUNet")
    with pytest.raises(ValueError, match="not of a SpineContextResUNet"):
        load_trained(path)


def test_a_file_that_is_no_checkpoint_is_refused(tmp_path: Path) -> None:
    (tmp_path / "last.pt").write_text("no checkpoint")
    with pytest.raises(ValueError, match="not a checkpoint"):
        load_trained(tmp_path / "last.pt")


def test_one_bound_source_of_any_leg_binds_the_weights() -> None:
    free, bound = Leg(10, ("verse006",), (VERSE,)), Leg(20, ("ircad02",), (IRCAD,))
    assert "not for commercial use" in licence_of([bound, free])
    assert "3D-IRCADb-01" in licence_of([bound, free])
    assert "commercial use included" in licence_of([free])
    with pytest.raises(ValueError, match="3D-IRCADb-01"):
        require_free([bound, free])
    require_free([free])


def test_share_alike_is_passed_on_and_plain_attribution_is_not_made_stricter() -> None:
    assert licence_of([Leg(1, ("verse006",), (VERSE,))]).startswith("CC BY-SA 4.0")
    assert licence_of([Leg(1, ("lidc0001",), (LIDC,))]).startswith("CC BY 4.0")


def test_all_legs_sources_and_what_was_held_out_are_told() -> None:
    told = trained_on([Leg(950, ("ircad02",), (IRCAD,)), Leg(350, ("verse006",), (IRCAD, VERSE))])
    for part in ("3D-IRCADb-01", "CC BY-NC-ND 4.0", "VerSe", "950 + 350", "patients 1 and 7"):
        assert part in told
    assert told.count("CC BY-NC-ND") == 1
    assert "verse014" in told and "verse006" not in told


def test_a_readers_case_counts_as_seen_in_any_leg_and_in_part_and_where_a_leg_is_silent() -> None:
    some = Leg(1, ("verse006", "verse014", "lidc0001 left shoulder"), (VERSE, LIDC))
    later = Leg(1, ("verse007",), (VERSE,))
    assert held_out([some, later]) == f"{PURE_TESTS}, verse008"
    assert held_out([some, Leg(1, (), (VERSE,))]) == PURE_TESTS


def test_a_released_file_hands_its_legs_on(exported: Exported) -> None:
    _, target = exported("SpineContextResUNet")
    assert load_legs(target) == (ONE_LEG,)


def test_a_file_from_before_the_record_counts_as_bound(exported: Exported, tmp_path: Path) -> None:
    _, target = exported("SpineFinder")
    model = onnx.load(target)
    del model.metadata_props[:]
    onnx.save(model, tmp_path / "old.onnx")
    assert load_legs(tmp_path / "old.onnx") == LEGS_BEFORE_THE_RECORD
    with pytest.raises(ValueError, match="not free"):
        require_free(load_legs(tmp_path / "old.onnx"))


def test_a_damaged_record_is_refused() -> None:
    assert legs_from_json(legs_to_json([ONE_LEG])) == (ONE_LEG,)
    for damaged in ("", "{", "[{}]", "[1]"):
        with pytest.raises(ValueError):
            legs_from_json(damaged)


def test_refinements_of_one_start_are_averaged_and_all_their_legs_count() -> None:
    start = Leg(5, ("phantom 101",), ())
    first = replace(untrained("ResUNet"), legs=(start, Leg(7, ("verse006",), (VERSE,))))
    second = replace(untrained("ResUNet"), legs=(start, Leg(9, ("lidc0001",), (LIDC,))))
    for values in second.network.state_dict().values():
        values.add_(2)
    weights, legs = merge([first, second], [1, 1])
    for key, values in first.network.state_dict().items():
        mean = values + 1 if values.is_floating_point() else values
        assert torch.allclose(weights[key], mean, atol=1e-4), key
    assert [leg.steps for leg in legs] == [5, 7, 9]


def test_weights_with_different_starts_are_not_averaged() -> None:
    first = replace(untrained("ResUNet"), legs=(Leg(5, (), ()), ONE_LEG))
    second = replace(untrained("ResUNet"), legs=(Leg(6, (), ()), ONE_LEG))
    with pytest.raises(ValueError, match="same weights"):
        merge([first, second], [1, 1])


def test_a_refinement_is_averaged_with_its_own_start_as_their_shares_say() -> None:
    start = replace(untrained("ResUNet"), legs=(Leg(5, (), ()),))
    refined = replace(untrained("ResUNet"), legs=(*start.legs, Leg(7, (), ())))
    for values in refined.network.state_dict().values():
        values.add_(4)
    weights, legs = merge([start, refined], [1, 3])
    for key, values in start.network.state_dict().items():
        mean = values + 3 if values.is_floating_point() else values
        assert torch.allclose(weights[key], mean, atol=1e-4), key
    assert [leg.steps for leg in legs] == [5, 7]


def test_a_free_set_takes_labels_of_a_free_teacher_alone(tmp_path: Path) -> None:
    teacher = tmp_path / "teacher.onnx"
    bound = replace(untrained("SpineFinder"), legs=(Leg(1, (), (IRCAD,)),))
    export(bound, teacher, FINDER)
    with pytest.raises(ValueError, match="not free"):
        load_taught_set(tmp_path, tmp_path, teacher)
