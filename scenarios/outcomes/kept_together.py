"""Machines that wait for each other in a run: those of `plan: together`, as far as their disks have slots at once."""

from collections.abc import Iterator

from failback.reprotect import Estate, Plan, Together, never_together
from failback.scenarios.files.schema import Scenario


def kept_together(estate: Estate, plan: Plan) -> tuple[Together, ...]:
    """The entries of the plan without those of which each machine goes alone."""
    never = never_together(estate, plan)
    return tuple(entry for entry in plan.together if entry.name not in never)


def committed_together(scenario: Scenario) -> tuple[frozenset[str], ...]:
    """Machines of which none is committed before all are checked: those, and the machines of each recovery plan."""
    return tuple(_groups(scenario))


def _groups(scenario: Scenario) -> Iterator[frozenset[str]]:
    yield from (frozenset(entry.items) for entry in kept_together(scenario.estate, scenario.plan))
    yield from (scenario.estate.recovery_plans[name].items for name in scenario.plan.recovery_plans)
