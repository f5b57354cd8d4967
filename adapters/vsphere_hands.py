"""What ASR's own components do on site, done in a simulated vSphere: the port `OnPremisesHands`.

Each call looks first and changes only what is not so yet, so a call that was cut off can be asked again. Disks are
attached to their next machine before they are detached from the last one: whatever is cut off, every disk is findable.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from failback.reprotect import VmFacts, VsphereRefused

from . import vsphere_changes
from .vsphere import SeenVm, VsphereInventory
from .vsphere_devices import attach, datastore_of, detach, disks_in, folder_of, path_of
from .vsphere_places import datastores_seen_by, read_places
from .vsphere_session import VsphereSession
from .vsphere_tasks import wait_for


class VsphereHands:
    """Hands on one session. Every call raises `Unreachable`, and `VsphereRefused` for a fault or a missing machine."""

    def __init__(self, session: VsphereSession) -> None:
        self._session = session
        self._inventory = VsphereInventory(session)

    def look(self, names: Collection[str]) -> Mapping[str, VmFacts]:
        """Facts of the virtual machines that exist among `names`."""
        return self._inventory.look(names)

    def datastores_of(self, host: str) -> Collection[str]:
        """Names of the datastores that this host mounts; none where there is no such host."""
        ref = read_places(self._session).hosts.get(host)
        return datastores_seen_by(self._session, ref) if ref is not None else ()

    def power_on(self, vm: str) -> None:
        """Start it, unless it runs."""
        seen = self._see(vm)[vm]
        if not seen.facts.powered_on:
            doing = f"powering on {vm}"
            self._wait(doing, vsphere_changes.power_on(self._session, seen.ref, doing))

    def power_off(self, vm: str) -> None:
        """Stop it, if it runs."""
        self._stop(self._see(vm)[vm])

    def take_snapshot(self, vm: str, name: str) -> None:
        """Make a snapshot, unless it has one of that name."""
        seen = self._see(vm)[vm]
        if name not in seen.facts.snapshots:
            doing = f"taking the snapshot {name} of {vm}"
            self._wait(doing, vsphere_changes.take_snapshot(self._session, seen.ref, name, doing))

    def remove_snapshots(self, vm: str) -> None:
        """Merge all snapshots, if there are any (R05)."""
        seen = self._see(vm)[vm]
        if seen.facts.snapshots:
            doing = f"merging the snapshots of {vm}"
            self._wait(doing, vsphere_changes.remove_snapshots(self._session, seen.ref, doing))

    def attach_disks(self, vm: str, to: str) -> None:
        """Attach every disk of `vm` to the master target or appliance `to`, then detach it; the files stay (B06)."""
        seen = self._see(vm, to)
        self._move(disks_in(seen[vm].devices), seen[vm], seen[to])

    def return_disks(self, vm: str, disk_host: str) -> None:
        """Attach the disks in the folder of `vm` that `disk_host` holds to `vm` in order, then detach them (B08)."""
        seen = self._see(vm, disk_host)
        own = [disk for disk in disks_in(seen[disk_host].devices) if folder_of(path_of(disk)) == vm]
        self._move(own, seen[disk_host], seen[vm])

    def create_vm(self, vm: str, host: str, datastore: str, disk_sizes_bytes: Collection[int]) -> None:
        """Create a machine that is off, with new VMDKs of these sizes in its folder, unless it exists (T04)."""
        if vm not in self._inventory.see([vm]):
            new, doing = vsphere_changes.NewVm(vm, host, datastore, tuple(disk_sizes_bytes)), f"creating {vm}"
            self._wait(doing, vsphere_changes.create(self._session, read_places(self._session), new, doing))

    def destroy_vm(self, vm: str) -> None:
        """Stop it and remove it with its folder, if it exists."""
        seen = self._inventory.see([vm]).get(vm)
        if seen is not None:
            self._stop(seen)
            doing = f"removing {vm}"
            self._wait(doing, vsphere_changes.destroy(self._session, seen.ref, doing))

    def _stop(self, vm: SeenVm) -> None:
        if vm.facts.powered_on:
            doing = f"powering off {vm.facts.name}"
            self._wait(doing, vsphere_changes.power_off(self._session, vm.ref, doing))

    def _move(self, disks: Sequence[Any], source: SeenVm, target: SeenVm) -> None:
        missing = [disk for disk in disks if path_of(disk) not in target.facts.disks]
        if missing:
            self._must_see(target, {datastore_of(path_of(disk)) for disk in missing})
            self._reconfigure(
                target, attach(missing, target.devices, target.facts.name), f"attaching {len(missing)} disks to"
            )
        if disks:
            self._reconfigure(source, detach(disks), f"detaching {len(disks)} disks from")

    def _must_see(self, vm: SeenVm, datastores: Collection[str]) -> None:
        """Refuse what a real vCenter refuses (R24) and a vcsim breaks down on."""
        unseen = sorted(set(datastores) - datastores_seen_by(self._session, vm.host))
        if unseen:
            raise VsphereRefused(
                f"The host {vm.facts.host} of {vm.facts.name} does not see the datastore {', '.join(unseen)}, "
                "so it cannot hold disks of it (R24). Mount the datastore on that host."
            )

    def _reconfigure(self, vm: SeenVm, changes: Sequence[Any], what: str) -> None:
        doing = f"{what} {vm.facts.name}"
        self._wait(doing, vsphere_changes.reconfigure(self._session, vm.ref, changes, doing))

    def _see(self, *names: str) -> Mapping[str, SeenVm]:
        seen = self._inventory.see(names)
        for name in names:
            if name not in seen:
                raise VsphereRefused(
                    f"vSphere has no virtual machine {name} in {self._session.settings.within or 'any datacenter'}. "
                    "It was renamed or removed: restore it, or correct the scenario.",
                    missing=name,
                )
        return seen

    def _wait(self, doing: str, task: Any) -> None:
        wait_for(self._session, {doing: task})
