"""What a drill fixes in vSphere: snapshots of a master target, datastores that its host does not mount."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any, Final

from pyVmomi import vim

from failback.reprotect import Act, ApplyRemedy, Identity

from . import vsphere_changes
from .remedies import NotFixed, RemedySteps
from .vsphere import SeenVm, VsphereInventory
from .vsphere_places import datastores_seen_by, read_places
from .vsphere_properties import ObjectValues, PropertyReader
from .vsphere_session import VsphereSession
from .vsphere_tasks import wait_for


def vsphere_steps(
    session: VsphereSession,
    machines: Mapping[str, Identity] = MappingProxyType({}),
    stores: Mapping[str, str] = MappingProxyType({}),
) -> Mapping[Act, RemedySteps]:
    """The acts that one vCenter takes.

    `machines`: what machines are called there, see `identities`; `stores`: what datastores are, see
    `datastores_in_vsphere`.
    """
    acts = _VsphereActs(session, machines, stores)
    return {
        Act.DELETE_SNAPSHOTS: RemedySteps(acts.has_no_snapshots, acts.delete_snapshots),
        Act.MOUNT_DATASTORE: RemedySteps(acts.is_mounted, acts.mount),
    }


class _VsphereActs:
    def __init__(self, session: VsphereSession, machines: Mapping[str, Identity], stores: Mapping[str, str]) -> None:
        self._session, self._inventory, self._stores = session, VsphereInventory(session, machines), stores

    def has_no_snapshots(self, command: ApplyRemedy) -> bool:
        return not self._seen(command.object).facts.snapshots

    def delete_snapshots(self, command: ApplyRemedy) -> None:
        doing = f"deleting the snapshots of {command.object}"
        task = vsphere_changes.remove_snapshots(self._session, self._seen(command.object).ref, doing)
        wait_for(self._session, {doing: task})

    def is_mounted(self, command: ApplyRemedy) -> bool:
        return self._store(command) in datastores_seen_by(self._session, self._host(command))

    def mount(self, command: ApplyRemedy) -> None:
        store, host = self._datastore(command), self._host(command)
        mount = _MOUNTS.get(type(store.get("info")))
        if mount is None:
            kind = type(store.get("info")).__name__.rpartition(".")[2]
            raise NotFixed(f"{command.object} is of a kind ({kind}) that is not mounted host by host; see its hosts")
        mount(self._session, host, store.get("info"), f"mounting {command.object} on {command.beside}")

    def _seen(self, name: str) -> SeenVm:
        seen = self._inventory.see([name])
        if name not in seen:
            raise NotFixed(f"vSphere has no virtual machine {name}")
        return seen[name]

    def _store(self, command: ApplyRemedy) -> str:
        """What vSphere calls it; a simulator may have been built by the names of the estate."""
        called = self._stores.get(command.object, command.object)
        return called if called in read_places(self._session).datastores else command.object

    def _host(self, command: ApplyRemedy) -> Any:
        host = read_places(self._session).hosts.get(command.beside or "")
        if host is None:
            raise NotFixed(f"vSphere has no host {command.beside}")
        return host

    def _datastore(self, command: ApplyRemedy) -> ObjectValues:
        ref = read_places(self._session).datastores.get(self._store(command))
        if ref is None:
            raise NotFixed(f"vSphere has no datastore {self._store(command)} on any host")
        [row] = self._session.read("reading the datastore", lambda content: PropertyReader(content).of([ref], "info"))
        return row


def _manager(session: VsphereSession, host: Any, name: str) -> Any:
    path = f"configManager.{name}"
    [row] = session.read("reading a host", lambda content: PropertyReader(content).of([host], path))
    return row.get(path)


def _mount_nas(session: VsphereSession, host: Any, info: Any, doing: str) -> None:
    """An NFS export by its server and path, read/write."""
    nas, system = info.nas, _manager(session, host, "datastoreSystem")
    spec = vim.host.NasVolume.Specification(
        remoteHost=nas.remoteHost, remotePath=nas.remotePath, localPath=info.name, accessMode="readWrite", type=nas.type
    )
    _unread_answer(session, doing, lambda _: system.CreateNasDatastore(spec=spec))


def _mount_vmfs(session: VsphereSession, host: Any, info: Any, doing: str) -> None:
    """A VMFS volume: found by a scan of the host's storage, and mounted where somebody had unmounted it."""
    storage = _manager(session, host, "storageSystem")
    session.change(doing, lambda _: storage.RescanAllHba())
    session.change(doing, lambda _: storage.RescanVmfs())
    with suppress(vim.fault.InvalidState):
        session.change(doing, lambda _: storage.MountVmfsVolume(vmfsUuid=info.vmfs.uuid))


def _mount_local(session: VsphereSession, host: Any, info: Any, doing: str) -> None:
    """A directory (only a simulator shares one among hosts)."""
    system = _manager(session, host, "datastoreSystem")
    _unread_answer(session, doing, lambda _: system.CreateLocalDatastore(name=info.name, path=info.path))


def _unread_answer(session: VsphereSession, doing: str, ask: Callable[[Any], Any]) -> None:
    """Ask, and leave it to a look whether it is so: for a second host vcsim's answer is an object without a type."""

    def unread(content: Any) -> None:
        with suppress(KeyError):
            ask(content)

    session.change(doing, unread)


_MOUNTS: Final[Mapping[type, Callable[[VsphereSession, Any, Any, str], None]]] = {
    vim.host.NasDatastoreInfo: _mount_nas,
    vim.host.VmfsDatastoreInfo: _mount_vmfs,
    vim.host.LocalDatastoreInfo: _mount_local,
}
