"""The bundled models to choose from, with what was measured of each.

``assets/models/catalogue.toml`` holds it, so that nothing has to be loaded for a list of choices;
``python -m tests.benchmarks.catalogue`` writes it, and a test holds it to the files beside it.
"""

import tomllib
from dataclasses import dataclass, fields

from inference.model.bundled import MODELS_FOLDER, bundled_models
from inference.values.messages import Sentence, sentence

CATALOGUE = MODELS_FOLDER / "catalogue.toml"


@dataclass(frozen=True)
class CatalogueEntry:
    """One bundled model.

    Attributes:
        key: what ``--model`` and the settings call it.
        name: of the network.
        version: of the weights.
        parameters: number of trained weights.
        licence: of the weights, as the file says it.
        commercial_use: whether the licence allows it.
        dice: mean over the two labelled CTs that no model learned from.
        relative_time: of the processor for the same CT, against the default model in one run.
        sha256: hexadecimal digest of the file that was measured.
    """

    key: str
    name: str
    version: str
    parameters: int
    licence: str
    commercial_use: bool
    dice: float
    relative_time: float
    sha256: str

    @property
    def use(self) -> Sentence:
        """Who may use it, in a few words."""
        if self.commercial_use:
            return sentence("commercial use allowed")
        return sentence("not for commercial use")

    @property
    def summary(self) -> Sentence:
        """What a person needs to know to choose, in one line."""
        return sentence(
            "{0} {1}: Dice {2}, time × {3}, {4}",
            self.name,
            self.version,
            f"{self.dice:.3f}",
            f"{self.relative_time:.1f}",
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
