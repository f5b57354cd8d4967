"""A pilot with less at stake, where the choice leaves an application in parts or takes a machine of the next tier."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from failback.scenarios.files.schema import Scenario

from .pilot_cover import PilotGroup, names_of
from .pilot_limits import most_important
from .pilot_options import OtherChoice, other_choice, without_these
from .pilot_settling import Settled

_TRIES: Final = 4
"""So many times its machines are left out, to find such a choice."""


@dataclass(frozen=True, slots=True)
class LessAtStake:
    """The choice, whether it leaves fewer applications in parts, and the tier that it leaves alone, if it does."""

    other: OtherChoice
    whole: bool
    tier: float | None


def less_at_stake(scenario: Scenario, groups: tuple[PilotGroup, ...], found: Settled) -> LessAtStake | None:
    """None where `found` itself is such a choice, where somebody asked for what is at stake, and where none exists."""
    next_tier = most_important([group for group in groups if found.limits.why_not(group) is None])
    without: tuple[str, ...] = ()
    now, harm = found, _harm(found, next_tier)
    for _ in range(_TRIES):
        if not harm or any(map(found.limits.taken, harm)):
            break
        without = tuple(dict.fromkeys((*without, *names_of(harm))))
        now = without_these(scenario, groups, found, without)
        harm = _harm(now, next_tier)
    if harm or not without or not now.groups:
        return None
    tier = next_tier if any(_of_tier(found, next_tier)) else None
    return LessAtStake(other_choice(found, now), any(_in_parts(found)), tier)


def _harm(found: Settled, tier: float | None) -> tuple[PilotGroup, ...]:
    return (*_in_parts(found), *_of_tier(found, tier))


def _in_parts(found: Settled) -> Iterator[PilotGroup]:
    names = frozenset(names_of(found.groups))
    return (group for group in found.groups if any(not machines <= names for machines in group.parted))


def _of_tier(found: Settled, tier: float | None) -> Iterator[PilotGroup]:
    return (group for group in found.groups if group.rank == tier)
