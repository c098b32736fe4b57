"""From the stages of a run to one bar and the time left."""

from inference.values.progress import Progress

STAGE_SHARES = {"resample": 0.05, "find": 0.1, "predict": 0.8, "mask": 0.05}
"""What part of a run each stage takes, in their order, roughly as measured on ircad01."""

MIN_SHARE = 0.02
"""Before this much is done, nothing is said of the time left."""

SMOOTHING = 0.3
"""Weight of a new estimate against the one before, so that the time left does not jump about."""


class RunProgress:
    """Adds up a run. Tell it of each step with the time of a clock in seconds."""

    def __init__(self, now: float) -> None:
        """A run that begins now."""
        self._begun = now
        self._total: float | None = None
        self.fraction = 0.0

    def step(self, progress: Progress, now: float) -> None:
        """Take note of a step."""
        before = 0.0
        for stage, share in STAGE_SHARES.items():
            if stage == progress.stage:
                done = before + share * progress.done / max(1, progress.total)
                self.fraction = max(self.fraction, done)
                break
            before += share
        if self.fraction >= MIN_SHARE:
            estimate = (now - self._begun) / self.fraction
            if self._total is None:
                self._total = estimate
            self._total += SMOOTHING * (estimate - self._total)

    def seconds_left(self, now: float) -> float | None:
        """An estimate; None while there is nothing to go by."""
        if self._total is None:
            return None
        return max(0.0, self._begun + self._total - now)
