"""From what vSphere's leaf properties say to the facts of an estate. Pure: no session, no call.

A property that the account may not read gives no fact, so that nobody mistakes it for one that is unset.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from pyVmomi import vim

from .vsphere_devices import CONTROLLERS, datastore_of, disks_in, folder_of, path_of
from .vsphere_properties import ObjectValues

VM_PATHS: Final = (
    "name",
    "runtime.powerState",
    "runtime.host",
    "runtime.question",
    "snapshot.rootSnapshotList",
    "config.uuid",
    "config.instanceUuid",
    "config.firmware",
    "config.extraConfig",
    "config.hardware.memoryMB",
    "config.hardware.numCPU",
    "config.hardware.device",
    "guest.toolsStatus",
)
HOST_PATHS: Final = (
    "name",
    "vm",
    "runtime.connectionState",
    "config.product.version",
    "config.autoStart.powerInfo",
    "summary.hardware.memorySize",
    "summary.quickStats.overallMemoryUsage",
)
DATASTORE_PATHS: Final = (
    "name",
    "host",
    "summary.type",
    "summary.capacity",
    "summary.freeSpace",
    "summary.accessible",
)
KINDS: Final = {"vmfs": "VMFS", "vsan": "vSAN", "nfs": "NFS", "nfs41": "NFS", "vvol": "vVol"}
"""vSphere's word for a kind of datastore, in lower case, and ours; of another kind nothing is said."""
FREE_EDITION: Final = "esxbasic"
EVALUATION: Final = "eval"
DEVICES: Final = "config.hardware.device"
ENABLE_UUID: Final = "disk.enableuuid"
GIB: Final = 2**30
MIB_PER_GIB: Final = 1024

Facts = dict[str, Any]


def machine_facts(row: ObjectValues, hosts: Mapping[Any, str]) -> Facts:
    """Facts of a protected machine."""
    facts = _shared(row, hosts)
    if "runtime.powerState" in row.values:
        facts["powered_on"] = row.get("runtime.powerState") == vim.VirtualMachine.PowerState.poweredOn
    if "runtime.question" not in row.denied:
        facts["pending_question"] = row.get("runtime.question") is not None
    _take(facts, row, "config.instanceUuid", "instance_uuid", str)
    _take(facts, row, "config.firmware", "firmware", str)
    if DEVICES not in row.denied:
        facts["disks"] = tuple(_disk_facts(row))
    return facts | {"exists_on_premises": True}


def master_target_facts(row: ObjectValues, hosts: Mapping[Any, str]) -> Facts:
    """Facts of a master target. Disks of other machines, which it holds for them, are not its own."""
    facts = _shared(row, hosts) | {"physical": False}
    _take(facts, row, "config.hardware.numCPU", "cores", int)
    return facts if DEVICES in row.denied else facts | _devices_of_its_own(row)


def _devices_of_its_own(row: ObjectValues) -> Facts:
    own = _own_disks(row)
    uuids = tuple(str(uuid) for disk in own if (uuid := getattr(disk.backing, "uuid", None)))
    facts: Facts = {"local_disks": len(own), "scsi_controllers": tuple(controllers_of(row))}
    return facts | {"disk_uuids": uuids} if len(uuids) == len(own) else facts


def appliance_facts(row: ObjectValues, hosts: Mapping[Any, str]) -> Facts:
    """Facts of a replication appliance."""
    kept = ("host", "datastore", "memory_gib")
    facts = {fact: value for fact, value in _shared(row, hosts).items() if fact in kept}
    _take(facts, row, "config.hardware.numCPU", "cores", int)
    return facts if DEVICES in row.denied else facts | {"disk_gib": sum(map(_size_gib, _own_disks(row)))}


def host_facts(row: ObjectValues, stores: Iterable[ObjectValues], others: Mapping[Any, str]) -> Facts:
    """Facts of a host; `others` are names of all machines but the protected ones and the servers."""
    facts: Facts = dict(_mounts(row, stores))
    if "runtime.connectionState" in row.values:
        facts["connected"] = str(row.get("runtime.connectionState")) == "connected"
    size, used = row.get("summary.hardware.memorySize"), row.get("summary.quickStats.overallMemoryUsage")
    if size is not None and used is not None:
        facts["free_memory_gib"] = round(size / GIB - used / MIB_PER_GIB, 1)
    if "vm" not in row.denied:
        facts["other_machines"] = tuple(others[ref] for ref in row.get("vm") or () if ref in others)
    _take(facts, row, "config.product.version", "version", str)
    return facts


def edition_of(assignments: Iterable[Any]) -> str | None:
    """free, evaluation or licensed; None where nothing is assigned."""
    keys = [str(each.assignedLicense.editionKey or "").casefold() for each in assignments]
    if not any(keys):
        return None
    return "free" if FREE_EDITION in keys else "evaluation" if EVALUATION in keys else "licensed"


def datastore_facts(row: ObjectValues) -> Facts:
    """Facts of a datastore."""
    facts: Facts = {}
    kind = KINDS.get(str(row.get("summary.type") or "").casefold())
    if kind is not None:
        facts["kind"] = kind
    _take(facts, row, "summary.capacity", "capacity_gib", lambda size: size / GIB)
    _take(facts, row, "summary.freeSpace", "free_gib", lambda size: round(size / GIB, 1))
    _take(facts, row, "summary.accessible", "accessible", bool)
    return facts


def autostarted(row: ObjectValues) -> frozenset[Any] | None:
    """The machines that this host starts by itself; None where the account may not read that."""
    if "config.autoStart.powerInfo" in row.denied:
        return None
    infos = row.get("config.autoStart.powerInfo") or ()
    return frozenset(info.key for info in infos if str(info.startAction).casefold() == "poweron")


def _shared(row: ObjectValues, hosts: Mapping[Any, str]) -> Facts:
    """What machines, master targets and appliances have in common."""
    facts: Facts = {}
    if row.get("runtime.host") in hosts:
        facts["host"] = hosts[row.get("runtime.host")]
    own = _own_disks(row)
    if own:
        facts["datastore"] = datastore_of(path_of(own[0]))
    if "snapshot.rootSnapshotList" not in row.denied:
        facts["snapshots"] = tuple(snapshot_names(row.get("snapshot.rootSnapshotList") or ()))
    _take(facts, row, "config.uuid", "bios_uuid", str)
    _take(facts, row, "config.hardware.memoryMB", "memory_gib", lambda mib: mib / MIB_PER_GIB)
    _take(facts, row, "guest.toolsStatus", "tools", _tools)
    if "config.extraConfig" not in row.denied:
        facts["disk_enable_uuid"] = _enables_uuid(row.get("config.extraConfig") or ())
    return facts


def snapshot_names(trees: Iterable[Any]) -> Iterator[str]:
    """Names of snapshots, a parent before its children."""
    for tree in trees:
        yield str(tree.name)
        yield from snapshot_names(tree.childSnapshotList or ())


def _take(facts: Facts, row: ObjectValues, path: str, fact: str, make: Any) -> None:
    if row.get(path) is not None:
        facts[fact] = make(row.get(path))


def _tools(status: Any) -> str | None:
    return None if str(status) == "toolsNotInstalled" else str(status)


def _enables_uuid(options: Iterable[Any]) -> bool:
    """The value's case does not matter (M07)."""
    return any(str(o.key).casefold() == ENABLE_UUID and str(o.value).casefold() in ("true", "1") for o in options)


def _own_disks(row: ObjectValues) -> Sequence[Any]:
    """Disks in the machine's own folder; one whose folder has another name is taken for its own where all have."""
    disks = disks_in(row.get("config.hardware.device") or ())
    own = [disk for disk in disks if folder_of(path_of(disk)) == row.get("name")]
    return own or disks


def _disk_facts(row: ObjectValues) -> Iterator[Facts]:
    for disk in disks_in(row.get("config.hardware.device") or ()):
        facts: Facts = {"size_gib": _size_gib(disk)}
        if uuid := getattr(disk.backing, "uuid", None):
            facts["uuid"] = str(uuid)
        if path := path_of(disk):
            facts["datastore"] = datastore_of(path)
        raw = vim.vm.device.VirtualDisk.RawDiskMappingVer1BackingInfo
        yield facts | {"raw_device": isinstance(disk.backing, raw), "attached_on_premises": True}


def _size_gib(disk: Any) -> float:
    return float(disk.capacityInBytes or disk.capacityInKB * 1024) / GIB


def controllers_of(row: ObjectValues) -> Iterator[str]:
    """Kinds of its SCSI controllers, one word for each."""
    for device in row.get("config.hardware.device") or ():
        yield from (name for name, kind in CONTROLLERS.items() if type(device) is kind)


def _mounts(row: ObjectValues, stores: Iterable[ObjectValues]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The datastores that this host mounts, and those among them that it only reads; nothing where that is denied.

    A host has at least one: an account that sees no datastore at all may read none.
    """
    stores = list(stores)
    if not stores or any("host" in store.denied for store in stores):
        return
    mounts = [(s.get("name"), m) for s in stores for m in s.get("host") or () if m.key == row.ref]
    mounted = [(name, mount.mountInfo) for name, mount in mounts if mount.mountInfo.mounted is not False]
    yield "datastores", tuple(name for name, _ in mounted)
    yield "read_only_datastores", tuple(name for name, info in mounted if info.accessMode == "readOnly")
