"""Disk slots that machines of later waves hold when a plan begins: they give none back before their wave opens.

It opens when those before it are home or have stopped. So who needs these slots waits for machines that wait for it,
and a drill stops it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from failback.reprotect.estate import Estate, Kept, VirtualMachine, slots_of
from failback.reprotect.item import Operation
from failback.reprotect.lifecycle import under_way
from failback.reprotect.phases import phase_row
from failback.reprotect.plan import Plan

from .begun import reprotect_runs
from .requests_ahead import HOMEWARD, RequestAhead


def kept_by_later_waves(
    estate: Estate, plan: Plan, ahead: Mapping[str, Sequence[RequestAhead]], by: Mapping[str, str]
) -> Mapping[str, Kept]:
    """By machine that has to ask for slots: those of its server that it does not get."""
    wave_of = {name: number for number, wave in enumerate(plan.waves) for name in wave.items}
    rest = len(plan.waves)
    holders: dict[str, list[str]] = defaultdict(list)
    for name, target in by.items() if wave_of else ():
        if phase_row(estate.virtual_machines[name].at).holds_slots:
            holders[target].append(name)
    found: dict[str, Kept] = {}
    for name in wave_of if holders else ():
        asks = any(request.operation is HOMEWARD and not request.begun for request in ahead[name])
        later = [n for n in holders.get(by.get(name, ""), ()) if wave_of.get(n, rest) > wave_of[name]] if asks else []
        if later:
            found[name] = _kept(estate, plan, by, name, [estate.virtual_machines[n] for n in later])
    return found


def _kept(estate: Estate, plan: Plan, by: Mapping[str, str], name: str, holders: Sequence[VirtualMachine]) -> Kept:
    """`most`: with those that a job may yet give back, and with what its mates claim together with it."""
    sure = [vm for vm in holders if not reprotect_runs(vm) and not _commits(vm)]
    linked = (estate.virtual_machines[mate] for mate in _linked(estate, plan, name) if by.get(mate) == by[name])
    claimed = sum(slots_of(vm) for vm in linked if vm.name != name and not phase_row(vm.at).holds_slots)
    return Kept(sum(map(slots_of, sure)), sum(map(slots_of, holders)) + claimed, tuple(vm.name for vm in holders))


def _commits(vm: VirtualMachine) -> bool:
    move = under_way(vm.architecture, vm.at)
    return move is not None and move.operation is Operation.COMMIT_FAILBACK


def _linked(estate: Estate, plan: Plan, name: str) -> set[str]:
    """Who claims slots together with it: a chain of groups, recovery plans and entries of `together` connects them."""
    found, new = set[str](), {name}
    while new:
        found |= new
        new = {mate for each in new for mate in _mates(estate, plan, each)} - found
    return found


def _mates(estate: Estate, plan: Plan, name: str) -> Iterator[str]:
    group = estate.replication_groups.get(estate.virtual_machines[name].replication_group or "")
    yield from group.items if group is not None else ()
    yield from (mate for entry in plan.together if name in entry.items for mate in entry.items)
    plans = (estate.recovery_plans[each] for each in plan.recovery_plans if each in estate.recovery_plans)
    yield from (mate for each in plans if name in each.items for mate in each.items)
