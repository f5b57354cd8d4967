"""Bandwidth: flows over routes of links, shared max-min fairly, recomputed only when something comes, goes or changes.

Flows of one route form one class: they have one rate, so a class keeps the bytes served to each of its flows since the
beginning, and a flow ends when that service has grown by its size. An event costs the number of classes, not of flows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush
from math import inf
from typing import Any, cast

import simpy

Route = tuple[str, ...]


@dataclass(slots=True)
class _FlowClass:
    route: Route
    rate_bytes_per_s: float = 0.0
    served_bytes: float = 0.0
    ends: list[tuple[float, int, "Transfer"]] = field(default_factory=list)


class Transfer:
    """Bytes on their way. `done` is the SimPy event of their arrival."""

    def __init__(self, done: simpy.Event, size_bytes: float, flow_class: _FlowClass) -> None:
        self.done, self.size_bytes, self._class = done, size_bytes, flow_class
        self._served_at_start = flow_class.served_bytes

    @property
    def end_bytes(self) -> float:
        """The class's service at which this transfer is complete."""
        return self._served_at_start + self.size_bytes


class Network:
    """The links of a site and what flows over them, in one SimPy environment."""

    def __init__(self, env: simpy.Environment, links_bytes_per_s: Mapping[str, float]) -> None:
        self.env = env
        self._links = dict(links_bytes_per_s)
        self._classes: dict[Route, _FlowClass] = {}
        self._settled_s = env.now
        self._count = 0
        self._timer = 0

    def transfer(self, route: Route, size_bytes: float) -> Transfer:
        """Start `size_bytes` over `route`; an empty route or size arrives in the same instant."""
        self._settle()
        flow_class = self._classes.setdefault(route, _FlowClass(route))
        moved = Transfer(self.env.event(), size_bytes, flow_class)
        if size_bytes <= 0 or not route:
            moved.done.succeed()
            return moved
        self._count += 1
        heappush(flow_class.ends, (moved.end_bytes, self._count, moved))
        self._share()
        return moved

    def set_capacity(self, link: str, bytes_per_s: float) -> None:
        """Change what a link carries from now on; 0 cuts it."""
        self._settle()
        self._links[link] = bytes_per_s
        self._share()

    def remaining_bytes(self, moved: Transfer) -> float:
        """What has not arrived yet."""
        if moved.done.triggered:
            return 0.0
        served = moved._class.served_bytes + moved._class.rate_bytes_per_s * (self.env.now - self._settled_s)
        return max(0.0, moved.end_bytes - served)

    def _settle(self) -> None:
        passed_s = self.env.now - self._settled_s
        for flow_class in self._classes.values():
            flow_class.served_bytes += flow_class.rate_bytes_per_s * passed_s
        self._settled_s = self.env.now

    def _share(self) -> None:
        self._classes = {r: c for r, c in self._classes.items() if c.ends}
        rates = fair_rates(self._links, {r: len(c.ends) for r, c in self._classes.items()})
        for route, flow_class in self._classes.items():
            flow_class.rate_bytes_per_s = rates[route]
        self._arm()

    def _arm(self) -> None:
        self._timer += 1
        soonest = min(self._classes.values(), key=_wait_s, default=None)
        if soonest is not None and _wait_s(soonest) < inf:
            alarm = self.env.timeout(_wait_s(soonest), (self._timer, soonest))
            assert alarm.callbacks is not None  # only a processed event has none
            alarm.callbacks.append(self._arrive)

    def _arrive(self, event: simpy.Event) -> None:
        timer, flow_class = cast(tuple[int, _FlowClass], event.value)
        if timer != self._timer:
            return
        self._settle()
        flow_class.served_bytes = max(flow_class.served_bytes, flow_class.ends[0][0])
        while flow_class.ends and flow_class.ends[0][0] <= flow_class.served_bytes:
            heappop(flow_class.ends)[2].done.succeed()
        self._share()


def fair_rates(links: Mapping[str, float], flows: Mapping[Route, int]) -> dict[Route, float]:
    """Max-min fair rate of one flow of each route, by progressive filling, in the links' unit."""
    room = {link: links[link] for route in flows for link in route}
    load = dict.fromkeys(room, 0)
    for route, count in flows.items():
        for link in route:
            load[link] += count
    rates: dict[Route, float] = {}
    while len(rates) < len(flows):
        tight = min((link for link in load if load[link]), key=lambda k: room[k] / load[k])
        _fill(tight, room[tight] / load[tight], flows, rates, room, load)
    return rates


def _fill(
    tight: str,
    rate: float,
    flows: Mapping[Route, int],
    rates: dict[Route, float],
    room: dict[str, Any],
    load: dict[str, int],
) -> None:
    for route, count in flows.items():
        if tight in route and route not in rates:
            rates[route] = rate
            for link in route:
                room[link] = max(0.0, room[link] - rate * count)
                load[link] -= count


def _wait_s(flow_class: _FlowClass) -> float:
    left = flow_class.ends[0][0] - flow_class.served_bytes
    return max(0.0, left) / flow_class.rate_bytes_per_s if flow_class.rate_bytes_per_s > 0 else inf
