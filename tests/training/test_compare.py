"""The comparison of the networks: which sees what, and what the table says."""

from itertools import pairwise
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="PyTorch is only in the extra 'train'")
pytest.importorskip("scipy", reason="SciPy is only in the extras 'train' and 'test'")

from assets.training import compare
from assets.training.compare import (
    FOLDED_RATE,
    FOLDS,
    HEAD,
    PATIENTS,
    PUBLISHED,
    RATES,
    SAME_LOSS,
    SCAN_HEAD,
    SEARCH_STEPS,
    Comparison,
    Measured,
    chosen_rate,
    ct_file,
    given_rate,
    last_loss,
    scan_row,
    table_row,
)
from assets.training.networks import NETWORKS
from assets.training.reader_scores import ReaderScore
from assets.training.verse import VERSE_CTS
from assets.training.whole_body import STRUCTURES_CT
from inference.windows.grid import Mode

REAL_CT = Path("../shared/ct")


def test_every_readers_case_is_held_out_by_exactly_one_fold() -> None:
    held_out = [name for names in FOLDS.values() for name in names]
    assert sorted(held_out) == sorted([*VERSE_CTS, STRUCTURES_CT])


def test_all_four_published_networks_are_there() -> None:
    assert set(PUBLISHED) <= set(NETWORKS)


@pytest.mark.skipif(not REAL_CT.is_dir(), reason="the real CT are not here")
@pytest.mark.parametrize("name", [*VERSE_CTS, STRUCTURES_CT, *PATIENTS])
def test_every_case_has_its_ct(name: str) -> None:
    assert (REAL_CT / ct_file(name)).exists()


def scan(case: str, mode: Mode, dice: float, seconds: float) -> Measured:
    return Measured(case, mode, ReaderScore(dice - 0.01, dice, 2.0, 0.5), seconds, 2**30)


def test_a_row_tells_means_over_verse_and_each_other_case_as_a_mean_of_the_folds() -> None:
    scans = [
        scan("verse006", "follow", 0.9, 10),
        scan("verse006", "full", 0.1, 100),
        scan("verse007", "follow", 0.8, 20),
        scan("ircad01", "follow", 0.6, 30),
        scan("ircad01", "follow", 0.8, 20),
        scan("ircad07", "follow", 0.6, 1000),
    ]
    row = table_row("Net", 1234, scans)
    assert row.count("|") == HEAD.splitlines()[0].count("|")
    assert row == (
        "| Net | 1,234 | 0.850 | 0.800 | 2.0 mm | 0.50 mm | – | 0.700 | 0.600 "
        "| 20 s | 1.00 GiB | 100 s | 1.00 GiB |"
    )


def test_a_scan_has_its_own_row() -> None:
    row = scan_row("Net", scan("verse006", "follow", 0.9, 10))
    assert row.count("|") == SCAN_HEAD.splitlines()[0].count("|")
    assert row == (
        "| Net | verse006 | follow | 0.890 | 0.900 | 2.0 mm | 0.50 mm | 10 s | 1.00 GiB |"
    )


def test_a_rate_is_given_to_one_network() -> None:
    assert given_rate("ResUNet=4e-3") == ("ResUNet", 0.004)


@pytest.mark.parametrize("text", ["4e-3", "VNet=4e-3", "ResUNet", "ResUNet=fast"])
def test_a_rate_of_no_network_and_a_network_without_a_rate_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        given_rate(text)


@pytest.mark.parametrize(
    ("losses", "chosen"),
    [
        ({6e-3: 0.7, 3e-3: 0.75, 9e-3: 0.7 - SAME_LOSS + 0.001}, 6e-3),
        ({6e-3: 0.7, 3e-3: 0.75, 9e-3: 0.7 - SAME_LOSS - 0.001}, 9e-3),
        ({6e-3: 0.7, 3e-3: 0.6, 9e-3: 0.65}, 3e-3),
    ],
)
def test_the_usual_rate_is_kept_unless_another_is_clearly_better(
    losses: dict[float, float], chosen: float
) -> None:
    assert chosen_rate(losses) == chosen


def test_a_rate_is_judged_by_where_its_loss_ends(tmp_path: Path) -> None:
    log = tmp_path / "losses.csv"
    log.write_text("step,loss\n60,0.9\n120,0.625\n", encoding="utf-8")
    assert last_loss(log) == 0.625


def test_the_rate_is_searched_in_short_runs_of_the_first_fold_and_used_in_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: dict[str, dict[object, object]] = {}

    def run(module: str, *arguments: object) -> None:
        """Note a run of training, whose loss is lower the lower the rate is."""
        if module == "assets.training.train":
            options = dict(pairwise(arguments))
            out, rate = options["--out"], options["--rate"]
            assert isinstance(out, Path) and isinstance(rate, float)
            out.mkdir(parents=True)
            (out / "losses.csv").write_text(f"step,loss\n60,{1 + 10 * rate}\n", encoding="utf-8")
            runs[out.name] = options

    monkeypatch.setattr(compare, "_python", run)
    comparison = Comparison(tmp_path, tmp_path, (3, 2))
    rate = comparison.best_rate("UNet3D")
    assert rate == min(RATES)
    assert [options["--rate"] for options in runs.values()] == list(RATES)
    assert {options["--steps"] for options in runs.values()} == {SEARCH_STEPS}
    assert {options["--hold-out"] for options in runs.values()} == {FOLDS["a"][0]}

    runs.clear()
    for fold in FOLDS:
        comparison.trained("UNet3D", fold, rate)
    assert {name: options["--rate"] for name, options in runs.items()} == {
        "UNet3D_a": rate,
        "UNet3D_a_folded": FOLDED_RATE,
        "UNet3D_b": rate,
        "UNet3D_b_folded": FOLDED_RATE,
    }
    assert runs["UNet3D_b_folded"]["--refine"] == tmp_path / "UNet3D_b/last.pt"
