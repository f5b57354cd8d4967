"""A snapshot is what a world is made of and what came in; restored, everything happens again and ends equal."""

from typing import Any

import pytest

from failback.simulator.arm import ArmMock, mock


def shown(call: Any) -> Any:
    """All that the mock shows, with nothing left out."""
    state = call.control("GET", "state").body
    items = [call.item_path(name) for name in state["items"]]
    jobs = [f"replicationJobs/{job['id']}" for job in state["jobs"]]
    lists = ["replicationFabrics", "replicationJobs", "replicationEvents", "replicationRecoveryPlans"]
    return state, [call("GET", path).body for path in (*items, *jobs, *lists)]


@pytest.mark.parametrize("clock", ["poll", "step", "real:60"])
def test_a_restored_mock_shows_the_same(clock: str, make_world: Any, make_call: Any, failover_body: Any) -> None:
    call = make_call(make_world(), clock=clock)
    lived(call, failover_body)
    snapshot = call.arm.snapshot()
    again = ArmMock.restored(snapshot)
    assert again.world.env.now == call.arm.world.env.now
    frozen = {"wall": lambda: 0.0}
    assert shown(make_call(ArmMock.restored(snapshot, **frozen).world, clock="step")) == shown(
        make_call(call.arm.world, clock="step")
    )


def lived(call: Any, failover_body: Any) -> None:
    """Some of everything that can come in, at different instants."""
    path = call.item_path("sql0")
    call.control("POST", "faults", {"kind": "fail_job", "object": "sql1", "operation": "failover", "at_s": 40.0})
    first = call("POST", f"{path}/unplannedFailover", failover_body)
    call("POST", f"{path}/unplannedFailover", failover_body)
    call.control("POST", "clock/wait", {"until_s": 70})
    call("POST", call.item_path("sql1") + "/unplannedFailover", failover_body)
    for _ in range(5):
        call("GET", first.header("Azure-AsyncOperation"))
        call.item("sql1")
    call.control("POST", "clock/jump", {"to_s": 900})
    call("POST", f"{path}/failoverCommit")
    group = {"groupType": "Boot", "replicationProtectedItems": [{"id": path}]}
    plan = {"properties": {"primaryFabricId": "x", "recoveryFabricId": "y", "groups": [group]}}
    call("PUT", "replicationRecoveryPlans/mine", plan)
    call("POST", "replicationFabrics", b"{")


def test_a_restored_mock_lives_on_as_the_first(make_world: Any, make_call: Any, sdk: Any, failover_body: Any) -> None:
    call = make_call(make_world())
    lived(call, failover_body)
    endings = []
    for arm in (ArmMock.restored(call.arm.snapshot()), call.arm):
        with mock(arm):
            path = call.item_path("web0").split("/")[10:15:2]
            details = {"instanceType": "InMageRcm", "performShutdown": "false"}
            body = {"properties": {"failoverDirection": "PrimaryToRecovery", "providerSpecificDetails": details}}
            sdk.replication_protected_items.begin_unplanned_failover("rg", "v", *path, body).result()
        endings.append([(job.id, job.state, job.ended_s) for job in arm.world.vault.jobs.values()])
    assert endings[0] == endings[1]
