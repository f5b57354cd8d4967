"""Rate classes on links: flows of one route, weight and cap have one rate, so the arithmetic counts classes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import inf
from typing import Final

from .fair_shares import KernelState, Wiring, join, leave, share_out

Route = tuple[str, ...]
UNLIMITED: Final = 1e300
"""Bytes per second of a link without a limit: finite, so that what it leaves over is a number still."""
_IDLE_MAX: Final = 32
"""Classes without a flow that are kept, in case one comes back."""


@dataclass(slots=True, eq=False)
class RateClass:
    """Flows that have one rate. `cap` is one flow's own limit in bytes/s; infinity when it has none."""

    route: Route
    weight: float
    cap: float
    at: int = -1


class Shares:
    """Links by name, classes on them, and the rates that come of it. Links that no class crosses cost nothing."""

    def __init__(self, links: Mapping[str, float]) -> None:
        self._capacity = {name: min(bytes_per_s, UNLIMITED) for name, bytes_per_s in links.items()}
        self._cut = {name for name, bytes_per_s in links.items() if bytes_per_s <= 0}
        self._at: dict[str, int] = {}
        self._classes: dict[tuple[Route, float, float], RateClass] = {}
        self.wire()

    def class_of(self, route: Route, weight: float = 1.0, cap: float = inf) -> RateClass:
        """The class of such flows. Raises KeyError for a link that nobody knows."""
        key = (route, weight, cap)
        found = self._classes.get(key)
        if found is None:
            unknown = next((link for link in route if link not in self._capacity), None)
            if unknown is not None:
                raise KeyError(unknown)
            found = self._classes[key] = RateClass(route, weight, cap)
        return found

    def join(self, flow_class: RateClass) -> None:
        """One more flow. Where the class is new to the wiring, it counts from the next sharing on."""
        if flow_class.at < 0:
            self.wire()
        join(self.wiring, self.state, flow_class.at)

    def leave(self, flow_class: RateClass) -> None:
        """One flow fewer."""
        leave(self.wiring, self.state, flow_class.at)

    def set_capacity(self, link: str, bytes_per_s: float) -> None:
        """What a link carries from now on. Raises KeyError for a link that nobody knows."""
        if link not in self._capacity:
            raise KeyError(link)
        self._capacity[link] = min(bytes_per_s, UNLIMITED)
        (self._cut.add if bytes_per_s <= 0 else self._cut.discard)(link)
        if link in self._at:
            self.state.capacity[self._at[link]] = self._capacity[link]

    def capacity(self, link: str) -> float:
        """What a link carries now; infinity without a limit."""
        bytes_per_s = self._capacity[link]
        return inf if bytes_per_s >= UNLIMITED else bytes_per_s

    def is_cut(self, route: Route) -> bool:
        """Whether one of its links carries nothing."""
        return not self._cut.isdisjoint(route)

    def share(self) -> None:
        """Work the rates out anew."""
        share_out(self.wiring, self.state)

    def rate(self, flow_class: RateClass) -> float:
        """Bytes per second of one flow of this class."""
        return float(self.state.rate[flow_class.at])

    def wire(self) -> None:
        """Lay the arrays out anew, without classes that nobody has used for a while."""
        self._drop_idle()
        classes = list(self._classes.values())
        counts = [self._count(c) for c in classes]
        for at, flow_class in enumerate(classes):
            flow_class.at = at
        used = {link for c in classes for link in c.route}
        self._at = {name: at for at, name in enumerate(name for name in self._capacity if name in used)}
        self.wiring = _wiring([[self._at[n] for n in c.route] for c in classes], classes, len(self._at))
        self.state = _state(self.wiring, [self._capacity[name] for name in self._at], counts)

    def _count(self, flow_class: RateClass) -> int:
        return int(self.state.count[flow_class.at]) if flow_class.at >= 0 else 0

    def _drop_idle(self) -> None:
        idle = [key for key, c in self._classes.items() if c.at >= 0 and self._count(c) == 0]
        if len(idle) > _IDLE_MAX + len(self._classes) // 2:
            for key in idle:
                self._classes.pop(key)


def _wiring(routes: Sequence[Sequence[int]], classes: Sequence[RateClass], links: int) -> Wiring:
    users: list[list[int]] = [[] for _ in range(links)]
    for c, route in enumerate(routes):
        for link in route:
            users[link].append(c)
    capped = sorted((c for c, k in enumerate(classes) if k.cap < inf), key=lambda c: classes[c].cap / classes[c].weight)
    return Wiring(
        _starts(routes),
        [link for route in routes for link in route],
        _starts(users),
        [c for of_link in users for c in of_link],
        [c.weight for c in classes],
        [c.cap for c in classes],
        capped,
    )


def _starts(parts: Iterable[Sequence[int]]) -> list[int]:
    return [0, *accumulate(len(part) for part in parts)]


def _state(wiring: Wiring, capacity: Sequence[float], counts: Sequence[int]) -> KernelState:
    links, classes = len(capacity), len(counts)
    state = KernelState(
        list(capacity),
        [0.0] * links,
        [0] * links,
        [0] * classes,
        [0.0] * classes,
        [0.0] * links,
        [0.0] * links,
        [0] * links,
        [False] * classes,
    )
    for c, count in enumerate(counts):
        state.count[c] = count
        for link in wiring.route_links[wiring.route_start[c] : wiring.route_start[c + 1]]:
            state.load[link] += wiring.weight[c] * count
            state.users[link] += count > 0
    return state
