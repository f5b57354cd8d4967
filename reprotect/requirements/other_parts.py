"""What could be taken instead of the part at fault: another server, host or datastore of the estate, by its name.

Where the estate has none, no step names one: nobody should look for it at night.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from math import ceil
from typing import Final

from failback.reprotect.choices import Choices
from failback.reprotect.estate import Appliance, Datastore, Estate, Host, MasterTarget, known
from failback.reprotect.item import Architecture

from .predicates_bfgt_way_home import LOW
from .predicates_mnp_servers import master_target_is_not_older_than_the_group
from .predicates_shared import appliance, home_datastores, master_target, mounting_host, process_server, target_host
from .verdict import Broken

_KINDS: Final = ("VMFS", "vSAN")
"""Kinds of datastore that take every machine's disks."""


def others_of(estate: Estate, item: str, choices: Choices, thing: str) -> Mapping[str, str]:
    """`other_server` and its like -> a name, empty where there is none; `thing` is at fault and never its own stead."""
    host = target_host(estate, item, choices)
    home = home_datastores(estate, item, choices)
    other = _roomiest(estate, host, {thing, *home})
    return {
        "other_datastore": other,
        "room": _room(estate, other),
        **_enough(estate, thing),
        "lun_size": _lun_size(estate, home),
        "servers_there": _servers_there(estate, thing),
        "other_host": next(_hosts(estate, host, thing), ""),
        "better_host": next(_better_hosts(estate, item, choices, thing), ""),
        "other_server": next(_servers(estate, item, choices, thing), ""),
        "other_process_server": next(_process_servers(estate, choices, thing), ""),
    }


def _roomiest(estate: Estate, host: Host | None, but: set[str]) -> str:
    """The datastore with the most room of those that the host mounts read/write; empty where there is none."""
    names = [name for name in host.mounted if name not in host.only_reads] if host else []
    stores = (estate.datastores[name] for name in names if name in estate.datastores)
    fit = (s for s in stores if s.name not in but and s.kind in _KINDS and s.accessible is not False)
    return max(fit, key=_free_gib, default=Datastore("")).name


def _free_gib(store: Datastore) -> float:
    return store.free_gib if known(store.free_gib) and store.free_gib is not None else 0.0


def _enough(estate: Estate, name: str) -> Mapping[str, str]:
    """How much is free on this datastore once its share is no longer low (B16); nothing where nobody knows."""
    store = estate.datastores.get(name)
    if store is None or store.capacity_gib == Datastore.capacity_gib:
        return {}
    share = f" ({LOW * 100:g} % of {store.capacity_gib:g})"
    return {"enough": f"{ceil(LOW * store.capacity_gib)} GiB", "enough_share": share}


def _lun_size(estate: Estate, home: Iterable[str]) -> str:
    """What a new datastore has to hold in place of those of another kind; empty where no size has to be known."""
    unfit = {name for name in home if name in estate.datastores and estate.datastores[name].kind not in _KINDS}
    if not unfit:
        return ""
    disks = [disk for vm in estate.virtual_machines.values() if unfit & set(vm.datastores) for disk in vm.disks]
    sizes_gib = [disk.size_gib for disk in disks if known(disk.size_gib)]
    if not sizes_gib or len(sizes_gib) < len(disks):
        return ""
    return f"{ceil(sum(sizes_gib) / (1 - LOW))} GiB (all disks that come to it, and {LOW * 100:g} % free)"


def _servers_there(estate: Estate, name: str) -> str:
    """The servers whose own disks are on this datastore: nobody moves them before a return."""
    servers: tuple[Appliance | MasterTarget, ...] = (*estate.appliances.values(), *estate.master_targets.values())
    there = [server.name for server in servers if name and server.datastore == name]
    return f" ({', '.join(there)})" if there else ""


def _room(estate: Estate, name: str) -> str:
    """How much is free on this datastore, as it stands behind its name; empty where nobody knows."""
    store = estate.datastores.get(name)
    free_gib = store.free_gib if store is not None and known(store.free_gib) else None
    return f" ({free_gib:g} GiB free)" if free_gib else ""


def _hosts(estate: Estate, host: Host | None, thing: str) -> Iterator[str]:
    for each in estate.hosts.values():
        free = each.edition != "free" and each.connected is not False
        if free and each.name != thing and (host is None or each.name != host.name):
            yield each.name


def _better_hosts(estate: Estate, item: str, choices: Choices, thing: str) -> Iterator[str]:
    """Hosts with all that the server of this machine reads and writes now, its own disks, and the datastore at fault.

    So only the server's compute resource moves: its disks stay, as A09 and M06 want, and no other machine loses a
    datastore.
    """
    server, host = master_target(estate, item, choices) or appliance(estate, item, choices), None
    if server is not None:
        host = mounting_host(estate, server)
    store = estate.datastores.get(thing)
    if server is None or host is None or not server.datastore or store is None or store.accessible is False:
        return
    homes = {name for vm in estate.virtual_machines.values() for name in vm.datastores}
    needed = {thing, server.datastore, *home_datastores(estate, item, choices), *homes.intersection(_writes(host))}
    for name in _hosts(estate, host, thing):
        if needed <= _writes(estate.hosts[name]) and estate.hosts[name].connected is True:
            yield name


def _writes(host: Host) -> frozenset[str]:
    return frozenset(host.mounted) - frozenset(host.only_reads)


def _targets(estate: Estate, item: str) -> Iterator[MasterTarget]:
    os = estate.virtual_machines[item].os
    return (each for each in estate.master_targets.values() if each.os is os and each.up is not False)


def _boxes(estate: Estate, _: str) -> Iterator[Appliance]:
    for box in estate.appliances.values():
        if box.healthy is not False and all(part.healthy is not False for part in box.parts):
            yield box


_SERVERS: Final[Mapping[Architecture, Callable[[Estate, str], Iterator[MasterTarget | Appliance]]]] = {
    Architecture.CLASSIC: _targets,
    Architecture.MODERNISED: _boxes,
}
"""What receives the data, and which of them work as far as anybody knows."""


def _servers(estate: Estate, item: str, choices: Choices, thing: str) -> Iterator[str]:
    own = master_target(estate, item, choices) or appliance(estate, item, choices)
    for each in _SERVERS[estate.virtual_machines[item].architecture](estate, item):
        if each.name not in {thing, own.name if own else ""} and _takes(estate, item, choices, each.name):
            yield each.name


def _takes(estate: Estate, item: str, choices: Choices, server: str) -> bool:
    """Whether its release takes the machines of the group (M02): who sleeps little should not have to compare them."""
    if server not in estate.master_targets:
        return True
    other = replace(choices, master_target=server)
    return not isinstance(master_target_is_not_older_than_the_group(estate, item, other), Broken)


def _process_servers(estate: Estate, choices: Choices, thing: str) -> Iterator[str]:
    own = process_server(estate, choices)
    for each in estate.process_servers.values():
        if each.name not in {thing, own.name if own else ""} and each.up is not False and each.registered is True:
            yield each.name
