"""Waves for a new plan: applications after what they depend on, tiers in order, as many disks as there are slots.

Of the applications that nothing holds back, those of the most important tier come first. An application on which a more
important one depends counts as that one.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter
from typing import Final, TypeAlias

from failback.reprotect import DISKS_MAX, Architecture, Estate, VirtualMachine, Wave, own_disks
from failback.scenarios.files.applications import Application, tier_number
from failback.scenarios.text.plain_words import counted

REST: Final = "rest"
_Pool: TypeAlias = tuple[str, str]
"""Who can take a machine's disks: modernised appliances, or the master targets of its operating system."""


@dataclass(frozen=True, slots=True)
class PlannedWave:
    """A wave, the applications in it, and the pools whose slots are too few for it at once."""

    wave: Wave
    applications: tuple[str, ...]
    too_few: tuple[str, ...] = ()
    forced: tuple[tuple[str, str], ...] = ()
    """Applications with one on which each depends, which a replication group keeps in the same wave."""
    mates: tuple[str, ...] = ()
    """Machines of no application that come along with their replication group."""

    def to_decide(self) -> Iterator[str]:
        """What somebody has to decide about this wave, a sentence or two each."""
        name = self.wave.name
        for text in self.too_few:
            yield f"{name} has {text} at once, since an application is not split: the others queue. Decide: split it?"
        for one, need in self.forced:
            yield (
                f"{name}: {one} depends on {need}, but a replication group keeps both in this wave (R07). "
                "Decide: may they come home together?"
            )
        for mate in self.mates:
            yield f"{name}: {mate} is of no application, and its replication group keeps it in this wave (R07)."


class DependencyCircle(ValueError):
    """Applications wait for one another."""


def planned_waves(estate: Estate, applications: Sequence[Application]) -> tuple[PlannedWave, ...]:
    """The waves in order; machines of no application come last. Raises `DependencyCircle`."""
    capacity = _capacity(estate)
    made: list[PlannedWave] = []
    units = _units(estate, applications)
    for generation in _generations(units, _ranks(units, applications)):
        for packed in _packed(estate, generation, capacity):
            made.append(_wave(estate, f"wave-{len(made) + 1}", packed, capacity))
    served = {name for one in made for name in one.wave.items}
    if rest := tuple(name for name in estate.virtual_machines if name not in served):
        made.append(_wave(estate, REST, [_Unit((), rest, ())], capacity))
    return tuple(made)


@dataclass(frozen=True, slots=True)
class _Unit:
    """Applications that cannot be apart: a replication group spans them (R07)."""

    names: tuple[str, ...]
    machines: tuple[str, ...]
    needs: tuple[str, ...]
    forced: tuple[tuple[str, str], ...] = ()
    mates: tuple[str, ...] = ()


def _units(estate: Estate, applications: Sequence[Application]) -> tuple[_Unit, ...]:
    together: dict[str, list[Application]] = {one.name: [one] for one in applications}
    group_of: dict[str, str] = {}
    for one in applications:
        for group in _groups_of(estate, one):
            other = group_of.setdefault(group, one.name)
            if together[other] is not together[one.name]:
                together[other].extend(together[one.name])
                for moved in together[other]:
                    together[moved.name] = together[other]
    units = {id(members): members for members in together.values()}
    free = frozenset(estate.virtual_machines).difference(*(one.machines for one in applications))
    return tuple(_with_mates(_unit(members), estate, free) for members in units.values())


def _with_mates(unit: _Unit, estate: Estate, free: Collection[str]) -> _Unit:
    """With those of no application that are in a replication group with one of its machines."""
    vms = estate.virtual_machines
    groups = {vms[name].replication_group for name in unit.machines} - {None}
    mates = tuple(name for name, vm in vms.items() if name in free and vm.replication_group in groups)
    return replace(unit, machines=(*unit.machines, *mates), mates=mates) if mates else unit


def _groups_of(estate: Estate, application: Application) -> Iterator[str]:
    for name in application.machines:
        if (group := estate.virtual_machines[name].replication_group) is not None:
            yield group


def _unit(members: Iterable[Application]) -> _Unit:
    members = tuple(members)
    names = tuple(one.name for one in members)
    machines = tuple(name for one in members for name in one.machines)
    needs = [(one.name, need) for one in members for need in one.depends_on]
    forced = tuple((name, need) for name, need in needs if need in names)
    return _Unit(names, machines, tuple(need for _, need in needs if need not in names), forced)


def _ranks(units: Sequence[_Unit], applications: Sequence[Application]) -> Mapping[str, float]:
    """Application -> the number of its tier, or of the most important one among those that need it."""
    ranks = {one.name: tier_number(one.tier) for one in applications}
    for _ in units:  # as often as the longest chain can be
        for unit in units:
            rank = min(ranks[name] for name in unit.names)
            ranks |= {name: min(rank, ranks[name]) for name in (*unit.names, *unit.needs)}
    return ranks


def _generations(units: Sequence[_Unit], ranks: Mapping[str, float]) -> Iterator[tuple[_Unit, ...]]:
    """Those that nothing holds back and that are of the most important tier among them, again and again."""
    unit_of = {name: unit for unit in units for name in unit.names}
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for unit in units:
        sorter.add(unit.names[0], *(unit_of[name].names[0] for name in unit.needs))
    try:
        sorter.prepare()
    except CycleError as circle:
        raise DependencyCircle(" -> ".join(circle.args[1])) from None
    order = {unit.names[0]: n for n, unit in enumerate(units)}
    ready = list(sorter.get_ready())
    while ready:
        first = min(ranks[name] for name in ready)
        now = sorted((name for name in ready if ranks[name] == first), key=order.__getitem__)
        yield tuple(unit_of[name] for name in now)
        sorter.done(*now)
        ready = [name for name in ready if ranks[name] != first] + list(sorter.get_ready())


def _packed(estate: Estate, units: Sequence[_Unit], capacity: Mapping[_Pool, int]) -> Iterator[list[_Unit]]:
    """As many of them in a wave as have slots at once; one that is too large alone has a wave of its own."""
    wave: list[_Unit] = []
    for unit in units:
        if wave and _too_few(estate, [*wave, unit], capacity):
            yield wave
            wave = []
        wave.append(unit)
    if wave:
        yield wave


def _wave(estate: Estate, name: str, units: Sequence[_Unit], capacity: Mapping[_Pool, int]) -> PlannedWave:
    machines = tuple(machine for unit in units for machine in unit.machines)
    names = tuple(one for unit in units for one in unit.names)
    forced = tuple(pair for unit in units for pair in unit.forced)
    mates = tuple(mate for unit in units for mate in unit.mates)
    return PlannedWave(Wave(name, machines), names, tuple(_too_few(estate, units, capacity)), forced, mates)


def _too_few(estate: Estate, units: Iterable[_Unit], capacity: Mapping[_Pool, int]) -> list[str]:
    loads: dict[_Pool, int] = {}
    for unit in units:
        for name in unit.machines:
            machine = estate.virtual_machines[name]
            loads[_pool(machine)] = loads.get(_pool(machine), 0) + len(machine.disks)
    return [_words(pool, n, capacity.get(pool, 0)) for pool, n in loads.items() if n > capacity.get(pool, 0)]


_MODERNISED, _CLASSIC = Architecture.MODERNISED, Architecture.CLASSIC
_SERVERS: Final[Mapping[str, str]] = {_MODERNISED.value: "appliances", _CLASSIC.value: "{family} master targets"}
_FAMILY: Final[Mapping[Architecture, Callable[[VirtualMachine], str]]] = {
    _MODERNISED: lambda _: "",
    _CLASSIC: lambda machine: machine.os.value,
}
"""A master target takes disks of one family (M01), an appliance those of any."""


def _words(pool: _Pool, disks: int, slots: int) -> str:
    architecture, family = pool
    servers = _SERVERS[architecture].format(family=family)
    return f"{counted(disks, 'disk')} for {counted(slots, 'slot')} of the {servers}"


def _pool(machine: VirtualMachine) -> _Pool:
    return (machine.architecture.value, _FAMILY[machine.architecture](machine))


def _capacity(estate: Estate) -> Mapping[_Pool, int]:
    found: dict[_Pool, int] = {}
    for box in estate.appliances.values():
        pool = (_MODERNISED.value, "")
        found[pool] = found.get(pool, 0) + DISKS_MAX - own_disks(estate, box)
    for target in estate.master_targets.values():
        pool = (_CLASSIC.value, target.os.value)
        found[pool] = found.get(pool, 0) + DISKS_MAX - own_disks(estate, target)
    return found
