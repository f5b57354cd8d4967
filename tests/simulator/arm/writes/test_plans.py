from typing import Any

import pytest

from failback.simulator.arm.state.clock_mode import ClockMode, Mode

LOOKS_MAX = 60
OUT = {
    "properties": {
        "failoverDirection": "PrimaryToRecovery",
        "sourceSiteOperations": "Required",
        "providerSpecificDetails": [],
    }
}
PLANNED = {
    "properties": {
        "failoverDirection": "RecoveryToPrimary",
        "providerSpecificDetails": [{"instanceType": "InMageRcmFailback", "recoveryPointType": "CrashConsistent"}],
    }
}
WAYS: dict[str, list[tuple[str, Any]]] = {
    "classic-plan": [
        ("unplannedFailover", OUT),
        ("failoverCommit", None),
        ("reProtect", None),
        ("unplannedFailover", OUT),
        ("failoverCommit", None),
        ("reProtect", None),
    ],
    "modern-plan": [
        ("unplannedFailover", OUT),
        ("failoverCommit", None),
        ("reProtect", None),
        ("plannedFailover", PLANNED),
        ("failoverCommit", None),
        ("reProtect", None),
    ],
}


@pytest.mark.parametrize("plan", WAYS)
def test_a_plan_goes_all_six_legs(plan: str, call: Any, let_run: Any) -> None:
    phases = []
    for verb, body in WAYS[plan]:
        answer = call("POST", f"replicationRecoveryPlans/{plan}/{verb}", body)
        assert answer.status == 202, answer
        let_run(call.arm.world)
        assert call("GET", answer.header("Azure-AsyncOperation")).body["status"] == "Succeeded"
        assert call("GET", answer.header("Location")).body["name"] == plan
        phases.append(call.arm.world.vault.items["sql1" if plan == "classic-plan" else "web1"].phase.value)
    assert phases == [
        "failed_over",
        "failover_committed",
        "replicating_to_on_premises",
        "failed_back",
        "failback_committed",
        "replicating_to_azure",
    ]


def last_times(call: Any, plan: str) -> dict[str, str | None]:
    shown = call.get(f"replicationRecoveryPlans/{plan}")["properties"]
    return {kind: shown[f"last{kind}FailoverTime"] for kind in ("Planned", "Unplanned", "Test")}


@pytest.mark.parametrize(("plan", "home"), [("classic-plan", "Unplanned"), ("modern-plan", "Planned")])
def test_a_plan_says_when_a_failover_of_it_succeeded_last(plan: str, home: str, call: Any, let_run: Any) -> None:
    assert set(last_times(call, plan).values()) == {None}
    ended = {}
    tested = [("testFailover", OUT), ("testFailoverCleanup", {"properties": {}})]
    for verb, body in [*tested, *WAYS[plan][:4]]:
        answer = call("POST", f"replicationRecoveryPlans/{plan}/{verb}", body)
        let_run(call.arm.world)
        job = call.get(answer.header("x-ms-request-id"))["properties"]
        ended[job["scenarioName"]] = job["endTime"]
    assert last_times(call, plan) == {"Planned": None, "Unplanned": None} | {
        "Test": ended["TestFailover"],
        "Unplanned": ended["UnplannedFailover"],
        home: ended[f"{home}Failover"],
    }
    listed = {one["name"]: one["properties"] for one in call.get("replicationRecoveryPlans")["value"]}
    assert listed[plan]["lastTestFailoverTime"] == ended["TestFailover"]


def test_a_test_failover_that_failed_and_a_plan_that_was_made_anew_have_no_last_time(call: Any, let_run: Any) -> None:
    fault = {"kind": "fail_job", "object": "web1", "operation": "test_failover", "code": "78052", "message": "no"}
    call.control("POST", "faults", fault)
    assert call("POST", "replicationRecoveryPlans/modern-plan/testFailover", OUT).status == 202
    let_run(call.arm.world)
    assert last_times(call, "modern-plan")["Test"] is None
    assert call("POST", "replicationRecoveryPlans/classic-plan/testFailover", OUT).status == 202
    let_run(call.arm.world)
    kept = call.get("replicationRecoveryPlans/classic-plan")["properties"]
    assert kept["lastTestFailoverTime"] is not None
    assert call("DELETE", "replicationRecoveryPlans/classic-plan").status == 202
    body = {"properties": {key: kept[key] for key in ("primaryFabricId", "recoveryFabricId", "groups")}}
    assert call("PUT", "replicationRecoveryPlans/classic-plan", body).status == 202
    assert last_times(call, "classic-plan")["Test"] is None


def test_a_client_that_watches_only_the_plan_sees_its_job_end(call: Any) -> None:
    call.arm.context.clock = ClockMode(Mode.POLL)
    answer = call("POST", "replicationRecoveryPlans/classic-plan/unplannedFailover", OUT)
    assert answer.status == 202, answer
    seen = []
    for _ in range(LOOKS_MAX):
        plan = call("GET", "replicationRecoveryPlans/classic-plan").body["properties"]
        seen.append(plan["currentScenario"]["scenarioName"])
    assert (seen[0], seen[-1]) == ("UnplannedFailover", "None")


def test_groups_run_in_order_and_point_to_a_job_per_item(call: Any, let_run: Any) -> None:
    answer = call("POST", "replicationRecoveryPlans/classic-plan/unplannedFailover", OUT)
    job_id = answer.header("Location").partition("?")[0].rpartition("/")[2]
    assert call.get("replicationRecoveryPlans/classic-plan")["properties"]["currentScenario"]["jobId"].endswith(job_id)
    let_run(call.arm.world)
    job = call.get(f"replicationJobs/{job_id}")["properties"]
    groups = [task["groupTaskCustomDetails"] for task in job["tasks"]]
    entities = [child["customDetails"]["jobTask"] for group in groups for child in group["childTasks"]]
    assert [entity["targetObjectName"] for entity in entities] == ["sql0", "sql1"]
    assert {group["instanceType"] for group in groups} == {"RecoveryPlanGroupTaskDetails"}
    starts = [call.get(entity["jobId"])["properties"]["startTime"] for entity in entities]
    assert starts == sorted(set(starts))


def test_a_plan_does_not_start_what_one_of_its_items_may_not_do(call: Any, ask_vault: Any) -> None:
    from failback.reprotect import Operation

    ask_vault(call.arm.world, "sql1", Operation.FAILOVER)
    assert call("POST", "replicationRecoveryPlans/classic-plan/unplannedFailover", OUT).status == 409
    assert call.arm.world.vault.items["sql0"].job is None


def test_an_item_that_somebody_else_takes_meanwhile_fails_its_group(
    call: Any, failover_body: Any, let_run: Any
) -> None:
    answer = call("POST", "replicationRecoveryPlans/classic-plan/unplannedFailover", OUT)
    call("POST", call.item_path("sql1") + "/unplannedFailover", failover_body)
    let_run(call.arm.world)
    status = call("GET", answer.header("Azure-AsyncOperation")).body
    assert (status["status"], status["error"]["code"]) == ("Failed", "OperationNotAllowed")


def test_the_failback_of_a_plan_by_the_wrong_verb_is_told_which_to_use(call: Any) -> None:
    answer = call("POST", "replicationRecoveryPlans/classic-plan/plannedFailover", PLANNED)
    assert (answer.status, "use unplannedFailover" in answer.body["error"]["message"]) == (400, True)


def made(call: Any, *groups: Any, name: str = "mine") -> Any:
    properties = {"primaryFabricId": "Microsoft Azure", "recoveryFabricId": "Microsoft Azure", "groups": list(groups)}
    return call("PUT", f"replicationRecoveryPlans/{name}", {"properties": properties})


def boot(*ids: Any) -> Any:
    return {"groupType": "Boot", "replicationProtectedItems": [{"id": id_} for id_ in ids]}


def test_a_plan_that_a_client_makes_is_listed_and_runs(call: Any, let_run: Any) -> None:
    paths = [call.item_path(name) for name in ("sql1", "sql0")]
    first = made(call, {"groupType": "Shutdown"}, boot(paths[0]), boot(paths[1].upper()))
    assert call("GET", first.header("Location")).body["name"] == "mine"
    groups = call.get("replicationRecoveryPlans/MINE")["properties"]["groups"]
    assert [group["groupType"] for group in groups] == ["Shutdown", "Failover", "Boot", "Boot"]
    assert call("POST", "replicationRecoveryPlans/mine/unplannedFailover", OUT).status == 202
    assert made(call, boot(paths[0])).status == 409


@pytest.mark.parametrize("bad", ["unknown item", "twice", "group type", "no fabric", "name", "number"])
def test_a_bad_plan_is_refused(bad: str, call: Any) -> None:
    path = call.item_path("sql0")
    answers = {
        "unknown item": lambda: made(call, boot("/x/none")),
        "twice": lambda: made(call, boot(path), boot(path)),
        "group type": lambda: made(call, boot(path) | {"groupType": "Moon"}),
        "no fabric": lambda: call("PUT", "replicationRecoveryPlans/mine", {"properties": {"groups": []}}),
        "name": lambda: made(call, boot(path), name="a%20b"),
        "number": lambda: made(call, boot(5)),
    }
    assert answers[bad]().status == 400
    assert len(call.get("replicationRecoveryPlans")["value"]) == 2


def test_a_plan_takes_a_hundred_items_and_no_more(make_call: Any, make_world: Any, make_estate: Any) -> None:
    call = make_call(make_world(make_estate(classic=101, modernised=0)), page_size=500)
    paths = [value["id"] for value in call.get("replicationProtectedItems")["value"]]
    assert made(call, boot(*paths[:100])).status == 202
    assert made(call, boot(*paths)).status == 400
