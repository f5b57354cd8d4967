"""The critical path: backwards from the last machine home, whatever ended when the next thing could begin."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from failback.reprotect import Operation

EXACT_S: Final = 1e-3
"""Instants of one history closer than this are one instant."""
WAIT: Final = "wait"
DATE: Final = "date"
"""Waiting for the hour of a wave."""
WAITS_S: Final = 60.0
"""Whoever waits no longer for the hour of a wave was late enough that its work before has no slack."""
DECISION: Final = "decision"
"""Waiting for somebody's answer at a gate."""
SET_BY_THE_PLAN: Final = frozenset({DATE, DECISION})
"""Causes that somebody has chosen. They take time, but nothing that could be bought makes them shorter."""


@dataclass(frozen=True, slots=True)
class Activity:
    """Something that took time: `leg` of `item`; `bottleneck` set its length (jobs, link, scan, people ...)."""

    item: str
    leg: Operation
    bottleneck: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the path. Parts follow one another without a gap, so their lengths sum to the makespan."""

    item: str
    leg: Operation | None
    bottleneck: str
    start_s: float
    end_s: float

    @property
    def length_s(self) -> float:
        """How long it is."""
        return self.end_s - self.start_s


def critical_path(
    activities: Iterable[Activity],
    item: str,
    begins_s: float,
    ends_s: float,
    *,
    slack_s: float = EXACT_S,
    dates: Mapping[str, Collection[float]] = MappingProxyType({}),
) -> tuple[Part, ...]:
    """From `begins_s` to the instant at which `item` was home. `slack_s`: how late a drill that polls sees an end.

    `dates`: of each item the hours for which it may have waited.
    """
    walk = _Walk(sorted(activities, key=lambda done: done.end_s), begins_s, max(slack_s, EXACT_S), dates)
    return tuple(reversed(walk.back(item, ends_s)))


def by_cause(path: Sequence[Part]) -> Mapping[str, float]:
    """Seconds of the path per cause, the longest first, and behind them what the plan has set.

    What was done before the hour of a wave for which it then waited has slack: it counts with the wait.
    """
    waits = [n for n, part in enumerate(path) if part.bottleneck == DATE and part.length_s > WAITS_S]
    first = waits[-1] + 1 if waits else 0
    sums = {DATE: path[first - 1].end_s - path[0].start_s} if waits else {}
    for part in path[first:]:
        sums[part.bottleneck] = sums.get(part.bottleneck, 0.0) + part.length_s
    return longest_first(sums)


def longest_first(causes: Mapping[str, float]) -> Mapping[str, float]:
    """The bottleneck first: waiting for a date or a decision never is one, however long it took."""
    return dict(sorted(causes.items(), key=lambda pair: (pair[0] in SET_BY_THE_PLAN, -pair[1])))


class _Walk:
    """Goes back in time: through the item's own work while that is without a gap, else to whoever let it go on."""

    def __init__(
        self, ordered: Sequence[Activity], begins_s: float, slack_s: float, dates: Mapping[str, Collection[float]]
    ) -> None:
        self._all, self._begins_s, self._slack_s, self._dates = ordered, begins_s, slack_s, dates
        self._ends = [done.end_s for done in ordered]
        self._own: dict[str, list[Activity]] = {}
        for done in ordered:
            self._own.setdefault(done.item, []).append(done)

    def back(self, item: str, ends_s: float) -> list[Part]:
        parts: list[Part] = []
        now_s, leg = ends_s, None
        while now_s > self._begins_s + 1e-9:
            before = self._before(item, now_s)
            if before is None or now_s - before.end_s > EXACT_S:
                before = self._released_by(item, now_s, before) or before
            if before is None or now_s - before.end_s > EXACT_S:
                parts.append(self._wait(item, leg, before, now_s))
                now_s = parts[-1].start_s
            if before is not None and now_s > self._begins_s:
                start_s = max(before.start_s, self._begins_s)
                took_time = start_s < now_s  # a try that is refused at once does not
                parts += [Part(before.item, before.leg, before.bottleneck, start_s, now_s)] if took_time else []
                item, leg, now_s = before.item, before.leg, start_s
        return parts

    def _wait(self, item: str, leg: Operation | None, before: Activity | None, now_s: float) -> Part:
        start_s = self._begins_s if before is None else max(before.end_s, self._begins_s)
        dated = any(0 <= now_s - at_s <= self._slack_s for at_s in self._dates.get(item, ()))
        return Part(item, leg, DATE if dated else WAIT, start_s, now_s)

    def _before(self, item: str, now_s: float) -> Activity | None:
        own = self._own.get(item, [])
        at = bisect_right(own, now_s + EXACT_S, key=lambda done: done.end_s)
        return next((done for done in reversed(own[:at]) if done.start_s < now_s - 1e-9), None)

    def _released_by(self, item: str, now_s: float, own: Activity | None) -> Activity | None:
        """Another machine's work that ended just then: it freed slots, closed a wave, or was the last of a plan."""
        at = bisect_right(self._ends, now_s + EXACT_S)
        first_s = max(now_s - self._slack_s, own.end_s if own else self._begins_s)
        found = []
        while at > 0 and self._ends[at - 1] > first_s - 1e-9:
            at -= 1
            if self._all[at].item != item and self._all[at].start_s < now_s - 1e-9:
                found.append(self._all[at])
        return max(found, key=lambda done: (done.end_s, done.leg is Operation.COMMIT_FAILBACK), default=None)
