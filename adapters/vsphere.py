"""What vSphere says of virtual machines: the port `Vsphere` over a real vCenter."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from pyVmomi import vim, vmodl

from failback.reprotect import Identity, VmFacts, VsphereRefused

from .vsphere_devices import disk_paths
from .vsphere_machines import machines_of
from .vsphere_properties import ObjectValues, PropertyReader
from .vsphere_session import VsphereSession
from .vsphere_twins import UUID, twins_of, twins_words

VM_PATHS: Final = ("name", "runtime.powerState", "runtime.host", "config.hardware.device", "snapshot.rootSnapshotList")
LOOKS_MAX: Final = 3
"""Looks in one reading: one by what is remembered, and two afresh while machines are being renamed or removed."""


@dataclass(frozen=True, slots=True)
class SeenVm:
    """A virtual machine as just read: its facts, and what a change to it needs."""

    ref: Any
    facts: VmFacts
    devices: tuple[Any, ...]
    host: Any


class VsphereInventory:
    """Virtual machines by name, below `settings.within`. Names and objects are remembered; facts never are.

    `machines`: what machines of the estate are called in vSphere, see `identities`; all others have their own name.
    """

    def __init__(self, session: VsphereSession, machines: Mapping[str, Identity] = MappingProxyType({})) -> None:
        self._session, self._machines = session, machines
        self._vms: dict[str, Sequence[Any]] = {}
        self._shared: frozenset[str] = frozenset()
        self._hosts: dict[Any, str] = {}

    def look(self, names: Collection[str]) -> Mapping[str, VmFacts]:
        """Facts of the virtual machines that exist among `names`: one round trip when all are remembered.

        Raises `Unreachable`; `VsphereRefused` when two machines share a name or the account may not read one.
        """
        return {name: vm.facts for name, vm in self.see(names).items()}

    def see(self, names: Collection[str]) -> Mapping[str, SeenVm]:
        """The same, with the devices and the object of each, in the order of `names`."""
        wanted = tuple(dict.fromkeys(names))
        return self._session.read("reading the virtual machines", lambda content: self._see(content, wanted))

    def twins(self, names: Collection[str]) -> tuple[str, ...]:
        """A sentence for each BIOS UUID that one of these machines shares. Raises `Unreachable`, `VsphereRefused`."""
        address = self._session.settings.host
        return tuple(twins_words(address, shared) for shared in self.shared_uuids(names))

    def shared_uuids(self, names: Collection[str]) -> tuple[tuple[str, ...], ...]:
        """For each BIOS UUID that one of these machines shares: all that have it. Raises as `twins` does."""
        rows, here = self._session.read("reading the BIOS UUIDs", self._uuids)

        def name_of(row: ObjectValues) -> str:
            return here.get(row.ref) or str(row.get("name"))

        return tuple(twins_of(rows, lambda row: name_of(row) in names, name_of))

    def _uuids(self, content: Any) -> tuple[list[ObjectValues], Mapping[Any, str]]:
        """A row for each machine, and the names here of those of the estate."""
        place, reader = container(content, self._session.settings.within), PropertyReader(content)
        rows = list(reader.below(place, vim.VirtualMachine, "name", UUID))
        return rows, {ref: name for name, ref in machines_of(reader, rows, self._machines).one.items()}

    def _see(self, content: Any, names: Sequence[str]) -> Mapping[str, SeenVm]:
        if any(name not in self._vms for name in names):
            self._learn_vms(content)
        for _ in range(LOOKS_MAX):
            seen = self._read(content, names)
            if seen is not None:
                return seen
            self._learn_vms(content)
            self._learn_hosts(content)
        raise VsphereRefused(
            f"The virtual machines {', '.join(names)} are being renamed, moved or removed in vSphere while they are "
            "read. Wait until that has ended, and run again."
        )

    def _read(self, content: Any, names: Sequence[str]) -> Mapping[str, SeenVm] | None:
        """What is seen of these names, or None when what is remembered does not hold any more."""
        refs = {name: self._only(name) for name in names if name in self._vms}
        try:
            rows = {row.ref: row for row in PropertyReader(content).of(refs.values(), *VM_PATHS)}
        except vmodl.fault.ManagedObjectNotFound:
            return None
        if any(not self._holds(name, rows.get(ref)) for name, ref in refs.items()):
            return None
        return {name: self._seen_vm(name, rows[ref]) for name, ref in refs.items()}

    def _only(self, name: str) -> Any:
        refs, called = self._vms[name], self._names_of(name)[0]
        if len(refs) == 1 and name in self._shared:
            raise VsphereRefused(
                f"vSphere has one virtual machine named {called}, and several machines of the estate may be it. "
                "Correct their ids, or name the vCenter of this one in the settings."
            )
        if len(refs) > 1:
            where = self._session.settings.within or "all datacenters"
            raise VsphereRefused(
                f"vSphere has {len(refs)} virtual machines named {called} in {where}. "
                "Name the datacenter or folder of the right one in the settings (within)."
            )
        return refs[0]

    def _holds(self, name: str, row: ObjectValues | None) -> bool:
        if row is not None and row.denied:
            user = self._session.settings.user
            raise VsphereRefused(
                f"The account {user} may not read {', '.join(row.denied)} of the virtual machine {name}. "
                "Give it the role Read-only there."
            )
        if row is None or row.get("name") not in self._names_of(name):
            return False
        return row.get("runtime.host") in {None, *self._hosts}

    def _seen_vm(self, name: str, row: ObjectValues) -> SeenVm:
        devices = tuple(row.get("config.hardware.device") or ())
        facts = VmFacts(
            name=name,
            powered_on=row.get("runtime.powerState") == vim.VirtualMachine.PowerState.poweredOn,
            disks=disk_paths(devices),
            snapshots=tuple(_names(row.get("snapshot.rootSnapshotList") or ())),
            host=self._hosts.get(row.get("runtime.host")),
        )
        return SeenVm(row.ref, facts, devices, row.get("runtime.host"))

    def _names_of(self, name: str) -> tuple[str, ...]:
        identity = self._machines.get(name)
        return (name,) if identity is None else identity.names

    def _learn_vms(self, content: Any) -> None:
        place, reader = container(content, self._session.settings.within), PropertyReader(content)
        rows, vms = list(reader.below(place, vim.VirtualMachine, "name")), dict[str, list[Any]]()
        for row in rows:
            vms.setdefault(row.get("name"), []).append(row.ref)
        ours = machines_of(reader, rows, self._machines)
        others = {name: refs for name, refs in vms.items() if name not in self._machines}
        self._vms = {**others, **{name: (ref,) for name, ref in ours.one.items()}, **ours.unclear}
        self._shared = frozenset(ours.unclear)

    def _learn_hosts(self, content: Any) -> None:
        rows = PropertyReader(content).below(content.rootFolder, vim.HostSystem, "name")
        self._hosts = {row.ref: row.get("name") for row in rows}


def container(content: Any, within: str | None) -> Any:
    """The datacenter or folder at this inventory path, the root when None. Raises `VsphereRefused` for none."""
    if within is None:
        return content.rootFolder
    found = content.searchIndex.FindByInventoryPath(within)
    if found is None:
        raise VsphereRefused(
            f"vSphere has no datacenter or folder at {within}. Correct the inventory path in the settings (within)."
        )
    return found


def _names(trees: Iterable[Any]) -> Iterable[str]:
    """Names of the snapshots, a parent before its children."""
    for tree in trees:
        yield tree.name
        yield from _names(tree.childSnapshotList or ())
