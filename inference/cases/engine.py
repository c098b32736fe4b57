"""Does the heavy work of a case: in this process, or by standing in for another process."""

import functools
from typing import BinaryIO, Protocol

from inference.cases.settings import RunSettings
from inference.export import Writer
from inference.model.loading import SpineModel, load_model
from inference.pipeline import Segmentation, segment
from inference.system.budget import check_budget
from inference.system.memory import RunMemory
from inference.values.progress import CancelCheck, PreviewCallback, ProgressCallback
from inference.values.volume import Volume


class Engine(Protocol):
    """Finds spines, one after the other, and lets what was found be written."""

    def memory(self) -> RunMemory | None:
        """The memory of a case that begins now; None if another process does the work."""

    def check_room(self, held_bytes: int) -> None:
        """Refuse a case if the ``held_bytes`` of its results would break the limit.

        Raises:
            MemoryLimitError: they would.
        """

    def segment(
        self,
        volume: Volume,
        *,
        memory: RunMemory | None,
        progress: ProgressCallback,
        preview: PreviewCallback,
        cancel: CancelCheck,
    ) -> Segmentation:
        """Find the spine in one CT.

        Raises:
            SpineContextError: it failed or was cancelled.
        """

    def write(self, write: Writer, file: BinaryIO, cancel: CancelCheck) -> None:
        """Let a writer write one of the results.

        Raises:
            SpineContextError: it failed or was cancelled.
        """


class LocalEngine:
    """Runs the models that the settings name, loaded once for many cases."""

    def __init__(self, settings: RunSettings) -> None:
        """Load the model and check whether a run can succeed at all.

        Raises:
            ModelRefusedError: there is no such model, or it breaks its contract.
            MemoryLimitError: the memory limit cannot be kept.
        """
        self._settings = settings
        self._model = load_model(settings.model, settings.threads, settings.precision)
        self.check_room(0)

    @functools.cached_property
    def _finder(self) -> SpineModel | None:
        """The finder, if the mode needs one."""
        if self._settings.mode == "full":
            return None
        return load_model(self._model.card.finder, self._settings.threads, self._settings.precision)

    def memory(self) -> RunMemory:
        """The memory of a case that begins now."""
        return RunMemory()

    def check_room(self, held_bytes: int) -> None:
        """Refuse a case that cannot stay within the limit.

        Raises:
            MemoryLimitError: it cannot.
        """
        patch = self._model.card.patch
        check_budget(self._settings.max_ram, patch, patch, held_bytes)

    def segment(
        self,
        volume: Volume,
        *,
        memory: RunMemory | None,
        progress: ProgressCallback,
        preview: PreviewCallback,
        cancel: CancelCheck,
    ) -> Segmentation:
        """Find the spine in one CT.

        Raises:
            SpineContextError: it failed or was cancelled.
        """
        return segment(
            volume,
            model=self._model,
            finder=self._finder,
            mode=self._settings.mode,
            max_ram=self._settings.max_ram,
            memory=memory,
            progress=progress,
            preview=preview,
            cancel=cancel,
        )

    def write(self, write: Writer, file: BinaryIO, cancel: CancelCheck) -> None:  # noqa: ARG002
        """Let a writer write one of the results."""
        write(file)
