"""Asks the disk without letting the window wait for a drive that does not answer."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QEventLoop, QTimer

from app.work.jobs import Job, Jobs
from inference.values.progress import CancelCheck, ProgressCallback

PATIENCE_MS = 500
"""How long an answer is waited for. A disk answers within a few milliseconds and a network drive
within some ten; one that is gone takes half a minute to say so."""

Answer = TypeVar("Answer")


def asked(question: Callable[[], Answer], otherwise: Answer, jobs: Jobs) -> Answer:
    """The answer to a question about files or folders that the user has named.

    The window is redrawn meanwhile, but the user's input waits.

    Args:
        question: called on a thread of its own.
        otherwise: the answer if there is none in time.
    """
    answers: list[Answer] = []

    def work(*, progress: ProgressCallback, cancel: CancelCheck) -> None:  # noqa: ARG001
        answers.append(question())

    loop = QEventLoop()
    job = Job(work)
    job.failed.connect(loop.quit)  # as good as no answer
    job.finished.connect(loop.quit)
    QTimer.singleShot(PATIENCE_MS, loop, loop.quit)
    jobs.start(job)
    loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
    return answers[0] if answers else otherwise
