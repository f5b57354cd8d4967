"""Bandwidth: flows over routes of links, shared max-min fairly, recomputed only when something comes, goes or changes.

Flows of one route, weight and cap form one class: they have one rate, so a class keeps the bytes served to each of its
flows, and a flow ends when that service has grown by its size. An event costs the number of classes, not of flows.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from heapq import merge
from itertools import accumulate, islice
from math import inf, isfinite
from typing import Final

from . import fair_shares, fast
from .fair_shares import Heaps, Run, Workload
from .rate_classes import Route, Shares
from .schedule import Schedule, as_schedule, changes_after, is_dead, is_free

WORTHWHILE_FLOWS: Final = 2000
"""From so many flows on the compiled kernel is taken if it is there: below, loading it takes longer."""
CHANGES_MAX: Final = 2**20
"""Changes of capacity that are looked at before we say that a flow takes too long."""
_CHANGES_FIRST: Final = 256
_Change = tuple[float, int, float]
"""Instant, place of the link, its capacity from then on."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Bytes that cross every link of a route from an instant on. `weight`: its part of a full link beside others."""

    start_s: float
    size_bytes: float
    route: Route
    weight: float = 1.0
    cap_bytes_per_s: float | None = None

    def __post_init__(self) -> None:
        """A route may be given as a list; a name alone is none, since it would be taken for its letters."""
        given: object = self.route
        if isinstance(given, Iterable) and not isinstance(given, tuple | str | bytes):
            object.__setattr__(self, "route", tuple(given))

    @property
    def cap(self) -> float:
        """Its own limit; infinity when it has none."""
        return inf if self.cap_bytes_per_s is None else self.cap_bytes_per_s

    def wrong(self) -> str | None:
        """What no flow can be, in half a sentence; None where nothing is wrong."""
        try:
            return None if self._is_sound() else self._wrong()
        except (TypeError, OverflowError):
            return f"its start, size, weight and cap are numbers, but not in {self}"

    def _is_sound(self) -> bool:
        """All at one look, since there may be a million of them."""
        size, weight = self.size_bytes, self.weight
        return isfinite(self.start_s) and isfinite(size) and size >= 0 and 0 < weight < inf and self.cap > 0

    def _wrong(self) -> str | None:
        if not isfinite(self.start_s):
            return f"its start_s is {self.start_s}; a start is a finite number"
        if not (isfinite(self.size_bytes) and self.size_bytes >= 0):
            return f"its size_bytes is {self.size_bytes}; a size is a finite number from 0 up"
        if not (isfinite(self.weight) and self.weight > 0):
            return f"its weight is {self.weight}; a weight is a finite number above 0"
        return None if self.cap > 0 else f"its cap_bytes_per_s is {self.cap}; a cap is above 0"


def finish_times(
    links: Mapping[str, float | Schedule], flows: Iterable[Flow], compiled: bool | None = None
) -> list[float]:
    """When each flow is through, in seconds, in order, with all links shared max-min fairly.

    `links`: bytes/s by name, a number or a `CapacitySchedule`. A flow that nothing ever lets through, since a link of
    its route carries nothing for ever, ends at infinity; one of no bytes, or without a link or cap that limits it, when
    it begins. `compiled`: True asks for the kernel of extra `fast`, False for the plain one; None takes the compiled
    one where it is installed and worth loading. Both give the same times.
    Raises ValueError for a link or flow that cannot be, ModuleNotFoundError when numba is asked for and missing.
    """
    flows = tuple(flows)
    run, schedules = _kernel(compiled, len(flows)), _schedules(links)
    _refuse_wrong(flows, schedules)
    dark, open_ = _dark_and_open({flow.route for flow in flows}, schedules)
    finish = [inf if flow.size_bytes > 0 and flow.route in dark else float(flow.start_s) for flow in flows]
    moving = sorted(
        (n for n, f in enumerate(flows) if _takes_time(f, open_) and finish[n] < inf), key=finish.__getitem__
    )
    ends = _run([flows[n] for n in moving], schedules, run) if moving else []
    for n, end_s in zip(moving, ends, strict=True):
        finish[n] = end_s
    return finish


def fair_rates(links: Mapping[str, float], flows: Mapping[Route, int]) -> dict[Route, float]:
    """Max-min fair rate of one flow of each route, by progressive filling, in the links' unit."""
    shares = Shares(links)
    classes = {route: shares.class_of(route) for route in flows}
    for route, flow_class in classes.items():
        for _ in range(flows[route]):
            shares.join(flow_class)
    shares.share()
    return {route: shares.rate(flow_class) for route, flow_class in classes.items()}


def _schedules(links: Mapping[str, float | Schedule]) -> dict[str, Schedule]:
    given: object = links
    if not isinstance(given, Mapping):
        raise ValueError(f"links is a {type(given).__name__}; write a mapping of names to bytes/s")
    return {name: _capacity(name, links[name]) for name in links}


def _capacity(name: str, capacity: float | Schedule) -> Schedule:
    try:
        return as_schedule(capacity)
    except ValueError as wrong:
        raise ValueError(f"link {name!r}: {wrong}") from None


def _refuse_wrong(flows: Sequence[object], links: Mapping[str, Schedule]) -> None:
    routes: dict[Route, str | None] = {}
    for n, flow in enumerate(flows):
        if not isinstance(flow, Flow):
            raise ValueError(f"flow {n} is {flow}; write Flow(start_s, size_bytes, route)")
        wrong = flow.wrong() or _wrong_route_once(flow.route, links, routes)
        if wrong is not None:
            raise ValueError(f"flow {n}: {wrong}")


def _wrong_route_once(route: Route, links: Mapping[str, Schedule], known: dict[Route, str | None]) -> str | None:
    """Each route is looked at once, since a million flows may have a dozen of them."""
    try:
        if route not in known:
            known[route] = _wrong_route(route, links)
        return known[route]
    except TypeError:
        return f"its route is {route}; a route is a tuple of names of links"


def _wrong_route(route: object, links: Mapping[str, Schedule]) -> str | None:
    if not isinstance(route, tuple):
        return f"its route is {route!r}; a route is a tuple of names of links"
    for n, link in enumerate(route):
        if link not in links:
            return f"its route names link {link!r}, which is not among the links"
        if link in route[:n]:
            return f"its route names link {link!r} twice; a flow crosses a link once"
    return None


def _dark_and_open(routes: Set[Route], links: Mapping[str, Schedule]) -> tuple[Set[Route], Set[Route]]:
    """Routes that let nothing through for ever, and routes that nothing but a flow's own cap ever limits."""
    dead = {name for name, schedule in links.items() if is_dead(schedule)}
    free = {name for name, schedule in links.items() if is_free(schedule)}
    return {r for r in routes if not dead.isdisjoint(r)}, {r for r in routes if free.issuperset(r)}


def _takes_time(flow: Flow, open_: Set[Route]) -> bool:
    return flow.size_bytes > 0 and (flow.route not in open_ or flow.cap < inf)


def _kernel(compiled: bool | None, count: int) -> Run:
    if compiled and not fast.is_there():
        raise ModuleNotFoundError(
            "compiled=True needs numba, which is not installed; in failback's source folder: pip install '.[fast]'"
        )
    wanted = compiled if compiled is not None else count >= WORTHWHILE_FLOWS and fast.is_there()
    return fast.run if wanted else fair_shares.run


def _run(flows: Sequence[Flow], links: Mapping[str, Schedule], run: Run) -> list[float]:
    """Finish times of flows in the order of their starts. Seconds are counted from the first start, for precision."""
    links, begins_s, count = _crossed(links, flows), float(flows[0].start_s), _CHANGES_FIRST
    while count <= CHANGES_MAX:
        changes = list(islice(_changes(links, begins_s), count))
        finish = _ends(flows, {name: schedule.at(begins_s) for name, schedule in links.items()}, changes, run)
        known_until_s = inf if len(changes) < count else changes[-1][0]
        if max(finish) <= known_until_s:
            return [end_s + begins_s for end_s in finish]
        count *= 4
    raise ValueError(
        f"a flow has not finished after {CHANGES_MAX} changes of its links' capacities; is a size too large?"
    )


def _ends(flows: Sequence[Flow], links: Mapping[str, float], changes: Sequence[_Change], run: Run) -> list[float]:
    shares = Shares(links)
    keys = [(f.route, float(f.weight), float(f.cap)) for f in flows]
    classes = {key: shares.class_of(*key) for key in set(keys)}
    shares.wire()
    places = [classes[key].at for key in keys]
    begins_s, finish = float(flows[0].start_s), [inf] * len(flows)
    starts, sizes = [float(f.start_s) - begins_s for f in flows], [float(f.size_bytes) for f in flows]
    story = Workload(starts, sizes, places, [c[0] for c in changes], [c[1] for c in changes], [c[2] for c in changes])
    run(shares.wiring, shares.state, _heaps(places, len(classes)), story, finish)
    return finish


def _crossed(links: Mapping[str, Schedule], flows: Sequence[Flow]) -> Mapping[str, Schedule]:
    """Those that a flow crosses, in the order in which `Shares` lays them out."""
    used = {link for route in {flow.route for flow in flows} for link in route}
    return {name: schedule for name, schedule in links.items() if name in used}


def _changes(links: Mapping[str, Schedule], begins_s: float) -> Iterator[_Change]:
    """All changes of capacity after the beginning, in the order of their instants."""
    return merge(*(_changes_of(n, schedule, begins_s) for n, schedule in enumerate(links.values())))


def _changes_of(link: int, schedule: Schedule, begins_s: float) -> Iterator[_Change]:
    return ((instant - begins_s, link, capacity) for instant, capacity in changes_after(schedule, begins_s))


def _heaps(places: Sequence[int], classes: int) -> Heaps:
    """Empty heaps, each with a stretch that has room for all flows of its class."""
    sizes = [0] * classes
    for place in places:
        sizes[place] += 1
    firsts = [0, *accumulate(sizes)][:classes]
    zeros = [0.0] * classes
    return Heaps(zeros, list(zeros), firsts, [0] * classes, [0.0] * len(places), [0] * len(places))
