"""The vault that is served without a scenario has everything that somebody may want to look at."""

import json
from typing import Any

import pytest

from failback.reprotect import Architecture, Phase
from failback.scenarios.servers.showcase import EXTRA, IN_PLAN, UNPROTECTED, paths, showcase
from failback.simulator.arm import ArmMock

VAULT = "/subscriptions/s/resourceGroups/g/providers/Microsoft.RecoveryServices/vaults/v"
"""Other names than those by which the showcase was made."""


@pytest.fixture(scope="module")
def arm() -> ArmMock:
    return showcase(clock="step")


def test_there_is_an_item_of_both_architectures_in_every_phase(arm: ArmMock) -> None:
    items = arm.world.vault.items
    assert {path.item: items[path.item].phase for path in paths()} == {path.item: path.phase for path in paths()}
    shown = {(item.architecture, item.phase) for item in items.values()}
    assert {(Architecture.MODERNISED, phase) for phase in Phase} <= shown
    only_modernised = {Phase.CANCELLING_FAILBACK}
    assert {(Architecture.CLASSIC, phase) for phase in set(Phase) - only_modernised} <= shown
    assert len(items) == len(list(paths())) + 2 * len(EXTRA) + len(IN_PLAN)


def test_jobs_of_every_state_health_errors_and_recovery_points_are_there(arm: ArmMock) -> None:
    vault = arm.world.vault
    states = {job.state.value for job in vault.jobs.values()}
    assert states >= {"in_progress", "succeeded", "failed", "cancelled", "suspended"}
    assert [name for name, item in vault.items.items() if item.health_errors] == ["classic-unwell", "modern-unwell"]
    assert all(item.recovery_points for item in vault.items.values())


@pytest.mark.parametrize("collection", ["replicationRecoveryPlans", "replicationPolicies", "replicationvCenters"])
def test_plans_policies_and_vcenters_are_listed(collection: str, arm: ArmMock) -> None:
    assert b'"value":[{' in get(arm, f"{VAULT}/{collection}?api-version=2025-08-01")


def test_a_machine_of_each_architecture_is_there_to_be_enabled(arm: ArmMock) -> None:
    assert not set(UNPROTECTED) & set(arm.world.vault.items)
    ids = arm.context.names
    free = [item for item in arm.world.site.estate.virtual_machines if item not in arm.world.vault.items]
    assert tuple(free) == UNPROTECTED
    discovered = "/subscriptions/s/resourceGroups/g/providers/Microsoft.OffAzure/VMwareSites/site/machines"
    assert b'"displayName":"modern-unprotected"' in get(arm, f"{discovered}/modern-unprotected?api-version=2020-01-01")
    classic = next(fabric for fabric in ids.fabrics if fabric.architecture is Architecture.CLASSIC)
    container = f"{VAULT}/replicationFabrics/{classic.name}/replicationProtectionContainers/{classic.container}"
    query = "api-version=2025-08-01&$filter=State%20eq%20'Unprotected'"
    assert b'"friendlyName":"classic-unprotected"' in get(arm, f"{container}/replicationProtectableItems?{query}")


def test_a_plan_that_a_client_changed_is_in_whichever_vault_it_is_read_from(arm: ArmMock) -> None:
    shop = json.loads(get(arm, f"{VAULT}/replicationRecoveryPlans/shop?api-version=2025-08-01"))["properties"]
    assert shop["primaryFabricId"].lower().startswith(f"{VAULT}/replicationFabrics/".lower())
    body = json.dumps({"properties": {"groups": shop["groups"]}}).encode()
    answer = arm.handle("PATCH", f"{VAULT}/replicationRecoveryPlans/shop?api-version=2025-08-01", {}, body)
    assert (answer.status, json.loads(answer.body)["error"]["code"]) == (409, "OperationInProgress"), "its job waits"


def test_it_is_the_same_each_time_and_a_reset_leads_back_to_it() -> None:
    one, other = showcase(clock="step"), showcase(clock="step")
    assert one.history == other.history
    before = state(one)
    one.world.catch_up(one.world.env.now + 5000.0)
    assert state(one) != before
    one.handle("POST", "/failback/reset", {}, b"")
    assert state(one) == before


def get(arm: ArmMock, path: str) -> bytes:
    return arm.handle("GET", path, {}, b"").body


def state(arm: ArmMock) -> Any:
    return arm.handle("GET", "/failback/state", {}, b"").body


def test_its_clock_is_the_one_that_was_asked_for() -> None:
    assert str(showcase(clock="real:60").clock) == "real:60"


def test_it_takes_given_names_and_can_be_without_a_control_plane() -> None:
    arm = showcase(subscription="s1", control=False)
    vault = "/resourceGroups/g/providers/Microsoft.RecoveryServices/vaults/v"
    group = f"{vault}/replicationProtectedItems?api-version=2025-08-01"
    assert arm.handle("GET", f"/subscriptions/s1{group}", {}, b"").status == 200
    assert arm.handle("GET", f"/subscriptions/s2{group}", {}, b"").status == 404
    assert arm.handle("GET", "/failback/clock", {}, b"").status == 404


def test_the_plan_that_waits_locks_no_item_that_stands_for_a_phase(arm: ArmMock) -> None:
    locked = {name for name, item in arm.world.vault.items.items() if item.job is None and arm_lock(arm, name)}
    assert locked == set(IN_PLAN)


def arm_lock(arm: ArmMock, name: str) -> bool:
    return arm.world.vault.record.lock_of(arm.world.vault.items[name]) is not None
