"""What the papers claim is true of the files."""

import re
import tomllib
from pathlib import Path

import pytest

from inference.model.bundled import bundled_finders, bundled_models
from inference.model.loading import load_model
from tests.benchmarks.figures import Figures, blocks, run

ROOT = Path(__file__).parents[1]
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)[^)]*\)")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def tracked_pages() -> list[Path]:
    folders = ("", "app", "assets/models", "assets/training", "inference/model", "installer")
    return sorted(page for folder in folders for page in (ROOT / folder).glob("*.md"))


def test_the_readme_names_the_model_that_is_shipped() -> None:
    card = load_model().card
    assert f"{card.name} {card.version}" in read("README.md")


@pytest.mark.parametrize("model", [*bundled_models(), *bundled_finders()])
def test_a_card_names_the_version_in_its_model_and_its_parameters(model: str) -> None:
    facts, page = load_model(model).card, read(f"assets/models/{model}.md")
    assert f"| version | {facts.version} |" in page
    assert f"{facts.parameters:,}" in page


def test_the_version_is_the_same_in_the_changelog_and_in_the_citation() -> None:
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    newest = re.search(r"^## (\S+)", read("CHANGELOG.md"), re.MULTILINE)
    assert newest and newest[1] == version
    assert f"\nversion: {version}\n" in read("CITATION.cff")


@pytest.mark.parametrize("page", tracked_pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_a_link_to_a_file_leads_somewhere(page: Path) -> None:
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_a_table_is_replaced_by_what_its_command_prints(tmp_path: Path) -> None:
    command = "python -c \"print('| 7 |')\" DATA"
    old = Figures("one", command, "old\n")
    assert list(blocks(f"above\n{old.written(old.body)}\nbelow\n")) == [old]
    written = run(old, tmp_path)
    assert "| 7 |" in written
    assert "old" not in written
    assert tmp_path.as_posix() in written, "the command stands as one can type it"
    assert load_model().card.version in written
    assert next(blocks(written)).command == command, "it can be written again"


def test_every_command_of_the_benchmarks_is_a_module_that_exists() -> None:
    modules = [re.search(r"-m (\S+)", figures.command) for figures in blocks(read("BENCHMARKS.md"))]
    assert modules
    for found in modules:
        assert found and (ROOT / f"{found[1].replace('.', '/')}.py").exists()
