"""A write that names what is not there is refused and changes nothing; of two at once one is refused; nobody reads half."""

# ruff: noqa: E501  (a row of a table is one line)

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any, Final

import pytest
from azure.mgmt.recoveryservicessiterecovery import models

from failback.reprotect import LEGS
from failback.simulator.arm import ROUTES

from .test_every_write import WRITES, Write, prepared, send
from .test_nothing_lost import fields_of

NAMED: Final = (
    "PS",
    "MT",
    "RUN",
    "POLICY",
    "HOME_POLICY",
    "NETWORK",
    "FABRIC",
    "POINT",
    "AGENT",
    "PROCESS",
    "SITE",
    "box",
)
"""How the values begin, in the table of writes, that stand for something of the vault, or are names of it."""
OTHERS: Final = ("R", "ds1", "/subscriptions", "ITEM", "CONTAINER", "OWN_CONTAINER", "Microsoft Azure")
NOBODY: Final = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Nothing/things/nobody"
BY_RULE: Final = ("retentionDrive",)
"""Judged by a rule of failback, whose refusal names the drive and not the field."""


def names_something(value: Any) -> bool:
    return isinstance(value, str) and (value.startswith((*NAMED, *OTHERS[2:])) or value in OTHERS)


def cases() -> Iterator[Any]:
    for write in WRITES:
        for name in fields_of(getattr(models, write.model)):
            given = (write.words or {}).get(name, (None,))[0] or (write.base or {}).get(name)
            whole = [given] if not isinstance(given, list) else given
            if any(map(names_something, whole)) and write.model != "DiscoverProtectableItemRequestProperties":
                bad = NOBODY if not isinstance(given, list) else [NOBODY]
                yield pytest.param(
                    replace(write, words={**(write.words or {}), name: (bad, bad)}), name, id=f"{write.model}-{name}"
                )


READS: Final = [
    row.path.rpartition("{vault}/")[2]
    for row in ROUTES
    if row.verb == "GET" and row.operation.endswith(".list") and row.path.count("{") == 3
]


def state_of(call: Any) -> dict[str, Any]:
    """All that the vault shows: every list, and every item by itself."""
    lists = {path: call.get(path) for path in READS}
    items = {item["id"]: call.get(item["id"]) for item in lists["replicationProtectedItems"]["value"]}
    return lists | items


@pytest.mark.parametrize(("write", "name"), list(cases()))
def test_a_write_that_names_what_is_not_there_is_refused_by_its_field_and_changes_nothing(
    write: Write, name: str, call: Any, ask_vault: Any, let_run: Any
) -> None:
    site = prepared(call, write, ask_vault, let_run)
    before = state_of(call)
    answer, _, _ = send(call, write, site, name, 0)
    assert answer.status == 400, (answer.status, answer.body)
    error = answer.body["error"]
    assert error["code"]
    assert error["message"]
    assert name in BY_RULE or name in error.get("target", ""), error
    assert state_of(call) == before


def test_the_state_that_is_compared_has_every_kind_of_resource() -> None:
    assert {"replicationJobs", "replicationFabrics", "replicationPolicies", "replicationNetworkMappings"} <= set(READS)


def at_once(asks: list[Callable[[], Any]]) -> list[Any]:
    """The answers to requests that begin at the same moment."""
    gate = Barrier(len(asks))

    def ask(one: Callable[[], Any]) -> Any:
        gate.wait()
        return one()

    with ThreadPoolExecutor(len(asks)) as pool:
        return list(pool.map(ask, asks))


LEG_WRITES: Final = [write for write in WRITES if write.once and write.model in (
    "InMageAzureV2UnplannedFailoverInput", "InMageRcmUnplannedFailoverInput", "InMageUnplannedFailoverInput", "InMageReprotectInput",
    "InMageAzureV2ReprotectInput", "InMageRcmReprotectInput", "InMageRcmFailbackReprotectInput", "InMageAzureV2TestFailoverInput",
    "RecoveryPlanUnplannedFailoverInputProperties",
)]  # fmt: skip


@pytest.mark.parametrize("write", LEG_WRITES, ids=lambda write: write.model)
def test_of_two_requests_at_once_one_is_taken_and_the_other_gets_a_409(
    write: Write, call: Any, ask_vault: Any, let_run: Any
) -> None:
    site = prepared(call, write, ask_vault, let_run)
    name = next(n for n in fields_of(getattr(models, write.model)) if n not in ("instanceType", "osUpgradeVersion"))
    answers = at_once([lambda: send(call, write, site, name, 0)[0]] * 4)
    assert sorted(answer.status for answer in answers) == [202, 409, 409, 409]
    refused = next(answer for answer in answers if answer.status == 409)
    assert refused.code == "OperationInProgress"
    jobs = [job["properties"] for job in call.get("replicationJobs")["value"]]
    assert [job["state"] for job in jobs].count("InProgress") == 1


@pytest.mark.parametrize("legs", range(6))
@pytest.mark.parametrize("machine", ["sql0", "web0"])
def test_settings_are_not_changed_while_a_job_holds_the_item(
    machine: str, legs: int, call: Any, ask_vault: Any, let_run: Any
) -> None:
    for leg in LEGS[:legs]:
        ask_vault(call.arm.world, machine, leg)
        let_run(call.arm.world)
    ask_vault(call.arm.world, machine, LEGS[legs])
    before = state_of(call)
    kind = "InMageAzureV2" if machine == "sql0" else "InMageRcm"
    body = {"properties": {"recoveryAzureVMName": "x", "providerSpecificDetails": {"instanceType": kind}}}
    answer = call("PATCH", call.item_path(machine), body)
    assert (answer.status, answer.code) == (409, "OperationInProgress")
    assert state_of(call) == before


def test_a_client_that_reads_while_others_write_never_sees_half(call: Any) -> None:
    path = call.item_path("web0")

    def write(number: int) -> None:
        details = {"instanceType": "InMageRcm", "targetVmName": f"vm-{number}", "targetVmSize": f"vm-{number}"}
        properties = {"recoveryAzureVMName": f"vm-{number}", "providerSpecificDetails": details}
        assert call("PATCH", path, {"properties": properties}).status == 202

    def look() -> set[str]:
        details = call.get(path)["properties"]["providerSpecificDetails"]
        return {details["targetVmName"], details["targetVmSize"]}

    write(0)
    with ThreadPoolExecutor(4) as pool:
        writing = [pool.submit(write, number) for number in range(60)]
        seen = [pool.submit(look) for _ in range(120)]
        assert all(len(look.result()) == 1 for look in seen)
        assert all(done.result() is None for done in writing)


def test_a_list_that_is_read_while_a_plan_is_written_has_the_whole_plan_or_the_one_before(call: Any) -> None:
    ids = [call.item_path(name) for name in ("sql0", "sql1")]

    def write(number: int) -> None:
        groups = [{"groupType": "Boot", "replicationProtectedItems": [{"id": id_}]} for id_ in ids[: number % 2 + 1]]
        fabric = ids[0].partition("/replicationProtectionContainers")[0]
        body = {"primaryFabricId": fabric, "recoveryFabricId": "Microsoft Azure", "groups": groups}
        model = ("Classic", "ResourceManager")[number % 2]
        call("PUT", "replicationRecoveryPlans/mine", {"properties": body | {"failoverDeploymentModel": model}})

    def look() -> tuple[int, str]:
        seen = call.get("replicationRecoveryPlans/mine")["properties"]
        boots = [group for group in seen["groups"] if group["groupType"] == "Boot"]
        return len(boots), seen["failoverDeploymentModel"]

    write(0)
    with ThreadPoolExecutor(4) as pool:
        for number in range(40):
            pool.submit(write, number)
        seen = {json.dumps(one) for one in pool.map(lambda _: look(), range(80))}
    assert seen <= {'[1, "Classic"]', '[2, "ResourceManager"]'}
