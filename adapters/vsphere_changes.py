"""Changes to virtual machines as tasks: started here, each sent once, waited for by the caller."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from pyVmomi import vim

from .vsphere_devices import LSI, created, vmdk_path
from .vsphere_places import Places
from .vsphere_session import VsphereSession

GUEST_ID: Final = "otherGuest64"
MEMORY_MIB: Final = 1024
ENABLE_UUID: Final = "disk.EnableUUID"


def power_on(session: VsphereSession, vm: Any, doing: str) -> Any:
    """The task that starts it."""
    return session.change(doing, lambda _: vm.PowerOnVM_Task())


def power_off(session: VsphereSession, vm: Any, doing: str) -> Any:
    """The task that stops it."""
    return session.change(doing, lambda _: vm.PowerOffVM_Task())


def take_snapshot(session: VsphereSession, vm: Any, name: str, doing: str) -> Any:
    """The task that makes a snapshot of its disks, without memory."""
    return session.change(
        doing, lambda _: vm.CreateSnapshot_Task(name=name, description="", memory=False, quiesce=False)
    )


def remove_snapshots(session: VsphereSession, vm: Any, doing: str) -> Any:
    """The task that merges all its snapshots."""
    return session.change(doing, lambda _: vm.RemoveAllSnapshots_Task())


def reconfigure(session: VsphereSession, vm: Any, changes: Sequence[Any], doing: str) -> Any:
    """The task that applies device changes."""
    return session.change(doing, lambda _: vm.ReconfigVM_Task(spec=vim.vm.ConfigSpec(deviceChange=list(changes))))


def destroy(session: VsphereSession, vm: Any, doing: str) -> Any:
    """The task that removes it with its files."""
    return session.change(doing, lambda _: vm.Destroy_Task())


@dataclass(frozen=True, slots=True)
class Hardware:
    """What a new machine has besides its disks; None lets the server choose."""

    controllers: tuple[str, ...] = (LSI,)
    """Kinds of its SCSI controllers, at least."""
    memory_mib: int = MEMORY_MIB
    cores: int = 1
    firmware: str | None = None
    """bios or efi."""
    bios_uuid: str | None = None
    instance_uuid: str | None = None
    disk_enable_uuid: bool | None = None
    """disk.EnableUUID; None leaves it unset."""


@dataclass(frozen=True, slots=True)
class NewVm:
    """A virtual machine to be created."""

    name: str
    host: str
    datastore: str
    disk_sizes_bytes: tuple[int, ...]
    hardware: Hardware = Hardware()


def create(session: VsphereSession, places: Places, new: NewVm, doing: str) -> Any:
    """The task that creates it, powered off, with new thin disks in its own folder.

    Raises `VsphereRefused` for an unknown host or datastore before anything is sent: the latter would end a vcsim.
    """
    places.must_have(new.host, new.datastore)
    host, pool = places.hosts[new.host], places.pools[new.host]
    return session.change(doing, lambda _: places.vm_folder.CreateVM_Task(config=_config(new), pool=pool, host=host))


def _config(new: NewVm) -> Any:
    disks = [(vmdk_path(new.datastore, new.name, number), size) for number, size in enumerate(new.disk_sizes_bytes)]
    with_ = new.hardware
    return vim.vm.ConfigSpec(
        name=new.name,
        guestId=GUEST_ID,
        memoryMB=with_.memory_mib,
        numCPUs=with_.cores,
        firmware=with_.firmware,
        uuid=with_.bios_uuid,
        instanceUuid=with_.instance_uuid,
        extraConfig=_options(with_.disk_enable_uuid),
        files=vim.vm.FileInfo(vmPathName=f"[{new.datastore}] {new.name}/{new.name}.vmx"),
        deviceChange=created(disks, with_.controllers),
    )


def _options(enable_uuid: bool | None) -> list[Any]:
    return [] if enable_uuid is None else [vim.option.OptionValue(key=ENABLE_UUID, value=str(enable_uuid).upper())]
