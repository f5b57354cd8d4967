"""An invented estate as `govc object.save` writes the folder of a vCenter: one XML file an object, in Go's spelling.

Written without pyVmomi, which reads it. Each element is one that the saved folder of a real govc has, too (a test
compares them), but for those in `NOT_SAVED`.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from .rvtools_export import MIB, SERVER, Site, Vm

GIB = 2**30
SAVED_AT = "2026-06-01T10:15:00Z"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
NOT_SAVED = {"childSnapshotList", "ipAddress", "network", "hostName"}
"""Elements by their names that a vcsim did not have when its folder was saved: a child of a snapshot, and a guest's
network. govmomi's types.go has them."""


def node(name: str, *content: Any, kind: str = "", of: str = "") -> tuple[str, Any, str, str]:
    """An element: `kind` is its type of the schema, `of` the kind of object that it refers to."""
    return name, content, kind, of


def grown(parent: Element, made: tuple[str, Any, str, str]) -> None:
    name, content, kind, of = made
    element = SubElement(parent, name)
    if of:
        element.set("type", of)
    if kind:
        element.set("XMLSchema-instance:type", kind)
    for each in content:
        if isinstance(each, tuple):
            grown(element, each)
        else:
            element.text = _text(each)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def saved(kind: str, moid: str, properties: Iterable[tuple[str, str, tuple[Any, ...]]]) -> str:
    """One object: its properties by name, type of the schema and content."""
    root = Element("ObjectContent")
    SubElement(root, "obj", {"type": kind}).text = moid
    for name, of, content in properties:
        entry = SubElement(root, "propSet")
        SubElement(entry, "name").text = name
        grown(entry, node("val", *content, kind=of))
        entry[-1].attrib = {"xmlns:XMLSchema-instance": XSI, **entry[-1].attrib}
    indent(root)
    return tostring(root, encoding="unicode")


# Machines


def _disk(vm: Vm, n: int, stores: dict[str, str]) -> Any:
    size = int(vm.disks_gib[n] * GIB)
    backing = node(
        "backing",
        node("fileName", f"[{vm.datastore}] {vm.name}/{vm.name}_{n}.vmdk"),
        node("datastore", stores[vm.datastore], of="Datastore"),
        node("diskMode", "persistent"),
        node("thinProvisioned", True),
        node("uuid", f"6000C29{n}-0000-0000-0000-{int(vm.id[3:]):012d}"),
        kind="VirtualDiskFlatVer2BackingInfo",
    )
    return _device("VirtualDisk", 2000 + n, f"Hard disk {n + 1}", backing, *_at(1000, n), *_size(size))


def _at(controller: int, unit: int) -> tuple[Any, ...]:
    return node("controllerKey", controller), node("unitNumber", unit)


def _size(size: int) -> tuple[Any, ...]:
    return node("capacityInKB", size // 1024), node("capacityInBytes", size)


def _device(kind: str, key: int, label: str, *content: Any) -> Any:
    words = node("deviceInfo", node("label", label), node("summary", label), kind="Description")
    return node("device", node("key", key), words, *content, kind=kind)


def _card(n: int, mac: str, network: str, networks: dict[str, str]) -> Any:
    backing = node(
        "backing",
        node("deviceName", network),
        node("network", networks[network], of="Network"),
        kind="VirtualEthernetCardNetworkBackingInfo",
    )
    where = (*_at(100, 7 + n), node("addressType", "generated"), node("macAddress", mac))
    return _device("VirtualE1000", 4000 + n, f"Network adapter {n + 1}", backing, *where)


def _config(vm: Vm, stores: dict[str, str], networks: dict[str, str]) -> tuple[Any, ...]:
    controller = _device(
        "ParaVirtualSCSIController",
        1000,
        "SCSI controller 0",
        node("busNumber", 0),
        *(node("device", 2000 + n) for n, _ in enumerate(vm.disks_gib)),
        node("sharedBus", "noSharing"),
    )
    devices = (
        controller,
        *(_disk(vm, n, stores) for n, _ in enumerate(vm.disks_gib)),
        *(_card(n, mac, network, networks) for n, (mac, network, _) in enumerate(vm.adapters)),
    )
    uuids = node(
        "extraConfig",
        node("key", "disk.enableUUID"),
        node("value", str(vm.enable_uuid).upper(), kind="xsd:string"),
        kind="OptionValue",
    )
    return (
        node("name", vm.name),
        node("guestFullName", vm.os),
        node("uuid", vm.bios),
        node("instanceUuid", vm.bios.replace("4200", "5000", 1)),
        node("template", vm.template),
        node("files", node("vmPathName", f"[{vm.datastore}] {vm.name}/{vm.name}.vmx")),
        node("hardware", node("numCPU", 2), node("memoryMB", vm.memory_gib * MIB), *devices),
        uuids,
        node("firmware", vm.firmware),
    )


def _guest(vm: Vm) -> Iterator[Any]:
    yield node("toolsStatus", vm.tools)
    if vm.adapters:
        yield node("hostName", f"{vm.name}.site.example")
    for mac, network, address in vm.adapters:
        addresses = (node("ipAddress", address), node("ipAddress", "fe80::1"))
        yield node("net", node("network", network), *addresses, node("macAddress", mac), node("connected", True))


def _snapshots(vm: Vm) -> Any:
    """Each is the child of the one before."""
    tree: tuple[Any, ...] = ()
    for n in range(len(vm.snapshots) - 1, -1, -1):
        names = (node("name", vm.snapshots[n]), node("description", ""), node("id", n + 1))
        own = (*names, node("createTime", "2026-05-01T08:00:00Z"), node("state", "poweredOff"), node("quiesced", False))
        ref = node("snapshot", f"snapshot-{vm.id[3:]}{n}", of="VirtualMachineSnapshot")
        where = (ref, node("vm", vm.id, of="VirtualMachine"))
        tree = (node("childSnapshotList" if n else "rootSnapshotList", *where, *own, *tree),)
    return tree


def machine(vm: Vm, hosts: dict[str, str], stores: dict[str, str], networks: dict[str, str]) -> str:
    runtime = (
        node("host", hosts[vm.host], of="HostSystem"),
        node("connectionState", "connected"),
        node("powerState", "poweredOn" if vm.powered_on else "poweredOff"),
    )
    properties = [
        ("name", "xsd:string", (vm.name,)),
        ("config", "VirtualMachineConfigInfo", _config(vm, stores, networks)),
        ("runtime", "VirtualMachineRuntimeInfo", runtime),
        ("guest", "GuestInfo", tuple(_guest(vm))),
        ("datastore", "ArrayOfManagedObjectReference", (_reference("Datastore", stores[vm.datastore]),)),
    ]
    if vm.snapshots:
        properties.append(("snapshot", "VirtualMachineSnapshotInfo", _snapshots(vm)))
    return saved("VirtualMachine", vm.id, properties)


def _reference(kind: str, moid: str) -> Any:
    return node("ManagedObjectReference", moid, of=kind)


# Places


def host(name: str, moid: str, machines: Iterable[str]) -> str:
    summary = (
        node("host", moid, of="HostSystem"),
        node("hardware", node("memorySize", 262144 * 2**20)),
        node("quickStats", node("overallMemoryUsage", 262144 // 2)),
    )
    runtime = (node("connectionState", "connected"), node("powerState", "poweredOn"))
    config = (
        node("host", moid, of="HostSystem"),
        node("product", node("name", "VMware ESXi"), node("version", "8.0.3")),
    )
    properties = [
        ("name", "xsd:string", (name,)),
        ("summary", "HostListSummary", summary),
        ("runtime", "HostRuntimeInfo", runtime),
        ("config", "HostConfigInfo", config),
        ("vm", "ArrayOfManagedObjectReference", tuple(_reference("VirtualMachine", each) for each in machines)),
    ]
    return saved("HostSystem", moid, properties)


def datastore(name: str, moid: str, kind: str, capacity_gib: int, hosts: Iterable[str]) -> str:
    summary = (
        node("datastore", moid, of="Datastore"),
        node("name", name),
        node("capacity", capacity_gib * GIB),
        node("freeSpace", capacity_gib * GIB // 2),
        node("accessible", True),
        node("type", kind),
    )
    info = (node("accessMode", "readWrite"), node("mounted", True), node("accessible", True))
    mounts = (
        node("DatastoreHostMount", node("key", each, of="HostSystem"), node("mountInfo", *info)) for each in hosts
    )
    properties = [
        ("name", "xsd:string", (name,)),
        ("summary", "DatastoreSummary", summary),
        ("host", "ArrayOfDatastoreHostMount", tuple(mounts)),
    ]
    return saved("Datastore", moid, properties)


def _session() -> tuple[str, str, tuple[Any, ...]]:
    """When the folder was saved, by vCenter's clock."""
    times = (node("loginTime", "2026-06-01T10:14:00Z"), node("lastActiveTime", SAVED_AT))
    return "currentSession", "UserSession", (node("key", "1"), node("userName", "u"), node("fullName", "u"), *times)


def _ids(kind: str, names: Iterable[str]) -> dict[str, str]:
    return {name: f"{kind}-{n}" for n, name in enumerate(dict.fromkeys(names), start=1)}


def _objects(site: Site) -> Iterator[tuple[str, str, str]]:
    """Type, id and text of each file."""
    hosts, stores = _ids("host", site.hosts), _ids("datastore", (name for name, *_ in site.datastores))
    networks = _ids("network", (network for vm in site.vms for _, network, _ in vm.adapters))
    yield "SessionManager", "SessionManager", saved("SessionManager", "SessionManager", [_session()])
    for vm in site.vms:
        yield "VirtualMachine", vm.id, machine(vm, hosts, stores, networks)
    for name, moid in hosts.items():
        yield "HostSystem", moid, host(name, moid, (vm.id for vm in site.vms if vm.host == name))
    for name, kind, gib, mounted in site.datastores:
        yield "Datastore", stores[name], datastore(name, stores[name], kind, gib, (hosts[each] for each in mounted))
    for name, moid in networks.items():
        yield "Network", moid, saved("Network", moid, [("name", "xsd:string", (name,))])


def write(site: Site, folder: Path) -> Path:
    there = folder / f"vcsim-{SERVER}"
    there.mkdir(parents=True)
    for n, (kind, moid, text) in enumerate(_objects(site)):
        (there / f"{n:04}-{kind}-{moid}.xml").write_text(text, encoding="utf-8")
    return there
