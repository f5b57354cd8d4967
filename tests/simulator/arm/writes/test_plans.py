from typing import Any

import pytest

from failback.reprotect import Operation
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
HOME: dict[str, tuple[str, Any]] = {
    "classic-plan": ("unplannedFailover", OUT),
    "modern-plan": ("plannedFailover", PLANNED),
}
MEMBERS = {"classic-plan": ("sql0", "sql1"), "modern-plan": ("web0", "web1")}


def by_plan(call: Any, let_run: Any, plan: str, verb: str, body: Any) -> Any:
    answer = call("POST", f"replicationRecoveryPlans/{plan}/{verb}", body)
    assert answer.status == 202, answer
    let_run(call.arm.world)
    return answer


def one_by_one(call: Any, let_run: Any, ask_vault: Any, plan: str, operation: Operation) -> None:
    for name in MEMBERS[plan]:
        ask_vault(call.arm.world, name, operation)
    let_run(call.arm.world)


@pytest.mark.parametrize("plan", HOME)
def test_a_plan_goes_out_and_home_and_its_items_are_reprotected_one_by_one(
    plan: str, call: Any, let_run: Any, ask_vault: Any
) -> None:
    phases = []

    def ask(verb: str, body: Any = None) -> None:
        answer = by_plan(call, let_run, plan, verb, body)
        assert call("GET", answer.header("Azure-AsyncOperation")).body["status"] == "Succeeded"
        assert call("GET", answer.header("Location")).body["name"] == plan
        phases.append(call.arm.world.vault.items[MEMBERS[plan][1]].phase.value)

    ask("unplannedFailover", OUT)
    ask("failoverCommit")
    one_by_one(call, let_run, ask_vault, plan, Operation.REPROTECT_TO_ON_PREMISES)
    ask(*HOME[plan])
    ask("failoverCommit")
    one_by_one(call, let_run, ask_vault, plan, Operation.REPROTECT_TO_AZURE)
    assert phases == ["failed_over", "failover_committed", "failed_back", "failback_committed"]
    assert call.arm.world.vault.items[MEMBERS[plan][1]].phase.value == "replicating_to_azure"


@pytest.mark.parametrize("plan", HOME)
def test_a_plan_takes_no_reprotect_whatever_its_items_may_do(plan: str, call: Any, let_run: Any) -> None:
    by_plan(call, let_run, plan, "unplannedFailover", OUT)
    by_plan(call, let_run, plan, "failoverCommit", None)
    jobs = len(call.arm.world.vault.jobs)
    answer = call("POST", f"replicationRecoveryPlans/{plan}/reProtect")
    assert (answer.status, answer.code) == (400, "OperationNotSupported")
    assert "each item" in answer.body["error"]["message"]
    assert len(call.arm.world.vault.jobs) == jobs
    assert call.get(f"replicationRecoveryPlans/{plan}")["properties"]["allowedOperations"] == []


def last_times(call: Any, plan: str) -> dict[str, str | None]:
    shown = call.get(f"replicationRecoveryPlans/{plan}")["properties"]
    return {kind: shown[f"last{kind}FailoverTime"] for kind in ("Planned", "Unplanned", "Test")}


@pytest.mark.parametrize(("plan", "home"), [("classic-plan", "Unplanned"), ("modern-plan", "Planned")])
def test_a_plan_says_when_a_failover_of_it_succeeded_last(
    plan: str, home: str, call: Any, let_run: Any, ask_vault: Any
) -> None:
    assert set(last_times(call, plan).values()) == {None}
    ended = {}

    def ask(verb: str, body: Any) -> None:
        answer = by_plan(call, let_run, plan, verb, body)
        job = call.get(answer.header("x-ms-request-id"))["properties"]
        ended[job["scenarioName"]] = job["endTime"]

    for verb, body in [("testFailover", OUT), ("testFailoverCleanup", {"properties": {}}), ("unplannedFailover", OUT)]:
        ask(verb, body)
    ask("failoverCommit", None)
    one_by_one(call, let_run, ask_vault, plan, Operation.REPROTECT_TO_ON_PREMISES)
    ask(*HOME[plan])
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
        seen.append(plan["currentScenario"] and plan["currentScenario"]["scenarioName"])
    assert (seen[0], seen[-1]) == ("UnplannedFailover", None)


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
    ask_vault(call.arm.world, "sql1", Operation.FAILOVER)
    assert call("POST", "replicationRecoveryPlans/classic-plan/unplannedFailover", OUT).status == 409
    assert call.arm.world.vault.items["sql0"].job is None


def test_the_items_of_a_running_plan_are_locked_until_it_ends(call: Any, failover_body: Any, let_run: Any) -> None:
    assert call("POST", "replicationRecoveryPlans/classic-plan/unplannedFailover", OUT).status == 202
    path = call.item_path("sql1")  # of the second group, which waits
    nic = {"providerSpecificDetails": {"instanceType": "InMageAzureV2"}}
    asked = {
        "failover": call("POST", f"{path}/unplannedFailover", failover_body),
        "resync": call("POST", f"{path}/repairReplication"),
        "settings": call("PATCH", path, {"properties": nic}),
        "disable": call("POST", f"{path}/remove", {"properties": {}}),
    }
    assert {name: (answer.status, answer.code) for name, answer in asked.items()} == dict.fromkeys(
        asked, (409, "OperationInProgress")
    )
    assert "recovery plan 'classic-plan'" in asked["failover"].body["error"]["message"]
    assert call.item("sql1")["allowedOperations"] == []
    let_run(call.arm.world)
    assert "Commit" in call.item("sql1")["allowedOperations"]
    assert call("POST", f"{path}/failoverCommit").status == 202


def test_another_plan_does_not_take_an_item_of_a_running_one(call: Any, let_run: Any) -> None:
    path = call.item_path("sql1")
    assert made(call, boot(path)).status == 202
    assert call("POST", "replicationRecoveryPlans/classic-plan/unplannedFailover", OUT).status == 202
    assert call("POST", "replicationRecoveryPlans/mine/unplannedFailover", OUT).status == 409
    let_run(call.arm.world)
    assert call("POST", "replicationRecoveryPlans/mine/failoverCommit").status == 202


def test_a_client_that_watches_an_item_that_waits_for_its_group_sees_it_fail_over(call: Any) -> None:
    call.arm.context.clock = ClockMode(Mode.POLL)
    assert call("POST", "replicationRecoveryPlans/classic-plan/unplannedFailover", OUT).status == 202
    path, seen = call.item_path("sql1"), []
    for _ in range(LOOKS_MAX):
        seen.append(call.get(path)["properties"]["activeLocation"])
    assert (seen[0], seen[-1]) == ("Primary", "Recovery")


def test_a_purge_takes_an_item_out_of_a_running_plan_and_fails_its_group(call: Any, let_run: Any) -> None:
    answer = call("POST", "replicationRecoveryPlans/classic-plan/unplannedFailover", OUT)
    assert call("DELETE", call.item_path("sql1")).status == 202
    let_run(call.arm.world)
    status = call("GET", answer.header("Azure-AsyncOperation")).body
    assert (status["status"], status["error"]["code"]) == ("Failed", "ResourceNotFound")


def test_the_failback_of_a_plan_by_the_wrong_verb_is_told_which_to_use(call: Any) -> None:
    answer = call("POST", "replicationRecoveryPlans/classic-plan/plannedFailover", PLANNED)
    assert (answer.status, "use unplannedFailover" in answer.body["error"]["message"]) == (400, True)


def made(call: Any, *groups: Any, name: str = "mine") -> Any:
    fabric = call.get("replicationFabrics")["value"][0]["id"]
    properties = {"primaryFabricId": fabric, "recoveryFabricId": "Microsoft Azure", "groups": list(groups)}
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


BAD = ("unknown item", "twice", "group type", "no fabric", "name", "number", "another fabric", "no group", "no item")


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_plan_is_refused(bad: str, call: Any) -> None:
    path = call.item_path("sql0")
    answers = {
        "unknown item": lambda: made(call, boot("/x/none")),
        "twice": lambda: made(call, boot(path), boot(path)),
        "group type": lambda: made(call, boot(path) | {"groupType": "Moon"}),
        "no fabric": lambda: call("PUT", "replicationRecoveryPlans/mine", {"properties": {"groups": []}}),
        "name": lambda: made(call, boot(path), name="a%20b"),
        "number": lambda: made(call, boot(5)),
        "another fabric": lambda: made(call, boot(path), boot(call.item_path("web0"))),
        "no group": lambda: made(call),
        "no item": lambda: made(call, {"groupType": "Shutdown"}, boot()),
    }
    assert answers[bad]().status == 400
    assert len(call.get("replicationRecoveryPlans")["value"]) == 2


def test_a_plan_takes_a_hundred_items_and_no_more(make_call: Any, make_world: Any, make_estate: Any) -> None:
    call = make_call(make_world(make_estate(classic=101, modernised=0)), page_size=500)
    paths = [value["id"] for value in call.get("replicationProtectedItems")["value"]]
    assert made(call, boot(*paths[:100])).status == 202
    assert made(call, boot(*paths)).status == 400


def test_a_changed_plan_takes_no_item_of_another_fabric_and_is_never_empty(call: Any) -> None:
    before = call.get("replicationRecoveryPlans/classic-plan")
    for groups in ([boot(call.item_path("web0"))], [boot()], []):
        answer = call("PATCH", "replicationRecoveryPlans/classic-plan", {"properties": {"groups": groups}})
        assert (answer.status, answer.body["error"]["target"][:17]) == (400, "properties.groups")
    assert call.get("replicationRecoveryPlans/classic-plan") == before


def with_machine(call: Any, path: str, machine: str | None) -> Any:
    entry = {"id": path, "virtualMachineId": machine}
    fabric = path.partition("/replicationProtectionContainers")[0]
    groups = [{"groupType": "Boot", "replicationProtectedItems": [entry]}]
    body = {"primaryFabricId": fabric, "recoveryFabricId": "Microsoft Azure", "groups": groups}
    answer = call("PUT", "replicationRecoveryPlans/mine", {"properties": body})
    if answer.status == 202:
        shown = call.get("replicationRecoveryPlans/mine")["properties"]["groups"][-1]["replicationProtectedItems"]
        assert shown == [entry]
    return answer


def test_a_classic_member_is_named_by_its_vm_id_as_powershell_does(call: Any, let_run: Any) -> None:
    path, own = call.item_path("sql0"), call.item("sql0")["providerSpecificDetails"]["vmId"]
    assert with_machine(call, path, own).status == 202
    assert call.get("replicationRecoveryPlans/classic-plan")["properties"]["groups"][2][
        "replicationProtectedItems"
    ] == [{"id": path, "virtualMachineId": own}]
    let_run(call.arm.world)
    other = call.item("sql1")["providerSpecificDetails"]["vmId"]
    refused = with_machine(call, path, other)
    assert (refused.status, own in refused.body["error"]["details"][0]["recommendedAction"]) == (400, True)


def test_a_modernised_member_has_no_machine_id_as_powershell_sends_none(call: Any) -> None:
    path = call.item_path("web0")
    shown = call.get("replicationRecoveryPlans/modern-plan")["properties"]["groups"][2]["replicationProtectedItems"]
    assert [entry["virtualMachineId"] for entry in shown] == [None, None]
    assert with_machine(call, path, None).status == 202
    assert with_machine(call, path, "another").status == 400


def test_a_plan_is_allowed_what_a_plan_can_do_and_nothing_else(call: Any) -> None:
    for plan in ("classic-plan", "modern-plan"):
        shown = call.get(f"replicationRecoveryPlans/{plan}")["properties"]
        assert shown["allowedOperations"] == ["TestFailover", "UnplannedFailover"]
        assert shown["currentScenario"] is None


@pytest.mark.parametrize("direction", ["PrimaryToRecovery", None])
def test_the_failback_of_a_modernised_plan_is_recovery_to_primary(direction: str | None, call: Any) -> None:
    body = {"properties": {**PLANNED["properties"], "failoverDirection": direction}}
    answer = call("POST", "replicationRecoveryPlans/modern-plan/plannedFailover", body)
    assert (answer.status, "failoverDirection" in answer.body["error"]["message"]) == (400, True)
