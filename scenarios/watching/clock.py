"""The seconds of a night, by the clock of its vault: this computer may sleep, and its clock may be set."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

from failback.scenarios.text.plain_words import h_min

APART_S: Final = 600.0
"""Seconds of the wall: further than this, the vault's clock and what passed here are told to differ."""
BACK_S: Final = 60.0
"""The answers of one service may differ by this much."""


class NightClock:
    """Second by second forward, whatever the clocks say. `zero` is second 0; `last_s` where an earlier watch ended.

    `factor`: how much faster than the wall the vault's time runs.
    """

    def __init__(
        self, zero: datetime, last_s: float, factor: float = 1.0, wall: Callable[[], float] = time.monotonic
    ) -> None:
        self._zero, self._last_s, self._factor, self._wall = zero, last_s, factor, wall
        self._offset_s = 0.0
        self._looked_s: float | None = None

    def second(self, at: datetime) -> tuple[float, str]:
        """The second of this look, and a sentence where the clocks disagree about how much has passed."""
        said_s, passed_s = (at - self._zero).total_seconds() + self._offset_s, self._passed_s()
        step_s = said_s - self._last_s
        told = ""
        if step_s < -BACK_S:
            self._offset_s += passed_s - step_s
            said_s = self._last_s + passed_s
            told = f"the vault's clock went back by {_minutes(-step_s)}; the night goes on from where it was"
        elif passed_s and step_s - passed_s > APART_S * max(1.0, self._factor):
            told = (
                f"{_minutes(step_s)} passed at the vault and {_minutes(passed_s)} here: this computer slept, or "
                "a clock was set; what happened meanwhile was not seen"
            )
        self._last_s = max(self._last_s, said_s)
        return self._last_s, told

    def _passed_s(self) -> float:
        """What passed here since the last look, as the vault counts it; 0 before the second look."""
        now_s = self._wall()
        passed_s = 0.0 if self._looked_s is None else (now_s - self._looked_s) * self._factor
        self._looked_s = now_s
        return passed_s


def _minutes(seconds: float) -> str:
    return h_min(round(seconds / 60) * 60)
