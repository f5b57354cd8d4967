"""Where disks are attached, without any server."""

from typing import Any

import pytest
from pyVmomi import vim

from failback.adapters.vsphere_devices import UNITS, attach, created, disk_paths, folder_of, vmdk_path
from failback.reprotect import VsphereRefused

device = vim.vm.device


def disk(path: str, controller: int, unit: int) -> Any:
    backing = device.VirtualDisk.FlatVer2BackingInfo(fileName=path)
    return device.VirtualDisk(key=unit, controllerKey=controller, unitNumber=unit, capacityInKB=1024, backing=backing)


def controller(bus: int) -> Any:
    return device.VirtualLsiLogicController(key=1000 + bus, busNumber=bus)


def places(changes: list[Any]) -> list[tuple[int, int]]:
    disks: list[Any] = [each.device for each in changes if isinstance(each.device, device.VirtualDisk)]
    return [(each.controllerKey, each.unitNumber) for each in disks]


def test_disks_are_told_by_bus_and_unit_and_not_by_their_place_in_the_list() -> None:
    devices = [disk("c", 1001, 0), disk("b", 1000, 8), controller(1), disk("a", 1000, 1), controller(0)]
    assert disk_paths(devices) == ("a", "b", "c")


def test_no_disk_takes_the_unit_of_the_controller() -> None:
    assert 7 not in UNITS
    assert len(UNITS) == 15


def test_free_places_are_taken_in_ascending_order() -> None:
    held = [controller(0), disk("x", 1000, 1), disk("y", 1000, 3)]
    assert places(attach([disk("a", 1, 0), disk("b", 1, 1)], held, "mt")) == [(1000, 0), (1000, 2)]


def test_a_full_controller_is_followed_by_a_new_one() -> None:
    held = [controller(0), *(disk(f"x{unit}", 1000, unit) for unit in UNITS)]
    changes = attach([disk("a", 1, 0)], held, "mt")
    assert [type(each.device) for each in changes] == [device.VirtualLsiLogicController, device.VirtualDisk]
    assert changes[0].device.busNumber == 1
    assert changes[1].device.controllerKey == changes[0].device.key


def test_more_than_sixty_disks_are_refused() -> None:
    with pytest.raises(VsphereRefused, match="M03"):
        attach([disk(f"a{number}", 1, 0) for number in range(61)], [], "mt")


def test_new_disks_have_as_many_controllers_as_they_need() -> None:
    changes = created([(vmdk_path("ds", "vm", number), 2**30) for number in range(16)])
    assert sum(isinstance(each.device, device.VirtualLsiLogicController) for each in changes) == 2
    assert len(set(places(changes))) == 16


def test_a_disk_belongs_to_the_machine_whose_folder_it_is_in() -> None:
    assert folder_of(vmdk_path("a] b", "web", 3)) != "web-2"
    assert folder_of("[silver] web-2/web_0.vmdk") == "web-2"
