"""The rule that no result replaces an input."""

import os
from collections.abc import Iterable
from pathlib import Path

from inference.cases.resume import RESULT_ENDINGS
from inference.cases.settings import CaseInput
from inference.errors import OutputError
from inference.values.messages import sentence


def check_inputs_kept(out: Path, cases: Iterable[CaseInput], inputs: Iterable[Path]) -> None:
    """Check that the results of these cases in ``out`` would replace none of the inputs.

    Raises:
        OutputError: they would.
    """
    places = [(path, os.path.normcase(path.resolve())) for path in inputs]
    for case in cases:
        results = {
            os.path.normcase((out / f"{case.name}{ending}").resolve()) for ending in RESULT_ENDINGS
        }
        for path, place in places:
            if place in results:
                raise OutputError(
                    sentence(
                        "{0} is an input, and a result would replace it. Choose another folder for "
                        "the results.",
                        path.name,
                    )
                )
