"""Freeze windows: between two times nothing is requested. What would be is kept, and requested when the window ends."""

import math
from collections.abc import Iterable
from typing import TypeAlias

from failback.reprotect.commands import ApplyRemedy
from failback.reprotect.plan import Freeze

from .batches import ReadyBatch

Kept: TypeAlias = ReadyBatch | ApplyRemedy


class Freezes:
    """The windows of a plan, and what waits for the end of the present one."""

    def __init__(self, windows: Iterable[Freeze]) -> None:
        self._windows = tuple(sorted(windows, key=lambda window: window.from_s))
        self._kept: list[Kept] = []
        self._until_s = math.inf

    @property
    def deadline_s(self) -> float:
        """When what is kept may be requested; infinity where nothing is kept."""
        return self._until_s

    def until_s(self, now_s: float) -> float | None:
        """The end of the window that holds now, or of those that follow it without a gap; None outside."""
        end_s = None
        for window in self._windows:
            if window.from_s <= (now_s if end_s is None else end_s) < window.until_s:
                end_s = window.until_s
        return end_s

    def keep(self, work: Kept, now_s: float) -> bool:
        """Keep it where a window holds; False: it may be requested now."""
        end_s = self.until_s(now_s)
        if end_s is None:
            return False
        self._kept.append(work)
        self._until_s = end_s
        return True

    @property
    def has_just_begun(self) -> bool:
        """Whether what was kept last is the first of its window."""
        return len(self._kept) == 1

    def name_at(self, now_s: float) -> str:
        """The name of the window that holds now."""
        return next((w.name for w in self._windows if w.from_s <= now_s < w.until_s), "")

    def release(self, now_s: float) -> tuple[Kept, ...]:
        """What may be requested now, in its order."""
        if now_s < self._until_s:
            return ()
        kept, self._kept, self._until_s = tuple(self._kept), [], math.inf
        return kept
