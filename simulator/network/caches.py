"""Caches of process servers: what waits for an element waits there, and a full one slows the scans down."""

from collections.abc import Collection
from dataclasses import dataclass, field
from math import inf
from typing import Final

from .transfer import Group

ROUNDING: Final = 1e-9
"""Relative difference that is rounding."""
THROTTLED_FROM: Final = 0.8
"""Share of a process server's cache in use at which it throttles [documented: below 20 % free]."""


@dataclass(slots=True)
class Caches:
    """All of them by link, with how much may wait in each before it throttles, in bytes."""

    _limits: dict[str, float] = field(default_factory=dict)
    throttled: frozenset[str] = frozenset()
    """Elements whose cache is so full that they slow the scans down."""

    def __contains__(self, link: str) -> bool:
        return link in self._limits

    def set(self, link: str, size_bytes: float) -> None:
        """This element has a cache of this size."""
        self._limits[link] = size_bytes * THROTTLED_FROM

    def throttle(self, groups: Collection[Group]) -> None:
        """Slow down the scans of those who wait for a full cache."""
        self.throttled = frozenset(
            cache for cache, limit in self._limits.items() if _throttle(_behind(groups, cache), limit)
        )

    def wait_s(self, groups: Collection[Group]) -> float:
        """Seconds until the next is so full that its process server throttles."""
        return min((_wait_s(_behind(groups, cache), limit) for cache, limit in self._limits.items()), default=inf)


def _behind(groups: Collection[Group], cache: str) -> list[Group]:
    return [g for g in groups if not g.key.is_fed and cache in g.key.route]


def _throttle(behind: Collection[Group], limit: float) -> bool:
    """No more enters a full cache than leaves it. What is fed passes through and is not held."""
    if sum(g.backlog for g in behind) < limit * (1 - ROUNDING):
        return False
    leaves = sum((g.rate - g.key.churn) * g.count for g in behind)
    enters = sum(g.key.scan * g.pace * g.count for g in behind)
    share = min(1.0, max(0.0, leaves / enters)) if enters > 0 else 1.0
    for group in behind:
        group.pace *= share
    return share < 1.0


def _wait_s(behind: Collection[Group], limit: float) -> float:
    left, grows = limit - sum(g.backlog for g in behind), -sum(g.gain * g.count for g in behind)
    return left / grows if grows > 0 and left > limit * ROUNDING else inf
