"""Disks and controllers of a virtual machine, and the changes that attach, detach and create them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice, repeat
from typing import Any, Final

from pyVmomi import vim

from failback.reprotect import DISKS_MAX, VsphereRefused

Change = vim.vm.device.VirtualDeviceSpec
CONTROLLERS_MAX: Final = 4
LSI: Final = "lsilogic"
CONTROLLERS: Final[Mapping[str, Any]] = {
    "pvscsi": vim.vm.device.ParaVirtualSCSIController,
    "lsilogic-sas": vim.vm.device.VirtualLsiLogicSASController,
    LSI: vim.vm.device.VirtualLsiLogicController,
    "buslogic": vim.vm.device.VirtualBusLogicController,
}
"""Our words for the kinds of SCSI controller, and vSphere's (M05)."""
UNITS: Final = tuple(unit for unit in range(16) if unit != 7)
"""Units of a SCSI controller that a disk may take; 7 is the controller itself."""


def vmdk_path(datastore: str, vm: str, number: int) -> str:
    """The path of a virtual machine's disk, in its folder; numbered from 0."""
    return f"[{datastore}] {vm}/{vm}_{number}.vmdk"


def folder_of(path: str) -> str:
    """The folder of a VMDK path within its datastore: the name of the virtual machine that it belongs to."""
    return path.partition("] ")[2].partition("/")[0]


def datastore_of(path: str) -> str:
    """The datastore of a VMDK path."""
    return path.partition("[")[2].partition("] ")[0]


def disk_paths(devices: Iterable[Any]) -> tuple[str, ...]:
    """VMDK paths in attachment order."""
    return tuple(path_of(disk) for disk in disks_in(devices))


def disks_in(devices: Iterable[Any]) -> list[Any]:
    """Disks in attachment order: SCSI before other controllers, then by bus and unit."""
    present = list(devices)
    places = {
        each.key: (not isinstance(each, vim.vm.device.VirtualSCSIController), getattr(each, "busNumber", 0) or 0)
        for each in present
    }
    disks = (each for each in present if isinstance(each, vim.vm.device.VirtualDisk))
    return sorted(disks, key=lambda disk: (*places.get(disk.controllerKey, (True, 0)), disk.unitNumber or 0))


def path_of(disk: Any) -> str:
    """The VMDK path of a disk; of a raw mapping, that of its pointer file."""
    return str(getattr(disk.backing, "fileName", "") or "")


def attach(disks: Sequence[Any], to: Iterable[Any], name: str) -> list[Any]:
    """Changes that attach existing disks, in order, to a machine with the devices `to`, with new controllers as needed.

    Raises `VsphereRefused` when the machine `name` has no room (M03, A02).
    """
    controllers, slots = _room(list(to), len(disks), name)
    return [*controllers, *(_attached(disk, *slot) for disk, slot in zip(disks, slots, strict=True))]


def detach(disks: Iterable[Any]) -> list[Any]:
    """Changes that detach disks and keep their files."""
    return [Change(operation="remove", device=disk) for disk in disks]


def created(paths_and_sizes: Collection[tuple[str, int]], controllers: Sequence[str] = (LSI,)) -> list[Any]:
    """Changes for a new machine: controllers of these kinds, new thin disks of these paths and sizes in bytes.

    More LSI controllers come along where its disks need them.
    """
    needed = max(len(controllers), -(-len(paths_and_sizes) // len(UNITS)))
    kinds = islice(chain(controllers, repeat(LSI)), needed)
    keys = [(-1 - bus, bus) for bus in range(needed)]
    slots = ((key, unit) for key, _ in keys for unit in UNITS)
    disks = [_new_disk(path, size, *slot) for (path, size), slot in zip(paths_and_sizes, slots, strict=False)]
    return [*(_new_controller(*key, kind) for key, kind in zip(keys, kinds, strict=True)), *_numbered(disks)]


def _room(devices: list[Any], count: int, name: str) -> tuple[list[Any], list[tuple[int, int]]]:
    held = sum(isinstance(each, vim.vm.device.VirtualDisk) for each in devices)
    if held + count > DISKS_MAX:
        raise VsphereRefused(
            f"The machine {name} holds {held} disks and cannot take {count} more: {DISKS_MAX} is the limit (M03, A02). "
            "Fail back the machines that it serves, or use another one."
        )
    present = {each.busNumber: each.key for each in devices if isinstance(each, vim.vm.device.VirtualSCSIController)}
    keys = {bus: present.get(bus, -1 - bus) for bus in range(CONTROLLERS_MAX)}
    slots = list(islice(_free(keys, devices), count))
    if len(slots) < count:
        raise VsphereRefused(
            f"The machine {name} has other devices on its SCSI controllers and no room for {count} disks. "
            "Remove those devices."
        )
    used = {key for key, _ in slots}
    return [_new_controller(key, bus) for bus, key in keys.items() if key < 0 and key in used], slots


def _free(keys: dict[int, int], devices: Iterable[Any]) -> Iterator[tuple[int, int]]:
    taken = {(each.controllerKey, each.unitNumber) for each in devices}
    return ((key, unit) for _, key in sorted(keys.items()) for unit in UNITS if (key, unit) not in taken)


def _new_controller(key: int, bus: int, kind: str = LSI) -> Any:
    sharing = vim.vm.device.VirtualSCSIController.Sharing.noSharing
    device = CONTROLLERS.get(kind.casefold(), CONTROLLERS[LSI])
    return Change(operation="add", device=device(key=key, busNumber=bus, sharedBus=sharing))


def _attached(disk: Any, controller_key: int, unit: int) -> Any:
    same = vim.vm.device.VirtualDisk(
        key=-1000 - unit - 16 * abs(controller_key),
        controllerKey=controller_key,
        unitNumber=unit,
        capacityInKB=disk.capacityInKB,
        capacityInBytes=disk.capacityInBytes,
        backing=_backing(path_of(disk), getattr(disk.backing, "uuid", None)),
    )
    return Change(operation="add", device=same)


def _new_disk(path: str, size_bytes: int, controller_key: int, unit: int) -> Any:
    return vim.vm.device.VirtualDisk(
        controllerKey=controller_key,
        unitNumber=unit,
        capacityInKB=size_bytes // 1024,
        capacityInBytes=size_bytes,
        backing=_backing(path),
    )


def _numbered(disks: Iterable[Any]) -> Iterator[Any]:
    for number, disk in enumerate(disks):
        disk.key = -1000 - number
        yield Change(operation="add", fileOperation="create", device=disk)


def _backing(path: str, uuid: str | None = None) -> Any:
    return vim.vm.device.VirtualDisk.FlatVer2BackingInfo(
        fileName=path, diskMode="persistent", thinProvisioned=True, uuid=uuid
    )
