"""Each kind of fault rule does what it says, each firing is in the history, and a replay has the same again."""

import json
from typing import Any

import pytest
import requests
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ServiceResponseError

from failback.reprotect import CODES, known_failure
from failback.simulator.arm import ArmMock, mock, serve
from failback.simulator.arm.control.site_faults import WORDS

FAILOVER = "replication_protected_items.begin_unplanned_failover"


@pytest.fixture
def fail_over(call: Any, failover_body: Any) -> Any:
    """Ask for the failover of an item; its answer."""
    return lambda name="sql0": call("POST", f"{call.item_path(name)}/unplannedFailover", failover_body)


def fired(call: Any) -> list[Any]:
    return [line["data"] for line in call.arm.history if line["kind"] == "fault"]


def test_a_status_comes_before_acceptance_and_changes_nothing(call: Any, fail_over: Any) -> None:
    call.arm.fault(kind="status", operation="unplanned_failover", status=429, retry_after_s=7, count=2)
    answers = [fail_over() for _ in range(3)]
    assert [answer.status for answer in answers] == [429, 429, 202]
    assert answers[0].header("Retry-After") == "7"
    assert answers[0].code == "TooManyRequests"
    assert len(call.arm.world.vault.jobs) == 1


@pytest.mark.parametrize("status", [412, 429, 500, 503])
def test_any_error_can_be_asked_for(status: int, call: Any, fail_over: Any) -> None:
    rule = {"kind": "status", "status": status, "code": "Mine", "message": "Because.", "retry_after_s": 17}
    call.arm.fault(operation=FAILOVER, **rule)
    answer = fail_over()
    assert (answer.status, answer.body["error"]) == (status, {"code": "Mine", "message": "Because."})
    assert answer.header("Retry-After") == "17"


def test_a_lost_reply_hides_a_job_that_runs(call: Any, fail_over: Any) -> None:
    call.arm.fault(kind="lost_reply", operation="unplanned_failover", status=500)
    assert [fail_over().status, fail_over().status] == [500, 409]
    assert call.item("sql0")["currentScenario"]["jobId"].rpartition("/")[2] in call.arm.world.vault.jobs


def test_an_sdk_that_resends_hears_of_a_conflict(arm: ArmMock, sdk: Any, failover_body: Any, call: Any) -> None:
    arm.fault(kind="lost_reply", operation="unplanned_failover", status=500)
    where = call.item_path("sql0").split("/")[10:15:2]
    with mock(arm), pytest.raises(ResourceExistsError):
        sdk.replication_protected_items.begin_unplanned_failover("rg", "v", *where, failover_body)


@pytest.mark.parametrize(("kind", "jobs"), [("dropped", 0), ("lost_reply", 1)])
def test_a_connection_drops_before_or_after_acceptance(
    kind: str, jobs: int, arm: ArmMock, sdk: Any, failover_body: Any, call: Any
) -> None:
    arm.fault(kind=kind, operation="unplanned_failover")
    where = call.item_path("sql0").split("/")[10:15:2]
    with mock(arm), pytest.raises(ServiceResponseError):
        sdk.replication_protected_items.begin_unplanned_failover("rg", "v", *where, failover_body, retry_total=0)
    assert len(arm.world.vault.jobs) == jobs


@pytest.mark.parametrize("tls", [True, False])
def test_the_server_drops_connections_and_lives_on(tls: bool, call: Any) -> None:
    call.arm.fault(kind="dropped", operation="replication_fabrics.list")
    path = f"{call.item_path('sql0').partition('/replicationFabrics')[0]}/replicationFabrics?api-version=2025-08-01"
    with serve(call.arm, tls=tls) as served:
        verify = str(served.ca_file) if served.ca_file else True
        with pytest.raises(requests.ConnectionError):
            requests.get(served.base_url + path, verify=verify, timeout=5)
        assert requests.get(served.base_url + path, verify=verify, timeout=5).ok


def test_a_slow_answer_takes_its_time_and_holds_up_nobody(make_call: Any) -> None:
    slept: list[float] = []
    call = make_call(pause=slept.append)
    call.arm.fault(kind="slow", operation="*.list", delay_s=2.5, nth=2)
    for _ in range(3):
        call.get("replicationFabrics")
    assert slept == [2.5]


def test_a_duplicate_hears_the_answer_to_the_second(call: Any, fail_over: Any) -> None:
    call.arm.fault(kind="duplicate", operation="unplanned_failover")
    assert (fail_over().status, len(call.arm.world.vault.jobs)) == (409, 1)


def test_a_stale_read_shows_what_was_before(call: Any, fail_over: Any) -> None:
    call.arm.fault(kind="stale_read", operation="replication_protected_items.get", object="sql0", count=2)
    fail_over()
    jobs = [call.item("sql0")["currentScenario"]["scenarioName"] for _ in range(3)]
    assert jobs == ["None", "None", "UnplannedFailover"]


def test_headers_can_be_those_of_the_published_examples_only(call: Any, fail_over: Any) -> None:
    call.arm.fault(kind="async_only", operation="unplanned_failover")
    answer = fail_over()
    assert (answer.header("Location"), bool(answer.header("Azure-AsyncOperation"))) == (None, True)


def test_a_stuck_job_stays_until_it_is_cancelled(call: Any, fail_over: Any) -> None:
    call.arm.fault(kind="job_stuck", operation="unplanned_failover")
    job = fail_over().header("x-ms-request-id").rpartition("/")[2]
    call.arm.world.catch_up(1e6)
    assert call.get(f"replicationJobs/{job}")["properties"]["state"] == "InProgress"
    call("POST", f"replicationJobs/{job}/cancel")
    call.arm.world.catch_up(2e6)
    assert call.get(f"replicationJobs/{job}")["properties"]["state"] == "Cancelled"


@pytest.mark.parametrize("task", ["VmFailover", "Start failover"])
def test_a_job_fails_at_the_task_and_says_why(task: str, call: Any, fail_over: Any) -> None:
    call.arm.fault(kind="job_fails", object="sql0", task=task, code="78093", message="It does not answer.")
    job = fail_over().header("x-ms-request-id").rpartition("/")[2]
    call.arm.world.catch_up(1e6)
    body = call.get(f"replicationJobs/{job}")["properties"]
    states = {t["name"]: t["state"] for t in body["tasks"]}
    assert (body["state"], states["VmFailover"]) == ("Failed", "Failed")
    assert body["errors"][0]["serviceErrorDetails"]["code"] == "78093"
    found = [line["data"] for line in call.arm.history if line["name"] == "JobFailed"]
    assert found[0]["message"] == "It does not answer."


@pytest.mark.parametrize("code", [*CODES, "FB-R04"])
def test_a_known_code_brings_its_text(code: str, call: Any, fail_over: Any) -> None:
    call.arm.fault(kind="job_fails", object="sql0", task="VmFailover", code=code)
    job = fail_over().header("x-ms-request-id").rpartition("/")[2]
    call.arm.world.catch_up(1e6)
    details = call.get(f"replicationJobs/{job}")["properties"]["errors"][0]["serviceErrorDetails"]
    known = known_failure(code)
    assert (details["message"], details["possibleCauses"], details["recommendedAction"]) == known


def test_a_job_of_a_plan_fails_in_the_item_that_is_named(call: Any) -> None:
    call.arm.fault(kind="job_fails", operation="*unplanned_failover", object="sql1", code="X")
    body = {"properties": {"failoverDirection": "PrimaryToRecovery", "providerSpecificDetails": []}}
    assert call("POST", "replicationRecoveryPlans/classic-plan/unplannedFailover", body).status == 202
    call.arm.world.catch_up(1e6)
    assert [item.phase.value for item in call.arm.world.vault.items.values()][:2] == ["failed_over", "failed_over"]


def test_a_job_is_cancelled_after_its_time(call: Any, fail_over: Any) -> None:
    call.arm.fault(kind="job_cancelled", after_s=70.0)
    job = fail_over().header("x-ms-request-id").rpartition("/")[2]
    call.arm.world.catch_up(1e6)
    body = call.get(f"replicationJobs/{job}")["properties"]
    assert (body["state"], [t["state"] for t in body["tasks"]].count("Succeeded")) == ("Cancelled", 3)


@pytest.mark.parametrize("word", ["CompletedWithInformation", "PartiallySucceeded", "Skipped", "Other"])
def test_a_job_can_succeed_otherwise_than_plainly(word: str, call: Any, fail_over: Any) -> None:
    call.arm.fault(kind="job_ends_as", code=word)
    job = fail_over().header("x-ms-request-id")
    assert call.get(job)["properties"]["stateDescription"] == "InProgress"
    call.arm.world.catch_up(1e6)
    assert call.get(job)["properties"]["stateDescription"] == word
    with pytest.raises(ValueError, match="code is one of"):
        call.arm.fault(kind="job_ends_as", code="Moon")


def test_the_site_breaks_when_a_request_comes(call: Any, fail_over: Any) -> None:
    call.arm.fault(kind="site", operation="unplanned_failover", fault={"kind": "take_snapshot", "object": "mt-win"})
    assert call.arm.world.site.estate.master_targets["mt-win"].snapshots == ()
    fail_over()
    assert call.arm.world.site.estate.master_targets["mt-win"].snapshots == ("snapshot",)


SITE = [
    ("process_server_down", "ps-site", "up", False),
    ("process_server_up", "ps-site", "up", True),
    ("master_target_down", "mt-win", "up", False),
    ("appliance_unhealthy", "box1", "healthy", False),
    ("datastore_full", "ds1", "free_gib", 0.0),
    ("host_disconnects", "esx1", "connected", False),
    ("credentials_revoked", "cs1", "vcenter_connected", False),
    ("snapshot_appears", "mt-win", "snapshots", ("snapshot",)),
]


def test_every_word_for_the_site_is_tried() -> None:
    assert {row[0] for row in SITE} == set(WORDS)


@pytest.mark.parametrize(("kind", "part", "fact", "value"), SITE)
def test_what_happens_on_site_has_a_word(kind: str, part: str, fact: str, value: Any, call: Any) -> None:
    assert call.control("POST", "faults", {"kind": kind, "object": part}).status == 200
    assert getattr(call.arm.world.site.part(part), fact) == value
    assert len(fired(call)) == 1


def test_a_cut_link_lets_nothing_through_until_it_is_mended(call: Any, ask_vault: Any, let_run: Any) -> None:
    from failback.reprotect import Operation

    world = call.arm.world
    for operation in (Operation.FAILOVER, Operation.COMMIT_FAILOVER):
        ask_vault(world, "web0", operation)
        let_run(world)
    ask_vault(world, "web0", Operation.REPROTECT_TO_ON_PREMISES)
    call.arm.fault(kind="link_cut")
    world.catch_up(1e6)
    assert world.vault.items["web0"].phase.value == "resyncing_to_on_premises"
    call.arm.fault(kind="link_mended")
    let_run(world)
    assert world.vault.items["web0"].phase.value == "replicating_to_on_premises"


def test_rules_count_from_the_nth_request_in_their_window(call: Any) -> None:
    call.arm.fault(kind="status", operation="replication_fabrics.list", nth=2, count=2, from_s=10, until_s=20)
    codes = []
    for at_s in (0, 11, 12, 13, 21):
        call.arm.world.catch_up(at_s)
        codes.append(call("GET", "replicationFabrics").status)
    assert codes == [200, 200, 503, 503, 200]


def test_chance_is_the_runs_own(make_call: Any) -> None:
    runs = []
    for _ in range(2):
        call = make_call(clock="step")
        call.arm.fault(kind="status", operation="*.list", probability=0.5, count=None)
        runs.append([call("GET", "replicationFabrics").status for _ in range(40)])
    assert runs[0] == runs[1]
    assert 5 < runs[0].count(503) < 35


def test_rules_are_listed_and_disarmed(call: Any) -> None:
    first = call.arm.fault(kind="status")
    second = call.arm.fault(kind="dropped")
    listed = call.control("GET", "faults").body["rules"]
    assert [rule["id"] for rule in listed] == [first, second]
    assert call.control("DELETE", f"faults/{first}").body == {"disarmed": [first]}
    assert call.control("DELETE", f"faults/{first}").status == 404
    assert call.control("DELETE", "faults").body == {"disarmed": [second]}
    assert call.get("replicationFabrics")


WRONG = [
    {"kind": "status", "status": 200},
    {"kind": "status", "nth": 0},
    {"kind": "slow", "delay_s": 1e9},
    {"kind": "status", "probability": 2},
    {"kind": "site"},
    {"kind": "site", "fault": {"kind": "moon", "object": "sql0"}},
    {"kind": "status", "colour": "red"},
    {"kind": []},
    {"kind": "status", "from_s": 1e300},
    {"kind": "status", "nth": 10**400},
    {"kind": "status", "until_s": 10**400},
    {"kind": "status", "retry_after_s": 10**400},
    {"kind": "job_cancelled", "after_s": 1e300},
    {"kind": "take_snapshot", "object": "sql0", "at_s": 1e300},
    {"kind": "fail_job", "object": "sql0", "operation": "failback", "times": 10**12},
    {"kind": "change_facts", "object": "mt-linux", "facts": {"local_disks": 10**9}},
    {"kind": "site", "fault": {"kind": "take_snapshot", "object": "sql0", "after_s": 1e300}},
]


@pytest.mark.parametrize("wrong", WRONG, ids=json.dumps)
def test_a_rule_without_sense_is_refused(wrong: Any, call: Any) -> None:
    assert call.control("POST", "faults", wrong).status == 400
    assert call.control("GET", "faults").body == {"rules": []}


def test_every_hit_is_in_the_history_and_comes_again_in_a_restored_mock(call: Any, fail_over: Any) -> None:
    call.arm.fault(kind="status", operation="*", nth=3, count=2)
    call.arm.fault(kind="job_fails", task="VmFailover", code="7")
    for name in ("sql0", "sql1", "sql0"):
        try:
            fail_over(name)
        except (AssertionError, KeyError):
            continue
    call.arm.world.catch_up(500)
    assert {data["kind"] for data in fired(call)} == {"status", "job_fails"}
    again = ArmMock.restored(call.arm.snapshot())
    assert again.history == call.arm.history


def test_a_failed_operation_is_an_error_of_the_sdk(make_call: Any, make_sdk: Any, failover_body: Any) -> None:
    call = make_call()
    call.arm.fault(kind="job_fails", task="VmFailover", code="78093", message="It does not answer.")
    where = call.item_path("sql0").split("/")[10:15:2]
    with mock(call.arm), pytest.raises(HttpResponseError, match="Start failover: It does not answer"):
        make_sdk().replication_protected_items.begin_unplanned_failover("rg", "v", *where, failover_body).result()


SLIPS = [
    ({"kind": "status", "operation": "reprotekt"}, "no operation is called 'reprotekt'; did you mean 'reprotect'?"),
    (
        {"kind": "job_fails", "task": "Start failovers"},
        "no job has a task 'Start failovers'; did you mean 'Start failover'?",
    ),
    ({"kind": "job_fails", "task": "Moon"}, "no job has a task 'Moon'; GET /failback/tasks lists them."),
]


@pytest.mark.parametrize(("slip", "expected"), SLIPS)
def test_a_rule_that_nothing_could_meet_is_refused_with_what_was_meant(slip: Any, expected: str, call: Any) -> None:
    answer = call.control("POST", "faults", slip)
    assert (answer.status, expected in answer.body["error"]["message"]) == (400, True)
    assert call.control("GET", "faults").body == {"rules": []}


def test_every_task_that_is_listed_can_be_made_to_fail(call: Any) -> None:
    jobs = call.control("GET", "tasks").body["jobs"]
    names = {task[key] for job in jobs for task in job["tasks"] for key in ("name", "friendly_name")}
    assert len(names) > 20
    for name in names:
        assert call.control("POST", "faults", {"kind": "job_fails", "task": name.upper()}).status == 200
