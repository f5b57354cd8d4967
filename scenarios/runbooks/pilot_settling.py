"""A choice for a pilot of which nobody stops in the simulation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from failback.scenarios.files.schema import Scenario
from failback.scenarios.run.staffing import with_staffing

from .fewer_machines import keeping
from .pilot_cover import PilotGroup, covered, names_of
from .pilot_limits import Limits, refuse_who_cannot
from .pilot_search import covering
from .planned_requests import PlannedNight, PlannedRequest, planned_night


@dataclass(frozen=True, slots=True)
class Settled:
    """A choice of which nobody stops in the simulation, who was found to stop on the way to it, and its requests."""

    groups: tuple[PilotGroup, ...]
    limits: Limits
    requests: tuple[PlannedRequest, ...] = ()


def settled(scenario: Scenario, groups: tuple[PilotGroup, ...], limits: Limits) -> Settled:
    """The best groups within these limits. Raises `UsageError` where one that was asked for cannot go."""
    while True:
        refuse_who_cannot(groups, limits)
        able = [group for group in groups if limits.why_not(group) is None]
        chosen = _chosen(able, limits)
        if (night := night_of(scenario, chosen)) is None or not night.stops:
            return Settled(chosen, limits, night.requests if night else ())
        stops = {stop.item: stop for stop in night.stops}
        if not limits.stops and (other := night_of(scenario, able)):
            # one run of all of them spares a run for each that would be chosen in its place
            stops |= {stop.item: stop for stop in other.stops}
        limits = replace(limits, stops={**limits.stops, **stops})


def _chosen(able: Sequence[PilotGroup], limits: Limits) -> tuple[PilotGroup, ...]:
    """Those that somebody asked for, and for the rest the best set beside them."""
    taken = tuple(group for group in able if limits.taken(group))
    others = [group for group in able if group not in taken]
    return (*taken, *covering(others, covered(able) - covered(taken), taken))


def night_of(scenario: Scenario, groups: Iterable[PilotGroup], runs: int = 1) -> PlannedNight | None:
    """A run of them alone; None where there are none."""
    names = names_of(groups)
    return planned_night(with_staffing(restricted(scenario, names)), runs) if names else None


def restricted(scenario: Scenario, names: Iterable[str]) -> Scenario:
    """The scenario with these machines alone, in one wave: what the pilot's runbook is made of."""
    kept = keeping(scenario, names)
    return replace(
        kept,
        name=f"{scenario.name}_pilot",
        title=f"Pilot of {scenario.title or scenario.name}",
        plan=replace(kept.plan, waves=(), recovery_plans=()),
        applications=tuple(replace(one, depends_on=()) for one in kept.applications),
    )
