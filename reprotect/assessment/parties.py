"""Who goes home together: groups that need all of their machines, and recovery plans that ask as one."""

from collections import Counter
from collections.abc import Iterable, Iterator

from failback.reprotect.estate import DISKS_MAX, Estate, slots_of
from failback.reprotect.item import Unknown
from failback.reprotect.phases import phase_row
from failback.reprotect.plan import Plan
from failback.reprotect.requirements import Holds, applies, by_id, own_disks

from .begun import reprotect_runs


def gathered(estate: Estate, plan: Plan) -> Iterator[tuple[str, ...]]:
    """Machines that wait for each other before the failback: a recovery plan's, or a group's that goes by none.

    A recovery plan with more disks than there are slots at once is broken up, and its machines go alone: unless all of
    them have their slots when the plan begins.
    """
    plans = (estate.recovery_plans[name] for name in plan.recovery_plans if name in estate.recovery_plans)
    members = [tuple(name for group in each.groups for name in group) for each in plans]
    gone_by = {name for names in members for name in names}
    yield from (names for names in members if begin_together(estate, names) and _ask_as_one(estate, names))
    groups = (group.items for group in estate.replication_groups.values())
    yield from (i for i in groups if not gone_by.intersection(i) and begin_together(estate, i))


def in_entries(estate: Estate, plan: Plan) -> Iterator[tuple[tuple[str, ...], bool]]:
    """Machines that fail back together (`plan: together`), and whether they surely wait for each other.

    Those with more disks than slots at once go alone, unless they have their slots when the plan begins. Of those that
    begin in different phases it is not known here who stands where the others wait.
    """
    for items in (entry.items for entry in plan.together):
        if _ask_as_one(estate, items):
            yield items, begin_together(estate, items)


def _ask_as_one(estate: Estate, names: tuple[str, ...]) -> bool:
    machines = [estate.virtual_machines[name] for name in names]
    have_slots = all(phase_row(vm.at).holds_slots and not reprotect_runs(vm) for vm in machines)
    return have_slots or fit_at_once(estate, names)


def fit_at_once(estate: Estate, names: Iterable[str]) -> bool:
    """Whether each server has slots for the disks of all of these together."""
    disks: Counter[str] = Counter()
    by = {} if isinstance(estate.returning_through, Unknown) else estate.returning_through
    for name in names:
        disks[by.get(name, "")] += slots_of(estate.virtual_machines[name])
    targets = ((estate.master_targets.get(to) or estate.appliances.get(to), count) for to, count in disks.items())
    return all(part is None or own_disks(estate, part) + count <= DISKS_MAX for part, count in targets)


def group_falls(estate: Estate, name: str) -> bool:
    """Whether the machine needs all of its group (R07); those that begin in different phases go alone."""
    row, vm = by_id("R07"), estate.virtual_machines[name]
    group = estate.replication_groups.get(vm.replication_group or "")
    even = group is None or begin_together(estate, group.items)
    return even and row is not None and applies(row, vm.architecture).answer is not Holds.NO


def begin_together(estate: Estate, names: Iterable[str]) -> bool:
    """Whether they stand in one phase; those that do not go alone."""
    return len({estate.virtual_machines[name].at for name in names}) == 1
