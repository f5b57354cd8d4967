"""A pilot without the largest disk, where that disk alone makes it several times as long."""

from dataclasses import replace
from typing import Final

from failback.scenarios.files.schema import Scenario

from .pilot_cover import PilotGroup, covered, names_of
from .pilot_groups import largest_disk
from .pilot_options import Longer
from .pilot_settling import Settled, settled
from .pilot_times import ends_s

TIMES: Final = 3
"""So many times as long is too long by default for one property: our choice, not measured. Whoever wants it asks with
--with."""


def without_the_largest(
    scenario: Scenario, groups: tuple[PilotGroup, ...], found: Settled
) -> tuple[Settled, Longer] | None:
    """The choice without machines that have the largest disk, and what it leaves out for time.

    None where it saves less, would not try something else either, or where somebody asked for one of them.
    """
    disk = largest_disk(scenario.estate)
    largest = [group for group in groups if disk in group.properties]
    if not any(group in largest for group in found.groups) or any(map(found.limits.taken, largest)):
        return None
    now = settled(scenario, groups, replace(found.limits, long=frozenset(names_of(largest))))
    loses = covered(found.groups) - covered(now.groups)
    long_s = ends_s(found.requests)
    if not now.groups or long_s <= TIMES * ends_s(now.requests) or not loses <= {disk}:
        return None
    slow = names_of(group for group in found.groups if disk in group.properties)
    choice = found.limits.choice
    return now, Longer(slow, names_of(found.groups), tuple(sorted(loses)), long_s, None, choice.taken, choice.left_out)
