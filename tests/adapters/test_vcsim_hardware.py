"""The hardware that an estate says is made in a real vcsim and read back from it."""

from dataclasses import replace

import pytest

from failback.adapters import DATACENTER, MADE, RunningVcsim, VsphereSession, build_estate, read_vsphere
from failback.adapters.estate_facts import known_facts
from failback.adapters.vcsim_hardware import hardware_of_machine, hardware_of_target
from failback.adapters.vsphere_changes import MEMORY_MIB
from failback.reprotect import Appliance, Estate

UUID = "4210a7b0-5c1e-4d8f-9b1a-6f2e8c3d00{:02d}"


@pytest.fixture
def estate_with_hardware(estate: Estate) -> Estate:
    """The estate with hardware of its machine, master target and appliance."""
    web = replace(
        estate.virtual_machines["web"],
        bios_uuid=UUID.format(3),
        instance_uuid=UUID.format(4),
        disk_enable_uuid=False,
        memory_gib=6.0,
        firmware="efi",
    )
    target = replace(
        estate.master_targets["mt"],
        bios_uuid=UUID.format(5),
        disk_enable_uuid=True,
        scsi_controllers=("lsilogic", "pvscsi", "lsilogic-sas"),
        cores=4,
        memory_gib=8.0,
    )
    box = Appliance("box", host="esx2", datastore="gold", cores=8, memory_gib=32.0)
    machines = {**estate.virtual_machines, "web": web}
    return replace(estate, virtual_machines=machines, master_targets={"mt": target}, appliances={"box": box})


@pytest.mark.vcsim
def test_what_is_made_is_read_back(vcsim: RunningVcsim, estate_with_hardware: Estate) -> None:
    with VsphereSession(vcsim.settings(DATACENTER)) as session:
        build_estate(session, estate_with_hardware, vcsim.scratch / "datastores")
        found = {(each.section, each.name): each.facts for each in read_vsphere(session, estate_with_hardware).found}
    for section, fact in MADE:
        name = {"virtual_machines": "web", "master_targets": "mt", "appliances": "box"}[section]
        assert (fact, found[section, name][fact]) == (fact, getattr(getattr(estate_with_hardware, section)[name], fact))


def test_what_is_made_are_facts_of_the_estate() -> None:
    assert not {(section, fact) for section, fact in MADE if fact not in known_facts(section)}


def test_what_the_estate_leaves_open_is_left_to_the_vcsim(estate: Estate) -> None:
    web, target = hardware_of_machine(estate.virtual_machines["web"]), hardware_of_target(estate.master_targets["mt"])
    assert (web.bios_uuid, web.disk_enable_uuid, web.memory_mib) == (None, None, MEMORY_MIB)
    assert target.controllers == ("lsilogic",) * 4
