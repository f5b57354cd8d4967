"""A scenario with some of its machines: what a pilot brings home, or what is left after half of the return."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from failback.reprotect import Estate, Gate, Plan, RecoveryPlan, ReplicationGroup, Wave
from failback.scenarios.files.applications import Application
from failback.scenarios.files.schema import Scenario


def keeping(scenario: Scenario, names: Iterable[str]) -> Scenario:
    """The scenario with these machines alone: groups, plans, waves, gates and applications lose the others."""
    kept = frozenset(names)
    return replace(
        scenario,
        estate=_estate(scenario.estate, kept),
        plan=_plan(scenario.plan, kept),
        applications=tuple(_applications(scenario.applications, kept)),
    )


def _left(names: Iterable[str], kept: Collection[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name in kept)


def _estate(estate: Estate, kept: Collection[str]) -> Estate:
    return replace(
        estate,
        virtual_machines={name: vm for name, vm in estate.virtual_machines.items() if name in kept},
        replication_groups={group.name: group for group in _groups(estate, kept)},
        recovery_plans={plan.name: plan for plan in _recovery_plans(estate, kept)},
    )


def _groups(estate: Estate, kept: Collection[str]) -> Iterator[ReplicationGroup]:
    for group in estate.replication_groups.values():
        if left := _left(group.items, kept):
            yield replace(group, items=left)


def _recovery_plans(estate: Estate, kept: Collection[str]) -> Iterator[RecoveryPlan]:
    for plan in estate.recovery_plans.values():
        if left := tuple(names for group in plan.groups if (names := _left(group, kept))):
            yield replace(plan, groups=left)


def _plan(plan: Plan, kept: Collection[str]) -> Plan:
    return replace(
        plan,
        waves=tuple(_waves(plan, kept)),
        together=tuple(one for entry in plan.together if (one := entry.keeping(kept)).order),
        gates=tuple(_gates(plan, kept)),
        item_choices={name: one for name, one in plan.item_choices.items() if name in kept},
    )


def _waves(plan: Plan, kept: Collection[str]) -> Iterator[Wave]:
    for wave in plan.waves:
        if left := _left(wave.items, kept):
            yield replace(wave, items=left)


def _gates(plan: Plan, kept: Collection[str]) -> Iterator[Gate]:
    """A gate without names is everybody's."""
    for gate in plan.gates:
        if not gate.items:
            yield gate
        elif left := _left(gate.items, kept):
            yield replace(gate, items=left)


def _applications(applications: Iterable[Application], kept: Collection[str]) -> Iterator[Application]:
    served = {one.name: left for one in applications if (left := _left(one.machines, kept))}
    for one in applications:
        if one.name in served:
            yield replace(one, machines=served[one.name], depends_on=_left(one.depends_on, served))
