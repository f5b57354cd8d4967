"""Events and the vault's health: what happened to jobs and to the health of items, and how clients choose of it."""

from typing import Any

import pytest

from failback.reprotect import Operation

HOME = (Operation.FAILOVER, Operation.COMMIT_FAILOVER, Operation.REPROTECT_TO_ON_PREMISES)


@pytest.fixture
def unwell(call: Any, ask_vault: Any, let_run: Any) -> Any:
    """Classic sql0 replicates home, and somebody starts its machine on site."""
    for operation in HOME:
        ask_vault(call.arm.world, "sql0", operation)
        let_run(call.arm.world)
    call.control("POST", "faults", {"kind": "power_on", "object": "sql0"})
    return call


def chosen(call: Any, text: str) -> list[Any]:
    query = f"api-version=2025-08-01&$filter={text}".replace(" ", "%20")
    return [event["properties"] for event in call.get("replicationEvents", query)["value"]]


def test_a_change_of_health_is_an_event_with_its_errors_and_stays_one(unwell: Any) -> None:
    first = unwell.get("replicationEvents")["value"][0]
    item, shown = unwell.item("sql0"), first["properties"]
    assert (shown["eventType"], shown["severity"]) == ("VmHealth", "Critical")
    assert shown["affectedObjectFriendlyName"] == "sql0"
    assert [error["errorCode"] for error in shown["healthErrors"]] == [e["errorCode"] for e in item["healthErrors"]]
    assert unwell.get(f"replicationEvents/{first['name']}") == first
    unwell.arm.world.site.change("sql0", powered_on=False)
    unwell.arm.world.vault.record.review_replication("sql0")
    again = unwell.get("replicationEvents")["value"]
    (well,) = [event["properties"] for event in again if event["properties"]["description"].endswith("health is OK")]
    assert (well["eventType"], well["severity"], well["healthErrors"]) == ("VmHealth", "OK", [])
    assert first in again


def test_an_event_names_the_fabric_of_its_item(unwell: Any) -> None:
    fabrics = {event["properties"]["fabricId"] for event in unwell.get("replicationEvents")["value"]}
    assert fabrics == {unwell.item_path("sql0").partition("/replicationProtectionContainers")[0]}


def test_the_event_of_a_failed_job_has_its_error(call: Any, ask_vault: Any, let_run: Any) -> None:
    fault = {"kind": "fail_job", "object": "sql0", "operation": "failover", "code": "78052", "message": "no"}
    call.control("POST", "faults", fault)
    ask_vault(call.arm.world, "sql0", Operation.FAILOVER)
    let_run(call.arm.world)
    (event,) = chosen(call, "Severity eq 'Critical'")
    assert (event["eventType"], event["healthErrors"][0]["errorCode"]) == ("JobStatus", "78052")


def test_events_are_chosen_by_what_a_client_asks_for(unwell: Any) -> None:
    every = [event["properties"] for event in unwell.get("replicationEvents")["value"]]
    health = [event for event in every if event["eventType"] == "VmHealth"]
    assert len(every) > len(health) == 1
    fabric, at = unwell.get("replicationFabrics")["value"][0], health[0]["timeOfOccurrence"]
    assert chosen(unwell, "EventType eq 'VmHealth'") == health
    assert chosen(unwell, "EventType eq 'AgentHealth'") == []
    assert chosen(unwell, "Severity eq 'Critical'") == health
    assert chosen(unwell, f"EventCode eq '{health[0]['eventCode']}'") == health
    assert chosen(unwell, "AffectedObjectFriendlyName eq 'sql0'") == every
    assert chosen(unwell, f"AffectedObjectCorrelationId eq '{every[0]['affectedObjectCorrelationId']}'") == every
    assert chosen(unwell, f"FabricName eq '{fabric['name']}'") == every
    assert chosen(unwell, "FabricName eq 'x'") == []
    assert chosen(unwell, f"StartTime eq '{at}' and EndTime eq '{at}' and EventType eq 'VmHealth'") == health
    assert chosen(unwell, "StartTime eq '06/05/2030 00:00:00'") == []


@pytest.mark.parametrize("text", ["Bogus eq 'x'", "StartTime eq 'x'", "health%25"])
def test_a_filter_of_events_that_cannot_be_read_is_refused(text: str, call: Any) -> None:
    query = f"api-version=2025-08-01&$filter={text}".replace(" ", "%20")
    assert call("GET", "replicationEvents", query=query).code == "InvalidFilter"


def test_the_vaults_health_lists_each_error_once_with_the_items_that_have_it(unwell: Any) -> None:
    health = unwell.get("replicationVaultHealth")["properties"]["protectedItemsHealth"]
    found = {issue["summaryCode"]: issue for issue in health["issues"]}
    guids, own = unwell.arm.context.names.item_guids, found[unwell.item("sql0")["healthErrors"][0]["errorCode"]]
    assert health["categorizedResourceCounts"]["Critical"] == 1
    assert (own["severity"], own["affectedResourceCorrelationIds"]) == ("Error", [guids["sql0"]])
    untested = found["161011"]
    assert (untested["category"], untested["severity"]) == ("TestFailover", "Warning")
    assert untested["affectedResourceCorrelationIds"] == [guids[name] for name in ("sql1", "web0", "web1")]


def test_the_vaults_health_and_the_fabrics_own_say_the_same(call: Any) -> None:
    call.arm.world.site.change("cs1", connected=False)
    shown = [fabric["properties"]["health"] for fabric in call.get("replicationFabrics")["value"]]
    counts = call.get("replicationVaultHealth")["properties"]["fabricsHealth"]["categorizedResourceCounts"]
    assert counts == {level: shown.count(level) for level in set(shown)}
    assert "Critical" in shown
