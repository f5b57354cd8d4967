"""The links of a running site: what flows over them in SimPy's time, shared anew when something comes, goes or changes.

Changes of one instant are gathered and shared out once, at its end. Between two sharings nothing is computed; an event
costs the number of groups (transfers of one route and one inflow), not of transfers.
"""

from collections.abc import Callable, Mapping
from math import inf
from typing import Final

import simpy
from simpy.events import EventPriority

from .budgets import Budgets
from .caches import Caches
from .load import LoadWatch
from .rate_classes import Route, Shares
from .schedule import Schedule, as_schedule, is_constant
from .transfer import ROUNDING, Group, GroupKey, Transfer

_LAST: Final = 9
"""SimPy's priority of what happens after everything else of an instant."""
_HOPELESS: Final = 1000
"""Changes of capacity in a row, while nothing nears its end, after which no more of them are waited for."""
_NEARLY: Final = 0.01
"""What a change counts of them while something does near its end: a year of nights may be needed, not for ever."""


class _Alarm(simpy.Event):
    """An event that is sure to come, before or after others of its instant."""

    def __init__(self, env: simpy.Environment, delay_s: float, priority: int, callback: Callable[[], None]) -> None:
        super().__init__(env)
        self._ok, self._value, self.is_off = True, None, False
        self.callbacks = [lambda _: None if self.is_off else callback()]
        env.schedule(self, EventPriority(priority), delay_s)


class Network:
    """Links by name, each with a capacity in bytes/s (a number or a schedule), and the transfers over them."""

    def __init__(self, env: simpy.Environment, links: Mapping[str, float | Schedule]) -> None:
        self.env = env
        self._schedules = {name: as_schedule(capacity) for name, capacity in links.items()}
        self._shares = Shares({name: schedule.at(env.now) for name, schedule in self._schedules.items()})
        self._groups: dict[GroupKey, Group] = {}
        self._caches, self._budgets = Caches(), Budgets()
        self._settled_s = env.now
        self._tickets = 0
        self._is_marked = False
        self._alarm: _Alarm | None = None
        self._varying = {name for name, schedule in self._schedules.items() if not is_constant(schedule)}
        self._idle_changes, self._nears_end = 0.0, False
        self._limiting = {name for name in links if self._limits(name)}
        self._narrow: dict[Route, Route] = {}
        self.load_watch: LoadWatch | None = None

    # What is asked

    def transfer(self, route: Route, size_bytes: float, weight: float = 1.0, cap_bytes_per_s: float = inf) -> Transfer:
        """Start `size_bytes` over `route`; an empty route or size arrives in the same instant."""
        moved = Transfer(self.env.event(), route, size_bytes if route else 0.0, weight, cap_bytes_per_s)
        return self._start(moved)

    def replicate(
        self, route: Route, scan_s: float, scan_bytes_per_s: float, churn_bytes_per_s: float = 0.0
    ) -> Transfer:
        """Scan for `scan_s` seconds, which lets so many bytes per second into the route, and churn besides.

        It is done when the scan is over and nothing waits. With churn it stays, as replication does, until `stop`.
        """
        moved = Transfer(self.env.event(), route, 0.0, 1.0, inf)
        moved.scan_left_s, moved.scan_bytes_per_s = scan_s, scan_bytes_per_s
        moved.churn_bytes_per_s = churn_bytes_per_s
        return self._start(moved)

    def stop(self, moved: Transfer) -> None:
        """End a transfer that nobody waits for any more."""
        self._settle()
        if moved.group is not None:
            self._leave(moved)
            self._mark()

    def set_capacity(self, link: str, bytes_per_s: float | Schedule) -> None:
        """Change what a link carries from now on; 0 cuts it. Raises KeyError for a link that nobody knows."""
        self._settle()
        self._schedules[link] = as_schedule(bytes_per_s)
        self._varying = {name for name, schedule in self._schedules.items() if not is_constant(schedule)}
        self._apply(link)
        self._let_limit(link)
        self._mark()

    def set_cache(self, link: str, size_bytes: float) -> None:
        """What waits for this element waits in a cache of this size: once 80 % are in use, scans slow down."""
        self._settle()
        self._caches.set(link, size_bytes)
        self._let_limit(link)
        self._mark()

    def set_budget(self, link: str, size_bytes: float, spent: Callable[[], None]) -> None:
        """After this many bytes more the link carries nothing, until a new budget; `spent` is told then."""
        self._settle()
        self._budgets.set(link, size_bytes, spent)
        self._apply(link)
        self._let_limit(link)
        self._mark()

    def watch(self) -> None:
        """Note from now on, event by event, what each link carries, in `load_watch`."""
        self.load_watch = self.load_watch or LoadWatch()
        self._mark()

    # What is seen

    def remaining_bytes(self, moved: Transfer) -> float:
        """What waits to cross."""
        self._note(moved)
        return moved.backlog_left

    def sent_bytes(self, moved: Transfer) -> float:
        """What has crossed."""
        self._note(moved)
        return moved.sent_before

    def scanned_s(self, moved: Transfer) -> float:
        """Seconds of its scan that are done; a cut route and a throttling process server hold it up."""
        self._note(moved)
        return moved.scanned_before_s

    def rpo_s(self, moved: Transfer) -> float:
        """Age in seconds of the oldest change that waits, where changes keep coming; 0 where none do."""
        return self.remaining_bytes(moved) / moved.churn_bytes_per_s if moved.churn_bytes_per_s > 0 else 0.0

    def rate(self, moved: Transfer) -> float:
        """Bytes per second at which it crosses now."""
        return 0.0 if moved.group is None else moved.group.rate

    def load(self, link: str) -> tuple[float, float]:
        """What a link carries now and what it could carry, in bytes/s."""
        ways = ((g.rate * count, way) for g in self._groups.values() for way, count in g.ways.items() if count)
        return sum(rate for rate, way in ways if link in way), self._shares.capacity(link)

    def budget_left(self, link: str) -> float:
        """Bytes that this link may carry still; infinity without a budget."""
        self._settle()
        return self._budgets.left_bytes(link)

    @property
    def throttled(self) -> frozenset[str]:
        """Elements whose cache is so full that they slow the scans down."""
        return self._caches.throttled

    def is_dead(self, link: str) -> bool:
        """Whether a link carries nothing, and no schedule will mend it."""
        return link not in self._varying and self._shares.capacity(link) <= 0

    # How transfers move between groups

    def _start(self, moved: Transfer) -> Transfer:
        self._settle()
        if moved.is_over:
            moved.done.succeed()
        else:
            self._enter(moved)
            self._mark()
        return moved

    def _enter(self, moved: Transfer) -> None:
        key = moved.key(self._narrowed(moved.route))
        group = self._groups.get(key)
        if group is None:
            needs_rate = bool(key.route) and key.cap > 0
            rate_class = self._shares.class_of(key.route, key.weight, key.cap) if needs_rate else None
            group = self._groups[key] = Group(key, rate_class)
        self._tickets += 1
        group.add(moved, self._tickets)
        if group.rate_class is not None:
            self._shares.join(group.rate_class)

    def _leave(self, moved: Transfer) -> None:
        group = moved.group
        assert group is not None
        group.remove(moved)
        if group.rate_class is not None:
            self._shares.leave(group.rate_class)
        if not group.roll:
            del self._groups[group.key]

    def _step(self, moved: Transfer) -> None:
        """A step of it has ended: it is through, or goes on in another group."""
        self._leave(moved)
        if moved.scan_left_s <= 0 and moved.backlog_left <= 0 and not moved.done.triggered:
            moved.done.succeed()
        if not moved.is_over:
            self._enter(moved)

    def _note(self, moved: Transfer) -> None:
        self._settle()
        moved.note()

    # Which links limit anybody: only those are part of the arithmetic

    def _limits(self, link: str) -> bool:
        is_finite = self._schedules[link].at(self.env.now) < inf or link in self._varying
        return is_finite or link in self._caches or link in self._budgets

    def _let_limit(self, link: str) -> None:
        """What begins to limit goes on counting: its transfers are grouped anew, once."""
        if link in self._limiting or not self._limits(link):
            return
        self._limiting.add(link)
        self._narrow.clear()
        for moved in [m for g in self._groups.values() for m in g.roll.values() if link in m.route]:
            self._leave(moved)
            self._enter(moved)

    def _narrowed(self, route: Route) -> Route:
        narrow = self._narrow.get(route)
        if narrow is None:
            narrow = tuple(link for link in route if link in self._limiting) or route[:1]
            self._narrow[route] = narrow
        return narrow

    # How time goes by

    def _settle(self) -> None:
        passed_s = self.env.now - self._settled_s
        if passed_s <= 0:
            return
        self._budgets.settle(passed_s)
        for group in self._groups.values():
            group.advance(passed_s)
        self._settled_s = self.env.now

    def _mark(self) -> None:
        """Something has come, gone or changed."""
        self._idle_changes = 0.0
        self._share_later()

    def _share_later(self) -> None:
        if not self._is_marked:
            self._is_marked = True
            _Alarm(self.env, 0.0, _LAST, self._share)

    def _share(self) -> None:
        self._is_marked = False
        for link in self._varying:
            self._apply(link)
        self._spread()
        while short := [g for g in self._groups.values() if g.key.is_fed and g.is_short]:
            for group in short:
                self._fall_behind(group)
            self._spread()
        self._budgets.draw(lambda link: self.load(link)[0])
        self._arm()
        if self.load_watch is not None:
            self.load_watch.note(self.env.now, self._loads())

    def _loads(self) -> dict[str, tuple[float, float]]:
        carried = dict.fromkeys(self._schedules, 0.0)
        for group in self._groups.values():
            for way, count in group.ways.items():
                for link in way if count else ():
                    carried[link] += group.rate * count
        return {link: (load, self._shares.capacity(link)) for link, load in carried.items()}

    def _spread(self) -> None:
        self._shares.share()
        for group in self._groups.values():
            group.rate = self._shares.rate(group.rate_class) if group.rate_class is not None else 0.0
            group.pace = 0.0 if self._shares.is_cut(group.key.route) else 1.0
        self._caches.throttle(self._groups.values())

    def _fall_behind(self, group: Group) -> None:
        """What enters its members does not all cross: from now on some of it waits."""
        for moved in list(group.roll.values()):
            self._leave(moved)
            moved.backlog_left = ROUNDING  # a billionth of a byte, which says that something waits
            self._enter(moved)

    def _arm(self) -> None:
        if self._alarm is not None:
            self._alarm.is_off = True
        waits = [(group.wait_s(), group) for group in self._groups.values()]
        ends_s = min((wait for wait, _ in waits), default=inf)
        self._nears_end = ends_s < inf
        full_s = self._caches.wait_s(self._groups.values())
        soon_s = min(ends_s, full_s, self._next_change_s(), self._budgets.wait_s())
        self._budgets.await_within(soon_s)
        self._caches.await_within(soon_s, self._groups.values())
        due = [group for wait, group in waits if wait <= soon_s]
        self._alarm = _Alarm(self.env, soon_s, 1, lambda: self._ring(due)) if soon_s < inf else None

    def _ring(self, due: list[Group]) -> None:
        self._settle()
        for group in due:
            group.complete_step()
        for moved, group in [(moved, g) for g in self._groups.values() for moved in g.completed()]:
            if moved.group is group:
                self._step(moved)
        self._idle_changes = 0.0 if due else self._idle_changes + (_NEARLY if self._nears_end else 1.0)
        self._caches.fill_due()
        self._spend()
        self._share_later()

    # What changes by itself: schedules, caches, budgets

    def _apply(self, link: str) -> None:
        is_spent = self._budgets.left_bytes(link) <= 0
        self._shares.set_capacity(link, 0.0 if is_spent else self._schedules[link].at(self.env.now))

    def _next_change_s(self) -> float:
        """Seconds until the capacity of a link in use may change."""
        if not self._varying or self._idle_changes > _HOPELESS:
            return inf
        used = {
            link for key in self._groups if not any(map(self.is_dead, key.route)) for link in key.route
        } & self._varying
        return min((self._schedules[link].next_change_s(self.env.now) for link in used), default=inf) - self.env.now

    def _spend(self) -> None:
        """What has come to its end carries nothing from now on, and somebody hears of it."""
        for link, spent in self._budgets.take_due():
            self._apply(link)
            spent()
