from typing import Any

import pytest

from failback.simulator.arm import ArmMock


def started(call: Any, failover_body: Any) -> Any:
    return call("POST", call.item_path("sql0") + "/unplannedFailover", failover_body)


def test_the_first_answer_is_empty_and_has_both_headers_and_the_job_twice(call: Any, failover_body: Any) -> None:
    answer = started(call, failover_body)
    job = call.arm.world.vault.items["sql0"].job.id
    assert (answer.status, answer.body) == (202, None)
    assert answer.header("Location").endswith(f"{call.item_path('sql0')}/operationresults/{job}?api-version=2025-08-01")
    assert f"/replicationOperationStatus/{job}?" in answer.header("Azure-AsyncOperation")
    ids = [value for key, value in answer.headers if key == "x-ms-request-id"]
    assert [value.rpartition("/replicationJobs/")[2] for value in ids] == [job, job]


@pytest.mark.parametrize(
    ("clock", "retry", "soon"), [("step", "30", None), ("real:60", "30", None), ("poll", None, "10")]
)
def test_the_pace_depends_on_the_clock(clock: str, retry: Any, soon: Any, make_call: Any, failover_body: Any) -> None:
    answer = started(make_call(clock=clock), failover_body)
    assert (answer.header("Retry-After"), answer.header("x-ms-retry-after-ms")) == (retry, soon)


def test_a_wait_of_a_second_is_asked_for_where_somebody_wants_it(make_call: Any, failover_body: Any) -> None:
    call = make_call(retry_after=True)
    call.control("POST", "snapshots", {"name": "before"})
    answers = [started(call, failover_body)]
    call.control("POST", "restore", {"name": "before"})
    answers.append(started(call, failover_body))
    assert {(a.header("Retry-After"), a.header("x-ms-retry-after-ms")) for a in answers} == {("1", "10")}
    done = call("GET", answers[-1].header("Azure-AsyncOperation"))
    assert (done.body["status"], done.header("Retry-After")) == ("Succeeded", None)


def test_clients_are_sent_to_the_base_url_where_one_is_given(make_call: Any, failover_body: Any) -> None:
    answer = started(make_call(base_url="https://region.example"), failover_body)
    assert answer.header("Location").startswith("https://region.example/Subscriptions/sub/")


def test_status_and_result_tell_how_it_goes(call: Any, failover_body: Any, let_run: Any) -> None:
    first = started(call, failover_body)
    location, status = first.header("Location"), first.header("Azure-AsyncOperation")
    assert (call("GET", location).status, call("GET", status).body["status"]) == (202, "InProgress")
    let_run(call.arm.world)
    done = call("GET", status).body
    assert (done["status"], done["error"]) == ("Succeeded", None)
    assert call("GET", location).body["properties"]["friendlyName"] == "sql0"


def test_a_failed_operation_tells_its_error_by_status_and_by_result(
    call: Any, failover_body: Any, let_run: Any
) -> None:
    call.control("POST", "faults", {"kind": "fail_job", "object": "sql0", "operation": "failover", "code": "806"})
    first = started(call, failover_body)
    let_run(call.arm.world)
    done, result = call("GET", first.header("Azure-AsyncOperation")), call("GET", first.header("Location"))
    assert (done.status, done.body["status"], done.body["error"]["code"]) == (200, "Failed", "806")
    assert (result.status, result.code) == (409, "806")


def test_in_mode_poll_every_look_at_an_unfinished_job_is_a_step(make_call: Any, failover_body: Any) -> None:
    call = make_call()
    job = started(call, failover_body).header("x-ms-request-id")
    seen = [call.get(job)["properties"]["state"] for _ in range(12)]
    assert (seen[0], seen[-1]) == ("InProgress", "Succeeded")


def test_in_mode_poll_the_first_look_at_an_operation_sees_its_end(make_call: Any, failover_body: Any) -> None:
    call = make_call()
    status = started(call, failover_body).header("Azure-AsyncOperation")
    assert call("GET", status).body["status"] == "Succeeded"


def test_in_mode_poll_an_operation_that_is_stuck_stays_so(make_call: Any, failover_body: Any) -> None:
    call = make_call()
    call.arm.fault(kind="job_stuck")
    status = started(call, failover_body).header("Azure-AsyncOperation")
    assert [call("GET", status).body["status"] for _ in range(3)] == ["InProgress"] * 3


@pytest.mark.parametrize(
    "path", ["replicationProtectedItems", "replicationJobs", "replicationFabrics", "replicationEvents"]
)
def test_lists_never_move_the_clock(path: str, make_call: Any, failover_body: Any) -> None:
    call = make_call()
    started(call, failover_body)
    call.get(path)
    assert call.arm.world.env.now == 0.0


def test_in_mode_step_no_look_moves_the_clock(call: Any, failover_body: Any) -> None:
    status = started(call, failover_body).header("Azure-AsyncOperation")
    for path in (status, call.item_path("sql0"), "replicationJobs"):
        call("GET", path)
    assert call.arm.world.env.now == 0.0


def test_a_jump_takes_nothing_away_from_who_waits_by_the_control_plane(make_call: Any, failover_body: Any) -> None:
    call = make_call()
    call("GET", started(call, failover_body).header("Azure-AsyncOperation"))
    assert call.control("POST", "clock/wait", {"until_s": None}).body["changed"] == ["sql0"]


def test_in_mode_real_the_wall_moves_the_clock(world: Any, make_call: Any, failover_body: Any) -> None:
    walls = iter([0.0, *[n / 2 for n in range(200)]])
    call = make_call(world, clock="real:60", wall=lambda: next(walls))
    status = started(call, failover_body).header("Azure-AsyncOperation")
    seen = [call("GET", status).body["status"] for _ in range(10)]
    assert (seen[0], seen[-1]) == ("InProgress", "Succeeded")
    assert world.env.now == 330.0


@pytest.mark.parametrize("clock", ["", "fast", "real:0", "real:x", "step:2", "real:inf"])
def test_an_unknown_clock_is_refused(clock: str, world: Any) -> None:
    with pytest.raises(ValueError, match="a clock is poll, step or real:FACTOR"):
        ArmMock(world, clock=clock)


def test_a_clients_request_id_is_echoed(arm: ArmMock) -> None:
    answer = arm.handle("GET", "/failback/clock", {"X-MS-Client-Request-Id": "abc"}, b"")
    assert ("x-ms-client-request-id", "abc") in answer.headers


def test_a_refreshed_provider_is_over_at_once(call: Any) -> None:
    provider = call.get("replicationRecoveryServicesProviders")["value"][0]
    first = call("POST", provider["id"] + "/refreshProvider")
    assert call("GET", first.header("Azure-AsyncOperation")).body["status"] == "Succeeded"
    assert call("GET", first.header("Location")).body["id"] == provider["id"]
