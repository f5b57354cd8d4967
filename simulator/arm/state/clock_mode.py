"""How the mock's clock goes: jumping for whoever polls, by the control API only, or along the wall's."""

from dataclasses import dataclass
from enum import Enum, unique


@unique
class Mode(Enum):
    """`poll` jumps when somebody reads what is unfinished, `step` obeys the control API, `real` follows the wall."""

    POLL = "poll"
    STEP = "step"
    REAL = "real"


@dataclass(frozen=True, slots=True)
class ClockMode:
    """A mode and, for `real`, virtual seconds per wall second."""

    mode: Mode
    factor: float = 1.0

    def __str__(self) -> str:
        return f"real:{self.factor:g}" if self.mode is Mode.REAL else self.mode.value


def clock_mode(text: str) -> ClockMode:
    """`poll`, `step`, `real` or `real:FACTOR`. Raises ValueError for anything else."""
    word, _, factor = text.partition(":")
    mode = next((mode for mode in Mode if mode.value == word), None)
    rate = _rate(factor) if factor else 1.0
    if mode is None or rate is None or (factor and mode is not Mode.REAL):
        raise ValueError(f"a clock is poll, step or real:FACTOR with a positive factor, not '{text}'")
    return ClockMode(mode, rate)


def _rate(text: str) -> float | None:
    try:
        rate = float(text)
    except ValueError:
        return None
    return rate if 0 < rate <= 1e6 else None
