"""The estate read from a vault: through the real SDK from the mock, with reads only, at ARM's pace."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from failback.adapters import AzureSettings, EstateClient, EstateReading, merged, read_vault
from failback.adapters.estate_facts import azure_facts, known_facts
from failback.adapters.estate_translation import machine_facts, missing_machine_facts
from failback.reprotect import UNKNOWN, AzureVm, Estate, Phase, StartOperation, choose
from failback.reprotect import Operation as Op
from failback.scenarios import load_scenario, resolve
from failback.scenarios.run.worlds import lab_settings, spec_of
from failback.simulator import World, WorldVault
from failback.simulator.arm import ArmMock, serve


@dataclass(slots=True)
class Site:
    """A mock in this process with the world behind it, and what was sent to it."""

    world: World
    mock: ArmMock
    settings: AzureSettings
    estate: Estate
    sent: list[tuple[str, str]] = field(default_factory=list)

    def read(self) -> EstateReading:
        with closing(EstateClient(replace(self.settings, reads_per_s=10_000.0))) as client:
            return read_vault(client, self.estate, lambda: self.mock.epoch + timedelta(seconds=self.world.env.now))

    def fail_over(self) -> None:
        """All items, to the commit."""
        for operation in (Op.FAILOVER, Op.COMMIT_FAILOVER):
            self.do(operation)

    def do(self, operation: Op) -> None:
        vault = WorldVault(self.world)
        for name in self.estate.virtual_machines:
            choices = choose(self.estate, load_scenario(resolve("one_vm")).plan, name, operation)
            vault.perform(StartOperation(name, operation, choices, f"{name}/{operation.value}"))
        self.world.catch_up(self.world.env.now + 7200)

    def azure(self, **facts: Any) -> None:
        for name in self.estate.virtual_machines:
            self.world.site.change(name, azure=replace(self.world.site.vm(name).azure, **facts))


@contextmanager
def served(name: str, change: Callable[[Estate], Estate] = lambda estate: estate) -> Iterator[Site]:
    scenario = load_scenario(resolve(name))
    scenario = replace(scenario, estate=change(scenario.estate))
    world = World(spec_of(scenario))
    mock = ArmMock(world, epoch=scenario.starts_at, clock="step")
    with serve(mock) as at:
        site = Site(world, mock, lab_settings(mock, at), scenario.estate)
        handle = mock.handle

        def spy(method: str, url: str, headers: Any, body: bytes) -> Any:
            site.sent.append((method, url))
            return handle(method, url, headers, body)

        mock.handle = spy  # type: ignore[method-assign]  # the door calls it by its name
        yield site


@pytest.fixture(params=["one_vm", "one_modernised_vm"])
def site(request: pytest.FixtureRequest) -> Iterator[Site]:
    with served(request.param) as made:
        yield made


def azure_of(reading: EstateReading, estate: Estate) -> AzureVm:
    (vm,) = merged(estate, reading).virtual_machines.values()
    return vm.azure


# Reads only


def test_nothing_is_sent_but_gets(site: Site) -> None:
    site.fail_over()
    site.azure(moved=True)
    site.sent.clear()
    site.read()
    assert site.sent
    assert {method for method, _ in site.sent} == {"GET"}


def test_each_item_is_read_by_itself_once() -> None:
    with served("first_drill") as site:
        site.read()
        singles = [url for _, url in site.sent if "/replicationProtectedItems/" in url]
        assert len(singles) == len(set(singles)) == len(site.estate.virtual_machines)


# What is found


def test_an_estate_that_the_vault_has_is_read_back_unchanged(site: Site) -> None:
    kept = {("virtual_machines", fact) for fact in ("agent_registered", "architecture", "os", "replication_group")}
    assert merged(site.estate, site.read().only(kept)) == replace(site.estate, returning_through={}, disks_in_flight={})


def test_of_several_vcenters_the_one_that_is_not_reached_is_read() -> None:
    with served("one_vm") as site:
        (name,) = site.estate.configuration_servers
        site.world.site.change(name, vcenters=("vc-a", "vc-b"), lost_vcenters=("vc-b",))
        (read,) = merged(site.estate, site.read()).configuration_servers.values()
        assert (read.vcenters, read.vcenter_connected, read.lost_vcenters) == (("vc-a", "vc-b"), True, ("vc-b",))
        site.world.site.change(name, lost_vcenters=("vc-a", "vc-b"))
        (read,) = merged(site.estate, site.read()).configuration_servers.values()
        assert (read.vcenter_connected, read.lost_vcenters) == (False, ())


def test_the_configuration_server_of_an_item_is_that_of_its_fabric() -> None:
    with served("one_vm") as site:
        found = [facts.facts for facts in site.read().found if facts.section == "virtual_machines"]
        servers = {facts["configuration_server"] for facts in found if "configuration_server" in facts}
        assert servers == set(site.estate.configuration_servers)


def test_every_fact_is_one_that_its_part_has(site: Site) -> None:
    site.fail_over()
    for found in site.read().found:
        assert found.facts.keys() <= known_facts(found.section)
        assert found.facts.get("azure", {}).keys() <= azure_facts()


@pytest.mark.parametrize(
    ("section", "fact"),
    [
        ("configuration_servers", "up"),
        ("configuration_servers", "connected"),
        ("configuration_servers", "vcenter_connected"),
        ("process_servers", "up"),
        ("master_targets", "up"),
    ],
)
def test_a_server_that_is_down_is_read_as_down_after_a_quarter_of_an_hour(section: str, fact: str) -> None:
    with served("one_vm") as site:
        for name in getattr(site.estate, section):
            site.world.site.change(name, **{fact: False})
        site.world.catch_up(900.0)
        read = merged(site.estate, site.read())
        assert {getattr(part, fact) for part in getattr(read, section).values()} == {False}


@pytest.mark.parametrize("section", ["process_servers", "master_targets"])
def test_a_server_that_was_heard_a_minute_ago_is_read_as_up(section: str) -> None:
    with served("one_vm") as site:
        for name in getattr(site.estate, section):
            site.world.site.change(name, up=False)
        site.world.catch_up(60.0)
        read = merged(site.estate, site.read())
        assert {part.up for part in getattr(read, section).values()} == {True}


def test_an_unhealthy_appliance_is_read_as_such() -> None:
    with served("one_modernised_vm") as site:
        for name in site.estate.appliances:
            site.world.site.change(name, healthy=False)
        assert {box.healthy for box in merged(site.estate, site.read()).appliances.values()} == {False}


def test_where_the_items_stand_is_read(site: Site) -> None:
    site.fail_over()
    assert set(site.read().phases.values()) == {Phase.FAILOVER_COMMITTED}


def test_what_returns_is_read_with_its_server_and_slots(site: Site) -> None:
    site.fail_over()
    site.do(Op.REPROTECT_TO_ON_PREMISES)
    reading = site.read()
    estate = merged(site.estate, reading)
    ((name, server),) = dict(reading.returning or {}).items()
    assert server in {*estate.master_targets, *estate.appliances}
    assert estate.disks_in_flight == {server: len(estate.virtual_machines[name].disks)}


# The Azure machine: R17, R18, 78093


def test_a_machine_that_runs_is_read_as_running(site: Site) -> None:
    site.fail_over()
    azure = azure_of(site.read(), site.estate)
    assert (azure.exists, azure.moved, azure.running) == (True, False, True)


def test_a_stopped_machine_is_read_as_stopped(site: Site) -> None:
    site.fail_over()
    site.azure(running=False)
    azure = azure_of(site.read(), site.estate)
    assert (azure.exists, azure.running) == (True, False)


def test_a_deleted_machine_is_read_as_deleted(site: Site) -> None:
    site.fail_over()
    site.azure(exists=False)
    azure = azure_of(site.read(), site.estate)
    assert (azure.exists, azure.running) == (False, False)


def test_a_moved_machine_is_read_as_moved(site: Site) -> None:
    site.fail_over()
    site.azure(moved=True)
    azure = azure_of(site.read(), site.estate)
    assert (azure.exists, azure.moved) == (True, True)


def test_before_the_failover_nothing_is_said_of_a_machine_in_azure(site: Site) -> None:
    assert not [found for found in site.read().found if "azure" in found.facts]


def test_a_hung_machine_does_not_count_as_running() -> None:
    power = [{"code": "PowerState/running"}]
    hung = {"statuses": power, "vmAgent": {"statuses": [{"code": "ProvisioningState/Unavailable"}]}}
    assert machine_facts({"properties": {"instanceView": hung}})["running"] is False
    assert machine_facts({"properties": {"instanceView": {"statuses": power}}})["running"] is True
    assert "running" not in machine_facts({"properties": {}})


def test_a_machine_of_that_name_in_another_group_was_moved() -> None:
    arm_id = "/subscriptions/s/resourceGroups/a/providers/Microsoft.Compute/virtualMachines/web"
    elsewhere = ({"id": arm_id.replace("/a/", "/b/").upper()},)
    assert missing_machine_facts(arm_id, elsewhere)["moved"] is True
    assert missing_machine_facts(arm_id, ())["exists"] is False


# What cannot be read


def test_a_fact_that_the_vault_does_not_show_stays_as_written(site: Site) -> None:
    for section in ("configuration_servers", "appliances"):
        for name in getattr(site.estate, section):
            fact = "connected" if section == "configuration_servers" else "healthy"
            site.world.site.change(name, **{fact: UNKNOWN})
    read = merged(site.estate, site.read())
    assert all(server.connected is True for server in read.configuration_servers.values())


def test_a_machine_that_the_vault_does_not_protect_is_noted(site: Site) -> None:
    (vm,) = site.estate.virtual_machines.values()
    site.estate = replace(site.estate, virtual_machines={"stranger": replace(vm, name="stranger")})
    notes = " ".join(site.read().notes)
    assert "no protected item named stranger" in notes
    assert "protects 1 machines that the file does not name" in notes


def test_an_item_that_vanishes_between_the_list_and_its_own_read_counts_as_not_protected(site: Site) -> None:
    handle = site.mock.handle

    def gone(method: str, url: str, headers: Any, body: bytes) -> Any:
        return handle(
            method, url.replace("/replicationProtectedItems/", "/replicationProtectedItems/no-"), headers, body
        )

    site.mock.handle = gone  # type: ignore[method-assign]  # the door calls it by its name
    reading = site.read()
    assert not any(each.section == "virtual_machines" for each in reading.found)
    assert any(f"no protected item named {next(iter(site.estate.virtual_machines))}" in n for n in reading.notes)


def test_a_server_that_the_file_does_not_name_is_added_with_nothing_taken_for_granted() -> None:
    with served("one_vm") as site:
        bare = replace(site.estate, configuration_servers={}, process_servers={}, master_targets={})
        site.estate = bare
        read = merged(bare, site.read())
        (target,) = read.master_targets.values()
        assert (target.up, target.physical, target.disk_enable_uuid) == (True, UNKNOWN, UNKNOWN)
        assert read.configuration_servers.keys() == load_scenario(resolve("one_vm")).estate.configuration_servers.keys()


# Pace


@pytest.mark.parametrize("rate", [0.0, -1.0, float("inf"), float("nan")])
def test_a_rate_without_sense_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="reads_per_s"):
        AzureSettings("s", "g", "v", reads_per_s=rate)
