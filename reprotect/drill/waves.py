"""Waves: which items may be on their way home now; the next wave opens when the former one is back or has ended."""

import math
from collections.abc import Collection, Sequence

from failback.reprotect.plan import Wave

REST = "rest"
"""Name of the last wave, of the items that no wave names."""


class Waves:
    """Keeps who is parked before a closed wave. An event costs the number of items it lets go, no more."""

    def __init__(self, waves: Sequence[Wave], items: Collection[str], now_s: float) -> None:
        self._waves = tuple(_with_the_rest(waves, items))
        self._wave_of = {name: n for n, wave in enumerate(self._waves) for name in wave.items}
        self._outstanding = [len(wave.items) for wave in self._waves]
        self._parked: list[list[str]] = [[] for _ in self._waves]
        self._returned: set[str] = set()
        self._front = -1
        self.advance(now_s)

    def advance(self, now_s: float) -> tuple[str, ...]:
        """Open what may open now; the parked items that this lets go."""
        freed: list[str] = []
        while self._next_may_open(now_s):
            self._front += 1
            freed += self._parked[self._front]
            self._parked[self._front].clear()
        return tuple(freed)

    def admits(self, item: str) -> bool:
        """Whether its wave is open; if not it is parked and let go later."""
        wave = self._wave_of[item]
        if wave <= self._front:
            return True
        self._parked[wave].append(item)
        return False

    def returned(self, item: str) -> None:
        """The item's failback is committed, or its drill has ended."""
        if item not in self._returned:
            self._returned.add(item)
            self._outstanding[self._wave_of[item]] -= 1

    def has_closed(self, item: str, now_s: float) -> bool:
        """Whether its wave may start nothing more."""
        closes_s = self._waves[self._wave_of[item]].closes_s
        return closes_s is not None and now_s > closes_s

    def name_of(self, item: str) -> str:
        """The name of its wave."""
        return self._waves[self._wave_of[item]].name

    @property
    def deadline_s(self) -> float:
        """When the next wave opens by the clock; infinity when it waits for items."""
        if self._front + 1 < len(self._waves) and self._former_are_back():
            return self._waves[self._front + 1].opens_s
        return math.inf

    def _next_may_open(self, now_s: float) -> bool:
        following = self._front + 1
        return following < len(self._waves) and self._former_are_back() and now_s >= self._waves[following].opens_s

    def _former_are_back(self) -> bool:
        return self._front < 0 or self._outstanding[self._front] == 0


def _with_the_rest(waves: Sequence[Wave], items: Collection[str]) -> tuple[Wave, ...]:
    named = {name for wave in waves for name in wave.items}
    rest = tuple(name for name in items if name not in named)
    return (*waves, Wave(REST, rest)) if rest else tuple(waves)
