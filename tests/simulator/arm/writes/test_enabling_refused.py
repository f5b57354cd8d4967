"""Enabling that names what is not there, or leaves out what it needs, is refused by the field; nothing is protected."""

from typing import Any, Final

import pytest

GROUP: Final = "/subscriptions/s/resourceGroups/g/providers"
NOBODY: Final = f"{GROUP}/Microsoft.Nothing/things/nobody"
CLASSIC, MODERNISED = "InMageAzureV2", "InMageRcm"
MACHINES: Final = {CLASSIC: "sql0", MODERNISED: "web0"}
OUTSIDE: Final = ("policyId", "protectableItemId")
"""Fields of the properties; the others stand in providerSpecificDetails."""
UNKNOWN: Final = {
    CLASSIC: (
        *OUTSIDE,
        *("processServerId", "masterTargetId", "runAsAccountId", "storageAccountId", "logStorageAccountId"),
        "targetAzureNetworkId",
    ),
    MODERNISED: (
        *("policyId", "fabricDiscoveryMachineId", "processServerId", "runAsAccountId", "targetNetworkId"),
        *("testNetworkId", "targetBootDiagnosticsStorageAccountId"),
    ),
}
NEEDED: Final = {
    CLASSIC: ("protectableItemId", "instanceType"),
    MODERNISED: ("fabricDiscoveryMachineId", "processServerId", "targetResourceGroupId", "instanceType"),
}


def body_for(call: Any, kind: str) -> tuple[str, dict[str, Any]]:
    """Where a machine that is free now is enabled, and what enables it."""
    path, shown = call.item_path(MACHINES[kind]), call.item(MACHINES[kind])
    assert call("DELETE", path).status == 202
    keys = ("fabricDiscoveryMachineId", "processServerId", "targetResourceGroupId") if kind == MODERNISED else ()
    details = {"instanceType": kind} | {key: shown["providerSpecificDetails"][key] for key in keys}
    outside = {"policyId": shown["policyId"], "protectableItemId": shown["protectableItemId"]}
    return path, outside | {"providerSpecificDetails": details}


def cases(table: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(kind, field) for kind, fields in table.items() for field in fields]


def check(call: Any, path: str, properties: dict[str, Any], field: str) -> None:
    answer = call("PUT", path, {"properties": properties})
    below = "" if field in OUTSIDE else "providerSpecificDetails."
    assert (answer.status, answer.body["error"].get("target")) == (400, f"properties.{below}{field}"), answer.body
    assert call("GET", path).status == 404


@pytest.mark.parametrize(("kind", "field"), cases(UNKNOWN))
def test_a_name_of_nothing_is_the_target_of_the_refusal(kind: str, field: str, call: Any) -> None:
    path, properties = body_for(call, kind)
    holder = properties if field in OUTSIDE else properties["providerSpecificDetails"]
    holder[field] = NOBODY
    check(call, path, properties, field)


@pytest.mark.parametrize(("kind", "field"), cases(NEEDED))
def test_a_field_that_is_missing_is_the_target_of_the_refusal(kind: str, field: str, call: Any) -> None:
    path, properties = body_for(call, kind)
    holder = properties if field in OUTSIDE else properties["providerSpecificDetails"]
    del holder[field]
    check(call, path, properties, field)


@pytest.mark.parametrize("kind", MACHINES)
def test_a_disk_of_another_machine_is_the_target_of_the_refusal(kind: str, call: Any) -> None:
    path, properties = body_for(call, kind)
    properties["providerSpecificDetails"]["disksToInclude"] = [{"diskId": "nobody"}]
    check(call, path, properties, "disksToInclude[0].diskId")
