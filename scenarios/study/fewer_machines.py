"""A scenario with some of its machines only, and what is left of its plan then."""

from collections.abc import Collection
from dataclasses import replace

from failback.reprotect import Estate, Plan
from failback.scenarios.files.schema import Scenario


def with_machines(scenario: Scenario, names: Collection[str]) -> Scenario:
    """The scenario with these machines only."""
    gone = frozenset(scenario.estate.virtual_machines) - frozenset(names)
    estate = _estate(scenario.estate, gone)
    faults = (f for f in scenario.faults if f.object not in gone and (f.when is None or f.when.item not in gone))
    operator = (a for a in scenario.operator if not a.items or _left(a.items, gone))
    return replace(
        scenario,
        estate=estate,
        plan=_plan(scenario.plan, estate, gone),
        faults=tuple(faults),
        operator=tuple(replace(a, items=_left(a.items, gone)) for a in operator),
        applications=(),
    )


def _left(names: Collection[str], gone: Collection[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name not in gone)


def _estate(estate: Estate, gone: Collection[str]) -> Estate:
    groups = {g.name: replace(g, items=_left(g.items, gone)) for g in estate.replication_groups.values()}
    plans = {
        plan.name: replace(plan, groups=tuple(left for group in plan.groups if (left := _left(group, gone))))
        for plan in estate.recovery_plans.values()
    }
    return replace(
        estate,
        virtual_machines={name: vm for name, vm in estate.virtual_machines.items() if name not in gone},
        replication_groups={name: group for name, group in groups.items() if group.items},
        recovery_plans={name: plan for name, plan in plans.items() if plan.groups},
    )


def _plan(plan: Plan, estate: Estate, gone: Collection[str]) -> Plan:
    kept = frozenset(estate.virtual_machines)
    waves = (replace(wave, items=_left(wave.items, gone)) for wave in plan.waves)
    gates = (
        replace(gate, items=_left(gate.items, gone)) for gate in plan.gates if not gate.items or _left(gate.items, gone)
    )
    return replace(
        plan,
        recovery_plans=tuple(name for name in plan.recovery_plans if name in estate.recovery_plans),
        waves=tuple(wave for wave in waves if wave.items),
        together=tuple(one for entry in plan.together if (one := entry.keeping(kept)).order),
        gates=tuple(gates),
        item_choices={name: choices for name, choices in plan.item_choices.items() if name not in gone},
    )
