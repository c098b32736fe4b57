"""The ONNX contract: which files are loaded, and which refused and why."""

from pathlib import Path

import numpy as np
import pytest

from inference.__main__ import main
from inference.errors import ModelRefusedError
from inference.model.bundled import DEFAULT_MODEL, FINDER_MODEL, bundled_models
from inference.model.loading import load_model
from tests.tiny_models import CONTRACT_FACTS, DYNAMIC_SHAPE, write_threshold_model


def refusal(path: Path) -> str:
    with pytest.raises(ModelRefusedError) as caught:
        load_model(str(path))
    assert caught.value.exit_code == 6
    return str(caught.value)


def test_a_model_under_the_contract_answers_hu_with_probabilities(tmp_path: Path) -> None:
    model = load_model(str(write_threshold_model(tmp_path / "m.onnx")))
    probability = model.predict(np.full((32, 48, 48), 200, np.float32))
    assert probability.shape == (32, 48, 48)
    assert probability == pytest.approx(0.5)


def test_the_card_is_read_from_the_file(tmp_path: Path) -> None:
    facts = {**CONTRACT_FACTS, "spacing_mm": "3.0 2.0 1.0"}
    card = load_model(str(write_threshold_model(tmp_path / "m.onnx", facts=facts))).card
    assert card.spacing_mm == (1.0, 2.0, 3.0), "metadata is z, y, x; the card x, y, z"
    assert card.patch == (32, 48, 48)
    assert len(card.sha256) == 64


def test_a_model_may_name_the_finder_that_looks_before_it(tmp_path: Path) -> None:
    facts = {**CONTRACT_FACTS, "finder": "spine_finder_other"}
    named = load_model(str(write_threshold_model(tmp_path / "a.onnx", facts=facts)))
    unnamed = load_model(str(write_threshold_model(tmp_path / "b.onnx")))
    assert named.card.finder == "spine_finder_other"
    assert unnamed.card.finder == FINDER_MODEL


def test_the_bundled_model_keeps_the_contract() -> None:
    card = load_model().card
    assert DEFAULT_MODEL in bundled_models()
    assert (card.parameters, card.patch) == (1_703_841, (64, 128, 128))
    assert card.spacing_mm == (1.0, 1.0, 1.0)


def test_an_unknown_name_is_refused_with_the_bundled_ones() -> None:
    assert DEFAULT_MODEL in refusal(Path("no_such_model"))


def test_a_bundled_model_is_found_in_capitals_too() -> None:
    assert load_model(DEFAULT_MODEL.upper()).card == load_model().card


def test_a_name_that_a_bundled_model_had_before_leads_to_its_later_version() -> None:
    assert load_model("SpineContext_ResUNet_free").card == load_model().card


def test_a_corrupt_file_is_refused(tmp_path: Path) -> None:
    path = write_threshold_model(tmp_path / "cut.onnx")
    path.write_bytes(path.read_bytes()[:-40])
    assert "damaged" in refusal(path)


@pytest.mark.parametrize("fact", sorted(CONTRACT_FACTS))
def test_a_file_that_lacks_a_fact_is_refused(tmp_path: Path, fact: str) -> None:
    facts = {name: value for name, value in CONTRACT_FACTS.items() if name != fact}
    assert fact in refusal(write_threshold_model(tmp_path / "m.onnx", facts=facts))


@pytest.mark.parametrize(
    ("fact", "value", "reason"),
    [
        ("patch", "64 128", "metadata"),
        ("patch", "0 48 48", "patch"),
        ("patch", "4096 4096 4096", "patch"),
        ("spacing_mm", "one two three", "metadata"),
        ("spacing_mm", "0 1 1", "spacing"),
        ("spacing_mm", "nan 1 1", "spacing"),
        ("threshold", "1.5", "threshold"),
    ],
)
def test_a_fact_that_cannot_be_true_is_refused(
    tmp_path: Path, fact: str, value: str, reason: str
) -> None:
    facts = {**CONTRACT_FACTS, fact: value}
    assert reason in refusal(write_threshold_model(tmp_path / "m.onnx", facts=facts))


def test_other_names_of_input_and_output_are_refused(tmp_path: Path) -> None:
    assert "input named ct" in refusal(
        write_threshold_model(tmp_path / "a.onnx", input_name="image")
    )
    assert "output named spine" in refusal(
        write_threshold_model(tmp_path / "b.onnx", output_name="mask")
    )


def test_other_shapes_are_refused(tmp_path: Path) -> None:
    flat = write_threshold_model(tmp_path / "flat.onnx", shape=DYNAMIC_SHAPE[1:])
    assert "five axes" in refusal(flat)
    fixed = write_threshold_model(tmp_path / "fixed.onnx", shape=(1, 1, 16, 16, 16))
    assert "fixed" in refusal(fixed)


def test_a_model_that_answers_no_probabilities_is_refused(tmp_path: Path) -> None:
    model = load_model(str(write_threshold_model(tmp_path / "m.onnx", probability=False)))
    with pytest.raises(ModelRefusedError, match="between 0 and 1"):
        model.predict(np.full((32, 48, 48), 1200, np.float32))
    with pytest.raises(ModelRefusedError, match="between 0 and 1"):
        model.predict(np.full((32, 48, 48), np.nan, np.float32))


def check(path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = main(["check-model", str(path)])
    return code, capsys.readouterr().out


def test_the_check_says_of_every_rule_that_a_good_file_keeps_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out = check(write_threshold_model(tmp_path / "m.onnx"), capsys)
    assert code == 0
    assert out.count(": kept") == 6
    assert "broken" not in out


def test_the_check_names_every_broken_rule_and_not_only_the_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_threshold_model(
        tmp_path / "m.onnx", input_name="image", facts={**CONTRACT_FACTS, "threshold": "1.5"}
    )
    code, out = check(path, capsys)
    assert code == 6
    assert "input named ct" in out
    assert "threshold must lie" in out


def test_the_check_runs_the_model_and_finds_answers_that_are_no_probabilities(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out = check(write_threshold_model(tmp_path / "m.onnx", probability=False), capsys)
    assert code == 6
    assert "not probabilities" in out


def test_the_check_of_no_model_ends_with_the_code_of_a_refused_model(tmp_path: Path) -> None:
    assert main(["check-model", str(tmp_path / "absent.onnx")]) == 6


def test_a_refusal_names_the_check(tmp_path: Path) -> None:
    path = write_threshold_model(tmp_path / "m.onnx", input_name="image")
    assert f"spinecontext check-model {path}" in refusal(path)


@pytest.mark.parametrize("fact", ["licence", "trained_on"])
def test_a_file_that_does_not_say_its_data_and_licence_is_refused(
    tmp_path: Path, fact: str
) -> None:
    facts = {**CONTRACT_FACTS, fact: " "}
    assert "licence" in refusal(write_threshold_model(tmp_path / "m.onnx", facts=facts))
