"""The latest start with which everything is home in time; looked for by simulation where the start itself matters."""

from collections.abc import Callable
from datetime import datetime, timedelta
from math import floor
from typing import Final, TypeAlias

from failback.scenarios.files.schema import Scenario, Shift, Weekday
from failback.scenarios.text.local_time import after, seconds_between

LOOKS_MAX: Final = 6
"""Starts that are tried at most to find one that is early enough."""
WEEK_S: Final = 7 * 86400.0
"""Shifts and working hours recur after it, so that no start has to be tried that is many weeks too early."""
FINE_S: Final = 900.0
"""The search ends when it knows the latest start to a quarter of an hour."""
Takes: TypeAlias = Callable[[datetime], float | None]
"""How long the way home takes from a start, in seconds, as sure as was asked; None: it never ends."""


def depends_on_start(scenario: Scenario) -> bool:
    """Whether it matters when the way home begins: people are not always there, or the line has working hours."""
    return people_are_away(scenario) or bool(scenario.estate.link.working_hours)


def people_are_away(scenario: Scenario) -> bool:
    """Whether machines wait for people who are not always there."""
    people = scenario.homecoming
    asks = bool(people.manual_steps) or people.fail_back_when_staffed
    return asks and not all(map(_always_there, people.shifts))


def latest_start(by: datetime, start: datetime, takes_s: float | None, takes: Takes | None) -> datetime | None:
    """The latest start for `by`. `takes_s` is what it takes from `start`; `takes` asks anew where that matters."""
    if takes_s is None:
        return None
    if takes is None:
        return _whole_minute(after(by, -takes_s))
    good = start if takes_s <= seconds_between(start, by) else _earlier(by, start, takes_s, takes)
    return None if good is None else _whole_minute(_later(by, good, takes))


def _earlier(by: datetime, start: datetime, takes_s: float, takes: Takes) -> datetime | None:
    """A start that is early enough: earlier by as much as the last one was late."""
    for _ in range(LOOKS_MAX):
        start = after(start, seconds_between(start, by) - takes_s - FINE_S)
        found = takes(start)
        if found is None or found <= seconds_between(start, by):
            return None if found is None else start
        takes_s = found
    return None


def _later(by: datetime, good: datetime, takes: Takes) -> datetime:
    """The latest one between a good start and the end, by halving."""
    good = _weeks_later(by, good, takes)
    room_s = seconds_between(good, by)
    while room_s > FINE_S:
        room_s /= 2
        tried = after(good, room_s)
        found = takes(tried)
        good = tried if found is not None and found <= seconds_between(tried, by) else good
    return good


def _weeks_later(by: datetime, good: datetime, takes: Takes) -> datetime:
    """The same hour so many weeks later that a week and more is left, if that is early enough."""
    weeks = floor(seconds_between(good, by) / WEEK_S) - 1
    if weeks < 1:
        return good
    tried = good + timedelta(weeks=weeks)
    found = takes(tried)
    return tried if found is not None and found <= seconds_between(tried, by) else good


def _always_there(shift: Shift) -> bool:
    return set(shift.days) == set(Weekday) and (shift.to_hour - shift.from_hour) % 24 == 0


def _whole_minute(at: datetime) -> datetime:
    """Cut to the minute, which is earlier and so still good."""
    return at - timedelta(seconds=at.second, microseconds=at.microsecond)
