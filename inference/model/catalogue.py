"""The bundled models to choose from, with the measurements of each.

It is stored in ``assets/models/catalogue.toml``, so that no model has to be loaded for a list of
choices. ``python -m tests.benchmarks.catalogue`` writes it, and a test checks that it matches the
files beside it.
"""

import tomllib
from dataclasses import dataclass, fields

from inference.model.bundled import MODELS_FOLDER, bundled_models
from inference.model.card import COMPARISON
from inference.values.messages import Sentence, sentence

CATALOGUE = MODELS_FOLDER / "catalogue.toml"


@dataclass(frozen=True)
class CatalogueEntry:
    """One bundled model.

    Attributes:
        key: its name for ``--model`` and in the settings.
        name: the network's name.
        version: the version of the weights.
        parameters: number of trained weights.
        licence: the licence of the weights, as stated in the file.
        commercial_use: whether the licence allows it.
        purpose: as in its ``ModelCard``.
        dice: mean over the two labelled CTs that no model was trained on.
        relative_time: processor time for the same CT, relative to the default model in the same
            run.
        sha256: hexadecimal digest of the measured file.
    """

    key: str
    name: str
    version: str
    parameters: int
    licence: str
    commercial_use: bool
    purpose: str
    dice: float
    relative_time: float
    sha256: str

    @property
    def use(self) -> Sentence:
        """What it may be used for, in a few words."""
        if self.purpose == COMPARISON:
            return sentence("for comparison only")
        if self.commercial_use:
            return sentence("commercial use allowed")
        return sentence("not for commercial use")

    @property
    def summary(self) -> Sentence:
        """What a person needs to know for choosing, in one line."""
        return sentence(
            "{0} {1}: Dice {2:.3f}, time × {3:.1f}, {4}",
            self.name,
            self.version,
            self.dice,
            self.relative_time,
            self.use,
        )


def catalogue() -> tuple[CatalogueEntry, ...]:
    """An entry for each bundled model, the default first.

    Raises:
        KeyError: a bundled model is not in the catalogue.
    """
    entries = tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))
    facts = [field.name for field in fields(CatalogueEntry) if field.name != "key"]
    return tuple(
        CatalogueEntry(key=key, **{fact: entries[key][fact] for fact in facts})
        for key in bundled_models()
    )
