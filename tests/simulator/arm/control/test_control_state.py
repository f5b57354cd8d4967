"""The control API's verbs on the state as a whole: clock, snapshots, forks, scenarios, and the switch."""

from datetime import UTC, datetime
from typing import Any

import pytest

from failback.simulator import World
from failback.simulator.arm import ArmMock, WorldSpecLoader

EPOCH = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture
def loader(make_world: Any) -> WorldSpecLoader:
    def load(name: str) -> Any:
        if name != "small":
            raise ValueError(f"no '{name}'")
        return make_world().spec, EPOCH

    return load


def request(call: Any, verb: str, path: str, body: Any = None) -> Any:
    return call.control(verb, path, body)


def start(call: Any, body: Any, name: str = "sql0", query: str = "api-version=2025-08-01") -> Any:
    return call("POST", f"{call.item_path(name)}/unplannedFailover", body, query)


def test_the_clock_steps_to_news_or_by_seconds(call: Any, failover_body: Any) -> None:
    start(call, failover_body)
    assert request(call, "POST", "clock/step").body == {"now_s": 30.0, "changed": ["sql0"]}
    assert request(call, "POST", "clock/step", {"by_s": 5}).body["now_s"] == 35.0


def test_the_clock_can_follow_real_time_and_stop(make_call: Any) -> None:
    wall = [0.0]
    call = make_call(clock="step", wall=lambda: wall[0])
    assert request(call, "POST", "clock", {"mode": "real:60"}).body["mode"] == "real:60"
    wall[0] = 10.0
    assert request(call, "GET", "clock").body["now_s"] == 600.0
    request(call, "POST", "clock", {"mode": "step"})
    wall[0] = 20.0
    assert request(call, "GET", "clock").body["now_s"] == 600.0
    for wrong in ({"mode": "soon"}, {}, {"mode": 1}):
        assert request(call, "POST", "clock", wrong).status == 400


def test_a_snapshot_is_kept_and_restored(call: Any, failover_body: Any) -> None:
    start(call, failover_body)
    call.arm.world.catch_up(40.0)
    assert request(call, "POST", "snapshots", {"name": "half"}).body == {"name": "half", "now_s": 40.0, "inputs": 1}
    before = request(call, "GET", "state").body
    call.arm.world.catch_up(5000.0)
    assert request(call, "GET", "state").body != before
    assert request(call, "POST", "restore", {"name": "half"}).body["now_s"] == 40.0
    assert request(call, "GET", "state").body == before
    assert [s["name"] for s in request(call, "GET", "snapshots").body["snapshots"]] == ["half"]
    assert request(call, "POST", "restore", {"name": "none"}).status == 404


def test_a_fork_is_another_vault_with_a_life_of_its_own(call: Any, failover_body: Any) -> None:
    start(call, failover_body)
    call.arm.world.catch_up(40.0)
    assert request(call, "POST", "fork", {"vault": "copy"}).status == 200
    path = call.item_path("sql0")
    copy = path.replace("/vaults/v/", "/vaults/copy/")
    call("POST", "/failback/clock/jump?vault=copy", {"to_s": 5000})
    assert call.get(path)["properties"]["currentScenario"]["scenarioName"] == "UnplannedFailover"
    assert call.get(copy)["properties"]["protectionState"] == "UnplannedFailoverCommitPendingStatesBegin"
    assert call.arm.world.env.now == 40.0


def test_a_world_that_acts_outside_is_not_copied(make_world: Any, make_call: Any) -> None:
    call = make_call(World(make_world().spec, hands=make_world().vsphere))
    for path, body in (
        ("snapshots", {"name": "x"}),
        ("fork", {"vault": "x"}),
        ("reset", {}),
        ("scenario", {"name": "x"}),
    ):
        assert request(call, "POST", path, body).status == 409


def test_a_scenario_is_loaded_with_its_date(make_call: Any, loader: Any) -> None:
    call = make_call(clock="step", load=loader)
    call.arm.world.catch_up(77.0)
    assert request(call, "POST", "scenario", {"name": "small"}).body["now_s"] == 0.0
    assert request(call, "GET", "clock").body["epoch"] == EPOCH.isoformat()
    assert request(call, "POST", "scenario", {"name": "../../etc/passwd"}).status == 400
    assert make_call().control("POST", "scenario", {"name": "small"}).status == 409


def test_a_reset_leads_back_to_where_the_owner_said(call: Any, failover_body: Any) -> None:
    start(call, failover_body)
    call.arm.world.catch_up(40.0)
    call.arm.begins_here()
    before = request(call, "GET", "state").body
    call.arm.world.catch_up(5000.0)
    request(call, "POST", "reset")
    assert request(call, "GET", "state").body == before


def test_the_control_plane_describes_itself(call: Any) -> None:
    paths = request(call, "GET", "openapi.json").body["paths"]
    assert {"get", "post", "delete"} <= set(paths["/failback/faults"])
    page = call.arm.handle("GET", "/failback/", {}, b"")
    assert (page.status, b"/failback/clock/step" in page.body) == (200, True)
    for path, verbs in paths.items():
        for verb in verbs:
            answer = call.arm.handle(verb.upper(), path, {}, b"")
            assert answer.status in (200, 400, 409), (verb, path, answer)


def test_the_control_plane_can_be_switched_off(make_call: Any) -> None:
    call = make_call(control=False)
    assert request(call, "GET", "clock").status == 404
    assert call.arm.handle("POST", "/", {}, b"do=step").status == 404
    page = call.arm.handle("GET", "/", {}, b"")
    assert (page.status, b"<form" in page.body) == (200, False)
    assert call.get("replicationFabrics")


def test_the_history_says_what_was_asked_and_what_came_of_it(call: Any, failover_body: Any) -> None:
    start(call, failover_body)
    start(call, failover_body)
    call.arm.world.catch_up(5000.0)
    lines = request(call, "GET", "history").body["lines"]
    assert [(line["name"], line["item"]) for line in lines] == [
        ("Asked", "sql0"), ("Asked", "sql0"), ("JobStarted", "sql0"), ("JobSucceeded", "sql0"),
    ]  # fmt: skip
    assert [line["data"]["status"] for line in lines[:2]] == [202, 409]
    assert [line["n"] for line in lines] == [1, 2, 3, 4]


def test_many_names_of_snapshots_are_refused(call: Any) -> None:
    wrong: list[Any] = ["", 7, "x" * 101, []]
    for name in wrong:
        wanted = {"name": name}
        assert request(call, "POST", "restore", wanted).status == 400


def test_a_mock_keeps_its_epoch_when_restored(make_world: Any) -> None:
    arm = ArmMock(make_world(), epoch=EPOCH)
    assert ArmMock.restored(arm.snapshot()).epoch == EPOCH
