"""Bad requests get the right status and change nothing."""

import json
from typing import Any

import pytest

from failback.reprotect import Operation

DIRECTION = {"failoverDirection": "PrimaryToRecovery"}


def body(**details: Any) -> Any:
    return {"properties": DIRECTION | {"providerSpecificDetails": details}}


def reverse(**details: Any) -> Any:
    return {"properties": {"failoverDirection": "RecoveryToPrimary", "providerSpecificDetails": details}}


GOOD = body(instanceType="InMageAzureV2")
BAD_FAILOVERS: dict[str, tuple[Any, int]] = {
    "malformed": (b'{"properties": ', 400),
    "not utf-8": (b"\xff\xfe\xff", 400),
    "not a number": (b'{"properties": NaN}', 400),
    "too deep": (b"[" * 100_000, 400),
    "no body": (None, 400),
    "a list": ([], 400),
    "a string": ("x", 400),
    "properties are a list": ({"properties": []}, 400),
    "properties are null": ({"properties": None}, 400),
    "details are a string": ({"properties": DIRECTION | {"providerSpecificDetails": "InMageAzureV2"}}, 400),
    "no discriminator": (body(), 400),
    "discriminator is a number": (body(instanceType=7), 400),
    "unknown discriminator": (body(instanceType="Moon"), 400),
    "another provider's discriminator": (body(instanceType="InMageRcm", performShutdown="true"), 400),
    "the way home's discriminator": (body(instanceType="InMage"), 400),
    "wrong direction": ({"properties": GOOD["properties"] | {"failoverDirection": "RecoveryToPrimary"}}, 400),
    "unknown direction": ({"properties": GOOD["properties"] | {"failoverDirection": "Sideways"}}, 400),
    "direction is a list": ({"properties": GOOD["properties"] | {"failoverDirection": []}}, 400),
    "no direction": ({"properties": {"providerSpecificDetails": {"instanceType": "InMageAzureV2"}}}, 400),
    "unknown source operations": ({"properties": GOOD["properties"] | {"sourceSiteOperations": "Maybe"}}, 400),
    "unknown recovery point": (body(instanceType="InMageAzureV2", recoveryPointId="/x/recoveryPoints/none"), 400),
    "recovery point is an object": (body(instanceType="InMageAzureV2", recoveryPointId={}), 400),
    "too large": (b'"' + b"x" * 10_000_000 + b'"', 413),
}


def state(call: Any) -> Any:
    return call.control("GET", "state").body


@pytest.mark.parametrize("bad", BAD_FAILOVERS)
def test_a_bad_body_is_refused_and_changes_nothing(bad: str, call: Any) -> None:
    before, (sent, status) = state(call), BAD_FAILOVERS[bad]
    answer = call("POST", call.item_path("sql0") + "/unplannedFailover", sent)
    assert (answer.status, state(call)) == (status, before)
    assert answer.body["error"]["message"]


def test_a_modernised_failover_takes_only_the_known_words_for_the_work_on_site(call: Any) -> None:
    before, path = state(call), call.item_path("web0") + "/unplannedFailover"
    sent = DIRECTION | {"providerSpecificDetails": {"instanceType": "InMageRcm", "performShutdown": "true"}}
    refused = call("POST", path, {"properties": sent | {"sourceSiteOperations": "Maybe"}})
    assert (refused.status, refused.body["error"]["target"]) == (400, "properties.sourceSiteOperations")
    assert state(call) == before
    assert call("POST", path, {"properties": sent | {"sourceSiteOperations": "NotRequired"}}).status == 202


def test_the_good_body_of_that_table_is_taken(call: Any) -> None:
    assert call("POST", call.item_path("sql0") + "/unplannedFailover", GOOD).status == 202


FULL = {
    "instanceType": "InMage",
    "masterTargetId": "MT",
    "processServerId": "PS",
    "retentionDrive": "R",
    "profileId": "POLICY",
    "datastoreName": "ds1",
    "runAsAccountId": "1",
}
BAD_REPROTECTS: dict[str, Any] = {
    "unknown master target": FULL | {"masterTargetId": "00000000-0000-0000-0000000000000000"},
    "a process server as master target": FULL | {"masterTargetId": "PS"},
    "unknown process server": FULL | {"processServerId": "x"},
    "unknown drive": FULL | {"retentionDrive": "Z"},
    "unknown datastore": FULL | {"datastoreName": "moon"},
    "unknown account": FULL | {"runAsAccountId": "99"},
    "the other direction's policy": FULL | {"profileId": "OTHER"},
    "no policy": {key: value for key, value in FULL.items() if key != "profileId"},
    "no master target": {key: value for key, value in FULL.items() if key != "masterTargetId"},
    "no drive": {key: value for key, value in FULL.items() if key != "retentionDrive"},
    "the other direction's discriminator": {"instanceType": "InMageAzureV2"},
    "a number": FULL | {"datastoreName": 5},
}


@pytest.fixture
def committed(call: Any, ask_vault: Any, let_run: Any) -> Any:
    """The caller, once sql0 and web0 are failed over and committed."""
    for operation in (Operation.FAILOVER, Operation.COMMIT_FAILOVER):
        for name in ("sql0", "web0"):
            ask_vault(call.arm.world, name, operation)
        let_run(call.arm.world)
    return call


def filled(call: Any, details: Any) -> Any:
    """With the ids of this vault in place of the words in capitals."""
    fabric = next(f["properties"]["customDetails"] for f in call.get("replicationFabrics")["value"])
    policies = call.get("replicationPolicies")["value"]
    known = {
        "MT": fabric["masterTargetServers"][0]["id"],
        "PS": fabric["processServers"][0]["id"],
        "POLICY": policies[1]["id"],
        "OTHER": policies[0]["id"],
    }
    return {key: known.get(value, value) if isinstance(value, str) else value for key, value in details.items()}


@pytest.mark.parametrize("bad", BAD_REPROTECTS)
def test_a_bad_reprotect_is_refused_and_changes_nothing(bad: str, committed: Any) -> None:
    before = state(committed)
    sent = reverse(**filled(committed, BAD_REPROTECTS[bad]))
    answer = committed("POST", committed.item_path("sql0") + "/reProtect", sent)
    assert (answer.status, state(committed)) == (400, before)


def test_the_good_reprotect_of_that_table_is_taken(committed: Any) -> None:
    sent = reverse(**filled(committed, FULL))
    assert committed("POST", committed.item_path("sql0") + "/reProtect", sent).status == 202


def test_a_wrong_discriminator_is_told_which_to_use(committed: Any) -> None:
    answer = committed("POST", committed.item_path("web0") + "/reProtect", reverse(instanceType="InMage"))
    assert "use reProtect with InMageRcm for this item now" in answer.body["error"]["message"]


@pytest.mark.parametrize(
    ("name", "verb", "instead"),
    [
        ("web0", "unplannedFailover", "use plannedFailover with InMageRcmFailback for this item now"),
        ("sql0", "plannedFailover", "use unplannedFailover with InMage for this item now"),
    ],
)
def test_a_failback_by_the_wrong_verb_is_told_which_to_use(
    name: str, verb: str, instead: str, committed: Any, ask_vault: Any, let_run: Any
) -> None:
    ask_vault(committed.arm.world, name, Operation.REPROTECT_TO_ON_PREMISES)
    let_run(committed.arm.world)
    sent = body(instanceType="InMageRcm", performShutdown="true")
    answer = committed("POST", committed.item_path(name) + f"/{verb}", sent)
    assert (answer.status, instead in answer.body["error"]["message"]) == (400, True)


def test_the_useful_code_of_a_400_sits_under_a_general_one(committed: Any) -> None:
    error = committed("POST", committed.item_path("web0") + "/reProtect", reverse(instanceType="InMage")).body["error"]
    assert (error["code"], error["details"][0]["code"]) == ("BadRequest", "InvalidParameter")


NOT_NOW = ["failoverCommit", "failoverCancel", "testFailoverCleanup"]


@pytest.mark.parametrize("verb", NOT_NOW)
def test_what_the_lifecycle_does_not_allow_is_a_conflict(verb: str, call: Any) -> None:
    before = state(call)
    answer = call("POST", call.item_path("sql0") + f"/{verb}", {"properties": {}})
    assert (answer.status, answer.code, state(call)) == (409, "OperationNotAllowed", before)


def test_a_second_request_while_a_job_runs_is_a_conflict(call: Any) -> None:
    path = call.item_path("sql0") + "/unplannedFailover"
    call("POST", path, GOOD)
    assert (call("POST", path, GOOD).status, call("POST", path, GOOD).code) == (409, "OperationInProgress")


ITEM = "replicationFabrics/{fabric}/replicationProtectionContainers/{container}/replicationProtectedItems/{item}"
BAD_PATHS = {
    "unknown item": ("GET", "ITEM/../none", 404),
    "unknown fabric": ("GET", "replicationFabrics/none", 404),
    "unknown plan": ("POST", "replicationRecoveryPlans/none/reProtect", 404),
    "unknown job": ("GET", "replicationJobs/none", 404),
    "unknown operation": ("GET", "replicationOperationStatus/none", 404),
    "unknown policy": ("GET", "replicationPolicies/none", 404),
    "unknown collection": ("GET", "replicationMoons", 404),
    "traversal": ("GET", "replicationFabrics/..%2f..%2fetc%2fpasswd", 404),
    "plain traversal": ("GET", "replicationFabrics/../../../etc/passwd", 404),
    "nul": ("GET", "replicationFabrics/%00", 404),
    "empty segment": ("GET", "replicationFabrics//replicationProtectionContainers", 404),
    "bad skip token": ("GET", "replicationProtectedItems?api-version=2025-08-01&skipToken=-1", 400),
    "bad filter": ("GET", "replicationJobs?api-version=2025-08-01&$filter=Moon%20eq%20'1'", 400),
    "unreadable filter": ("GET", "replicationJobs?api-version=2025-08-01&$filter=(((", 400),
    "wrong verb": ("DELETE", "replicationFabrics", 405),
    "no such verb": ("BREW", "replicationFabrics", 405),
    "known and not served": ("GET", "replicationMigrationItems", 501),
    "no api-version": ("GET", "replicationFabrics?x=1", 400),
}


@pytest.mark.parametrize("bad", BAD_PATHS)
def test_a_bad_path_has_the_right_status_and_an_arm_error(bad: str, call: Any) -> None:
    verb, path, status = BAD_PATHS[bad]
    before = state(call)
    answer = call(verb, path.replace("ITEM", call.item_path("sql0").partition("/vaults/v/")[2]))
    assert (answer.status, state(call)) == (status, before)
    assert set(answer.body["error"]) >= {"code", "message"}


def test_a_missing_version_and_a_known_operation_are_named(call: Any) -> None:
    assert call("GET", "replicationFabrics?x=1").code == "MissingApiVersionParameter"
    text = call("GET", "replicationMigrationItems").body["error"]["message"]
    assert "replication_migration_items.list" in text
    assert "docs/coverage-arm.md" in text


def test_a_wrong_verb_is_told_the_right_ones(call: Any) -> None:
    assert call("DELETE", "replicationFabrics").header("Allow") == "GET"


def test_given_names_are_enforced_and_others_are_not(make_call: Any) -> None:
    path = "/subscriptions/SUB/resourcegroups/RG/PROVIDERS/microsoft.recoveryservices/Vaults/V/ReplicationFabrics"
    assert make_call()("GET", path).status == 200
    assert make_call(subscription="sub", resource_group="rg", vault="v")("GET", path).status == 200
    for given in ({"subscription": "x"}, {"resource_group": "x"}, {"vault": "x"}):
        assert make_call(**given)("GET", path).status == 404


WRONG_CONTROLS = [
    ("POST", "clock/wait", {"until_s": "soon"}),
    ("POST", "clock/wait", {"until_s": -1}),
    ("POST", "clock/wait", {"until_s": True}),
    ("POST", "clock/wait", {"until_s": 1e300}),
    ("POST", "clock/jump", {}),
    ("POST", "clock/jump", []),
    ("POST", "faults", {"kind": "moon", "object": "sql0"}),
    ("POST", "faults", {"kind": "power_off", "object": "nobody"}),
    ("POST", "faults", {"kind": "take_snapshot", "object": "cs1"}),
    ("POST", "faults", {"kind": "change_facts", "object": "cs1", "facts": {"colour": "red"}}),
    ("POST", "faults", {"kind": "change_facts", "object": "cs1", "facts": {"up": "perhaps"}}),
    ("POST", "faults", {"kind": "fail_job", "object": "cs1"}),
    ("POST", "faults", {"kind": "fail_job", "object": "sql0", "when": {"item": "nobody", "phase": "failed_over"}}),
]


@pytest.mark.parametrize(("verb", "name", "sent"), WRONG_CONTROLS)
def test_the_control_plane_refuses_what_it_cannot_read(verb: str, name: str, sent: Any, call: Any) -> None:
    before = state(call)
    assert (call.control(verb, name, sent).status, state(call)) == (400, before)


ODD_BODIES: list[Any] = [0, True, [], {}, [[]], {"properties": {"providerSpecificDetails": [1]}}, {"properties": 1}]


def test_odd_bodies_are_refused_in_arms_words(call: Any) -> None:
    path = call.item_path("web0")
    for verb in ("unplannedFailover", "plannedFailover", "reProtect", "testFailover"):
        for value in ODD_BODIES:
            answer = call("POST", f"{path}/{verb}", json.dumps(value).encode())
            assert answer.status == 400, (verb, value)
