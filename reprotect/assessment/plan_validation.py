"""What in a plan cannot work with an estate, said before anything is asked."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from failback.reprotect.estate import PLAN_INSTANCES_MAX, Estate
from failback.reprotect.plan import Plan


class InvalidPlan(Exception):
    """The plan cannot work with the estate; the message says all reasons."""


def validate_plan(estate: Estate, plan: Plan) -> tuple[str, ...]:
    """One sentence for each mistake; none when the plan can work."""
    checks = (_unknown_items(estate, plan), _unknown_plans(estate, plan), _twice(estate, plan))
    more = (_too_large(estate, plan), _mixed(estate, plan), _torn_apart(estate, plan), _ambiguous(estate, plan))
    return tuple(chain(*checks, *more))


def _unknown_items(estate: Estate, plan: Plan) -> Iterator[str]:
    named: dict[str, Iterable[str]] = {f"wave {w.name}": w.items for w in plan.waves}
    named |= {f"gate {g.name}": g.items for g in plan.gates} | {"item_choices": plan.item_choices}
    named |= {f"replication group {g.name}": g.items for g in estate.replication_groups.values()}
    named |= {f"recovery plan {name}": members for name, members in _recovery_plans(estate, plan).items()}
    for place, names in named.items():
        yield from (f"{place} names {n}, which is not a machine" for n in names if n not in estate.virtual_machines)


def _unknown_plans(estate: Estate, plan: Plan) -> Iterator[str]:
    missing = (name for name in plan.recovery_plans if name not in estate.recovery_plans)
    yield from (f"there is no recovery plan {name}" for name in missing)


def _twice(estate: Estate, plan: Plan) -> Iterator[str]:
    waves = {w.name: w.items for w in plan.waves}
    groups = {g.name: g.items for g in estate.replication_groups.values()}
    for kind, sets in (("waves", waves), ("recovery plans", _recovery_plans(estate, plan)), ("groups", groups)):
        seen: set[str] = set()
        for name in chain.from_iterable(sets.values()):
            if name in seen:
                yield f"{name} is listed twice in the {kind}"
            seen.add(name)


def _too_large(estate: Estate, plan: Plan) -> Iterator[str]:
    for name, members in _recovery_plans(estate, plan).items():
        if len(members) > PLAN_INSTANCES_MAX:
            yield f"recovery plan {name} has {len(members)} machines; at most {PLAN_INSTANCES_MAX} are possible"


def _mixed(estate: Estate, plan: Plan) -> Iterator[str]:
    """Each architecture has a vault of its own, and a recovery plan is in one vault [documented]."""
    for name, members in _recovery_plans(estate, plan).items():
        machines = (estate.virtual_machines[member] for member in members if member in estate.virtual_machines)
        if len({vm.architecture for vm in machines}) > 1:
            yield f"recovery plan {name} has classic and modernised machines, which no recovery plan can hold together"


def _torn_apart(estate: Estate, plan: Plan) -> Iterator[str]:
    """They would wait for each other for ever: the later wave for the earlier, that for its mates in the later."""
    wave_of = {item: wave.name for wave in plan.waves for item in wave.items}
    groups = {f"replication group {g.name}": g.items for g in estate.replication_groups.values()}
    plans = {f"recovery plan {name}": members for name, members in _recovery_plans(estate, plan).items()}
    for batch, members in (groups | plans).items():
        if len({wave_of.get(name) for name in members}) > 1:
            yield f"{batch} is spread over several waves, which would wait for each other"


def _ambiguous(estate: Estate, plan: Plan) -> Iterator[str]:
    both = (name for name in plan.recovery_plans if name in estate.virtual_machines)
    yield from (f"{name} is the name of a recovery plan and of a machine" for name in both)


def _recovery_plans(estate: Estate, plan: Plan) -> Mapping[str, tuple[str, ...]]:
    known = (estate.recovery_plans[name] for name in plan.recovery_plans if name in estate.recovery_plans)
    return {p.name: tuple(chain.from_iterable(p.groups)) for p in known}
