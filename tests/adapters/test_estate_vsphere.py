"""The estate read from a real vcsim, by leaf properties, without a call that changes anything."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from pyVmomi import vim

from failback.adapters import (
    EstateReading,
    Override,
    SoapProxy,
    VsphereHands,
    VsphereSession,
    merged,
    open_proxy,
    read_vsphere,
)
from failback.adapters.estate_facts import known_facts
from failback.adapters.vsphere import container
from failback.adapters.vsphere_changes import Hardware, NewVm, create
from failback.adapters.vsphere_places import read_places
from failback.adapters.vsphere_properties import PropertyReader
from failback.adapters.vsphere_tasks import wait_for
from failback.reprotect import UNKNOWN, ConfigurationServer, Estate

pytestmark = pytest.mark.vcsim
READS: frozenset[str] = frozenset(
    {
        "RetrieveServiceContent",
        "Login",
        "Logout",
        "CreateContainerView",
        "DestroyView",
        "RetrievePropertiesEx",
        "ContinueRetrievePropertiesEx",
        "FindByInventoryPath",
        "QueryAssignedLicenses",
        "FetchUserPrivilegeOnEntities",
    }
)
"""Methods that change nothing but the session's own."""
HELD = {
    "virtual_machines": ("exists_on_premises", "powered_on", "host", "datastore", "snapshots"),
    "master_targets": ("host", "datastore", "snapshots", "local_disks"),
    "appliances": ("host", "datastore"),
    "hosts": ("datastores",),
}


def facts(reading: EstateReading, section: str, name: str) -> dict[str, object]:
    found = (each.facts for each in reading.found if (each.section, each.name) == (section, name))
    return {fact: value for facts in found for fact, value in facts.items()}


@pytest.fixture
def proxy(hands: VsphereHands, session: VsphereSession) -> Iterator[SoapProxy]:
    with open_proxy(session.settings) as opened:
        yield opened


def test_an_estate_built_in_a_vcsim_is_read_back_unchanged(
    hands: VsphereHands, session: VsphereSession, estate: Estate
) -> None:
    read = merged(estate, read_vsphere(session, estate))
    for section, held in HELD.items():
        for name, part in getattr(estate, section).items():
            again = getattr(read, section)[name]
            if name != "gone":
                assert {f: getattr(again, f) for f in held} == {f: getattr(part, f) for f in held}
    assert [disk.size_gib for disk in read.virtual_machines["web"].disks] == [40.0, 100.0]


def test_a_machine_that_is_not_there_is_known_to_be_gone(
    hands: VsphereHands, session: VsphereSession, estate: Estate
) -> None:
    hands.destroy_vm("web")
    web = merged(estate, read_vsphere(session, estate)).virtual_machines["web"]
    assert (web.exists_on_premises, web.powered_on) == (False, False)


def test_what_a_person_did_is_read(hands: VsphereHands, session: VsphereSession, estate: Estate) -> None:
    hands.take_snapshot("mt", "by hand")
    hands.power_on("web-2")
    read = merged(estate, read_vsphere(session, estate))
    assert read.master_targets["mt"].snapshots == ("before-patch", "by hand")
    assert read.virtual_machines["web-2"].powered_on is True


def test_disks_of_others_on_a_master_target_are_not_its_own(
    hands: VsphereHands, session: VsphereSession, estate: Estate
) -> None:
    hands.power_off("web")
    hands.attach_disks("web", "mt")
    assert facts(read_vsphere(session, estate), "master_targets", "mt")["local_disks"] == 2


def test_uuids_and_controllers_are_read(hands: VsphereHands, session: VsphereSession, estate: Estate) -> None:
    reading = read_vsphere(session, estate)
    web, target = facts(reading, "virtual_machines", "web"), facts(reading, "master_targets", "mt")
    assert len({str(web["bios_uuid"]), str(target["bios_uuid"])}) == 2
    assert web["disk_enable_uuid"] is False
    assert set(target["scsi_controllers"]) == {"lsilogic"}  # type: ignore[call-overload]  # a tuple of names


def test_every_fact_is_one_that_its_part_has(hands: VsphereHands, session: VsphereSession, estate: Estate) -> None:
    for found in read_vsphere(session, estate, "somebody").found:
        if found.section != "configuration_servers":
            assert found.facts.keys() <= known_facts(found.section)


def test_nothing_is_asked_that_changes_anything(
    hands: VsphereHands, session: VsphereSession, estate: Estate, proxy: SoapProxy
) -> None:
    with VsphereSession(proxy.settings) as through:
        read_vsphere(through, estate, "somebody")
    assert proxy.methods
    assert proxy.methods.keys() <= READS


def test_the_cost_does_not_grow_with_the_machines(hands: VsphereHands, estate: Estate, proxy: SoapProxy) -> None:
    with VsphereSession(proxy.settings) as through:
        read_vsphere(through, estate)
        every = proxy.methods["RetrievePropertiesEx"]
        one = {"web": estate.virtual_machines["web"]}
        read_vsphere(through, replace(estate, virtual_machines=one))
    assert proxy.methods["RetrievePropertiesEx"] == 2 * every


# Privileges: of the stored account, never of ours


def test_without_a_stored_account_nothing_is_said_of_privileges(
    hands: VsphereHands, session: VsphereSession, estate: Estate
) -> None:
    reading = read_vsphere(session, with_server(estate))
    assert facts(reading, "configuration_servers", "cs") == {}
    assert any("site_recovery_account" in note for note in reading.notes)


def test_the_stored_account_is_asked_about_by_name(
    hands: VsphereHands, session: VsphereSession, estate: Estate, proxy: SoapProxy
) -> None:
    place = session.read("finding it", lambda content: content.searchIndex.FindByInventoryPath("failback")._GetMoId())
    proxy.push([Override(place, "privileges", ("Datastore.Browse",))])
    with VsphereSession(proxy.settings) as through:
        reading = read_vsphere(through, with_server(estate), "SITE\\svc-asr")
    assert facts(reading, "configuration_servers", "cs") == {"privileges": ("Datastore.Browse",)}


def with_server(estate: Estate) -> Estate:
    return replace(estate, configuration_servers={"cs": ConfigurationServer("cs")})


# What nobody wrote down


def test_a_host_that_the_file_does_not_name_is_added_with_what_was_read(
    hands: VsphereHands, session: VsphereSession, estate: Estate
) -> None:
    read = merged(estate, read_vsphere(session, replace(estate, hosts={}, datastores={})))
    bare = merged(replace(estate, hosts={}), read_vsphere(session, replace(estate, hosts={}, datastores={})))
    assert bare.hosts.keys() == {"esx1", "esx2"}
    assert set(bare.hosts["esx1"].mounted) == {"silver", "gold"}
    assert bare.hosts["esx1"].discovered is UNKNOWN
    assert read.hosts["esx1"].discovered is True


def test_a_machine_is_found_by_the_name_that_it_has_in_vsphere(
    hands: VsphereHands, session: VsphereSession, estate: Estate
) -> None:
    web = estate.virtual_machines["web"]
    renamed = replace(web, name="web-vm-7", vsphere_name="web", id="vm-7")
    read = read_vsphere(session, replace(estate, virtual_machines={"web-vm-7": renamed}))
    found = facts(read, "virtual_machines", "web-vm-7")
    assert (found["exists_on_premises"], found["host"]) == (True, web.host)
    assert all("web" not in facts(read, "hosts", name).get("other_machines", ()) for name in estate.hosts)  # type: ignore[operator]


def test_two_machines_of_one_name_are_noted_and_not_read(
    hands: VsphereHands, session: VsphereSession, estate: Estate
) -> None:
    another = NewVm("web", "esx2", "gold", ())
    wait_for(session, {"creating": create(session, read_places(session), another, "creating")})
    reading = read_vsphere(session, estate)
    assert facts(reading, "virtual_machines", "web") == {}
    assert any("several machines named web" in note for note in reading.notes)


def test_of_two_machines_of_one_name_the_one_with_the_id_is_read(
    hands: VsphereHands, session: VsphereSession, estate: Estate
) -> None:
    another = NewVm("web", "esx2", "gold", ())
    wait_for(session, {"creating": create(session, read_places(session), another, "creating")})
    ids = session.read("looking", lambda content: [r.ref._GetMoId() for r in _named(content, "web")])
    web = estate.virtual_machines["web"]
    both = {f"web-{id_}": replace(web, name=f"web-{id_}", vsphere_name="web", id=id_) for id_ in ids}
    read = read_vsphere(session, replace(estate, virtual_machines=both))
    hosts = [facts(read, "virtual_machines", name)["host"] for name in both]
    assert (len(ids), sorted(map(str, hosts))) == (2, sorted([web.host, "esx2"]))


def test_a_datastore_is_found_by_the_name_that_it_has_in_vsphere(
    hands: VsphereHands, session: VsphereSession, estate: Estate
) -> None:
    """Of two of one name, by the hosts that mount it: the other may be in another datacenter."""
    silver, esx1 = estate.datastores["silver"], estate.hosts["esx1"]
    both = {f"silver-{n}": replace(silver, name=f"silver-{n}", vsphere_name="silver") for n in (1, 2)}
    far = replace(esx1, name="far", datastores=("silver-2",))
    renamed = replace(
        estate,
        datastores={**both, "gold": estate.datastores["gold"]},
        hosts={**estate.hosts, "esx1": replace(esx1, datastores=("silver-1", "gold")), "far": far},
    )
    read = read_vsphere(session, renamed)
    assert facts(read, "virtual_machines", "web")["datastore"] == "silver-1"
    assert facts(read, "virtual_machines", "web")["disks"][0]["datastore"] == "silver-1"  # type: ignore[index]
    assert set(facts(read, "hosts", "esx1")["datastores"]) == {"silver-1", "gold"}  # type: ignore[call-overload]
    assert facts(read, "datastores", "silver-1")["accessible"] is True
    assert not facts(read, "datastores", "silver-2")
    assert not facts(read, "datastores", "silver")


def bios_uuid(session: VsphereSession, name: str) -> str:
    return str(session.read("looking", lambda content: _named(content, name)[0].ref.config.uuid))


def copied(session: VsphereSession, name: str, copy: str) -> None:
    """Another machine with the BIOS UUID of this one."""
    another = NewVm(copy, "esx2", "gold", (), Hardware(bios_uuid=bios_uuid(session, name)))
    wait_for(session, {"creating": create(session, read_places(session), another, "creating")})


@pytest.mark.parametrize("name", ["web", "mt", "box"])
def test_two_machines_of_one_uuid_are_noted_and_the_one_of_that_name_is_read(
    name: str, hands: VsphereHands, session: VsphereSession, estate: Estate
) -> None:
    before = read_vsphere(session, estate)
    copied(session, name, "a-copy")
    after = read_vsphere(session, estate)
    [note] = [note for note in after.notes if note not in before.notes]
    assert f"several machines with one BIOS UUID: a-copy, {name}." in note
    section = {"web": "virtual_machines", "mt": "master_targets", "box": "appliances"}[name]
    assert facts(after, section, name) == facts(before, section, name)


def test_two_machines_of_one_uuid_of_which_none_is_ours_are_not_noted(
    hands: VsphereHands, session: VsphereSession, estate: Estate
) -> None:
    copied(session, "web-2", "a-copy")
    others = {name: vm for name, vm in estate.virtual_machines.items() if name != "web-2"}
    notes = read_vsphere(session, replace(estate, virtual_machines=others)).notes
    assert not any("UUID" in note for note in notes)


def _named(content: Any, name: str) -> list[Any]:
    rows = PropertyReader(content).below(container(content, None), vim.VirtualMachine, "name")
    return [row for row in rows if row.get("name") == name]
