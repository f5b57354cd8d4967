from math import inf
from typing import Any

import pytest

from failback.simulator import World
from failback.simulator.arm import ArmMock


def test_a_wait_is_the_worlds_own_advance(call: Any, make_world: Any, ask_vault: Any) -> None:
    from failback.reprotect import Operation

    other = make_world()
    for world in (call.arm.world, other):
        ask_vault(world, "sql0", Operation.FAILOVER)
    for poll_s, until_s in ((0.0, inf), (0.0, 45.0), (20.0, inf), (7.0, 500.0), (0.0, inf)):
        sent = {"until_s": None if until_s == inf else until_s, "poll_s": poll_s}
        now_s, changed = other.advance(until_s, poll_s)
        assert call.control("POST", "clock/wait", sent).body == {"now_s": now_s, "changed": sorted(changed)}


def test_a_jump_goes_exactly_there(call: Any) -> None:
    assert call.control("POST", "clock/jump", {"to_s": 1234.5}).body["now_s"] == 1234.5
    clock = call.control("GET", "clock").body
    assert (clock["now_s"], clock["mode"], clock["epoch"]) == (1234.5, "step", "2026-06-05T18:00:00+00:00")


def test_a_reset_begins_again(call: Any, failover_body: Any) -> None:
    call("POST", call.item_path("sql0") + "/unplannedFailover", failover_body)
    call.control("POST", "clock/jump", {"to_s": 1000})
    call.control("POST", "reset")
    assert call.control("GET", "state").body["items"]["sql0"] == {
        "phase": "replicating_to_azure",
        "architecture": "classic",
        "job": None,
    }
    assert (call.arm.world.env.now, call.control("GET", "inputs").body) == (0.0, {"inputs": []})


def test_a_world_that_acts_on_a_vsphere_outside_is_not_reset(make_world: Any) -> None:
    hands = make_world().vsphere
    arm = ArmMock(World(make_world().spec, hands=hands))
    assert arm.handle("POST", "/failback/reset", {}, b"").status == 409


def test_inputs_are_what_could_change_something(call: Any, failover_body: Any) -> None:
    call.get("replicationFabrics")
    call.control("POST", "clock/jump", {"to_s": 10})
    call("POST", call.item_path("sql0") + "/unplannedFailover", failover_body)
    logged = call.control("GET", "inputs").body["inputs"]
    assert [(entry["at_s"], entry["method"]) for entry in logged] == [(0.0, "POST"), (10.0, "POST")]


@pytest.mark.parametrize(
    ("fault", "at_s"),
    [
        ({"kind": "take_snapshot", "object": "mt-win"}, 0.0),
        ({"kind": "take_snapshot", "object": "mt-win", "at_s": 150.0}, 150.0),
        ({"kind": "take_snapshot", "object": "mt-win", "after_s": 20.0}, 120.0),
    ],
)
def test_a_fault_happens_when_it_is_to(fault: Any, at_s: float, call: Any) -> None:
    world = call.arm.world
    call.control("POST", "clock/jump", {"to_s": 100})
    assert call.control("POST", "faults", fault).status == 200
    world.catch_up(at_s - 1)
    assert bool(world.site.estate.master_targets["mt-win"].snapshots) is (at_s < 100)
    world.catch_up(at_s)
    assert world.site.estate.master_targets["mt-win"].snapshots == ("snapshot",)


def test_facts_are_of_the_estates_own_types(call: Any) -> None:
    fault = {
        "kind": "change_facts",
        "object": "sql0",
        "facts": {"azure": {"running": False}, "agent_registered": False},
    }
    call.control("POST", "faults", fault)
    machine = call.arm.world.site.vm("sql0")
    assert (machine.azure.running, machine.agent_registered) == (False, False)
