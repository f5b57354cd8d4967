"""Enabling that names what is not there, or leaves out what it needs, is refused by the field; nothing is protected."""

from dataclasses import replace
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


BAD_NAMES: Final = ("a b/c", "-web", "web-", "web_1", "web.1", "w" * 64, "wéb", " ")
NAME_FIELDS: Final = {
    CLASSIC: ("targetAzureVmName", ("recoveryAzureVMName", False)),
    MODERNISED: ("targetVmName", ("targetVmName", True)),
}
"""By provider: the field of the machine's name on enabling, and that of an update (True: in the details)."""


@pytest.mark.parametrize("name", BAD_NAMES)
@pytest.mark.parametrize("kind", MACHINES)
def test_a_name_that_a_machine_in_azure_cannot_have_is_refused_on_enabling(kind: str, name: str, call: Any) -> None:
    path, properties = body_for(call, kind)
    field = NAME_FIELDS[kind][0]
    properties["providerSpecificDetails"][field] = name
    check(call, path, properties, field)
    assert call("PUT", path, {"properties": properties}).code == "InvalidResourceName"


@pytest.mark.parametrize("name", BAD_NAMES)
@pytest.mark.parametrize("kind", MACHINES)
def test_such_a_name_is_refused_in_an_update_and_nothing_changes(kind: str, name: str, call: Any) -> None:
    path, before = call.item_path(MACHINES[kind]), call.item(MACHINES[kind])
    field, inside = NAME_FIELDS[kind][1]
    sent = {field: name, "targetVmSize" if inside else "recoveryAzureVMSize": "Standard_D2s_v3"}
    details = {"instanceType": kind} | (sent if inside else {})
    answer = call("PATCH", path, {"properties": ({} if inside else sent) | {"providerSpecificDetails": details}})
    where = f"properties.{'providerSpecificDetails.' if inside else ''}{field}"
    assert (answer.status, answer.code, answer.body["error"]["target"]) == (400, "InvalidResourceName", where)
    assert call.item(MACHINES[kind]) == before


@pytest.mark.parametrize("name", ["a", "7", "Web-01", "w" * 63])
@pytest.mark.parametrize("kind", MACHINES)
def test_a_name_that_a_machine_in_azure_can_have_is_kept(kind: str, name: str, call: Any) -> None:
    field, inside = NAME_FIELDS[kind][1]
    details = {"instanceType": kind} | ({field: name} if inside else {})
    outside = {} if inside else {field: name}
    path = call.item_path(MACHINES[kind])
    assert call("PATCH", path, {"properties": outside | {"providerSpecificDetails": details}}).status == 202
    assert call.item(MACHINES[kind])["providerSpecificDetails"][field] == name


def refused_part(call: Any, kind: str, part: dict[str, Any]) -> tuple[int, str]:
    answer = call(
        "PATCH",
        call.item_path(MACHINES[kind]),
        {"properties": part | {"providerSpecificDetails": {"instanceType": kind}}},
    )
    return answer.status, answer.body["error"]["target"].rpartition(".")[2]


def test_names_of_nics_and_disks_have_their_rules_too(call: Any) -> None:
    for kind, fields in (
        (CLASSIC, ("recoveryNicName", "tfoNicName", "targetNicName")),
        (MODERNISED, ("targetNicName",)),
    ):
        nic = call.item(MACHINES[kind])["providerSpecificDetails"]["vmNics"][0]["nicId"]
        for field in fields:
            for name in ("a b", "nic-", "n" * 81):
                assert refused_part(call, kind, {"vmNics": [{"nicId": nic, field: name}]}) == (400, field)
    path, properties = body_for(call, MODERNISED)
    disk = call.arm.context.names.guid("disk", "web0", 0)
    properties["providerSpecificDetails"]["disksToInclude"] = [{"diskId": disk, "targetDiskName": "a/b"}]
    answer = call("PUT", path, {"properties": properties})
    assert (answer.status, answer.code) == (400, "InvalidResourceName")
    assert answer.body["error"]["target"].endswith("disksToInclude[0].targetDiskName")


@pytest.mark.parametrize("kind", MACHINES)
def test_a_client_can_send_back_the_name_that_it_read(
    kind: str, make_call: Any, make_world: Any, make_estate: Any
) -> None:
    estate = make_estate()
    plain = estate.virtual_machines[MACHINES[kind]]
    odd = replace(plain, name="srv_01")
    call = make_call(make_world(replace(estate, virtual_machines={"srv_01": odd}, recovery_plans={})))
    field, inside = NAME_FIELDS[kind][1]
    shown = call.item("srv_01")["providerSpecificDetails"][field]
    sent, details = {field: shown}, {"instanceType": kind}
    body = (sent if not inside else {}) | {"providerSpecificDetails": details | (sent if inside else {})}
    assert (shown, call("PATCH", call.item_path("srv_01"), {"properties": body}).status) == ("srv_01", 202)
