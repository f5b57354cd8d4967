"""What is under way in a network: transfers, and groups of transfers that move alike.

A transfer has a backlog (bytes that wait to cross) into which more may enter: a scan finds differing blocks at a pace,
a machine goes on writing. While nothing waits it is *fed*: what enters crosses at once, and the rate is what enters.
Once the route cannot carry that, it is *behind*: it takes its full share until nothing waits any more.

Members of a group have one rate and one inflow. So the group keeps three sums since its beginning (bytes sent, backlog
worked off, seconds scanned) and a member ends a step when a sum has grown by what that member still had.
"""

from collections import Counter
from dataclasses import dataclass, field
from heapq import heappop, heappush
from math import inf
from typing import Final

import simpy

from .rate_classes import RateClass, Route

ROUNDING: Final = 1e-9
"""Relative difference that is rounding."""


@dataclass(frozen=True, slots=True)
class GroupKey:
    """What members of one group have in common. `scan` and `churn` are bytes/s that enter; `cap` is the flow's own.

    `route` has only what limits anybody, so that routes that differ in unlimited parts make one group.
    """

    route: Route
    weight: float
    cap: float
    scan: float
    churn: float
    is_scanning: bool
    is_fed: bool


@dataclass(slots=True, eq=False)
class Group:
    """Transfers that move alike, and what has been done for each of them since the group began.

    `ways` counts its members by their whole routes.
    """

    key: GroupKey
    rate_class: RateClass | None
    rate: float = 0.0
    pace: float = 1.0
    sent: float = 0.0
    drained: float = 0.0
    scanned_s: float = 0.0
    roll: "dict[int, Transfer]" = field(default_factory=dict)
    ways: Counter[Route] = field(default_factory=Counter)
    _backlogs: float = 0.0
    _drains: "list[tuple[float, int, Transfer]]" = field(default_factory=list)
    _scans: "list[tuple[float, int, Transfer]]" = field(default_factory=list)

    def advance(self, passed_s: float) -> None:
        """Let time go by at the present rates."""
        self.sent += self.rate * passed_s
        self.drained += self.gain * passed_s
        self.scanned_s += self.pace * passed_s

    @property
    def inflow(self) -> float:
        """Bytes/s that enter each member."""
        return self.key.scan * self.pace + self.key.churn

    @property
    def is_short(self) -> bool:
        """Whether less crosses than enters."""
        return self.rate < self.inflow * (1 - ROUNDING)

    @property
    def gain(self) -> float:
        """Bytes/s by which each member's backlog shrinks."""
        return 0.0 if self.key.is_fed else self.rate - self.inflow

    @property
    def backlog(self) -> float:
        """Bytes that wait, all members together."""
        return 0.0 if self.key.is_fed else max(0.0, self._backlogs - self.count * self.drained)

    def add(self, member: "Transfer", ticket: int) -> None:
        """Take a member in, with what it has to do still."""
        member.group, member.ticket = self, ticket
        self.roll[ticket] = member
        self.ways[member.route] += 1
        member.sent_from, member.scanned_from = self.sent, self.scanned_s
        member.drains_at, member.scans_at = self.drained + member.backlog_left, self.scanned_s + member.scan_left_s
        self._backlogs += member.drains_at
        if not self.key.is_fed:
            heappush(self._drains, (member.drains_at, ticket, member))
        if self.key.is_scanning:
            heappush(self._scans, (member.scans_at, ticket, member))

    def remove(self, member: "Transfer") -> None:
        """Let a member go, with what it has done noted at itself."""
        member.note()
        del self.roll[member.ticket]
        self.ways[member.route] -= 1
        self._backlogs -= member.drains_at
        member.group, member.ticket = None, 0

    @property
    def count(self) -> int:
        """How many members it has."""
        return len(self.roll)

    def wait_s(self) -> float:
        """Seconds until a member's backlog is worked off or its scan is over."""
        return min(_wait_s(self._drains, self.drained, self.gain), _wait_s(self._scans, self.scanned_s, self.pace))

    def complete_step(self) -> None:
        """The awaited instant has come: what rounding kept from being complete is complete."""
        drains = _wait_s(self._drains, self.drained, self.gain)
        scans = _wait_s(self._scans, self.scanned_s, self.pace)
        if drains <= scans and drains < inf:
            self.sent += max(0.0, self._drains[0][0] - self.drained)
            self.drained = max(self.drained, self._drains[0][0])
        if scans <= drains and scans < inf:
            self.scanned_s = max(self.scanned_s, self._scans[0][0])

    def completed(self) -> "list[Transfer]":
        """Members that have ended a step."""
        return [*_taken(self._scans, self.scanned_s), *_taken(self._drains, self.drained)]


class Transfer:
    """Bytes on their way. `done` is the SimPy event of the instant at which its scan is over and nothing waits."""

    def __init__(self, done: simpy.Event, route: Route, size_bytes: float, weight: float, cap: float) -> None:
        self.done, self.route, self.weight, self.cap = done, route, weight, cap
        self.backlog_left = size_bytes
        self.scan_left_s = self.scan_bytes_per_s = self.churn_bytes_per_s = 0.0
        self.sent_before = self.scanned_before_s = self.sent_from = self.scanned_from = 0.0
        self.drains_at = self.scans_at = 0.0
        self.group: Group | None = None
        self.ticket = 0

    def key(self, route: Route) -> GroupKey:
        """The group in which it belongs as things stand with it; `route` is what limits it."""
        is_fed, is_scanning = self.backlog_left <= 0, self.scan_left_s > 0
        scan = self.scan_bytes_per_s if is_scanning else 0.0
        cap = min(self.cap, scan + self.churn_bytes_per_s) if is_fed else self.cap
        return GroupKey(route, self.weight, cap, scan, self.churn_bytes_per_s, is_scanning, is_fed)

    def note(self) -> None:
        """Write down what was done for it in its group."""
        if self.group is not None:
            self.sent_before += self.group.sent - self.sent_from
            self.scanned_before_s += min(self.group.scanned_s, self.scans_at) - self.scanned_from
            self.sent_from, self.scanned_from = self.group.sent, min(self.group.scanned_s, self.scans_at)
            self.scan_left_s = max(0.0, self.scans_at - self.group.scanned_s)
            self.backlog_left = 0.0 if self.group.key.is_fed else max(0.0, self.drains_at - self.group.drained)

    @property
    def is_over(self) -> bool:
        """Whether nothing enters it any more and nothing waits."""
        return self.scan_left_s <= 0 and self.backlog_left <= 0 and self.churn_bytes_per_s <= 0


def _wait_s(heap: "list[tuple[float, int, Transfer]]", now: float, rate: float) -> float:
    if not heap or rate <= 0:
        return inf
    _drop_gone(heap)
    return max(0.0, heap[0][0] - now) / rate if heap else inf


def _taken(heap: "list[tuple[float, int, Transfer]]", now: float) -> "list[Transfer]":
    taken = []
    _drop_gone(heap)
    while heap and heap[0][0] <= now:
        taken.append(heappop(heap)[2])
        _drop_gone(heap)
    return taken


def _drop_gone(heap: "list[tuple[float, int, Transfer]]") -> None:
    while heap and heap[0][2].ticket != heap[0][1]:
        heappop(heap)
