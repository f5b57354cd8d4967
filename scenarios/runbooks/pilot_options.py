"""Other choices for a pilot: one that takes much less time, and one that ends before the way home begins."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil
from typing import Final

from failback.scenarios.files.schema import Scenario

from .pilot_cover import PilotGroup, names_of, tried_by
from .pilot_settling import Settled, night_of, settled
from .pilot_times import ends_s, last_end

_MUCH: Final = 0.75
"""A choice is worth telling if it takes at most this share of the time."""
_TRIES: Final = 3
"""So many groups are left out, one after the other, to find such a choice."""
_TRIES_IN_TIME: Final = 8
"""The same for one that ends in time."""


@dataclass(frozen=True, slots=True)
class OtherChoice:
    """A choice without some machines of this one: who is left out, who goes, and what is then not tried.

    `without` and `taken`: all that is asked for, also what was asked for before.
    """

    without: tuple[str, ...]
    machines: tuple[str, ...]
    loses: tuple[str, ...]
    taken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Longer:
    """A choice that ends after the way home begins: who is left out for that, who would go, what it would try besides.

    `ends_s`: seconds after its start, at the latest; `late_by_s`: after the way home begins, to the minute above, and
    None where only the length of it is why.
    `taken` and `left_out`: what was asked for before.
    """

    slow: tuple[str, ...]
    machines: tuple[str, ...]
    tries: tuple[str, ...]
    ends_s: float
    late_by_s: float | None
    taken: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limit:
    """By when a pilot must end, in seconds after its start, and in how many runs that is looked at."""

    seconds: float
    runs: int


def shorter_choice(scenario: Scenario, groups: tuple[PilotGroup, ...], found: Settled) -> OtherChoice | None:
    """Without the group that is protected again last, and without the next such one, until it is much shorter."""
    now = found
    without: tuple[str, ...] = ()
    for _ in range(_TRIES):
        slow = max(now.groups, key=lambda group: ends_s(now.requests, group.machines), default=None)
        if slow is None or now.limits.taken(slow):
            return None
        without = (*without, *slow.machines)
        now = without_these(scenario, groups, found, without)
        if now.groups and ends_s(now.requests) <= _MUCH * ends_s(found.requests):
            return other_choice(found, now)
    return None


def other_choice(found: Settled, now: Settled) -> OtherChoice:
    """What is told of `now`, which leaves out more than `found`."""
    kept, choice = frozenset(tried_by(now.groups)), now.limits.choice
    loses = tuple(one for one in tried_by(found.groups) if one not in kept)
    return OtherChoice(choice.left_out, names_of(now.groups), loses, choice.taken)


def without_these(
    scenario: Scenario, groups: tuple[PilotGroup, ...], found: Settled, names: tuple[str, ...]
) -> Settled:
    """The choice as if these too were left out by --without."""
    choice = replace(found.limits.choice, left_out=(*found.limits.choice.left_out, *names))
    return settled(scenario, groups, replace(found.limits, choice=choice))


def choice_in_time(
    scenario: Scenario, groups: tuple[PilotGroup, ...], found: Settled, limit: Limit | None
) -> tuple[Settled, Longer] | None:
    """The first choice that ends in time when the slowest group is left out again and again.

    None where `found` itself ends in time or nobody knows what that is, and where no choice does.
    """
    if limit is None or limit.seconds <= 0 or _is_in_time(scenario, found, limit):
        return None
    for now in _without_the_slowest(scenario, groups, found):
        if _is_in_time(scenario, now, limit):
            kept, choice = frozenset(tried_by(now.groups)), found.limits.choice
            tries = tuple(one for one in tried_by(found.groups) if one not in kept)
            slow = tuple(name for name in names_of(groups) if name in now.limits.slow)
            end_s = _latest_end_s(scenario, found, limit)
            late_s = 60.0 * ceil((end_s - limit.seconds) / 60.0)
            longer = Longer(slow, names_of(found.groups), tries, end_s, late_s, choice.taken, choice.left_out)
            return now, longer
    return None


def _without_the_slowest(scenario: Scenario, groups: tuple[PilotGroup, ...], found: Settled) -> Iterator[Settled]:
    """Choices without one more group each, until somebody asked for the slowest or nobody is left."""
    now = found
    for _ in range(_TRIES_IN_TIME):
        slow = max(now.groups, key=lambda group: ends_s(now.requests, group.machines), default=None)
        if slow is None or now.limits.taken(slow):
            return
        now = settled(scenario, groups, replace(now.limits, slow=now.limits.slow | frozenset(slow.machines)))
        if not now.groups:
            return
        yield now


def _is_in_time(scenario: Scenario, found: Settled, limit: Limit) -> bool:
    """By the end of the band that is printed."""
    return _latest_end_s(scenario, found, limit) <= limit.seconds


def _latest_end_s(scenario: Scenario, found: Settled, limit: Limit) -> float:
    night = night_of(scenario, found.groups, limit.runs)
    end = None if night is None else last_end(night.requests)
    return 0.0 if end is None else end.high_s
