"""An act mends a rule of the table, names its object, and says what takes it back."""

from dataclasses import replace

import pytest

from failback.reprotect import (
    REMEDIES,
    Act,
    Architecture,
    AzureVm,
    Choices,
    ConfigurationServer,
    Disk,
    Estate,
    Host,
    Link,
    MasterTarget,
    OsFamily,
    ProcessServer,
    Remedy,
    VirtualMachine,
    by_id,
    did,
    does,
    remedy_of,
    remedy_target_of,
)

WEB = VirtualMachine("web", OsFamily.LINUX, (Disk(30),), Architecture.CLASSIC, "esx1", "gold")
SERVERS = {
    "ps1": ProcessServer("ps1", up=False),
    "ps-site": ProcessServer("ps-site", in_azure=False),
    "ps2": ProcessServer("ps2"),
}
ESTATE = Estate(
    {"web": WEB},
    Link(1000),
    configuration_servers={"cs1": ConfigurationServer("cs1")},
    process_servers=SERVERS,
    hosts={"esx2": Host("esx2")},
    master_targets={"mt1": MasterTarget("mt1", OsFamily.LINUX, "esx2")},
)
NOBODY = Estate({"web": VirtualMachine("web", OsFamily.LINUX, (), azure=AzureVm(exists=False))}, Link(1000))
ASK = Choices(master_target="mt1", process_server="ps1")
OBJECTS = {
    Act.DELETE_SNAPSHOTS: "mt1",
    Act.MOUNT_DATASTORE: "gold",
    Act.REFRESH_PROVIDER: "cs1",
    Act.SWITCH_PROCESS_SERVER: "ps2",
    Act.START_REPLICA: "web",
}
BESIDE = {Act.MOUNT_DATASTORE: "esx2", Act.SWITCH_PROCESS_SERVER: "ps1"}


@pytest.mark.parametrize("remedy", REMEDIES, ids=lambda remedy: remedy.rule)
def test_a_remedy_mends_a_rule_and_names_its_object(remedy: Remedy) -> None:
    assert by_id(remedy.rule) is not None
    assert remedy_of(remedy.rule) is remedy
    assert remedy.object_of(ESTATE, "web", ASK) == OBJECTS[remedy.act]
    assert remedy.beside_of(ESTATE, "web", ASK) == BESIDE.get(remedy.act)


@pytest.mark.parametrize("remedy", REMEDIES, ids=lambda remedy: remedy.rule)
def test_an_act_is_said_in_words_with_all_that_it_touches(remedy: Remedy) -> None:
    remedy_target = remedy_target_of(remedy.rule, ESTATE, "web", ASK)
    assert remedy_target is not None
    for say in (does, did):
        words = say(remedy.act, remedy_target.object, remedy_target.beside)
        assert remedy_target.object in words
        assert "None" not in words
    assert does(remedy.act, remedy_target.object) != did(remedy.act, remedy_target.object)


def test_how_long_it_lasts_is_said_of_each() -> None:
    assert all(remedy.lasts for remedy in REMEDIES)


def test_for_a_machine_that_is_gone_the_chosen_datastore_is_mounted() -> None:
    gone = replace(ESTATE, virtual_machines={"web": replace(WEB, exists_on_premises=False)})
    remedy_target = remedy_target_of("A03", gone, "web", replace(ASK, datastore="silver"))
    assert remedy_target is not None
    assert (remedy_target.object, remedy_target.beside) == ("silver", "esx2")


@pytest.mark.parametrize("remedy", REMEDIES, ids=lambda remedy: remedy.rule)
def test_where_there_is_nothing_to_act_on_nothing_is_named(remedy: Remedy) -> None:
    assert remedy.object_of(NOBODY, "web", Choices()) is None


def test_deleting_snapshots_is_the_one_act_that_nothing_takes_back() -> None:
    assert {remedy.act for remedy in REMEDIES if not remedy.undone_by} == {Act.DELETE_SNAPSHOTS}


def test_every_act_has_a_rule() -> None:
    assert {remedy.act for remedy in REMEDIES} == set(Act)


def test_what_has_no_port_is_for_somebodys_hand() -> None:
    assert remedy_of("R10") is None


def test_with_no_server_of_the_same_side_the_other_side_does() -> None:
    remedy = remedy_of("806")
    assert remedy is not None
    on_site = Estate({"web": WEB}, Link(1000), process_servers={n: SERVERS[n] for n in ("ps1", "ps-site")})
    assert remedy.object_of(on_site, "web", ASK) == "ps-site"


UNFIT: tuple[dict[str, object], ...] = (
    {"network": "hub"},
    {"reaches_servers": False},
    {"version": "9.9"},
    {"stopped_services": ("tmansvc",)},
    {"closed_ports": (9443,)},
)


@pytest.mark.parametrize("unfit", UNFIT)
def test_no_switch_leads_to_a_process_server_that_another_rule_would_refuse(unfit: dict[str, object]) -> None:
    remedy = remedy_of("806")
    assert remedy is not None
    machine = replace(WEB, azure=AzureVm(network="vnet"))
    servers = {**SERVERS, "ps2": replace(SERVERS["ps2"], **unfit)}  # type: ignore[arg-type]  # the facts of one row
    control = {"cs1": ConfigurationServer("cs1", version="9.4")}
    estate = replace(ESTATE, virtual_machines={"web": machine}, process_servers=servers, configuration_servers=control)
    assert remedy.object_of(estate, "web", ASK) == "ps-site"
