"""What the papers claim is true of the files."""

import re
import tomllib
from pathlib import Path

import pytest

from inference.model.bundled import bundled_finders, bundled_models
from inference.model.loading import load_model
from tests.benchmarks.figures import Figures, blocks, run

ROOT = Path(__file__).parents[1]
MODULE = re.compile(r"-m ((?:app|assets|inference|installer|tests)\b[\w.]*)")
TARGET = re.compile(r"(?:^|`|&& )make ([a-z][\w-]*)", re.MULTILINE)
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


@pytest.mark.parametrize("page", tracked_pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_module_and_make_target_that_a_paper_names_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    paths = [ROOT / module.rstrip(".").replace(".", "/") for module in MODULE.findall(text)]
    missing = [p for p in paths if not p.with_suffix(".py").exists() and not p.is_dir()]
    assert missing == []
    assert set(TARGET.findall(text)) <= set(
        re.findall(r"^([\w-]+):", read("Makefile"), re.MULTILINE)
    )


def test_every_table_of_the_benchmarks_has_the_command_of_a_module() -> None:
    commands = [figures.command for figures in blocks(read("BENCHMARKS.md"))]
    assert commands
    assert all(MODULE.search(command) for command in commands)
