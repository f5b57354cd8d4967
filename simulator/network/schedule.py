"""Capacity that varies with time: piecewise constant, as data; throttling by hours and maintenance windows."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import floor, inf, isnan, nan
from typing import Final, Protocol, runtime_checkable

from failback.reprotect import DAYS, Link, Throttle, WorkingHours

DAY_S: Final = 86400.0
WEEK_S: Final = 7 * DAY_S


@runtime_checkable
class Schedule(Protocol):
    """A value that is constant between instants at which it changes."""

    def at(self, now_s: float) -> float:
        """The value from this instant on."""

    def next_change_s(self, now_s: float) -> float:
        """The next instant after this one at which it may change; infinity when it never does."""


@dataclass(frozen=True, slots=True)
class CapacitySchedule:
    """Steps (from second, value), the first at 0; with `every_s` they begin again after so many seconds."""

    steps: tuple[tuple[float, float], ...]
    every_s: float | None = None

    def __post_init__(self) -> None:
        instants = [instant for instant, _ in self.steps]
        if not instants or instants[0] != 0 or instants != sorted(set(instants)):
            raise ValueError(
                "the steps of a capacity schedule must be in the order of their seconds, and the first must be at 0"
            )
        if any(isnan(value) or value < 0 for _, value in self.steps):
            raise ValueError("a capacity must be a number of at least 0")
        if self.every_s is not None and not instants[-1] < self.every_s < inf:
            raise ValueError("a capacity schedule must begin again after its last step")

    def at(self, now_s: float) -> float:
        """The value from this instant on."""
        within = self._within(now_s)
        return next((value for instant, value in reversed(self.steps) if instant <= within), self.steps[0][1])

    def next_change_s(self, now_s: float) -> float:
        """The next instant after this one at which it may change; infinity when it never does."""
        begun = 0.0 if self.every_s is None else floor(now_s / self.every_s) * self.every_s
        ahead = [begun + instant for instant, _ in self.steps if begun + instant > now_s]
        return ahead[0] if ahead else inf if self.every_s is None else begun + self.every_s

    def _within(self, now_s: float) -> float:
        return now_s if self.every_s is None else now_s - floor(now_s / self.every_s) * self.every_s


@dataclass(frozen=True, slots=True)
class Scaled:
    """A capacity of which the lowest of some shares is left."""

    full: float
    shares: Sequence[Schedule]

    def at(self, now_s: float) -> float:
        """What is left from this instant on."""
        return self.full * min((share.at(now_s) for share in self.shares), default=1.0)

    def next_change_s(self, now_s: float) -> float:
        """The next instant at which one of the shares may change."""
        return min((share.next_change_s(now_s) for share in self.shares), default=inf)


def as_schedule(capacity: "float | Schedule") -> Schedule:
    """The capacity as a schedule. Raises ValueError for what is none, or a number that is none or negative."""
    if isinstance(capacity, Schedule):
        return capacity
    given: object = capacity
    try:
        bytes_per_s = nan if isinstance(given, str | bytes) else float(capacity)
    except (TypeError, ValueError, OverflowError):
        bytes_per_s = nan
    if isnan(bytes_per_s) or bytes_per_s < 0:
        raise ValueError(f"its capacity is {capacity!r}; a capacity is a number of bytes/s from 0 up, or a schedule")
    return CapacitySchedule(((0.0, bytes_per_s),))


def is_constant(schedule: Schedule) -> bool:
    """Whether it is plain that this capacity never changes."""
    return isinstance(schedule, CapacitySchedule) and len(schedule.steps) == 1


def is_free(schedule: Schedule) -> bool:
    """Whether it is plain that this capacity is without a limit for ever."""
    return isinstance(schedule, CapacitySchedule) and all(value == inf for _, value in schedule.steps)


def is_dead(schedule: Schedule) -> bool:
    """Whether it is plain that this capacity is 0 for ever."""
    return isinstance(schedule, CapacitySchedule) and not any(value for _, value in schedule.steps)


def changes_after(schedule: Schedule, now_s: float) -> Iterator[tuple[float, float]]:
    """(instant, value) of each change after this instant, for ever if it never ends."""
    while (now_s := schedule.next_change_s(now_s)) < inf:
        yield now_s, schedule.at(now_s)


def shares_of(link: Link, week_s: float) -> tuple[Schedule, ...]:
    """What is left of a link, one schedule for each of its throttles; `week_s`: the start, since Monday 00:00."""
    return (*map(_throttled, link.schedule), *(_working_hours(hours, week_s) for hours in link.working_hours))


def _throttled(throttle: Throttle) -> Schedule:
    end_s = inf if throttle.to_s is None else throttle.to_s
    return _windows([(throttle.from_s, end_s)], throttle.share, throttle.every_s)


def _working_hours(hours: WorkingHours, week_s: float) -> Schedule:
    """Seconds of the week, counted from the scenario's beginning."""
    last_h = hours.to_hour + (24.0 if hours.to_hour <= hours.from_hour else 0.0)
    starts = ((DAYS.index(day) * DAY_S + hours.from_hour * 3600 - week_s) % WEEK_S for day in hours.days)
    return _windows(_wrapped(starts, (last_h - hours.from_hour) * 3600), hours.share, WEEK_S)


def _wrapped(starts: Iterable[float], length_s: float) -> list[tuple[float, float]]:
    """Windows within one week; one that runs over its end goes on at its beginning."""
    windows = []
    for start in starts:
        windows.append((start, min(start + length_s, WEEK_S)))
        if start + length_s > WEEK_S:
            windows.append((0.0, start + length_s - WEEK_S))
    return windows


def _windows(windows: Sequence[tuple[float, float]], share: float, every_s: float | None) -> CapacitySchedule:
    """All of it, and this share within the windows."""
    instants = sorted({0.0, *(edge for window in windows for edge in window if edge < (every_s or inf))})
    inside = (any(start <= instant < end for start, end in windows) for instant in instants)
    return CapacitySchedule(tuple((i, share if low else 1.0) for i, low in zip(instants, inside, strict=True)), every_s)
