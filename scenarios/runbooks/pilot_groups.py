"""What each group of machines of a scenario would try in a pilot, and how important it is."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from failback.reprotect import Estate, Operation, RequestDefaults, VirtualMachine
from failback.scenarios.checks.ways_tried import ways_tried
from failback.scenarios.files.applications import Application, tier_number
from failback.scenarios.files.schema import Scenario
from failback.scenarios.judging.check import Report, Status

from .pilot_cover import PilotGroup
from .pilot_ranks import ranks_of
from .pilot_stores import important_stores, stores_of, stores_tried

THROUGH: Final = "through "
"""How the property begins that names a server."""
FAULTS: Final = (Status.BEFORE_RETURN, Status.ADVICE)
"""What is known to be wrong and does not block: it is mended before the pilot, which cannot prove it."""


def largest_disk(estate: Estate) -> str:
    """The property of which only the largest disk is the proof."""
    return f"largest disk ({_largest_gib(estate):,.0f} GiB)"


def _largest_gib(estate: Estate) -> float:
    return max(disk.size_gib for vm in estate.virtual_machines.values() for disk in vm.disks)


def pilot_groups(scenario: Scenario, report: Report, doubtful: frozenset[str]) -> Iterator[PilotGroup]:
    """All of them, in the estate's order. `doubtful`: machines about which a question is open."""
    estate = scenario.estate
    defaults = RequestDefaults(estate, scenario.plan)
    largest_gib = _largest_gib(estate)
    stores = stores_of(scenario)
    ranks = ranks_of(scenario)
    needed = important_stores(ranks, stores)
    others = frozenset(stores.values()) - needed
    after, faults = _after_return(report), _faults(report)
    around = _around(scenario)
    seen: set[str] = set()
    for vm in estate.virtual_machines.values():
        mates = _mates(estate, vm)
        if vm.name not in seen:
            seen.update(mates)
            members = [estate.virtual_machines[name] for name in mates]
            yield PilotGroup(
                mates,
                frozenset(p for one in members for p in _properties(estate, defaults, one, largest_gib))
                | stores_tried(mates, stores, needed),
                sum(_is_promised(scenario, one) for one in members),
                sum(disk.size_gib for one in members for disk in one.disks),
                frozenset().union(*(after.get(name, frozenset()) for name in mates)),
                min(ranks[name] for name in mates),
                len(frozenset().union(*(faults.get(name, frozenset()) for name in mates))),
                min(tier_number(one.tier) for one in members),
                frozenset(_parted(scenario, mates)),
                tuple(sorted(frozenset().union(*(around.get(n, ()) for n in mates)) & doubtful - set(mates))),
                stores_tried(mates, stores, others),
                sum(_is_needed(scenario, one) for one in members),
            )


def blocking_rules(report: Report) -> Mapping[str, tuple[str, ...]]:
    """Machines that a rule blocks now, with these rules."""
    found = ((machine.item, machine.of(Status.BLOCKS)) for machine in report.items)
    return {name: tuple(dict.fromkeys(one.rule for one in findings)) for name, findings in found if findings}


def unused_servers(scenario: Scenario, groups: tuple[PilotGroup, ...]) -> Iterator[str]:
    """Appliances and master targets through which the plan sends nobody, where it sends somebody through another."""
    used = frozenset[str]().union(*(group.properties for group in groups))
    estate = scenario.estate
    for servers in (estate.appliances, estate.master_targets):
        if any(f"{THROUGH}{name}" in used for name in servers):
            yield from (name for name in servers if f"{THROUGH}{name}" not in used)


def _mates(estate: Estate, vm: VirtualMachine) -> tuple[str, ...]:
    group = estate.replication_groups.get(vm.replication_group or "")
    return (vm.name,) if group is None else group.items


def _properties(estate: Estate, defaults: RequestDefaults, vm: VirtualMachine, largest_gib: float) -> Iterator[str]:
    yield from ways_tried(estate, vm, defaults.choose(vm.name, Operation.REPROTECT_TO_ON_PREMISES))
    if any(disk.size_gib == largest_gib for disk in vm.disks):
        yield largest_disk(estate)


def _after_return(report: Report) -> Mapping[str, frozenset[str]]:
    """The work after the failback that each machine is known to need, which a pilot tries too: rule and title."""
    return {
        machine.item: frozenset(f"work after the failback: {one.rule} {one.requirement.title}" for one in found)
        for machine in report.items
        if (found := machine.of(Status.AFTER_RETURN))
    }


def _faults(report: Report) -> Mapping[str, frozenset[str]]:
    return {machine.item: frozenset(one.rule for one in machine.of(*FAULTS)) for machine in report.items}


def _parted(scenario: Scenario, mates: Sequence[str]) -> Iterator[frozenset[str]]:
    """The machines of each application of which only some are among these."""
    for one in scenario.applications:
        machines = frozenset(one.machines)
        if machines.intersection(mates) and not machines.issubset(mates):
            yield machines


def _around(scenario: Scenario) -> Mapping[str, frozenset[str]]:
    """Machine -> the machines of its applications, and of all applications on which these depend."""
    by_name = {one.name: one for one in scenario.applications}
    found: dict[str, frozenset[str]] = {}
    for one in scenario.applications:
        needed = frozenset(name for each in _with_needed(one, by_name) for name in each.machines)
        found |= {name: found.get(name, frozenset()) | needed for name in one.machines}
    return found


def _with_needed(one: Application, by_name: Mapping[str, Application]) -> Iterable[Application]:
    """The application and those that must be home before it, directly or by way of others."""
    found, ahead = {one.name: one}, [one]
    while ahead:
        new = {name: by_name[name] for name in ahead.pop().depends_on if name in by_name and name not in found}
        found |= new
        ahead += new.values()
    return found.values()


def _is_promised(scenario: Scenario, vm: VirtualMachine) -> bool:
    """Whether its tier was promised something, or another application waits for its own."""
    return any(target.tier in ("", vm.tier) for target in scenario.homecoming.targets) or _is_needed(scenario, vm)


def _is_needed(scenario: Scenario, vm: VirtualMachine) -> bool:
    needed = {name for one in scenario.applications for name in one.depends_on}
    return any(vm.name in one.machines for one in scenario.applications if one.name in needed)
