"""A mock whose estate says where its machines stand shows what one shows whose machines came there by requests."""

import json
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from failback.reprotect import Phase, Side, phase_row, rests_at, stands_at
from failback.scenarios.files.loader import library, load_default_durations, load_scenario
from failback.scenarios.files.schema import Scenario
from failback.scenarios.servers.mock_server import mock_of
from failback.scenarios.servers.showcase import Path, paths, showcase, vault_path
from failback.simulator.arm import ArmMock

PATHS = tuple(paths())
SHOWN = ("protectionState", "protectionStateDescription", "activeLocation", "allowedOperations", "testFailoverState")


@cache
def _came_there() -> ArmMock:
    return showcase(clock="step")


@cache
def _stands_there() -> ArmMock:
    estate = _came_there().world.spec.estate
    machines = {n: vm for n, vm in estate.virtual_machines.items() if n in {path.item for path in paths()}}
    machines = {path.item: stands_at(machines[path.item], path.phase) for path in paths()}
    plain = replace(estate, virtual_machines=machines, recovery_plans={})
    return mock_of(Scenario("middle", plain, load_default_durations()), "step")


def _get(arm: ArmMock, path: str) -> Any:
    answer = arm.handle("GET", f"{path}?api-version=2025-08-01", {}, b"")
    assert answer.status == 200, answer.body
    return json.loads(answer.body)


def _item(arm: ArmMock, name: str) -> Any:
    listed = _get(arm, f"{vault_path(arm)}/replicationProtectedItems")["value"]
    [found] = [item for item in listed if item["properties"]["friendlyName"] == name]
    return _get(arm, found["id"])["properties"]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.item)
def test_an_item_shows_its_phase_as_one_that_was_led_there(path: Path) -> None:
    ours, theirs = _item(_stands_there(), path.item), _item(_came_there(), path.item)
    assert {key: ours[key] for key in SHOWN} == {key: theirs[key] for key in SHOWN}
    scenarios = [item["currentScenario"]["scenarioName"] for item in (ours, theirs)]
    runs = path.last is not None and not path.is_resyncing
    assert not runs or scenarios[0] == scenarios[1] != "None"
    kinds = [item["providerSpecificDetails"]["instanceType"] for item in (ours, theirs)]
    assert kinds[0] == kinds[1]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.item)
def test_the_machines_on_both_sides_are_on_as_where_it_was_led_there(path: Path) -> None:
    sides = []
    for arm in (_stands_there(), _came_there()):
        [facts] = arm.world.vsphere.look([path.item]).values()
        azure = arm.world.site.vm(path.item).azure
        sides.append((facts.powered_on, len(facts.disks), facts.snapshots, azure.running is True))
    assert sides[0] == sides[1]
    row = phase_row(rests_at(_stands_there().world.vault.items[path.item].architecture, path.phase))
    assert sides[0][0] is (row.runs is Side.SITE)


def test_the_history_holds_nothing_that_nobody_asked_for() -> None:
    arm = _stands_there()
    assert arm.history == []
    assert _came_there().history == []


def test_the_end_of_a_job_and_of_a_resync_that_were_there_is_not_in_the_history() -> None:
    arm = mock_of(load_scenario(library()["starts_in_the_middle"]), "step")
    while arm.world.env.peek() < float("inf") and arm.world.env.now < 36_000:
        arm.world.jump()
    assert arm.world.vault.items["shop-03"].phase is Phase.REPLICATING_TO_ON_PREMISES
    assert any(job.subject == "shop-03" for job in arm.world.vault.jobs.values())
    assert arm.history == []


def test_what_a_test_asks_for_is_in_the_history_with_its_end() -> None:
    arm = mock_of(load_scenario(library()["starts_in_the_middle"]), "step")
    arm.handle("POST", f"{_id_of(arm, 'db-02')}/failoverCommit?api-version=2025-08-01", {}, b"")
    for _ in range(9):
        arm.world.jump()
    names = [(line["name"], line["item"]) for line in arm.history if line["kind"] == "observation"]
    assert names == [("JobStarted", "db-02"), ("JobSucceeded", "db-02")]


def test_a_reset_leads_back_to_where_the_machines_stood_and_to_an_empty_history() -> None:
    arm = mock_of(load_scenario(library()["starts_in_the_middle"]), "step")
    arm.handle("POST", f"{_id_of(arm, 'db-02')}/failoverCommit?api-version=2025-08-01", {}, b"")
    for _ in range(9):
        arm.world.jump()
    answer = arm.handle("POST", "/failback/reset", {}, b"{}")
    assert answer.status == 200, answer.body
    assert arm.world.vault.items["db-02"].phase is Phase.FAILED_BACK
    assert arm.history == []


def _id_of(arm: ArmMock, name: str) -> str:
    listed = _get(arm, f"{vault_path(arm)}/replicationProtectedItems")["value"]
    return next(str(item["id"]) for item in listed if item["properties"]["friendlyName"] == name)
