"""A check in lab reads the estate back from a mock and a vcsim, and says what it says in sim; in azure, what is there.

A lab holds the facts of `LAB_HOLDS`, and through the proxy those of `PROXIED`. All others (memory, licences, tools,
UUIDs, agent versions ...) a vcsim and the mock make up, so that they are the file's in both worlds.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from failback.adapters import (
    DATACENTER,
    PROXIED,
    VsphereHands,
    VsphereSession,
    build_estate,
    find_vcsim,
    load_settings,
    open_vcsim,
    start_vcsim,
)
from failback.adapters.estate_facts import known_facts
from failback.scenarios import load_scenario, resolve
from failback.scenarios.checks.command import CheckDone, CheckRequest, run_check
from failback.scenarios.checks.fact_sources import LAB_HOLDS
from failback.scenarios.files.loader import library
from failback.scenarios.judging.check import Report, Status
from failback.scenarios.run.worlds import spec_of
from failback.simulator import World
from failback.simulator.arm import ArmMock, serve

STORIES, RULES = (
    sorted(name for name, path in library().items() if path.parent.name == folder) for folder in ("library", "rules")
)
ODD = """\
link: {bandwidth_mbit_per_s: 500}
virtual_machines:
  - {name: web, os: linux, architecture: classic, host: h1, datastore: d1, memory_gib: 4, disks: [{size_gib: 40}]}
  - {name: app, os: windows, host: h2, datastore: d2, exists_on_premises: false, disks: [{size_gib: 40}]}
hosts:
  - {name: h1, datastores: [d1, d2], edition: free, read_only_datastores: [d1], free_memory_gib: 2, version: "7.0"}
  - {name: h2, datastores: [d2], connected: false}
datastores: [{name: d1, accessible: false}, {name: d2, kind: NFS}]
configuration_servers: [{name: cs, privileges: [Datastore.Browse]}]
process_servers: [{name: ps, up: false}]
master_targets: [{name: mt, os: linux, host: h1, datastore: d2, snapshots: [patch]}]
appliances: [{name: box, host: h2, datastore: d2, healthy: false}]
"""


def facts_of(report: Report) -> set[object]:
    return {(f.rule, f.item, f.status, f.points, f.blockers, f.gaps) for item in report.items for f in item.findings}


def blockers(report: Report) -> set[str]:
    return {finding.rule for finding in report.of(Status.BLOCKS)}


@pytest.mark.vcsim
@pytest.mark.parametrize("name", STORIES)
def test_sim_and_lab_say_the_same(name: str) -> None:
    in_sim, in_lab = run_check(CheckRequest(name)), run_check(CheckRequest(name, "lab"))
    assert facts_of(in_lab.report) == facts_of(in_sim.report)
    assert {"vault", "vCenter"} <= in_lab.seen.sources.keys()


@pytest.mark.vcsim
@pytest.mark.slow
@pytest.mark.parametrize("name", RULES)
def test_sim_and_lab_say_the_same_of_every_rule(name: str) -> None:
    assert facts_of(run_check(CheckRequest(name, "lab")).report) == facts_of(run_check(CheckRequest(name)).report)


@pytest.mark.vcsim
def test_what_a_vcsim_cannot_hold_comes_through_the_proxy(tmp_path: Path) -> None:
    (tmp_path / "odd.yaml").write_text(ODD, encoding="utf-8")
    in_sim = run_check(CheckRequest(str(tmp_path / "odd.yaml")))
    in_lab = run_check(CheckRequest(str(tmp_path / "odd.yaml"), "lab"))
    assert facts_of(in_lab.report) == facts_of(in_sim.report)
    assert {"R04", "R10", "R13", "R24", "806", "8038", "A01"} <= blockers(in_lab.report)
    assert {"edition", "connected", "read_only_datastores"} <= set(in_lab.seen.sources["vCenter"]["hosts"])


def test_the_lab_is_said_to_hold_facts_that_exist() -> None:
    held = {(section, fact) for section, facts in LAB_HOLDS.items() for fact in facts} | PROXIED
    assert not {(section, fact) for section, fact in held if fact not in known_facts(section)}


@pytest.mark.vcsim
def test_what_a_person_did_in_a_vcsim_that_stays_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    source = find_vcsim()
    if source.binary is None:
        pytest.skip("FAILBACK_VCSIM is an address: this test starts a vcsim of its own.")  # not in CI
    with start_vcsim(source.binary) as running, VsphereSession(running.settings(DATACENTER)) as session:
        monkeypatch.setenv("FAILBACK_VCSIM", running.url)
        scenario = load_scenario(resolve("one_vm"))
        build_estate(session, scenario.estate)
        VsphereHands(session).take_snapshot(next(iter(scenario.estate.master_targets)), "by hand")
        found = run_check(CheckRequest("one_vm", "lab"))
    assert "R04" in blockers(found.report)
    assert "R04" not in blockers(run_check(CheckRequest("one_vm")).report)


@pytest.mark.vcsim
def test_production_settings_read_a_vault_and_a_vcenter(tmp_path: Path) -> None:
    found, sent = in_azure(tmp_path)
    assert {"R04", "R02"} <= blockers(found.report)
    assert {"vault", "vCenter"} <= found.seen.sources.keys()
    assert any("site_recovery_account" in note for note in found.seen.notes)
    assert sent == {"GET"}


def listen_to(mock: ArmMock, sent: set[str]) -> None:
    """Note the method of every request."""
    handle = mock.handle

    def spy(method: str, url: str, headers: Any, body: bytes) -> Any:
        sent.add(method)
        return handle(method, url, headers, body)

    mock.handle = spy  # type: ignore[method-assign]  # the door calls it by its name


def in_azure(folder: Path) -> tuple[CheckDone, set[str]]:
    """The check in world azure of two local servers: a snapshot in vCenter, a lost connection in the vault."""
    scenario = load_scenario(resolve("one_vm"))
    (target,) = list(scenario.estate.master_targets)[:1]
    with open_vcsim(find_vcsim(), DATACENTER) as vcsim, VsphereSession(vcsim) as session:
        build_estate(session, scenario.estate)
        VsphereHands(session).take_snapshot(target, "by hand")
        world = World(spec_of(scenario), hands=VsphereHands(session))
        for name in scenario.estate.configuration_servers:
            world.site.change(name, connected=False)
        mock, sent = ArmMock(world, epoch=scenario.starts_at, clock="step"), set[str]()
        listen_to(mock, sent)
        with serve(mock) as served:
            file = folder / "settings.yaml"
            file.write_text(
                f"azure: {{subscription: {mock.subscription}, resource_group: {mock.resource_group},\n"
                f"  credential: token, vault: {mock.vault_name}, base_url: '{served.base_url}',\n"
                f"  ca_file: '{served.ca_file}', reads_per_s: 1000}}\n"
                f"vsphere: {{host: {vcsim.host}, port: {vcsim.port}, user: {vcsim.user}, verify: false,\n"
                f"  within: {DATACENTER}}}\n",
                encoding="utf-8",
            )
            secrets = {"FAILBACK_AZURE_TOKEN": "token", "FAILBACK_VSPHERE_PASSWORD": vcsim.password}
            return run_check(CheckRequest("one_vm", "azure", settings=load_settings(file, secrets))), sent


def test_without_a_vcenter_what_the_file_says_of_it_stands(tmp_path: Path) -> None:
    scenario = load_scenario(resolve("one_vm"))
    mock = ArmMock(World(spec_of(scenario)), epoch=scenario.starts_at, clock="step")
    with serve(mock) as served:
        env = {
            "FAILBACK_AZURE_SUBSCRIPTION": mock.subscription,
            "FAILBACK_AZURE_RESOURCE_GROUP": mock.resource_group,
            "FAILBACK_AZURE_VAULT": mock.vault_name,
            "FAILBACK_AZURE_BASE_URL": served.base_url,
            "FAILBACK_AZURE_CA_FILE": str(served.ca_file),
            "FAILBACK_AZURE_TOKEN": "token",
        }
        done = run_check(CheckRequest("one_vm", "azure", settings=load_settings(None, env)))
    assert any("The settings name no vCenter" in note for note in done.seen.notes)
    assert "vCenter" not in done.seen.sources


def test_a_file_s_own_readings_stay_where_none_is_given() -> None:
    done = run_check(CheckRequest("one_vm", readings=("C03=strict",)))
    assert done.located.scenario.estate.readings == {}
    assert replace(done.seen.estate, readings={}) == done.located.scenario.estate
