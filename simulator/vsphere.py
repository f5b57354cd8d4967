"""vSphere in memory: the hypervisor of world `sim`, with the two ports of a real one."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from failback.reprotect import Estate, VmFacts, VsphereRefused, known


@contextmanager
def unless_gone() -> Iterator[None]:
    """Do nothing to a machine that is not there; whatever else vSphere refuses is somebody's to know."""
    try:
        yield
    except VsphereRefused as refused:
        if refused.missing is None:
            raise


@dataclass(slots=True)
class _Vm:
    host: str
    powered_on: bool
    disks: list[str]
    snapshots: list[str] = field(default_factory=list)


class MemoryVsphere:
    """Virtual machines by name. Implements the ports `Vsphere` and `OnPremisesHands`."""

    def __init__(self, estate: Estate) -> None:
        self._vms: dict[str, _Vm] = {}
        self._shown: dict[str, VmFacts] = {}
        self._mounts = {host.name: set(host.mounted) for host in estate.hosts.values()}
        self._stores = {store for mounted in self._mounts.values() for store in mounted}
        for vm in estate.virtual_machines.values():
            if vm.exists_on_premises is not False:
                paths = [vmdk_path(vm.datastore, vm.name, n) for n, _ in enumerate(vm.disks)]
                self._add(vm.name, vm.host, paths, vm.snapshots, powered_on=vm.powered_on is not False)
        for target in estate.master_targets.values():
            paths = [vmdk_path(target.datastore, target.name, n) for n in range(target.local_disks)]
            self._add(target.name, target.host, paths, target.snapshots)
        for box in estate.appliances.values():
            self._add(box.name, box.host, [vmdk_path(box.datastore, box.name, n) for n in range(box.local_disks)], ())

    def _add(self, name: str, host: str, disks: list[str], snapshots: object, *, powered_on: bool = True) -> None:
        shots = list(snapshots) if known(snapshots) and isinstance(snapshots, tuple) else []
        self._vms[name] = _Vm(host, powered_on, disks, shots)
        for store in (path[1:].partition("]")[0] for path in disks):
            if store not in self._stores:
                self._mounts.setdefault(host, set()).add(store)  # or it could not exist, as in vcsim
                self._stores.add(store)

    def look(self, names: Collection[str]) -> Mapping[str, VmFacts]:
        """Facts of those that exist; the same ones as before where nothing has changed."""
        return {name: self._shown.get(name) or self._show(name) for name in names if name in self._vms}

    def _show(self, name: str) -> VmFacts:
        vm = self._vms[name]
        facts = VmFacts(name, vm.powered_on, tuple(vm.disks), tuple(vm.snapshots), vm.host)
        self._shown[name] = facts
        return facts

    def _changing(self, name: str) -> _Vm:
        if name not in self._vms:
            raise VsphereRefused(f"vSphere has no virtual machine {name}.", missing=name)
        self._shown.pop(name, None)
        return self._vms[name]

    def datastores_of(self, host: str) -> Collection[str]:
        """Datastores that this host mounts."""
        return frozenset(self._mounts.get(host, ()))

    def mount(self, datastore: str, host: str) -> None:
        """Mount one that there is on one more host. Raises `LookupError` for a host or datastore that is not there."""
        if host not in self._mounts or datastore not in self._stores:
            raise LookupError(f"there is no host {host}, or no datastore {datastore}")
        self._mounts[host].add(datastore)

    def power_on(self, vm: str) -> None:
        """Start it."""
        self._changing(vm).powered_on = True

    def power_off(self, vm: str) -> None:
        """Stop it."""
        self._changing(vm).powered_on = False

    def take_snapshot(self, vm: str, name: str) -> None:
        """Make a snapshot."""
        self._changing(vm).snapshots.append(name)

    def remove_snapshots(self, vm: str) -> None:
        """Merge all snapshots."""
        self._changing(vm).snapshots.clear()

    def attach_disks(self, vm: str, to: str) -> None:
        """Move the disks of `vm` to the master target or appliance."""
        owner, borrower = self._changing(vm), self._changing(to)
        borrower.disks += owner.disks
        owner.disks = []

    def return_disks(self, vm: str, disk_host: str) -> None:
        """Move the disks of `vm` back from `disk_host`."""
        owner, borrower = self._changing(vm), self._changing(disk_host)
        own = [path for path in borrower.disks if path.partition("] ")[2].startswith(f"{vm}/")]
        borrower.disks = [path for path in borrower.disks if path not in own]
        owner.disks += own

    def create_vm(self, vm: str, host: str, datastore: str, disk_sizes_bytes: Collection[int]) -> None:
        """Create an empty machine, powered off."""
        if vm not in self._vms:
            paths = [vmdk_path(datastore, vm, n) for n, _ in enumerate(disk_sizes_bytes)]
            self._add(vm, host, paths, (), powered_on=False)

    def destroy_vm(self, vm: str) -> None:
        """Remove it with its files."""
        self._vms.pop(vm, None)
        self._shown.pop(vm, None)


def vmdk_path(datastore: str, vm: str, number: int) -> str:
    """The path of a machine's disk, in its folder."""
    return f"[{datastore}] {vm}/{vm}_{number}.vmdk"
