"""Machines, hosts and datastores from vSphere's leaf properties, read live or from saved objects."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pyVmomi import vim

from failback.adapters.vsphere_devices import disks_in, path_of
from failback.adapters.vsphere_facts import (
    DATASTORE_PATHS,
    HOST_PATHS,
    VM_PATHS,
    autostarted,
    controllers_of,
    datastore_facts,
    host_facts,
    machine_facts,
)
from failback.adapters.vsphere_properties import ObjectValues

from .records import Facts, Origin, Part, Reading, SiteMachine
from .vsphere_words import os_family_of, store_of

MACHINE_PATHS: Final = (
    *VM_PATHS,
    "config.template",
    "config.managedBy.type",
    "config.files.vmPathName",
    "config.guestFullName",
    "guest.guestFullName",
    "guest.hostName",
    "guest.net",
    "runtime.connectionState",
)
PATHS: Final[Mapping[Any, tuple[str, ...]]] = {
    vim.VirtualMachine: MACHINE_PATHS,
    vim.HostSystem: HOST_PATHS,
    vim.Datastore: DATASTORE_PATHS,
    vim.Network: ("name",),
}
"""All that an import reads, by kind of object."""
_PLACEHOLDER: Final = "placeholdervm"
"""How Site Recovery Manager marks its placeholders."""
_OF_THE_LINE: Final = "fe80:"
_INDEPENDENT: Final = "independent"
_SHARED: Final = ("virtualSharing", "physicalSharing")


@dataclass(frozen=True, slots=True)
class Inventory:
    """What one vCenter shows. `vcenter`: its address, if known; `whole`: no part of it is known to be hidden."""

    machines: Sequence[ObjectValues]
    hosts: Sequence[ObjectValues]
    stores: Sequence[ObjectValues]
    networks: Sequence[ObjectValues] = ()
    vcenter: str = ""
    editions: Mapping[Any, str] = field(default_factory=dict)
    whole: bool = True


def reading_of(seen: Inventory, origin: Origin) -> Reading:
    """The records. A property that may not be read gives no fact, and is counted in a note."""
    reading = Reading(origins=[origin])
    hosts = {row.ref: str(row.get("name")) for row in seen.hosts if row.get("name")}
    started = {row.ref: autostarted(row) for row in seen.hosts}
    hidden = not seen.whole or any(row.get("runtime.host") not in hosts for row in seen.machines)
    networks = {row.ref._GetMoId(): str(row.get("name")) for row in seen.networks if row.get("name")}
    for row in seen.machines:
        if why := _left_out(row):
            reading.leave_out(why, 1, *filter(None, [str(row.get("name") or "")]))
        else:
            facts = dict(_machine_facts(row, hosts, networks)) | _autostart(row, started)
            facts |= {"vcenter": seen.vcenter} if seen.vcenter else {}
            reading.machines.append(_machine(row, facts, origin, whole=not hidden))
    reading.parts += [*_hosts(seen, origin, hosts), *_stores(seen, origin, hosts)]
    reading.notes += _notes(seen, hosts, origin)
    return reading


def _left_out(row: ObjectValues) -> str:
    if not row.get("name"):
        return "machines whose name the account may not read"
    if row.get("config.template"):
        return "templates"
    managed = str(row.get("config.managedBy.type") or "").casefold() == _PLACEHOLDER
    return "placeholders of Site Recovery Manager" if managed else ""


# Machines


def _machine(row: ObjectValues, facts: Facts, origin: Origin, *, whole: bool) -> SiteMachine:
    """Where part of the inventory is hidden, nobody can say that no other machine has a disk attached."""
    devices = disks_in(row.get("config.hardware.device") or ())
    read = tuple(_disk(found, disk, whole=whole) for found, disk in zip(facts.pop("disks", ()), devices, strict=True))
    denied = "config.hardware.device" in row.denied
    return SiteMachine(str(row.get("name")), origin, facts, None if denied else read, row.ref._GetMoId())


def _disk(found: Facts, disk: Any, *, whole: bool) -> Facts:
    label, path = getattr(disk.deviceInfo, "label", None), path_of(disk)
    more = {"name": str(label) if label else "", "path": path, "held_by": "" if whole else "unknown"}
    return found | {fact: value for fact, value in more.items() if value}


def _machine_facts(
    row: ObjectValues, hosts: Mapping[Any, str], networks: Mapping[str, str]
) -> Iterator[tuple[str, Any]]:
    yield from machine_facts(row, hosts).items()
    if str(row.get("runtime.connectionState")) == "connected":
        yield "registered_in_vcenter", True
    if cores := row.get("config.hardware.numCPU"):
        yield "cores", int(cores)
    words = (str(row.get(path) or "") for path in ("guest.guestFullName", "config.guestFullName"))
    if system := next(filter(os_family_of, words), None):
        yield "os", os_family_of(system)
        yield "os_version", system
    if store := store_of(str(row.get("config.files.vmPathName") or "")):
        yield "datastore", store
    if name := str(row.get("guest.hostName") or ""):
        yield "dns_name", name
    if "config.hardware.device" not in row.denied:
        yield "snapshots_possible", not any(map(_forbids_snapshots, row.get("config.hardware.device") or ()))
        yield "scsi_controllers", tuple(controllers_of(row))
        yield "adapters", tuple(_adapters(row, networks))


def _forbids_snapshots(device: Any) -> bool:
    """Independent disks, and disks or controllers that several machines share (A12)."""
    backing = getattr(device, "backing", None)
    mode, sharing = str(getattr(backing, "diskMode", "")), str(getattr(backing, "sharing", ""))
    return mode.startswith(_INDEPENDENT) or "MultiWriter" in sharing or getattr(device, "sharedBus", "") in _SHARED


def _adapters(row: ObjectValues, networks: Mapping[str, str]) -> Iterator[Facts]:
    """Network cards: MAC, network, and the addresses that VMware Tools report, but for those of the segment itself."""
    told = {str(getattr(net, "macAddress", "")).casefold(): net for net in row.get("guest.net") or ()}
    for device in row.get("config.hardware.device") or ():
        if isinstance(device, vim.vm.device.VirtualEthernetCard):
            net = told.get(str(device.macAddress).casefold())
            seen = map(str, getattr(net, "ipAddress", None) or ())
            addresses = tuple(address for address in seen if not address.casefold().startswith(_OF_THE_LINE))
            network = _network(device.backing, networks) or str(getattr(net, "network", None) or "")
            found = {"mac": str(device.macAddress or ""), "network": network, "addresses": addresses}
            yield {key: value for key, value in found.items() if value}


def _network(backing: Any, networks: Mapping[str, str]) -> str:
    """The port group: by name of a standard switch, by key of a distributed one."""
    key = getattr(getattr(backing, "port", None), "portgroupKey", None)
    return str(getattr(backing, "deviceName", None) or networks.get(str(key), ""))


def _autostart(row: ObjectValues, started: Mapping[Any, frozenset[Any] | None]) -> Facts:
    """Whether its host starts it by itself, where the host says so."""
    by_host = started.get(row.get("runtime.host"))
    return {} if by_host is None else {"autostart": row.ref in by_host}


# Places


def _hosts(seen: Inventory, origin: Origin, names: Mapping[Any, str]) -> Iterator[Part]:
    for row in seen.hosts:
        if row.ref in names:
            facts = host_facts(row, seen.stores, {})
            facts.pop("other_machines", None)  # the join knows which machines come home
            edition = {"edition": seen.editions[row.ref]} if row.ref in seen.editions else {}
            yield Part("hosts", names[row.ref], origin, facts | edition, row.ref._GetMoId())


def _stores(seen: Inventory, origin: Origin, names: Mapping[Any, str]) -> Iterator[Part]:
    for row in seen.stores:
        if row.get("name"):
            mounts = (mount for mount in row.get("host") or () if mount.mountInfo.mounted is not False)
            there = tuple(names[mount.key] for mount in mounts if mount.key in names)
            facts = datastore_facts(row) | ({} if "host" in row.denied else {"hosts": there})
            yield Part("datastores", str(row.get("name")), origin, facts, row.ref._GetMoId())


# What could not be read


def _notes(seen: Inventory, hosts: Mapping[Any, str], origin: Origin) -> Iterator[str]:
    for kind, rows in (("machines", seen.machines), ("hosts", seen.hosts), ("datastores", seen.stores)):
        denied = Counter(path for row in rows for path in row.denied)
        if denied:
            counts = ", ".join(f"{path} ({count})" for path, count in sorted(denied.items()))
            yield f"{origin.file}: the account may not read some properties of {kind}, which are unknown: {counts}."
    unseen = sum(row.get("runtime.host") not in hosts for row in seen.machines)
    if unseen:
        yield (
            f"{origin.file}: the host of {unseen} machine{'' if unseen == 1 else 's'} may not be read, so hosts, "
            "datastores and who else has a disk attached are unknown."
        )
    if not seen.machines:
        yield f"{origin.file} shows no virtual machine: all facts about vSphere are unknown. Check the account's role."
