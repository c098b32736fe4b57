"""What is checked about cases that join a queue at work, as its start does for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from inference.cases.settings import CaseInput
from inference.errors import OutputError
from inference.values.progress import CancelCheck, ProgressCallback, stop_if


@dataclass(frozen=True)
class Addition:
    """The cases, once they were checked.

    Attributes:
        fit: those that can be run.
        there: names of files that their results would replace.
        refused: those of which a result would replace an input, or whose input would be replaced,
            with the reason.
    """

    fit: tuple[CaseInput, ...]
    there: tuple[str, ...]
    refused: tuple[tuple[CaseInput, OutputError], ...]


@dataclass(frozen=True)
class AdditionCheck:
    """The check; it asks the disk, so it is done on a thread.

    Attributes:
        added: the cases, each with the names of the files that it would write.
        others: the cases of the queue that may still be written.
        inputs: all inputs in the queue, also those of the cases added.
        out: the folder of the results.
    """

    added: Sequence[tuple[CaseInput, Sequence[str]]]
    others: Sequence[CaseInput]
    inputs: Sequence[Path]
    out: Path

    def __call__(self, *, progress: ProgressCallback, cancel: CancelCheck) -> Addition:  # noqa: ARG002
        """Check one case after another, each also against those before it."""
        from inference.cases.kept import check_inputs_kept  # imported here: slow to load

        written = list(self.others)
        fit, there, refused = [], [], []
        for case, files in self.added:
            stop_if(cancel)
            try:
                check_inputs_kept(self.out, [case], self.inputs)
                check_inputs_kept(self.out, written, [case.path])
            except OutputError as error:
                refused.append((case, error))
                continue
            written.append(case)
            fit.append(case)
            there += [file for file in files if (self.out / file).exists()]
        return Addition(tuple(fit), tuple(there), tuple(refused))
