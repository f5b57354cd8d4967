"""What in a plan cannot work with an estate, said before anything is asked."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import NamedTuple

from failback.reprotect.estate import PLAN_INSTANCES_MAX, Estate
from failback.reprotect.plan import Plan


class InvalidPlan(Exception):
    """The plan cannot work with the estate; the message says all reasons."""


class PlanMistake(NamedTuple):
    """What cannot work: which part of the plan, how, and what to change. `documented`: by whose limit."""

    object: str
    sentence: str
    act: str
    documented: bool = False


def validate_plan(estate: Estate, plan: Plan) -> tuple[str, ...]:
    """One sentence for each mistake; none when the plan can work."""
    return tuple(mistake.sentence for mistake in plan_mistakes(estate, plan))


def plan_mistakes(estate: Estate, plan: Plan) -> tuple[PlanMistake, ...]:
    """Each mistake with the part of the plan that has it."""
    checks = (_unknown_items(estate, plan), _unknown_plans(estate, plan), _twice(estate, plan))
    more = (_too_large(estate, plan), _mixed(estate, plan), _torn_apart(estate, plan), _ambiguous(estate, plan))
    return tuple(chain(*checks, *more, _split_groups(estate, plan), _by_two_ways(estate, plan)))


def _unknown_items(estate: Estate, plan: Plan) -> Iterator[PlanMistake]:
    named: dict[str, tuple[str, Iterable[str]]] = {f"wave {w.name}": ("plan: waves", w.items) for w in plan.waves}
    named |= {f"gate {g.name}": ("plan: gates", g.items) for g in plan.gates}
    named |= {f"entry {entry.name}": ("plan: together", entry.items) for entry in plan.together}
    named |= {"item_choices": ("plan: item_choices", plan.item_choices)}
    groups = estate.replication_groups.values()
    named |= {f"replication group {g.name}": ("replication_groups", g.items) for g in groups}
    plans = _recovery_plans(estate, plan).items()
    named |= {f"recovery plan {name}": ("recovery_plans", members) for name, members in plans}
    for place, (key, names) in named.items():
        for name in (n for n in names if n not in estate.virtual_machines):
            act = f"correct the name {name} under `{key}`, or add the machine under `virtual_machines`"
            yield PlanMistake(place, f"{place} names {name}, which is not a machine", act)


def _unknown_plans(estate: Estate, plan: Plan) -> Iterator[PlanMistake]:
    for name in (name for name in plan.recovery_plans if name not in estate.recovery_plans):
        act = f"correct the name {name} under `plan: recovery_plans`, or add the recovery plan under `recovery_plans`"
        yield PlanMistake(f"recovery plan {name}", f"there is no recovery plan {name}", act)


def _twice(estate: Estate, plan: Plan) -> Iterator[PlanMistake]:
    waves = {w.name: w.items for w in plan.waves}
    groups = {g.name: g.items for g in estate.replication_groups.values()}
    together = {str(n): entry.items for n, entry in enumerate(plan.together)}
    for kind, key, sets in (
        ("waves", "plan: waves", waves),
        ("entries", "plan: together", together),
        ("recovery plans", "recovery_plans", _recovery_plans(estate, plan)),
        ("groups", "replication_groups", groups),
    ):
        seen: set[str] = set()
        for name in chain.from_iterable(sets.values()):
            if name in seen:
                act = f"leave {name} in one of the {kind} under `{key}` only"
                yield PlanMistake(kind, f"{name} is listed twice in the {kind}", act)
            seen.add(name)


def _too_large(estate: Estate, plan: Plan) -> Iterator[PlanMistake]:
    for name, members in _recovery_plans(estate, plan).items():
        if len(members) > PLAN_INSTANCES_MAX:
            many = f"recovery plan {name} has {len(members)} machines; at most {PLAN_INSTANCES_MAX} are possible"
            act = f"split {name} under `recovery_plans` into plans of at most {PLAN_INSTANCES_MAX} machines, and name "
            act += "all of them under `plan: recovery_plans`"
            yield PlanMistake(f"recovery plan {name}", many, act, documented=True)


def _mixed(estate: Estate, plan: Plan) -> Iterator[PlanMistake]:
    """Each architecture has a vault of its own, and a recovery plan is in one vault [documented]."""
    for name, members in _recovery_plans(estate, plan).items():
        sorts: dict[str, list[str]] = {}
        for vm in (estate.virtual_machines[member] for member in members if member in estate.virtual_machines):
            sorts.setdefault(vm.architecture.value, []).append(vm.name)
        if len(sorts) > 1:
            both = f"recovery plan {name} has classic and modernised machines, which no recovery plan can hold together"
            apart = "; ".join(f"{sort}: {', '.join(names)}" for sort, names in sorts.items())
            act = f"divide {name} under `recovery_plans` into two plans ({apart}), and name both under "
            act += "`plan: recovery_plans`"
            yield PlanMistake(f"recovery plan {name}", both, act, documented=True)


def _torn_apart(estate: Estate, plan: Plan) -> Iterator[PlanMistake]:
    """They would wait for each other for ever: the later wave for the earlier, that for its mates in the later."""
    wave_of = {item: wave.name for wave in plan.waves for item in wave.items}
    groups = {f"replication group {g.name}": g.items for g in estate.replication_groups.values()}
    plans = {f"recovery plan {name}": members for name, members in _recovery_plans(estate, plan).items()}
    together = {f"entry {entry.name}": entry.items for entry in plan.together}
    for batch, members in (groups | plans | together).items():
        if len({wave_of.get(name) for name in members}) > 1:
            apart = f"{batch} is spread over several waves, which would wait for each other"
            act = (
                f"under `plan: waves`, put {', '.join(members)} into the latest of the waves that have one of them, "
                "take them out of the others, and delete a wave that is left empty"
            )
            yield PlanMistake(batch, apart, act)


def _split_groups(estate: Estate, plan: Plan) -> Iterator[PlanMistake]:
    """A replication group fails back at once (R07), so none of its machines can wait for another of them."""
    lists = [(entry.name, names) for entry in plan.together for names in entry.order]
    for group in estate.replication_groups.values():
        parts = [name for name, names in lists if not set(group.items).isdisjoint(names)]
        whole = any(set(group.items) <= set(names) for _, names in lists)
        if parts and not whole:
            split = f"replication group {group.name} fails back at once, and entry {parts[0]} has only some of its "
            split += "machines in one list"
            act = f"put {', '.join(group.items)} into one list under `plan: together`, `order`"
            yield PlanMistake(f"entry {parts[0]}", split, act)


def _by_two_ways(estate: Estate, plan: Plan) -> Iterator[PlanMistake]:
    plan_of = {name: plan_name for plan_name, members in _recovery_plans(estate, plan).items() for name in members}
    for entry in plan.together:
        if both := [name for name in entry.items if name in plan_of]:
            by_plan = plan_of[both[0]]
            twice = f"{', '.join(both)} fail back together by recovery plan {by_plan}, and by entry {entry.name} too"
            act = f"delete {entry.name} under `plan: together`, or {by_plan} under `plan: recovery_plans`"
            yield PlanMistake(f"entry {entry.name}", twice, act)


def _ambiguous(estate: Estate, plan: Plan) -> Iterator[PlanMistake]:
    for name in (name for name in plan.recovery_plans if name in estate.virtual_machines):
        twice = f"{name} is the name of a recovery plan and of a machine"
        yield PlanMistake(
            f"recovery plan {name}", twice, f"rename {name} under `recovery_plans` and `plan: recovery_plans`"
        )


def _recovery_plans(estate: Estate, plan: Plan) -> Mapping[str, tuple[str, ...]]:
    known = (estate.recovery_plans[name] for name in plan.recovery_plans if name in estate.recovery_plans)
    return {p.name: tuple(chain.from_iterable(p.groups)) for p in known}
