"""The catalogue, which helps people choose a model."""

import hashlib
import json
from dataclasses import replace

import pytest

from inference.__main__ import main
from inference.model.bundled import DEFAULT_MODEL, bundled_models
from inference.model.card import COMPARISON
from inference.model.catalogue import CatalogueEntry, catalogue
from inference.model.loading import load_model


def test_it_lists_every_bundled_model_the_default_first() -> None:
    keys = [entry.key for entry in catalogue()]
    assert keys == list(bundled_models())
    assert keys[0] == DEFAULT_MODEL


def test_networks_to_compare_with_stand_behind_our_own() -> None:
    ours = [key.startswith("spinecontext") for key in bundled_models()]
    assert ours == sorted(ours, reverse=True)


@pytest.mark.parametrize("entry", catalogue(), ids=lambda entry: entry.key)
def test_an_entry_is_of_the_file_that_is_shipped(entry: CatalogueEntry) -> None:
    path = bundled_models()[entry.key]
    assert entry.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    card = load_model(entry.key).card
    assert (entry.name, entry.version) == (card.name, card.version)
    assert (entry.parameters, entry.licence) == (card.parameters, card.licence)
    assert entry.commercial_use == ("not for commercial use" not in card.licence)
    assert entry.purpose == card.purpose


def test_a_person_reads_how_good_and_how_fast_a_model_is_and_who_may_use_it() -> None:
    entry = CatalogueEntry("a", "Net", "1.2.3", 10, "CC BY 4.0", True, "", 0.9128, 1.26, "")
    assert str(entry.summary) == "Net 1.2.3: Dice 0.913, time × 1.3, commercial use allowed"
    baseline = replace(entry, purpose=COMPARISON)
    assert str(baseline.summary) == "Net 1.2.3: Dice 0.913, time × 1.3, for comparison only"


def test_the_command_line_lists_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models"]) == 0
    lines = capsys.readouterr().out
    assert f"{DEFAULT_MODEL} (default)" in lines
    assert all(entry.summary in lines and entry.licence in lines for entry in catalogue())


def test_machines_read_them_one_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["key"] for one in lines] == list(bundled_models())
    assert lines[0]["default"]
