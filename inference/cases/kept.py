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
    results = [out / f"{case.name}{ending}" for case in cases for ending in RESULT_ENDINGS]
    check_files_kept(results, inputs)


def check_files_kept(results: Iterable[Path], inputs: Iterable[Path]) -> None:
    """Check that results with these paths would replace none of the inputs.

    Raises:
        OutputError: they would.
    """
    places = {_place(path) for path in results}
    for path in inputs:
        if _place(path) in places:
            raise OutputError(
                sentence(
                    "{0} is an input, and a result would replace it. Choose another folder for "
                    "the results.",
                    path.name,
                )
            )


def _place(path: Path) -> str:
    """Equal for paths that lead to the same file."""
    return os.path.normcase(path.resolve())
