"""How many disks a wave has, and how many slots of servers there are for them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeAlias

from failback.reprotect import (
    DISKS_MAX,
    Appliance,
    Architecture,
    Estate,
    MasterTarget,
    VirtualMachine,
    own_disks,
    slots_of,
)
from failback.scenarios.text.plain_words import counted

from .wave_units import Unit

Pool: TypeAlias = tuple[str, str]
"""Who can take a machine's disks: modernised appliances, or the master targets of its operating system."""


def too_few(estate: Estate, units: Iterable[Unit], capacity: Mapping[Pool, int]) -> list[str]:
    loads: dict[Pool, int] = {}
    for unit in units:
        for name in unit.machines:
            machine = estate.virtual_machines[name]
            loads[_pool(machine)] = loads.get(_pool(machine), 0) + slots_of(machine)
    return [_words(pool, n, capacity.get(pool, 0)) for pool, n in loads.items() if n > capacity.get(pool, 0)]


_MODERNISED, _CLASSIC = Architecture.MODERNISED, Architecture.CLASSIC
_SERVERS: Final[Mapping[str, str]] = {_MODERNISED.value: "appliances", _CLASSIC.value: "{family} master targets"}
_FAMILY: Final[Mapping[Architecture, Callable[[VirtualMachine], str]]] = {
    _MODERNISED: lambda _: "",
    _CLASSIC: lambda machine: machine.os.value,
}
"""A master target takes disks of one family (M01), an appliance those of any."""


def _words(pool: Pool, disks: int, slots: int) -> str:
    architecture, family = pool
    servers = _SERVERS[architecture].format(family=family)
    return f"{counted(disks, 'disk')} for {counted(slots, 'slot')} of the {servers}"


def _pool(machine: VirtualMachine) -> Pool:
    return (machine.architecture.value, _FAMILY[machine.architecture](machine))


def pool_of_server(server: Appliance | MasterTarget) -> Pool:
    """The pool that it belongs to."""
    if isinstance(server, Appliance):
        return (_MODERNISED.value, "")
    return (_CLASSIC.value, server.os.value)


def capacity_of(estate: Estate) -> Mapping[Pool, int]:
    found: dict[Pool, int] = {}
    servers: list[Appliance | MasterTarget] = [*estate.appliances.values(), *estate.master_targets.values()]
    for server in servers:
        pool = pool_of_server(server)
        found[pool] = found.get(pool, 0) + DISKS_MAX - own_disks(estate, server)
    return found
