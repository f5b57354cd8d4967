"""Caches of process servers: what waits for an element waits there, and a full one slows the scans down.

No more enters a full cache than leaves it, and each scan slows down no more than that needs. A scan behind it of which
nothing waits is no faster than what crosses: so it neither fills the cache nor falls behind and catches up for ever.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from math import inf
from typing import Final

from .transfer import ROUNDING, Group

THROTTLED_FROM: Final = 0.8
"""Share of a process server's cache in use at which it throttles [documented: below 20 % free]."""
_STILL_FULL: Final = 1 - 1e-4
"""What a full cache holds at least, of what makes it full: rounding does not open it."""


@dataclass(slots=True)
class Caches:
    """All of them by link, with how much may wait in each before it throttles, in bytes."""

    _limits: dict[str, float] = field(default_factory=dict)
    _due: frozenset[str] = frozenset()
    throttled: frozenset[str] = frozenset()
    """Elements whose cache is so full that they slow the scans down."""

    def __contains__(self, link: str) -> bool:
        return link in self._limits

    def set(self, link: str, size_bytes: float) -> None:
        """This element has a cache of this size."""
        self._limits[link] = size_bytes * THROTTLED_FROM

    def throttle(self, groups: Collection[Group]) -> None:
        """Slow down the scans of those who wait for a full cache, the slowest first, as max-min fairness has it."""
        full = {cache: _waiting(groups, cache) for cache in self._limits if self._is_full(groups, cache)}
        paced, throttled = set[Group](), list[str]()
        while full:
            levels = {cache: _level(waiting, paced) for cache, waiting in full.items()}
            tightest = min(levels, key=levels.__getitem__)
            if levels[tightest] >= 1:
                break
            throttled.append(tightest)
            for group in full.pop(tightest):
                if group not in paced:
                    _pace(group, levels[tightest])
                    paced.add(group)
        self.throttled = frozenset(throttled)

    def wait_s(self, groups: Collection[Group]) -> float:
        """Seconds until the next is so full that its process server throttles."""
        return min((self._wait_s(groups, cache) for cache in self._limits), default=inf)

    def await_within(self, soon_s: float, groups: Collection[Group]) -> None:
        """Remember which are full by then."""
        self._due = frozenset(cache for cache in self._limits if self._wait_s(groups, cache) <= soon_s < inf)

    def fill_due(self) -> None:
        """The awaited instant has come: those are full, whatever rounding says."""
        self.throttled, self._due = self.throttled | self._due, frozenset()

    def _is_full(self, groups: Collection[Group], cache: str) -> bool:
        full_from = _STILL_FULL if cache in self.throttled else 1 - ROUNDING
        return sum(g.backlog for g in _behind(groups, cache)) >= self._limits[cache] * full_from

    def _wait_s(self, groups: Collection[Group], cache: str) -> float:
        if cache in self.throttled:
            return inf
        behind, limit = _behind(groups, cache), self._limits[cache]
        left, grows = limit - sum(g.backlog for g in behind), -sum(g.gain * g.count for g in behind)
        return left / grows if grows > 0 and left > limit * ROUNDING else inf


def _behind(groups: Collection[Group], cache: str) -> list[Group]:
    return [g for g in groups if not g.key.is_fed and cache in g.key.route]


def _waiting(groups: Collection[Group], cache: str) -> list[Group]:
    """Those who are behind, and those who would fall behind at full pace. What else is fed is not held."""
    return [g for g in groups if cache in g.key.route and (not g.key.is_fed or g.is_short)]


def _level(waiting: Collection[Group], paced: Collection[Group]) -> float:
    """The common pace at which as much enters a full cache as leaves it; from 1 up it need not throttle."""
    open_groups = [g for g in waiting if g not in paced]
    room = sum((g.rate - g.inflow) * g.count for g in waiting if g in paced and not g.key.is_fed)
    behind = [g for g in open_groups if not g.key.is_fed]
    room, enters = room + sum(map(_leaves, behind)), sum(map(_enters, behind))
    for group in sorted((g for g in open_groups if g.key.is_fed), key=_own_pace):
        if enters > 0 and _own_pace(group) * enters >= room:
            break  # at the common pace nothing of it waits, nor of those after it
        room, enters = room + _leaves(group), enters + _enters(group)
    return max(0.0, room / enters) if enters > 0 else inf


def _pace(group: Group, level: float) -> None:
    """Scan at the common pace, and what is fed at least as fast as it crosses."""
    own = _own_pace(group)
    group.pace *= own if group.key.is_fed and own >= level * (1 - ROUNDING) else level


def _own_pace(group: Group) -> float:
    """The share of its full pace at which as much enters as leaves."""
    enters = _enters(group)
    return _leaves(group) / enters if enters > 0 else -inf


def _leaves(group: Group) -> float:
    return (group.rate - group.key.churn) * group.count


def _enters(group: Group) -> float:
    return group.key.scan * group.pace * group.count
