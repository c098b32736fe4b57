"""When two runs are the same, so that what the earlier one finished need not be repeated."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from inference.cases.outcomes import SUMMARY_FILE
from inference.cases.settings import CaseInput, RunSettings
from inference.errors import unreadable
from inference.export import FORMATS, filled_formats
from inference.export.vertebrae import VERTEBRA_FORMATS
from inference.model.bundled import bundled_finders, find_model
from inference.read import input_files
from inference.report import REPORT_ENDING
from inference.values.progress import CancelCheck, never_cancelled, stop_if
from inference.version import version_text

CHUNK_BYTES = 2**20

RESULT_ENDINGS = (*FORMATS.values(), *VERTEBRA_FORMATS.values(), REPORT_ENDING, SUMMARY_FILE)


class Resume:
    """The rule by which a case counts as finished: same input, program, models and settings."""

    def __init__(self, out: Path, settings: RunSettings) -> None:
        """Look for results in ``out``.

        Raises:
            ModelRefusedError: there is no such model.
        """
        self._out = out
        self._formats = settings.formats
        self._of_all = {
            "program": version_text(),
            "model": digest(find_model(settings.model)),
            # All of them: only the model names its own, and loading it takes a while.
            "finders": [digest(find_model(name)) for name in bundled_finders()],
            **settings.of_the_mask,
        }

    def facts(self, case: CaseInput, cancel: CancelCheck = never_cancelled) -> dict[str, Any]:
        """Everything that the mask of a case depends on, as JSON values; no names or identifiers.

        Raises:
            UnreadableInputError: the input is gone, or disappears while it is being read.
            CancelledError: ``cancel`` said so.
        """
        series = case.series_uid
        return {
            "input": _input_digest(case.path, self._out, cancel),
            "series": hashlib.sha256(series.encode("utf-8", "surrogatepass")).hexdigest()
            if series
            else None,
            **self._of_all,
        }

    def finished(self, case: CaseInput, facts: Mapping[str, Any]) -> dict[str, Any] | None:
        """The report of an earlier run that left all results complete; None if there is none."""
        try:
            path = self._out / f"{case.name}{REPORT_ENDING}"
            report: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            same = report["run"] == json.loads(json.dumps(facts))
            formats = filled_formats(self._formats, empty=not report["spine_volume_ml"])
            wanted = {FORMATS[one]: report["files"][one] for one in formats}
            wanted |= report.get("vertebrae", {}).get("files", {})
            whole = all(
                digest(self._out / f"{case.name}{ending}") == content
                for ending, content in wanted.items()
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return report if same and whole else None


def digest(path: Path, cancel: CancelCheck = never_cancelled) -> str:
    """The SHA-256 of a file's content, hexadecimal.

    Raises:
        OSError: it cannot be read.
        CancelledError: ``cancel`` said so.
    """
    summary = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            stop_if(cancel)
            summary.update(chunk)
    return summary.hexdigest()


def _input_digest(path: Path, out: Path, cancel: CancelCheck) -> str:
    """A digest of the names and contents of all files that belong to an input."""
    root = path if path.is_dir() else path.parent
    summary = hashlib.sha256()
    try:
        for file in _without_results(input_files(path), root, out):
            name = file.relative_to(root).as_posix() if path.is_dir() else ""
            line = f"{name}\0{digest(file, cancel)}\n"
            summary.update(line.encode("utf-8", "surrogatepass"))
    except OSError as error:
        raise unreadable(path, error) from error
    return summary.hexdigest()


def _without_results(files: Sequence[Path], root: Path, out: Path) -> list[Path]:
    """The files without those that earlier runs have written among them."""
    root, out = root.resolve(), out.resolve()
    if root == out:
        return [file for file in files if not file.name.endswith(RESULT_ENDINGS)]
    if root in out.parents:
        return [file for file in files if out not in file.resolve().parents]
    return list(files)
