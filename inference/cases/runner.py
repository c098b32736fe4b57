"""Cases from input to results: read, segment, write.

With many cases, the next is read and the previous one written while one is segmented.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inference.cases.engine import Engine
from inference.cases.kept import check_inputs_kept
from inference.cases.resume import Resume, digest
from inference.cases.settings import CaseInput, RunSettings
from inference.cases.tally import Summary, Tally
from inference.cases.vertebrae import label_bytes, write_case_vertebrae
from inference.cases.watcher import CaseWatcher
from inference.export import (
    FORMATS,
    check_formats,
    check_replaceable,
    check_writable,
    filled_formats,
    held_bytes,
    staged_folder,
    write_mask,
)
from inference.export.staging import output_error
from inference.export.vertebrae import VERTEBRA_FORMATS
from inference.pipeline import Segmentation
from inference.read import input_files, open_ct
from inference.report import REPORT_ENDING, build_report, report_text
from inference.system.budget import in_memory_bytes, keep_budget
from inference.system.memory import RunMemory
from inference.system.timing import StageClock
from inference.values.progress import (
    CancelCheck,
    Preview,
    Progress,
    ProgressCallback,
    ignore_progress,
    never_cancelled,
    stop_if,
)
from inference.values.volume import Volume


@dataclass(frozen=True, eq=False)
class ReadCase:
    """A case that has been read.

    Attributes:
        run: what its mask depends on, as it was when the case was read.
        seconds: wall-clock seconds by stage.
    """

    case: CaseInput
    volume: Volume
    run: Mapping[str, Any]
    seconds: Mapping[str, float]


@dataclass(frozen=True, eq=False)
class FinishedCase:
    """A case that an earlier run finished.

    Attributes:
        report: what its report says.
    """

    report: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class CaseResult:
    """A finished case.

    Attributes:
        files: what was written.
        report: what the report says.
    """

    files: tuple[Path, ...]
    report: Mapping[str, Any]


class CaseRunner:
    """Runs cases with one set of settings and writes all results into one folder.

    Attributes:
        engine: finds the spines and lets results be written.
    """

    def __init__(self, out: Path, settings: RunSettings, engine: Engine) -> None:
        """Check whether results can be written at all.

        Raises:
            OutputError: they cannot.
            ModelRefusedError: there is no such model.
        """
        check_writable(out)
        self._out = out
        self._settings = settings
        self.engine = engine
        self._resume = Resume(out, settings)

    def run(
        self,
        case: CaseInput,
        watcher: CaseWatcher | None = None,
        cancel: CancelCheck = never_cancelled,
    ) -> CaseResult:
        """Read, segment and write one case, whatever earlier runs have left behind.

        Raises:
            SpineContextError: of the kind that says what went wrong; nothing is left behind.
        """
        return self._run(case, self._resume.facts(case, cancel), watcher or CaseWatcher(), cancel)

    def run_unfinished(
        self,
        case: CaseInput,
        watcher: CaseWatcher | None = None,
        cancel: CancelCheck = never_cancelled,
    ) -> CaseResult | FinishedCase:
        """Read, segment and write one case, if no earlier run has finished it.

        Raises:
            SpineContextError: of the kind that says what went wrong; nothing is left behind.
        """
        run = self._due(case, cancel)
        if isinstance(run, FinishedCase):
            return run
        return self._run(case, run, watcher or CaseWatcher(), cancel)

    def _run(
        self, case: CaseInput, run: Mapping[str, Any], watcher: CaseWatcher, cancel: CancelCheck
    ) -> CaseResult:
        memory = self.engine.memory()
        watcher.reading(case)
        read = self.read(case, run, watcher.progress, cancel)
        segmentation = self.segment(read, memory, watcher, cancel)
        watcher.writing(case, segmentation)
        result = self.write(read, segmentation, cancel)
        watcher.done(case, result)
        return result

    def run_all(
        self,
        cases: Iterable[CaseInput],
        watcher: CaseWatcher | None = None,
        cancel: CancelCheck = never_cancelled,
    ) -> Summary:
        """Run all cases that are not finished yet, and carry on after one that fails.

        Args:
            cases: asked for the next one only when it can be read, so that more can be added
                meanwhile.

        Raises:
            CancelledError: ``cancel`` said so; cases that were finished by then are kept.
        """
        return _ManyCases(self, watcher or CaseWatcher(), cancel).run(cases)

    def read_unfinished(self, case: CaseInput, cancel: CancelCheck) -> ReadCase | FinishedCase:
        """Read a case, if no earlier run has finished it.

        Raises:
            SpineContextError: it cannot be read, or not be written as asked.
        """
        run = self._due(case, cancel)
        if isinstance(run, FinishedCase):
            return run
        return self.read(case, run, ignore_progress, cancel)

    def read(
        self,
        case: CaseInput,
        run: Mapping[str, Any],
        progress: ProgressCallback,
        cancel: CancelCheck,
    ) -> ReadCase:
        """Read a case.

        Args:
            run: what its mask depends on, determined beforehand, so that the next run notices a
                file that changed while it was being read.

        Raises:
            SpineContextError: it cannot be read, or not be written as asked.
        """
        clock = StageClock()
        with clock.stage("read"):
            volume = open_ct(
                case.path,
                series_uid=case.series_uid,
                hu_offset=self._settings.hu_offset,
                max_ram=self._settings.max_ram,
                progress=progress,
                cancel=cancel,
            )
        check_formats(self._settings.formats, volume)
        # Of a folder with one image file, only that file can have the name of a result.
        own = input_files(case.path) if volume.source is None else [case.path]
        check_inputs_kept(self._out, [case], own)
        for path in self._files(case, self._settings.formats):
            check_replaceable(path)
        return ReadCase(case, volume, run, clock.seconds)

    def segment(
        self, read: ReadCase, memory: RunMemory | None, watcher: CaseWatcher, cancel: CancelCheck
    ) -> Segmentation:
        """Find the spine of a case and report what is unusual about it.

        Raises:
            SpineContextError: it failed or was cancelled.
        """
        watcher.running(read.case, read.volume)
        settings = self._settings
        in_memory = in_memory_bytes(settings.max_ram)
        labels = label_bytes(read.volume, settings.vertebrae, in_memory)
        self.engine.check_room(held_bytes(settings.formats, read.volume, labels))
        for note in read.volume.warnings:
            watcher.noted(note)
        segmentation = self.engine.segment(
            read.volume,
            memory=memory,
            progress=watcher.progress,
            preview=watcher.preview,
            cancel=cancel,
        )
        for note in segmentation.notes:
            watcher.noted(note)
        stop_if(cancel)
        return segmentation

    def write(self, read: ReadCase, segmentation: Segmentation, cancel: CancelCheck) -> CaseResult:
        """Write the results and the report of a case.

        Raises:
            CancelledError: ``cancel`` said so between two files; nothing is left behind.
            OutputError: they cannot be written; nothing is left behind.
            MemoryLimitError: writing them broke the limit; nothing is left behind.
        """
        clock, memory = StageClock(), self.engine.memory()
        name = read.case.name
        empty = not segmentation.figures.volume_ml
        formats = filled_formats(self._settings.formats, empty=empty)
        with staged_folder(self._out, self.engine.write) as stage:
            with clock.stage("write"):
                write_mask(segmentation.mask, formats, stage, name, read.volume.source, cancel)
            vertebrae = None
            if self._settings.vertebrae:
                with clock.stage("vertebrae"):
                    vertebrae = write_case_vertebrae(
                        segmentation.mask,
                        read.volume,
                        self._settings.vertebrae,
                        formats,
                        stage,
                        name,
                        in_memory_bytes(self._settings.max_ram),
                        cancel,
                    )
            if memory:
                keep_budget(self._settings.max_ram, memory)
            report = build_report(
                read.volume,
                segmentation,
                {**read.seconds, **clock.seconds},
                memory.peak_bytes if memory else 0,
            )
            report |= {
                "run": read.run,
                "files": {one: digest(stage.folder / f"{name}{FORMATS[one]}") for one in formats},
            }
            endings = vertebrae.endings if vertebrae else ()
            if vertebrae:
                report["vertebrae"] = {
                    **vertebrae.facts,
                    "files": {end: digest(stage.folder / f"{name}{end}") for end in endings},
                }
            text = report_text(report).encode()
            stop_if(cancel)
            stage.write({f"{name}{REPORT_ENDING}": lambda file: file.write(text)})
        self._remove_older(name, {*(FORMATS[one] for one in formats), *endings})
        return CaseResult(self._files(read.case, formats, endings), report)

    def _due(self, case: CaseInput, cancel: CancelCheck) -> Mapping[str, Any] | FinishedCase:
        """What the mask of a case depends on, if no earlier run has finished it."""
        run = self._resume.facts(case, cancel)
        report = self._resume.finished(case, run)
        return run if report is None else FinishedCase(report)

    def _files(
        self, case: CaseInput, formats: Sequence[str], more: Sequence[str] = ()
    ) -> tuple[Path, ...]:
        """The files to write for a case; ``more`` are endings that depend on its content."""
        endings = [*(FORMATS[one] for one in formats), *more, REPORT_ENDING]
        return tuple(self._out / f"{case.name}{ending}" for ending in sorted(endings))

    def _remove_older(self, name: str, written: Set[str]) -> None:
        """Remove an older run's files in formats for which this run had nothing to write.

        Args:
            written: the endings of what it wrote.

        Raises:
            OutputError: one cannot be removed, and would be mistaken for a result of this run.
        """
        wanted = {FORMATS[one] for one in self._settings.formats}
        if self._settings.vertebrae:
            wanted |= {VERTEBRA_FORMATS.get(one, FORMATS[one]) for one in self._settings.formats}
        for ending in wanted - written:
            try:
                (self._out / f"{name}{ending}").unlink(missing_ok=True)
            except OSError as error:
                raise output_error(self._out, error) from error


class _Meanwhile(CaseWatcher):
    """Does something else as well on each step of the running case, on the same thread."""

    def __init__(self, watcher: CaseWatcher, meanwhile: Callable[[], None]) -> None:
        self._watcher = watcher
        self._meanwhile = meanwhile

    def running(self, case: CaseInput, volume: Volume) -> None:
        self._watcher.running(case, volume)

    def progress(self, progress: Progress) -> None:
        self._meanwhile()
        self._watcher.progress(progress)

    def preview(self, preview: Preview) -> None:
        self._watcher.preview(preview)

    def noted(self, sentence: str) -> None:
        self._watcher.noted(sentence)


class _ManyCases:
    """One pass over many cases."""

    def __init__(self, runner: CaseRunner, watcher: CaseWatcher, cancel: CancelCheck) -> None:
        self._runner = runner
        self._watcher = watcher
        self._cancel = cancel
        self._tally = Tally(watcher)

    def run(self, cases: Iterable[CaseInput]) -> Summary:
        writing: deque[tuple[CaseInput, Future[CaseResult]]] = deque()

        def tell_written() -> None:
            while writing and writing[0][1].done():
                self._finish(*writing.popleft())

        watcher = _Meanwhile(self._watcher, tell_written)
        with ThreadPoolExecutor(max_workers=1) as writer:
            for case, reading in self._read_ahead(cases):
                with self._tally.going_on(case):
                    memory = self._runner.engine.memory()
                    read = reading.result()
                    if isinstance(read, FinishedCase):
                        self._tally.skip(case, read.report)
                    else:
                        found = self._runner.segment(read, memory, watcher, self._cancel)
                        writing.append((case, self._begin_writing(writer, read, found)))
                        del found
                    del read, reading  # so that no case is held in memory once it is done
                # One finished mask may wait to be written; more would only fill the memory.
                while len(writing) > 1:
                    self._finish(*writing.popleft())
                tell_written()
            for one in writing:
                self._finish(*one)
        return self._tally.summary

    def _begin_writing(
        self, writer: ThreadPoolExecutor, read: ReadCase, found: Segmentation
    ) -> "Future[CaseResult]":
        self._watcher.writing(read.case, found)
        return writer.submit(self._runner.write, read, found, self._cancel)

    def _finish(self, case: CaseInput, written: "Future[CaseResult]") -> None:
        with self._tally.going_on(case):
            self._tally.finish(case, written.result())

    def _read_ahead(
        self, cases: Iterable[CaseInput]
    ) -> "Iterator[tuple[CaseInput, Future[ReadCase | FinishedCase]]]":
        """Each case with its pending read, while the next read has already begun."""
        with ThreadPoolExecutor(max_workers=1) as reader:
            readings: deque[tuple[CaseInput, Future[ReadCase | FinishedCase]]] = deque()
            for case in cases:
                self._watcher.reading(case)
                begun = reader.submit(self._runner.read_unfinished, case, self._cancel)
                readings.append((case, begun))
                del begun
                if len(readings) > 1:
                    yield readings.popleft()
            while readings:
                yield readings.popleft()
