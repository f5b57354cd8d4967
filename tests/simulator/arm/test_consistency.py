"""Eventual consistency: reads show what was so many virtual seconds before, for everybody alike, and come right."""

from math import inf
from typing import Any

import pytest

from failback.simulator.arm import ROUTES, ArmMock, lag_of, mock

from .test_sdk_legs import WAYS, Legs, shown
from .test_shapes import paths_of

LAG_S = 20.0


@pytest.fixture
def late(make_call: Any) -> Any:
    """A caller of a mock whose reads are late and whose clock only the control API moves."""
    return make_call(clock="step", lag_s=LAG_S)


def scenario_of(call: Any, name: str) -> tuple[str, str]:
    """The item's current scenario in its list and in its single read."""
    values = call.get("replicationProtectedItems")["value"]
    listed = next(v["properties"] for v in values if v["properties"]["friendlyName"] == name)
    return tuple(seen["currentScenario"]["scenarioName"] for seen in (listed, call.item(name)))


def test_what_was_asked_shows_when_the_lag_has_gone_by_and_not_before(late: Any, failover_body: Any) -> None:
    late("POST", late.item_path("sql0") + "/unplannedFailover", failover_body)
    seen = []
    for at_s in (0.0, LAG_S - 0.5, LAG_S):
        late.arm.world.catch_up(at_s)
        seen.append(scenario_of(late, "sql0"))
    assert seen == [("None", "None"), ("None", "None"), ("UnplannedFailover", "UnplannedFailover")]


def test_what_the_site_did_shows_late_too(late: Any, failover_body: Any) -> None:
    late("POST", late.item_path("sql0") + "/unplannedFailover", failover_body)
    late.arm.world.catch_up(5000.0)
    ended_s = next(iter(late.arm.world.vault.jobs.values())).ended_s
    late.control("POST", "reset")
    late("POST", late.item_path("sql0") + "/unplannedFailover", failover_body)
    states = []
    for at_s in (ended_s, ended_s + LAG_S - 1, ended_s + LAG_S):
        late.arm.world.catch_up(at_s)
        states.append((late.arm.world.vault.items["sql0"].phase.value, late.item("sql0")["protectionState"]))
    assert states == [
        ("failed_over", "Protected"),
        ("failed_over", "Protected"),
        ("failed_over", "UnplannedFailoverCommitPendingStatesBegin"),
    ]


def test_what_was_made_is_not_found_at_first(late: Any) -> None:
    late("PUT", "replicationPolicies/mine", {"properties": {"providerSpecificInput": {"instanceType": "InMageRcm"}}})
    names = [[p["name"] for p in late.get("replicationPolicies")["value"]]]
    codes = [late("GET", "replicationPolicies/mine").status]
    late.arm.world.catch_up(LAG_S)
    names.append([p["name"] for p in late.get("replicationPolicies")["value"]])
    codes.append(late("GET", "replicationPolicies/mine").status)
    assert (["mine" in some for some in names], codes) == ([False, True], [404, 200])


def test_what_was_removed_is_still_there_at_first(late: Any) -> None:
    path = late.item_path("sql0")
    late("POST", f"{path}/remove", {"properties": {}})
    codes = [late("GET", path).status]
    late.arm.world.catch_up(LAG_S)
    assert [*codes, late("GET", path).status] == [200, 404]


def test_the_answer_to_an_operation_and_the_control_plane_are_of_now(late: Any, failover_body: Any) -> None:
    first = late("POST", late.item_path("sql0") + "/unplannedFailover", failover_body)
    assert late("GET", first.header("Azure-AsyncOperation")).body["status"] == "InProgress"
    assert late.control("GET", "state").body["items"]["sql0"]["phase"] == "failing_over"
    assert late("GET", first.header("x-ms-request-id")).status == 404


def test_a_request_is_judged_by_what_is_not_by_what_was_shown(late: Any, failover_body: Any) -> None:
    path = late.item_path("sql0") + "/unplannedFailover"
    late("POST", path, failover_body)
    assert scenario_of(late, "sql0") == ("None", "None")
    assert late("POST", path, failover_body).status == 409


def test_the_same_requests_see_the_same_past(make_call: Any, failover_body: Any) -> None:
    runs = []
    for _ in range(2):
        call = make_call(clock="poll", lag_s=LAG_S)
        call.arm.fault(kind="status", operation="*get", probability=0.3, count=None)
        path = call.item_path("sql0")
        call("POST", f"{path}/unplannedFailover", failover_body)
        runs.append([call("GET", path).body for _ in range(30)])
    assert runs[0] == runs[1]
    assert len({str(body) for body in runs[0]}) > 3


def test_in_mode_poll_looking_again_helps_in_lists_too(make_call: Any) -> None:
    call = make_call(clock="poll", lag_s=LAG_S)
    call("PUT", "replicationPolicies/mine", {"properties": {"providerSpecificInput": {"instanceType": "InMageRcm"}}})
    looks = [[p["name"] for p in call.get("replicationPolicies")["value"]] for _ in range(2)]
    assert (["mine" in names for names in looks], call.arm.world.env.now) == ([False, True], LAG_S)


def test_a_vault_in_which_nothing_happens_reads_the_same_and_stands_still(make_call: Any) -> None:
    call = make_call(clock="poll", lag_s=LAG_S)
    prompt = make_call(call.arm.world, clock="poll")
    call.arm.world.catch_up(1000.0)
    read = 0
    for row in ROUTES:
        if row.verb == "GET" and ": " not in row.operation:
            for path in paths_of(row.path, call):
                assert call("GET", path).status == prompt("GET", path).status == 200, path
                read += 1
    assert (call.arm.world.env.now, read > 50) == (1000.0, True)


def test_a_reset_and_a_restored_state_are_late_as_before(late: Any, failover_body: Any) -> None:
    path = late.item_path("sql0")
    late("POST", f"{path}/unplannedFailover", failover_body)
    late.arm.world.catch_up(LAG_S + 1)
    late.control("POST", "snapshots", {"name": "running"})
    late.control("POST", "reset")
    assert scenario_of(late, "sql0") == ("None", "None")
    late("POST", f"{path}/unplannedFailover", failover_body)
    assert scenario_of(late, "sql0") == ("None", "None")
    late.control("POST", "restore", {"name": "running"})
    assert scenario_of(late, "sql0") == ("UnplannedFailover", "UnplannedFailover")
    again = ArmMock.restored(late.arm.snapshot())
    answers = [arm.handle("GET", f"{path}?api-version=2025-08-01", {}, b"") for arm in (again, late.arm)]
    assert (again.lag_s, answers[0].body) == (LAG_S, answers[1].body)


def test_the_pages_buttons_move_the_past_along_and_do_not_move_it_twice(late: Any, failover_body: Any) -> None:
    def press(form: bytes) -> None:
        assert late.arm.handle("POST", "/", {}, form).status == 303

    late("POST", late.item_path("sql0") + "/unplannedFailover", failover_body)
    press(b"do=fault&kind=job_stuck&object=web0")
    press(b"do=minute")
    seen = [scenario_of(late, "sql0")]
    late("POST", late.item_path("sql1") + "/unplannedFailover", failover_body)
    seen.append(scenario_of(late, "sql1"))
    late.arm.world.catch_up(60.0 + LAG_S - 1)
    seen.append(scenario_of(late, "sql1"))
    assert [one[0] for one in seen] == ["UnplannedFailover", "None", "None"]


@pytest.mark.parametrize(("way", "name"), [("classic", "sql0"), ("modernised", "web0")])
def test_the_sdk_goes_all_six_legs_though_it_sees_the_past(way: str, name: str, make_world: Any, sdk: Any) -> None:
    arm = ArmMock(make_world(), lag_s=LAG_S)
    with mock(arm):
        seen = [shown(item) for item in getattr(Legs(sdk, name), way)()]
    assert seen == WAYS[way]


def test_a_world_with_a_vsphere_outside_cannot_be_read_late(make_world: Any) -> None:
    from failback.simulator import World

    hands = make_world().vsphere
    with pytest.raises(ValueError, match="cannot have stale reads"):
        ArmMock(World(make_world().spec, hands=hands), lag_s=1.0)


@pytest.mark.parametrize(("text", "lag_s"), [("strong", 0.0), ("eventual", 30.0), ("eventual:0.5", 0.5)])
def test_consistency_is_said_in_words(text: str, lag_s: float) -> None:
    assert lag_of(text) == lag_s < inf


@pytest.mark.parametrize("text", ["", "weak", "strong:3", "eventual:0", "eventual:-1", "eventual:x", "eventual:inf"])
def test_an_unknown_consistency_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="strong or eventual:SECONDS"):
        lag_of(text)
