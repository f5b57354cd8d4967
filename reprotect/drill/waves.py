"""Waves: which items may be on their way home now, and which may already replicate home and wait there.

A wave opens when the former one is back or has ended, and not before its hour. One that seeds may be reprotected from
its own hour on. Slots are held until the commit (A02, M03), so it seeds only once all of the waves before have theirs:
otherwise it could keep slots from those for whom it waits.
"""

import math
from collections.abc import Collection, Sequence

from failback.reprotect.item import Operation
from failback.reprotect.plan import Wave

REST = "rest"
"""Name of the last wave, of the items that no wave names."""
SEEDING = Operation.REPROTECT_TO_ON_PREMISES
"""What a wave that seeds may ask for before it opens."""


class Waves:
    """Keeps who is parked before a closed wave. An event costs the number of items it lets go, no more."""

    def __init__(self, waves: Sequence[Wave], items: Collection[str], now_s: float) -> None:
        self._waves = tuple(_with_the_rest(waves, items))
        self._wave_of = {name: n for n, wave in enumerate(self._waves) for name in wave.items}
        self._outstanding = [len(wave.items) for wave in self._waves]
        self._without_slots = [len(wave.items) for wave in self._waves]
        self._parked: list[list[str]] = [[] for _ in self._waves]
        self._parked_seeds: list[list[str]] = [[] for _ in self._waves]
        self._returned: set[str] = set()
        self._seeded: set[str] = set()
        self._front = self._seeding = -1
        self.advance(now_s)
        self.advance_seeding(now_s)

    def advance(self, now_s: float) -> tuple[str, ...]:
        """Open what may open now; the parked items that this lets go."""
        freed: list[str] = []
        while self._next_may_open(now_s):
            self._front += 1
            freed += [*self._parked_seeds[self._front], *self._parked[self._front]]
            self._parked_seeds[self._front].clear()
            self._parked[self._front].clear()
        self._seeding = max(self._seeding, self._front)
        return tuple(freed)

    def advance_seeding(self, now_s: float) -> tuple[str, ...]:
        """Let those waves seed that may now; the parked items that this lets go."""
        freed: list[str] = []
        while self._seed_opens_s() <= now_s:
            self._seeding += 1
            freed += self._parked_seeds[self._seeding]
            self._parked_seeds[self._seeding].clear()
        return tuple(freed)

    def admits(self, item: str, operation: Operation) -> bool:
        """Whether its wave is open for that; if not it is parked and let go later."""
        wave, seeds = self._wave_of[item], operation is SEEDING
        if wave <= (self._seeding if seeds else self._front):
            return True
        (self._parked_seeds if seeds else self._parked)[wave].append(item)
        return False

    def has_slots(self, item: str) -> None:
        """The item has the disk slots that it needs, or will never ask for any."""
        if item not in self._seeded:
            self._seeded.add(item)
            self._without_slots[self._wave_of[item]] -= 1

    def returned(self, item: str) -> None:
        """The item's failback is committed, or its drill has ended."""
        self.has_slots(item)
        if item not in self._returned:
            self._returned.add(item)
            self._outstanding[self._wave_of[item]] -= 1

    def has_closed(self, item: str, operation: Operation, now_s: float) -> bool:
        """Whether its wave may start no more of that."""
        wave = self._waves[self._wave_of[item]]
        seeds = operation is SEEDING and wave.seed_opens_s is not None and wave.seed_closes_s is not None
        closes_s = wave.seed_closes_s if seeds else wave.closes_s
        return closes_s is not None and now_s > closes_s

    def name_of(self, item: str) -> str:
        """The name of its wave."""
        return self._waves[self._wave_of[item]].name

    @property
    def deadline_s(self) -> float:
        """When the next wave opens or seeds by the clock; infinity when both wait for items."""
        opens_s = math.inf
        if self._front + 1 < len(self._waves) and self._former_are_back():
            opens_s = self._waves[self._front + 1].opens_s
        return min(opens_s, self._seed_opens_s())

    def _next_may_open(self, now_s: float) -> bool:
        following = self._front + 1
        return following < len(self._waves) and self._former_are_back() and now_s >= self._waves[following].opens_s

    def _former_are_back(self) -> bool:
        return self._front < 0 or self._outstanding[self._front] == 0

    def _seed_opens_s(self) -> float:
        """When the next wave may seed; infinity where it does not, or where the former one lacks slots."""
        following = self._seeding + 1
        if following == len(self._waves) or (following and self._without_slots[following - 1]):
            return math.inf
        opens_s = self._waves[following].seed_opens_s
        return math.inf if opens_s is None else opens_s


def _with_the_rest(waves: Sequence[Wave], items: Collection[str]) -> tuple[Wave, ...]:
    named = {name for wave in waves for name in wave.items}
    rest = tuple(name for name in items if name not in named)
    return (*waves, Wave(REST, rest)) if rest else tuple(waves)
