"""The pilot: the fewest machines that, brought home early, try every kind of way home that the plan needs.

ASR has no test failover homeward, so the only true rehearsal is to bring a few machines home. Each machine tries some
*properties* of the estate: its appliance or master target, its operating system, the kind of its datastore, its
firmware, and so on. The pilot covers every property with as few groups as possible; of sets of one size it takes the
one with the fewest machines, then the fewest promises, then the least data.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

from failback.reprotect import (
    Estate,
    Operation,
    RequestDefaults,
    VirtualMachine,
)
from failback.scenarios.checks.ways_tried import ways_tried
from failback.scenarios.files.schema import Scenario
from failback.scenarios.judging.check import Status, check_estate
from failback.scenarios.run.staffing import with_staffing

from .fewer_machines import keeping
from .planned_requests import PlannedStop, planned_night

EXACT_MAX: Final = 4
"""Up to this size every set is tried; beyond it, the machine that covers most is added until all is covered."""
_CANDIDATES_MAX: Final = 60
"""More candidates than this make trying every set too slow."""


@dataclass(frozen=True, slots=True)
class PilotGroup:
    """Machines that come home together: one machine, or a replication group. `properties` is what they try."""

    machines: tuple[str, ...]
    properties: frozenset[str]
    promises: int
    size_gib: float

    @property
    def cost(self) -> tuple[int, float, tuple[str, ...]]:
        """Less is better."""
        return (self.promises, self.size_gib, self.machines)


@dataclass(frozen=True, slots=True)
class Pilot:
    """The chosen groups, what each tries first, and what no machine that may go can try."""

    groups: tuple[PilotGroup, ...]
    proves: Mapping[tuple[str, ...], tuple[str, ...]]
    uncovered: Mapping[str, tuple[str, ...]]
    """Property -> the machines that have it and that cannot go."""
    passed_over: tuple[PlannedStop, ...] = ()
    """Machines that a check lets go and that stop in the simulation."""

    @property
    def machines(self) -> tuple[str, ...]:
        """All machines of the pilot."""
        return tuple(name for group in self.groups for name in group.machines)


def pilot(scenario: Scenario) -> Pilot:
    """Choose. A machine that a rule blocks now, or that stops in the simulation, is left out.

    What only such machines have is said.
    """
    groups = tuple(_groups(scenario))
    out, stops = set(_blocked(scenario)), dict[str, PlannedStop]()
    while True:
        able = [group for group in groups if not out.intersection(group.machines)]
        wanted = frozenset[str]().union(*(group.properties for group in able))
        chosen = _fewest(able, wanted)
        if not (found := _stops(scenario, chosen)):
            break
        if not stops:  # one run of all of them spares a run for each that would be chosen in its place
            found |= _stops(scenario, able)
        stops |= found
        out |= found.keys()
    everything = frozenset[str]().union(*(group.properties for group in groups))
    uncovered = {name: _having(groups, name) for name in sorted(everything - wanted)}
    return Pilot(chosen, _proves(chosen), uncovered, tuple(stops[name] for name in sorted(stops)))


def _stops(scenario: Scenario, groups: Iterable[PilotGroup]) -> dict[str, PlannedStop]:
    """Who of them stops in a run of them alone."""
    names = [name for group in groups for name in group.machines]
    if not names:
        return {}
    night = planned_night(with_staffing(restricted(scenario, names)), runs=1)
    return {stop.item: stop for stop in night.stops}


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


def _groups(scenario: Scenario) -> Iterator[PilotGroup]:
    estate = scenario.estate
    defaults = RequestDefaults(estate, scenario.plan)
    largest_gib = max(disk.size_gib for vm in estate.virtual_machines.values() for disk in vm.disks)
    seen: set[str] = set()
    for vm in estate.virtual_machines.values():
        mates = _mates(estate, vm)
        if vm.name not in seen:
            seen.update(mates)
            members = [estate.virtual_machines[name] for name in mates]
            found = frozenset(p for one in members for p in _properties(estate, defaults, one, largest_gib))
            promises = sum(_is_promised(scenario, one) for one in members)
            size_gib = sum(disk.size_gib for one in members for disk in one.disks)
            yield PilotGroup(mates, found, promises, size_gib)


def _mates(estate: Estate, vm: VirtualMachine) -> tuple[str, ...]:
    group = estate.replication_groups.get(vm.replication_group or "")
    return (vm.name,) if group is None else group.items


def _properties(estate: Estate, defaults: RequestDefaults, vm: VirtualMachine, largest_gib: float) -> Iterator[str]:
    yield from ways_tried(estate, vm, defaults.choose(vm.name, Operation.REPROTECT_TO_ON_PREMISES))
    if any(disk.size_gib == largest_gib for disk in vm.disks):
        yield f"largest disk ({largest_gib:,.0f} GiB)"


def _is_promised(scenario: Scenario, vm: VirtualMachine) -> bool:
    """Whether its tier was promised something, or another application waits for its own."""
    needed = {name for one in scenario.applications for name in one.depends_on}
    serves = {one.name for one in scenario.applications if vm.name in one.machines}
    return any(target.tier in ("", vm.tier) for target in scenario.homecoming.targets) or bool(needed & serves)


def _blocked(scenario: Scenario) -> frozenset[str]:
    return frozenset(finding.item for finding in check_estate(scenario.estate, scenario.plan).of(Status.BLOCKS))


def _fewest(groups: Sequence[PilotGroup], wanted: frozenset[str]) -> tuple[PilotGroup, ...]:
    cheapest: dict[frozenset[str], PilotGroup] = {}
    for group in sorted(groups, key=lambda group: group.cost):
        cheapest.setdefault(group.properties, group)
    useful = [g for g in cheapest.values() if not any(g.properties < o.properties and o.cost <= g.cost for o in groups)]
    if len(useful) <= _CANDIDATES_MAX:
        for size in range(1, EXACT_MAX + 1):
            covering = [some for some in combinations(useful, size) if _covered(some) >= wanted]
            if covering:
                return min(covering, key=_cost)
    return _greedy(useful, wanted)


def _cost(groups: Sequence[PilotGroup]) -> tuple[int, int, float, tuple[str, ...]]:
    names = tuple(name for group in groups for name in group.machines)
    return (len(names), sum(g.promises for g in groups), sum(g.size_gib for g in groups), names)


def _greedy(groups: Sequence[PilotGroup], wanted: frozenset[str]) -> tuple[PilotGroup, ...]:
    chosen: list[PilotGroup] = []
    while left := wanted - _covered(chosen):
        chosen.append(min(groups, key=lambda group: (-len(group.properties & left), group.cost)))
    return tuple(chosen)


def _covered(groups: Iterable[PilotGroup]) -> frozenset[str]:
    return frozenset[str]().union(*(group.properties for group in groups))


def _proves(chosen: Sequence[PilotGroup]) -> dict[tuple[str, ...], tuple[str, ...]]:
    """What each group tries that none before it has tried."""
    tried: set[str] = set()
    proves = {}
    for group in chosen:
        proves[group.machines] = tuple(sorted(group.properties - tried))
        tried |= group.properties
    return proves


def _having(groups: Iterable[PilotGroup], name: str) -> tuple[str, ...]:
    return tuple(machine for group in groups if name in group.properties for machine in group.machines)
