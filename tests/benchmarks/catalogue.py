"""Writes the catalogue of the bundled models: their metadata, Dice and time on labelled CTs.

    python -m tests.benchmarks.catalogue ../shared/ct

writes ``assets/models/catalogue.toml``. Dice is the mean over the two CTs whose labels no model
was trained on, cropped to the surroundings of the spine. The time is the processor time on the
same two CTs, relative to the default model in the same run, so that other programs do not distort
it.
"""

import argparse
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import tomlkit

from inference import segment
from inference.mask.overlap import dice
from inference.model.bundled import bundled_models
from inference.model.catalogue import CATALOGUE, CatalogueEntry
from inference.model.loading import load_model
from inference.values.volume import Volume
from tests.benchmarks.model_quality import LABELLED, labelled_ct

NOT_COMMERCIAL = "not for commercial use"
"""These words are in the licence of weights that may not be used commercially."""


def measured(key: str, data: Path) -> CatalogueEntry:
    """The entry of a bundled model, with its time still in seconds."""
    model = load_model(key)
    overlaps, started = [], time.process_time()
    for name in LABELLED:
        ct = labelled_ct(data, name)
        found = segment(Volume(ct.hu, ct.geometry, name), model=model)
        overlaps.append(dice(found.mask.voxels, ct.spine))
    card = model.card
    return CatalogueEntry(
        key=key,
        name=card.name,
        version=card.version,
        parameters=card.parameters,
        licence=card.licence,
        commercial_use=NOT_COMMERCIAL not in card.licence,
        purpose=card.purpose,
        dice=round(sum(overlaps) / len(overlaps), 3),
        relative_time=time.process_time() - started,
        sha256=card.sha256,
    )


def measured_models(data: Path) -> Iterator[CatalogueEntry]:
    """The entries of all bundled models, the default first."""
    of_default = None
    for key in bundled_models():
        entry = measured(key, data)
        of_default = of_default or entry.relative_time
        yield replace(entry, relative_time=round(entry.relative_time / of_default, 2))


def main() -> None:
    """Measure all models and write the catalogue."""
    parser = argparse.ArgumentParser(description="Measure the bundled models.")
    parser.add_argument("data", type=Path, help="folder of the real CT")
    document = tomlkit.document()
    document.add(tomlkit.comment("Written by: python -m tests.benchmarks.catalogue ../shared/ct"))
    for entry in measured_models(parser.parse_args().data):
        facts = asdict(entry)
        document[facts.pop("key")] = facts
        print(f"{entry.key}: {entry.summary}", flush=True)
    CATALOGUE.write_text(tomlkit.dumps(document), encoding="utf-8")


if __name__ == "__main__":
    main()
