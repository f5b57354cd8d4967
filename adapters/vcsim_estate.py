"""An estate built in a vcsim: the datacenter `failback` with its hosts, datastores and virtual machines.

What exists by name is adopted as it is, and nothing that a person made is removed, so that a snapshot made by hand in a
vcsim that stays is kept. Things of one kind are asked for all at once and then waited for.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final
from urllib.parse import quote

from pyVmomi import vim

from failback.reprotect import Appliance, Estate, MasterTarget, VirtualMachine, VsphereRefused, known

from . import vsphere_changes
from .vcsim_hardware import hardware_of_appliance, hardware_of_machine, hardware_of_target
from .vsphere import SeenVm, VsphereInventory
from .vsphere_changes import Hardware, NewVm
from .vsphere_devices import datastore_of, detach, disks_in, folder_of, path_of, vmdk_path
from .vsphere_hands import VsphereHands
from .vsphere_places import Places, read_places
from .vsphere_properties import ObjectValues, PropertyReader
from .vsphere_session import VsphereSession
from .vsphere_tasks import wait_for

DATACENTER: Final = "failback"
"""Name of the datacenter: what `VsphereSettings.within` must be for a session on an estate."""
DRILL_SNAPSHOTS: Final = ("asr-failback",)
"""Snapshots that a drill itself leaves on a protected machine (A12)."""
NO_NAME: Final = "unnamed"
"""The host or datastore of a part for which the estate has none at all."""
LOCAL_DISK_BYTES: Final = 40 * 2**30
"""Size of a disk that a master target or appliance has itself."""
HOME_OPTION: Final = "vcsim.home"
"""The option by which vcsim names its own directory, which it deletes when it ends."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A virtual machine as the estate has it at the beginning of a drill."""

    new: NewVm
    powered_on: bool
    snapshots: tuple[str, ...]
    helper: bool
    """Whether it is a master target or an appliance."""

    @property
    def name(self) -> str:
        return self.new.name

    @property
    def disks(self) -> tuple[str, ...]:
        return tuple(
            vmdk_path(self.new.datastore, self.name, number) for number, _ in enumerate(self.new.disk_sizes_bytes)
        )


def build_estate(session: VsphereSession, estate: Estate, root: Path | None = None) -> None:
    """Create what the estate has and the vcsim has not; what is there by name is adopted untouched.

    `session.settings.within` must be `DATACENTER`. Datastores are directories below `root`, which must last as long as
    the vcsim and be on its machine; when None, below the vcsim's own directory (of an old one, which tells none, a new
    temporary directory that stays). Raises `Unreachable` and `VsphereRefused`.
    """
    if session.settings.within != DATACENTER:
        raise ValueError(
            f"A session on an estate needs settings with within={DATACENTER!r}, not {session.settings.within!r}."
        )
    wanted = tuple(_wanted(estate))
    _ensure_datacenter(session)
    _ensure_hosts(session, estate, wanted)
    _ensure_datastores(session, _mounts(estate, wanted), root)
    _ensure_vms(session, wanted)


def reset_estate(
    session: VsphereSession,
    estate: Estate,
    drill_snapshots: Collection[str] = DRILL_SNAPSHOTS,
    *,
    keep_added_disks: bool = False,
) -> None:
    """Put an adopted estate back to the beginning of a drill: disks with owners, power, the estate's snapshots.

    A protected machine that the estate says is gone is removed, one with other disks or another host is made anew, and
    the drill's own snapshots go. Any other snapshot stays, on master targets and elsewhere, and so does a datastore
    that was mounted on one more host: a vcsim cannot unmount it. With `keep_added_disks`, so does a machine to which
    somebody gave a disk on another datastore. Raises `Unreachable` and `VsphereRefused`.
    """
    wanted = tuple(_wanted(estate))
    _give_back(session, wanted)
    _remove_others(session, estate, wanted, keep_added_disks=keep_added_disks)
    _ensure_vms(session, wanted)
    _remove_drill_snapshots(session, wanted, drill_snapshots)
    _settle(session, wanted)


# What the estate wants


def _wanted(estate: Estate) -> Iterator[_Wanted]:
    for vm in estate.virtual_machines.values():
        if vm.exists_on_premises is not False:
            yield _Wanted(
                _new(estate, vm, [round(disk.size_gib * 2**30) for disk in vm.disks], hardware_of_machine(vm)),
                vm.powered_on is not False,
                _snapshots(vm),
                False,
            )
    for target in estate.master_targets.values():
        sizes = [LOCAL_DISK_BYTES] * target.local_disks
        yield _Wanted(_new(estate, target, sizes, hardware_of_target(target)), True, _snapshots(target), True)
    for box in estate.appliances.values():
        sizes = [LOCAL_DISK_BYTES] * box.local_disks
        yield _Wanted(_new(estate, box, sizes, hardware_of_appliance(box)), True, (), True)


def _new(
    estate: Estate, part: VirtualMachine | MasterTarget | Appliance, sizes: Iterable[int], hardware: Hardware
) -> NewVm:
    host = part.host or next(iter(estate.hosts), NO_NAME)
    datastore = part.datastore or next(iter(estate.datastores), NO_NAME)
    return NewVm(part.name, host, datastore, tuple(sizes), hardware)


def _snapshots(part: VirtualMachine | MasterTarget) -> tuple[str, ...]:
    return (part.snapshots or ()) if known(part.snapshots) else ()


def _mounts(estate: Estate, wanted: Collection[_Wanted]) -> Mapping[str, tuple[str, ...]]:
    """Host to its datastores. One that only a machine names is mounted where it runs, or it could not exist.

    A host of which nobody knows what it mounts is assumed to mount all, as no rule holds that against it.
    """
    stores = [*estate.datastores, *(vm.new.datastore for vm in wanted)]
    mounts = {h.name: list(h.mounted if known(h.datastores) else stores) for h in estate.hosts.values()}
    mounted = {name for names in mounts.values() for name in names}
    for vm in wanted:
        if vm.new.datastore not in mounted:
            mounts.setdefault(vm.new.host, []).append(vm.new.datastore)
            mounted.add(vm.new.datastore)
    return {host: tuple(dict.fromkeys(names)) for host, names in mounts.items()}


# Places


def _ensure_datacenter(session: VsphereSession) -> None:
    def exists(content: Any) -> bool:
        return content.searchIndex.FindByInventoryPath(DATACENTER) is not None

    if not session.read("looking for the datacenter", exists):
        session.change("creating the datacenter", lambda content: content.rootFolder.CreateDatacenter(name=DATACENTER))


def _ensure_hosts(session: VsphereSession, estate: Estate, wanted: Iterable[_Wanted]) -> None:
    places = read_places(session)
    names = dict.fromkeys([*estate.hosts, *(vm.new.host for vm in wanted)])
    tasks = {f"adding the host {name}": _add_host(session, places, name) for name in names if name not in places.hosts}
    wait_for(session, tasks)


def _add_host(session: VsphereSession, places: Places, name: str) -> Any:
    spec = vim.host.ConnectSpec(hostName=name, force=True)
    return session.change(
        f"adding the host {name}", lambda _: places.host_folder.AddStandaloneHost_Task(spec=spec, addConnected=True)
    )


def _ensure_datastores(session: VsphereSession, mounts: Mapping[str, Sequence[str]], root: Path | None) -> None:
    hosts = {row.get("name"): row for row in _hosts(session)}
    missing = _unmounted(session, mounts)
    root = root or (_home(session) if missing else None)
    for host, name in missing:
        _mount(session, hosts[host], name, root or Path())
    still = _unmounted(session, mounts) if missing else []
    if still:
        what = ", ".join(f"{name} on {host}" for host, name in still)
        raise VsphereRefused(
            f"The vcsim at {session.settings.address} did not mount these datastores: {what}. Restart it and run again."
        )


def _unmounted(session: VsphereSession, mounts: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    names = {ref: name for name, ref in read_places(session).datastores.items()}
    mounted = {row.get("name"): {names.get(ref) for ref in row.get("datastore") or ()} for row in _hosts(session)}
    return [(host, name) for host, wanted in mounts.items() for name in wanted if name not in mounted[host]]


def _hosts(session: VsphereSession) -> list[ObjectValues]:
    def read(content: Any) -> list[ObjectValues]:
        datacenter = content.searchIndex.FindByInventoryPath(DATACENTER)
        return PropertyReader(content).below(
            datacenter, vim.HostSystem, "name", "datastore", "configManager.datastoreSystem"
        )

    return session.read("reading the hosts", read)


def _mount(session: VsphereSession, host: ObjectValues, name: str, root: Path) -> None:
    """Mount a datastore on one more host.

    For every host but the first, vcsim mounts it and then answers with an object without a type, which the SDK cannot
    read (KeyError): the caller reads afterwards whether it is mounted.
    """
    directory = root / quote(name, safe=" ")
    directory.mkdir(parents=True, exist_ok=True)
    system = host.get("configManager.datastoreSystem")

    def mount(_: Any) -> None:
        with suppress(KeyError):
            system.CreateLocalDatastore(name=name, path=str(directory))

    session.change(f"mounting the datastore {name}", mount)


def _home(session: VsphereSession) -> Path:
    """The vcsim's own directory; a new temporary one where it tells none."""

    def read(content: Any) -> str | None:
        [row] = PropertyReader(content).of([content.setting], "setting")
        return next((each.value for each in row.get("setting") or () if each.key == HOME_OPTION), None)

    home = session.read("reading the options", read)
    return Path(home) / "datastores" if home else Path(mkdtemp(prefix="failback-datastores-"))


# Virtual machines


def _see(session: VsphereSession, wanted: Collection[_Wanted]) -> Mapping[str, SeenVm]:
    return VsphereInventory(session).see([vm.name for vm in wanted])


def _ensure_vms(session: VsphereSession, wanted: Sequence[_Wanted]) -> None:
    present = _see(session, wanted)
    missing = [vm for vm in wanted if vm.name not in present]
    if missing:
        places = read_places(session)
        _together(
            session, missing, "creating {}", lambda vm, doing: vsphere_changes.create(session, places, vm.new, doing)
        )
        _settle(session, missing)


def _settle(session: VsphereSession, wanted: Sequence[_Wanted]) -> None:
    """Power and snapshots as the estate has them; no snapshot is removed."""
    seen = _see(session, wanted)
    off = [vm for vm in wanted if vm.powered_on and not seen[vm.name].facts.powered_on]
    on = [vm for vm in wanted if not vm.powered_on and seen[vm.name].facts.powered_on]
    _together(
        session, off, "powering on {}", lambda vm, doing: vsphere_changes.power_on(session, seen[vm.name].ref, doing)
    )
    _together(
        session, on, "powering off {}", lambda vm, doing: vsphere_changes.power_off(session, seen[vm.name].ref, doing)
    )
    hands = VsphereHands(session)
    for vm in wanted:
        for name in vm.snapshots:
            if name not in seen[vm.name].facts.snapshots:
                hands.take_snapshot(vm.name, name)


def _together(
    session: VsphereSession, wanted: Iterable[_Wanted], doing: str, start: Callable[[_Wanted, str], Any]
) -> None:
    """Start a task for each machine, then wait for all."""
    named = {doing.format(vm.name): vm for vm in wanted}
    wait_for(session, {what: start(vm, what) for what, vm in named.items()})


def _give_back(session: VsphereSession, wanted: Sequence[_Wanted]) -> None:
    """Disks on master targets and appliances return to their owners; those without an owner here are detached."""
    seen, hands = _see(session, wanted), VsphereHands(session)
    for helper in (vm for vm in wanted if vm.helper and vm.name in seen):
        foreign = [disk for disk in disks_in(seen[helper.name].devices) if folder_of(path_of(disk)) != helper.name]
        owners = dict.fromkeys(folder_of(path_of(disk)) for disk in foreign)
        for owner in (name for name in owners if name in seen):
            hands.return_disks(owner, helper.name)
        orphans = [disk for disk in foreign if folder_of(path_of(disk)) not in seen]
        if orphans:
            doing = f"detaching {len(orphans)} disks from {helper.name}"
            wait_for(
                session, {doing: vsphere_changes.reconfigure(session, seen[helper.name].ref, detach(orphans), doing)}
            )


def _remove_others(
    session: VsphereSession, estate: Estate, wanted: Sequence[_Wanted], *, keep_added_disks: bool
) -> None:
    """Remove machines that the estate says are gone, and those whose disks or host are others than the estate's."""
    hands, seen = VsphereHands(session), _see(session, wanted)
    gone = [vm.name for vm in estate.virtual_machines.values() if vm.exists_on_premises is False]
    present = [vm for vm in wanted if not vm.helper and vm.name in seen]
    other = [vm.name for vm in present if not _as_wanted(vm, seen[vm.name], keep_added_disks=keep_added_disks)]
    for name in (*gone, *other):
        hands.destroy_vm(name)


def _as_wanted(vm: _Wanted, seen: SeenVm, *, keep_added_disks: bool) -> bool:
    """What we build lies on the machine's own datastore, so a disk on another one is somebody's doing."""
    disks = seen.facts.disks
    if keep_added_disks:
        disks = tuple(path for path in disks if datastore_of(path) == vm.new.datastore)
    return disks == vm.disks and seen.facts.host == vm.new.host


def _remove_drill_snapshots(session: VsphereSession, wanted: Sequence[_Wanted], names: Collection[str]) -> None:
    unwanted = [vm for vm in wanted if not vm.helper]
    refs = {vm.ref: name for name, vm in _see(session, unwanted).items() if set(vm.facts.snapshots) & set(names)}
    rows = session.read(
        "reading the snapshots", lambda content: PropertyReader(content).of(refs, "snapshot.rootSnapshotList")
    )
    for row in rows:
        for tree in _trees(row.get("snapshot.rootSnapshotList") or ()):
            if tree.name in names:
                doing = f"removing the snapshot {tree.name} of {refs[row.ref]}"
                wait_for(session, {doing: _remove_snapshot(session, tree.snapshot, doing)})


def _remove_snapshot(session: VsphereSession, snapshot: Any, doing: str) -> Any:
    return session.change(doing, lambda _: snapshot.RemoveSnapshot_Task(removeChildren=False))


def _trees(trees: Iterable[Any]) -> Iterator[Any]:
    for tree in trees:
        yield tree
        yield from _trees(tree.childSnapshotList or ())
