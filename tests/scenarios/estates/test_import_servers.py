"""Which servers serve a machine, from what a vault records of its item."""

import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from failback.adapters import EstateClient, EstateReading, SiteRecoveryVault, read_vault
from failback.reprotect import UNKNOWN, Accepted, Phase, Plan, StartOperation, choose, names_in_the_vault
from failback.reprotect import Operation as Op
from failback.scenarios import load_scenario, resolve
from failback.scenarios.estates.command import ImportRequest, run_import
from failback.scenarios.files.loader import load_located
from failback.scenarios.files.schema import MismatchKind, Scenario
from failback.scenarios.files.yaml_source import BadInput
from failback.scenarios.judging.check import Status, check_estate
from failback.scenarios.run.worlds import lab_settings, spec_of
from failback.scenarios.runbooks.fix_first import faults
from failback.scenarios.runbooks.runbook import runbook
from failback.simulator import World
from failback.simulator.arm import ArmMock, serve

from . import vault_export
from .rvtools_export import Dress, Site, Vm, write
from .test_import import estate_in


def test_the_vault_says_which_servers_serve_a_machine(tmp_path: Path) -> None:
    scenario = load_scenario(resolve("one_vm"))
    estate, first = scenario.estate, next(iter(scenario.estate.configuration_servers.values()))
    servers = {
        first.name: replace(first, vcenters=("vc-a",)),
        "cs-b": replace(first, name="cs-b", vcenters=("vc-b", "vc-c")),
    }
    (vm,) = estate.virtual_machines.values()
    vms = {
        vm.name: replace(vm, configuration_server=first.name, vcenter="vc-a"),
        "other": replace(vm, name="other", configuration_server="cs-b", vcenter="vc-c"),
    }
    two = replace(scenario, estate=replace(estate, configuration_servers=servers, virtual_machines=vms))
    mock = vault_export.of_scenario(two)
    read = estate_in(tmp_path, *vault_export.write(tmp_path / "vault", mock))
    assert {name: (vm.configuration_server, vm.vcenter) for name, vm in read.virtual_machines.items()} == {
        vm.name: (first.name, "vc-a"),
        "other": ("cs-b", "vc-c"),
    }
    assert {name: server.vcenters for name, server in read.configuration_servers.items()} == {
        first.name: ("vc-a",),
        "cs-b": ("vc-b", "vc-c"),
    }


def test_the_vault_says_through_which_process_server_a_classic_machine_comes_home(tmp_path: Path) -> None:
    scenario = load_scenario(resolve("one_vm"))
    (vm,) = scenario.estate.virtual_machines.values()
    homeward = replace(vm, at=Phase.REPLICATING_TO_ON_PREMISES, powered_on=False)
    begun = replace(scenario, estate=replace(scenario.estate, virtual_machines={vm.name: homeward}))
    estate = estate_in(tmp_path, *vault_export.write(tmp_path / "vault", vault_export.of_scenario(begun)))
    assert estate.virtual_machines[vm.name].process_server in estate.process_servers


def test_servers_within_a_configuration_server_keep_the_name_that_the_vault_has_for_them(tmp_path: Path) -> None:
    """The vault lists all three roles under one name; an estate has one name for one part."""
    scenario = load_scenario(resolve("one_vm"))
    (target,), (server,) = scenario.estate.master_targets.values(), scenario.estate.process_servers.values()
    (own,) = scenario.estate.configuration_servers
    one = replace(
        scenario.estate,
        master_targets={"in-1": replace(target, name="in-1", vault_name=own)},
        process_servers={"in-2": replace(server, name="in-2", vault_name=own)},
    )
    mock = vault_export.of_scenario(replace(scenario, estate=one))
    read = estate_in(tmp_path, *vault_export.write(tmp_path / "vault", mock))
    assert [(name, s.vault_name) for name, s in read.configuration_servers.items()] == [(own, None)]
    assert [(name, s.vault_name) for name, s in read.process_servers.items()] == [(f"{own}-process-server", own)]
    again = read_vault_of(replace(scenario, estate=one))
    assert {each.name for each in again.found if each.section in {"process_servers", "master_targets"}} == {
        "in-1",
        "in-2",
    }, "a check finds them under the names of the estate"


def test_a_server_that_an_import_renames_is_noted_under_its_name_in_the_estate(tmp_path: Path) -> None:
    """The vault lists all three roles under one name; a warning of one is none of the others."""
    scenario = load_scenario(resolve("one_vm"))
    (own,) = scenario.estate.configuration_servers
    (server,) = scenario.estate.process_servers.values()
    one = replace(scenario.estate, process_servers={"in-2": replace(server, name="in-2", vault_name=own)})
    paths = vault_export.write(tmp_path / "vault", vault_export.of_scenario(replace(scenario, estate=one)))
    (fabrics,) = (path for path in paths if path.stem == "replicationFabrics")
    body = json.loads(fabrics.read_text("utf-8"))
    body["value"][0]["properties"]["customDetails"]["processServers"][0]["health"] = "Critical"
    fabrics.write_text(json.dumps(body), "utf-8")
    estate_in(tmp_path, *paths)
    found = load_located(tmp_path / "estate.yaml").scenario
    (noted,) = (each for each in found.mismatches if each.kind is MismatchKind.SERVER_UNWELL)
    assert noted.names == (f"{own}-process-server (vault: Critical)",)
    assert f"process server {own}-process-server" in {
        each.object for each in faults(runbook(found, 1)) if not each.rule
    }


def read_vault_of(scenario: Scenario) -> EstateReading:
    mock = ArmMock(World(spec_of(scenario)), epoch=scenario.starts_at, clock="step")
    with serve(mock) as door, closing(EstateClient(replace(lab_settings(mock, door), reads_per_s=10_000.0))) as client:
        return read_vault(client, scenario.estate, lambda: mock.epoch)


@pytest.mark.parametrize("name", ["one_vm", "one_modernised_vm"])
def test_a_request_names_a_renamed_server_as_the_vault_does(name: str) -> None:
    """Through the adapters to the mock; the estate's own names are in no answer of the vault."""
    scenario = load_scenario(resolve(name))
    estate = scenario.estate
    renamed: dict[str, Any] = {
        section: {f"{n}-here": replace(s, name=f"{n}-here", vault_name=n) for n, s in getattr(estate, section).items()}
        for section in ("process_servers", "master_targets", "appliances")
    }
    changed = replace(scenario, estate=replace(estate, **renamed))
    mock = ArmMock(World(spec_of(changed)), epoch=scenario.starts_at, clock="step")
    with serve(mock) as door:
        settings = lab_settings(mock, door)
        with closing(SiteRecoveryVault(settings, servers=names_in_the_vault(changed.estate))) as vault:
            for leg in (Op.FAILOVER, Op.COMMIT_FAILOVER, Op.REPROTECT_TO_ON_PREMISES):
                mock.world.catch_up(mock.world.env.now + 7200.0)
                choices = choose(changed.estate, changed.plan, "app-01", leg)
                answer = vault.perform(StartOperation("app-01", leg, choices, leg.value))
                assert isinstance(answer, Accepted), answer
    shown = mock.world.vault.items["app-01"].choices
    assert {shown.master_target or shown.appliance} <= {*renamed["master_targets"], *renamed["appliances"]}


def test_the_datastores_that_the_vault_lists_for_a_master_target_answer_where_its_host_is_unknown(
    tmp_path: Path,
) -> None:
    scenario = load_scenario(resolve("first_drill"))
    paths = vault_export.write(tmp_path / "vault", vault_export.of_scenario(scenario))
    stores = tuple((name, "VMFS", 4096, ("esx-1",)) for name in scenario.estate.datastores)
    first = next(iter(scenario.estate.datastores))
    vms = tuple(Vm(name, f"vm-{n}", datastore=first) for n, name in enumerate(scenario.estate.virtual_machines, 1))
    estate = estate_in(tmp_path, *paths, write(Site(vms, datastores=stores), tmp_path / "site", Dress(xlsx=True)))
    for target in estate.master_targets.values():
        host = scenario.estate.hosts[scenario.estate.master_targets[target.name].host]
        assert (target.host, target.accessible_datastores) == ("", host.datastores)
    rules = {(found.rule, found.status) for found in check_estate(estate, Plan()).of(*Status)}
    assert not {rule for rule in rules if rule[0] == "R24"}, "neither unknown nor broken"


def site_of(scenario: Scenario, tmp_path: Path, *without: str) -> Path:
    """An export with all machines and servers on one host, but without these sheets."""
    estate = scenario.estate
    first, *others = estate.datastores
    names = (*estate.virtual_machines, *estate.master_targets, *estate.appliances)
    vms = tuple(Vm(name, f"vm-{n}", datastore=first) for n, name in enumerate(names, 1))
    stores = tuple((name, "VMFS", 4096, ("esx-1",)) for name in (first, *others))
    return write(Site(vms, datastores=stores, without=without), tmp_path / "site", Dress(xlsx=True))


@pytest.mark.parametrize(("kind", "rule"), [("first_drill_modernised", "A03"), ("first_drill", "R24")])
def test_where_no_file_tells_what_a_host_mounts_the_datastores_that_the_vault_lists_answer(
    tmp_path: Path, kind: str, rule: str
) -> None:
    scenario = load_scenario(resolve(kind))
    paths = vault_export.write(tmp_path / "vault", vault_export.of_scenario(scenario))
    estate = estate_in(tmp_path, *paths, site_of(scenario, tmp_path, "vHost", "vDatastore"))
    servers = {**estate.master_targets, **estate.appliances}
    assert {(server.host, estate.hosts[server.host].datastores) for server in servers.values()} == {("esx-1", UNKNOWN)}
    found = {(each.rule, each.status) for each in check_estate(estate, Plan()).of(*Status)}
    assert not {each for each in found if each[0] == rule}, "neither unknown nor broken"
    assert {status for each, status in found if each == "M12"} == ({Status.UNKNOWN} if rule == "R24" else set())
    unlisted = {name: replace(server, accessible_datastores=UNKNOWN) for name, server in servers.items()}
    section = "master_targets" if rule == "R24" else "appliances"
    alone = check_estate(replace(estate, **{section: unlisted}), Plan())
    assert {each.status for each in alone.of(*Status) if each.rule == rule} == {Status.UNKNOWN}


def test_datastores_that_name_their_hosts_tell_what_a_host_mounts_that_no_list_has(tmp_path: Path) -> None:
    scenario = load_scenario(resolve("first_drill_modernised"))
    paths = vault_export.write(tmp_path / "vault", vault_export.of_scenario(scenario))
    estate = estate_in(tmp_path, *paths, site_of(scenario, tmp_path, "vHost"))
    assert set(estate.hosts["esx-1"].mounted) == set(scenario.estate.datastores)


def test_what_a_server_reports_is_no_answer_where_no_file_has_datastores(tmp_path: Path) -> None:
    paths = vault_export.write(tmp_path / "vault", vault_export.mock_of("first_drill_modernised"))
    estate = estate_in(tmp_path, *paths)
    assert {box.accessible_datastores for box in estate.appliances.values()} == {UNKNOWN}


def test_what_a_server_reports_is_kept_of_datastores_that_only_a_list_of_machines_names(tmp_path: Path) -> None:
    mock = vault_export.mock_of("first_drill_modernised")
    names = load_scenario(resolve("first_drill_modernised")).estate.virtual_machines
    rows = [f"{vm.name},{vm.datastore}" for vm in names.values()]
    (tmp_path / "own.csv").write_text("\n".join(["machine,datastore", *rows]), encoding="utf-8")
    estate = estate_in(tmp_path, *vault_export.write(tmp_path / "vault", mock), tmp_path / "own.csv")
    used = {vm.datastore for vm in estate.virtual_machines.values()}
    assert all(used & set(box.accessible_datastores) for box in estate.appliances.values())


@pytest.mark.parametrize("redact", [False, True])
def test_a_list_of_items_alone_is_refused_with_the_commands_that_read_the_rest(tmp_path: Path, *, redact: bool) -> None:
    """A list has no disks. A pseudonymised import prints no id of the vault."""
    mock = vault_export.of_scenario(load_scenario(resolve("first_drill")))
    listed = tmp_path / "items.json"
    listed.write_text(json.dumps({"value": vault_export.rows(mock, "replicationProtectedItems")}), encoding="utf-8")
    with pytest.raises(BadInput, match="no file contains their disks") as refused:
        run_import(ImportRequest((listed,), tmp_path / "e.yaml", 500, redact=redact))
    assert ("az rest --method get" in str(refused.value)) is not redact
