"""The units of a plan's waves: applications that cannot be apart, and the parts of one whose machines have turns."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from failback.reprotect import Estate
from failback.scenarios.files.applications import Application

from .turns import TurnTable


@dataclass(frozen=True, slots=True)
class Unit:
    """Applications that cannot be apart, since a replication group spans them (R07), most often one; or a part of them.

    `served`: those with a machine in this part. `part`: its number, from 0; the parts come one after the other.
    """

    names: tuple[str, ...]
    machines: tuple[str, ...]
    needs: tuple[str, ...]
    forced: tuple[tuple[str, str], ...] = ()
    mates: tuple[str, ...] = ()
    served: tuple[str, ...] = ()
    part: int = 0


def units_of(estate: Estate, applications: Sequence[Application], table: TurnTable) -> Iterator[Unit]:
    """All units, in the order of the applications; the parts of one follow each other."""
    owners = {name: one.name for one in applications for name in one.machines}
    for unit in _whole(estate, applications):
        for part in parted(estate, unit, table):
            served = frozenset(owners[name] for name in part.machines if name in owners)
            yield replace(part, served=tuple(name for name in unit.names if name in served))


def parted(estate: Estate, unit: Unit, table: TurnTable) -> Iterator[Unit]:
    """In as many parts as its machines need to come home one after the other; most often one."""
    blocks: dict[str, list[str]] = {}
    for name in unit.machines:
        group = estate.virtual_machines[name].replication_group
        blocks.setdefault(f"item {name}" if group is None else f"group {group}", []).append(name)
    for n, lot in enumerate(table.parted(map(tuple, blocks.values()))):
        machines = frozenset(name for block in lot for name in block)
        own = tuple(name for name in unit.machines if name in machines)
        mates = tuple(name for name in unit.mates if name in machines)
        yield replace(unit, machines=own, mates=mates, part=n, forced=() if n else unit.forced)


def _whole(estate: Estate, applications: Sequence[Application]) -> tuple[Unit, ...]:
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


def _with_mates(unit: Unit, estate: Estate, free: Collection[str]) -> Unit:
    """With those of no application that are in a replication group with one of its machines."""
    vms = estate.virtual_machines
    groups = {vms[name].replication_group for name in unit.machines} - {None}
    mates = tuple(name for name, vm in vms.items() if name in free and vm.replication_group in groups)
    return replace(unit, machines=(*unit.machines, *mates), mates=mates) if mates else unit


def _groups_of(estate: Estate, application: Application) -> Iterator[str]:
    for name in application.machines:
        if (group := estate.virtual_machines[name].replication_group) is not None:
            yield group


def _unit(members: Iterable[Application]) -> Unit:
    members = tuple(members)
    names = tuple(one.name for one in members)
    machines = tuple(name for one in members for name in one.machines)
    needs = [(one.name, need) for one in members for need in one.depends_on]
    forced = tuple((name, need) for name, need in needs if need in names)
    return Unit(names, machines, tuple(need for _, need in needs if need not in names), forced)
