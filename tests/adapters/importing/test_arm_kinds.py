"""Each kind of a vault's resources brings facts, or is told: none is read and lost silently."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from failback.adapters.importing.arm_kinds import KINDS, SUMMARY
from failback.adapters.importing.read import read_paths
from failback.adapters.importing.records import Reading, TroubleKind

GROUP: Final = "/subscriptions/s/resourceGroups/g"
VAULT: Final = f"{GROUP}/providers/Microsoft.RecoveryServices/vaults/v"
CLASSIC: Final = f"{VAULT}/replicationFabrics/cs"
CONTAINER: Final = f"{CLASSIC}/replicationProtectionContainers/c"
OTHER: Final = f"{VAULT}/replicationFabrics/hv"
ELSEWHERE: Final = f"{OTHER}/replicationProtectionContainers/c"
Row = dict[str, Any]


def row(id_: str, **properties: Any) -> Row:
    return {"id": id_, "name": id_.rpartition("/")[2], "properties": properties}


def policy(name: str, kind: str) -> Row:
    details = {"instanceType": kind, "recoveryPointThresholdInMinutes": 15, "recoveryPointHistory": 1440}
    return row(f"{VAULT}/replicationPolicies/{name}", friendlyName=name, providerSpecificDetails=details)


def mapping(container: str, name: str, target: str) -> Row:
    where = f"{container}/replicationProtectionContainerMappings/{name}"
    policy_id = f"{VAULT}/replicationPolicies/{name}"
    return row(where, policyId=policy_id, policyFriendlyName=name, targetProtectionContainerId=target)


MACHINE: Final = f"{GROUP}/providers/Microsoft.Compute/virtualMachines/app"
ITEM: Final = row(
    f"{CONTAINER}/replicationProtectedItems/i",
    friendlyName="app",
    protectionState="UnplannedFailoverCommitted",
    activeLocation="Recovery",
    policyId=f"{VAULT}/replicationPolicies/day",
    policyFriendlyName="day",
    providerSpecificDetails={"instanceType": "InMageAzureV2", "osType": "Linux", "targetVmId": MACHINE},
)
FABRIC: Final = row(CLASSIC, friendlyName="cs", customDetails={"instanceType": "VMware"})
BASE: Final = (ITEM, FABRIC)
NIC: Final = row(
    f"{GROUP}/providers/Microsoft.Network/networkInterfaces/n",
    virtualMachine={"id": MACHINE},
    ipConfigurations=[{"properties": {"privateIPAddress": "10.0.0.4"}}],
)
HYPER_V: Final = {"instanceType": "HyperVReplicaAzure"}
IN_GROUP: Final = f"{GROUP}/providers/Microsoft"
PROVIDER: Final = "replicationRecoveryServicesProviders/p"
SUMMARY_ROW: Final = {"monitoringSummary": {"unHealthyVmCount": 3}, "jobsSummary": {"failedJobs": 0}}
APPLIANCE: Final = {"name": "box", "reprotectAgent": {"id": "a"}}
USED: Final[dict[str, Row]] = {
    "replicationprotecteditems": row(f"{CONTAINER}/replicationProtectedItems/j", **ITEM["properties"]),
    "replicationfabrics": row(f"{VAULT}/replicationFabrics/cs2", customDetails={"instanceType": "VMware"}),
    "replicationprotectioncontainers": row(CONTAINER, fabricFriendlyName="cs", protectedItemCount=3),
    "replicationprotectioncontainermappings": mapping(CONTAINER, "day-failback", CONTAINER),
    "replicationrecoveryservicesproviders": row(f"{CLASSIC}/{PROVIDER}", connectionStatus="Connected"),
    "replicationvcenters": row(f"{CLASSIC}/replicationvCenters/vc", friendlyName="vc", ipAddress="10.0.0.1"),
    "replicationappliances": row(
        f"{VAULT}/replicationAppliances/a", providerSpecificDetails={"appliances": [APPLIANCE]}
    ),
    "replicationpolicies": policy("day", "InMageAzureV2"),
    "replicationrecoveryplans": row(f"{VAULT}/replicationRecoveryPlans/p", friendlyName="p", groups=[]),
    "replicationvaulthealth": row(
        f"{VAULT}/replicationVaultHealth/default", vaultErrors=[{"errorCode": "520101", "errorMessage": "No key."}]
    ),
    SUMMARY: SUMMARY_ROW,
    "networkinterfaces": NIC,
    "virtualmachines": row(MACHINE, instanceView={"statuses": [{"code": "PowerState/running"}]}),
}
"""A row of each kind of which something gets into the estate, or into what an import says of it."""
NOT_USED: Final[dict[str, Row]] = {
    "replicationprotecteditems": row(f"{ELSEWHERE}/replicationProtectedItems/h", providerSpecificDetails=HYPER_V),
    "replicationfabrics": row(OTHER, customDetails={"instanceType": "HyperVSite"}),
    "replicationprotectioncontainers": row(ELSEWHERE, protectedItemCount=0),
    "replicationprotectioncontainermappings": mapping(ELSEWHERE, "hv", "Microsoft Azure"),
    "replicationrecoveryservicesproviders": row(f"{OTHER}/{PROVIDER}"),
    "replicationvcenters": row(f"{OTHER}/replicationvCenters/vc"),
    "replicationappliances": row(f"{VAULT}/replicationAppliances/a", providerSpecificDetails={"appliances": []}),
    "replicationpolicies": policy("hv", "HyperVReplicaAzure"),
    "replicationjobs": row(f"{VAULT}/replicationJobs/j", scenarioName="Failover", state="Succeeded"),
    "usages": {"unit": "Count", "currentValue": 2, "limit": -1, "name": {"value": "ProtectedItemCount"}},
    "networkinterfaces": row(f"{IN_GROUP}.Network/networkInterfaces/x"),
    "virtualmachines": row(f"{IN_GROUP}.Compute/virtualMachines/x"),
    "disks": row(f"{IN_GROUP}.Compute/disks/d"),
    "publicipaddresses": row(f"{IN_GROUP}.Network/publicIPAddresses/p"),
    "replicationvaulthealth": row(f"{VAULT}/replicationVaultHealth/default", vaultErrors=[]),
    SUMMARY: {"monitoringSummary": {"unHealthyVmCount": 0}, "jobsSummary": {"failedJobs": 0}},
    "": row(f"{VAULT}/replicationEvents/e"),
}
"""A row of each kind of which nothing does; kinds of which each row is of use are not here."""


def read(folder: Path, *rows: Row) -> Reading:
    (folder / "all.json").write_text(json.dumps({"value": rows}), encoding="utf-8")
    return read_paths([folder / "all.json"])


def known(reading: Reading) -> str:
    """What gets into an estate, and what an import says is wrong."""
    return repr((reading.items, reading.parts, reading.plans, reading.troubles))


def test_each_kind_has_an_example() -> None:
    assert USED.keys() | NOT_USED.keys() == KINDS.keys() | {""}


@pytest.mark.parametrize("kind", USED)
def test_what_a_kind_says_gets_into_the_estate_or_is_told(tmp_path: Path, kind: str) -> None:
    plain, more = read(tmp_path, *BASE), read(tmp_path, *BASE, USED[kind])
    assert known(more) != known(plain)
    assert more.left_out == plain.left_out


@pytest.mark.parametrize("kind", NOT_USED)
def test_what_is_of_no_use_is_counted_by_its_kind(tmp_path: Path, kind: str) -> None:
    plain, more = read(tmp_path, *BASE), read(tmp_path, *BASE, NOT_USED[kind])
    told = {what: count for what, count in more.left_out.items() if what not in plain.left_out}
    assert [*told.values()] == [1] or [other.provider for other in more.others] == ["HyperVReplicaAzure"]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_file_of_one_kind_alone_is_not_refused(tmp_path: Path, kind: str) -> None:
    assert read(tmp_path, (NOT_USED | USED)[kind]).has_vault


def test_kinds_that_are_not_read_are_named(tmp_path: Path) -> None:
    kinds = ("replicationEvents", "replicationEvents", "replicationAlerts")
    strange = [row(f"{VAULT}/{kind}/{n}") for n, kind in enumerate(kinds)]
    found = read(tmp_path, *BASE, *strange, {"what": 1}).left_out
    assert found == {
        "objects of kinds that are not read: replicationEvents": 2,
        "objects of kinds that are not read: replicationAlerts": 1,
        "objects of kinds that are not read": 1,
    }


# Policies


MODERN: Final = f"{VAULT}/replicationFabrics/rcm/replicationProtectionContainers/m"
HOME: Final = policy("day-failback", "InMage")
OUT_AND_HOME: Final = (
    policy("day", "InMageAzureV2"),
    HOME,
    mapping(CONTAINER, "day", "Microsoft Azure"),
    mapping(CONTAINER, "day-failback", CONTAINER),
)
TOLD: Final = {"rpo_threshold_min": 15, "retention_h": 24}


def policies_of(reading: Reading) -> list[tuple[Any, Any]]:
    return [(item.facts.get("policy"), item.facts.get("failback_policy")) for item in reading.items]


def test_each_machine_has_its_policy_and_the_failback_policy_of_its_container(tmp_path: Path) -> None:
    week = {**ITEM["properties"], "policyId": f"{VAULT}/replicationPolicies/week", "policyFriendlyName": "week"}
    other = row(f"{CONTAINER}/replicationProtectedItems/j", **week)
    found = policies_of(read(tmp_path, *BASE, other, *OUT_AND_HOME))
    home = {"name": "day-failback", **TOLD}
    assert found == [({"name": "day", **TOLD}, home), ({"name": "week"}, home)]


def test_an_item_on_its_way_home_names_the_failback_policy_itself(tmp_path: Path) -> None:
    details = {"instanceType": "InMage", "osType": "Linux"}
    home = {"policyId": HOME["id"], "policyFriendlyName": "day-failback", "providerSpecificDetails": details}
    item = row(ITEM["id"], **(ITEM["properties"] | home))
    assert policies_of(read(tmp_path, item, *OUT_AND_HOME)) == [
        ({"name": "day", **TOLD}, {"name": "day-failback", **TOLD})
    ]
    last = {"instanceType": "InMageRcmFailback", "lastUsedPolicyId": "x/out", "lastUsedPolicyFriendlyName": "out"}
    modern = row(
        f"{MODERN}/replicationProtectedItems/i", **(ITEM["properties"] | home | {"providerSpecificDetails": last})
    )
    assert policies_of(read(tmp_path, modern)) == [({"name": "out"}, {"name": "day-failback"})]


def test_of_several_failback_policies_none_is_guessed(tmp_path: Path) -> None:
    two = (mapping(CONTAINER, "one", CONTAINER), mapping(CONTAINER, "two", CONTAINER))
    assert policies_of(read(tmp_path, *BASE, *two)) == [({"name": "day"}, None)]
    one = policies_of(read(tmp_path, *BASE, two[0]))
    assert one == [({"name": "day"}, {"name": "one"})]


@pytest.mark.parametrize("odd", [float("inf"), 1e300, -5, True, "60", [60], None])
def test_a_number_that_cannot_be_meant_is_no_fact(tmp_path: Path, odd: Any) -> None:
    wrong = policy("day", "InMageAzureV2")
    wrong["properties"]["providerSpecificDetails"]["recoveryPointHistory"] = odd
    counts = {"monitoringSummary": {"unHealthyVmCount": odd}, "jobsSummary": odd}
    reading = read(tmp_path, *BASE, wrong, row(CONTAINER, protectedItemCount=odd), counts)
    assert policies_of(reading) == [({"name": "day", "rpo_threshold_min": 15}, None)]
    assert reading.troubles == []


# Health, and what the vault counts


def test_what_the_vault_says_is_wrong_is_told_with_its_object(tmp_path: Path) -> None:
    health = {
        "vaultErrors": [{"errorCode": "520101", "errorMessage": "The certificate\nhas expired."}],
        "fabricsHealth": {
            "issues": [
                {"summaryCode": "806", "summaryMessage": "No heartbeat", "affectedResourceCorrelationIds": ["a"]}
            ]
        },
    }
    unwell = [{"errorCode": "95126", "errorMessage": "Discovery failed."}]
    rows = (
        row(f"{VAULT}/replicationVaultHealth/default", **health),
        row(f"{CLASSIC}/replicationvCenters/vc", friendlyName="vc", healthErrors=unwell),
        SUMMARY_ROW,
        row(CONTAINER, friendlyName="cs", protectedItemCount=2),
    )
    found = {trouble.kind: trouble.parts for trouble in read(tmp_path, *BASE, *rows).troubles}
    assert found == {
        TroubleKind.UNWELL: (
            ("vault", "520101: The certificate has expired."),
            ("fabrics", "806: No heartbeat, 1 affected"),
            ("vCenter vc", "95126: Discovery failed."),
        ),
        TroubleKind.COUNTED: (("machines that are not healthy", "3"),),
        TroubleKind.MISSING: (("cs", "vault: 2, files: 1"),),
    }


# The cache storage account


@pytest.mark.parametrize(
    ("account", "told"),
    [
        (f"{GROUP.upper()}/providers/Microsoft.Storage/storageAccounts/cache1", "cache1"),
        (elsewhere := "/subscriptions/s/resourceGroups/h/providers/Microsoft.Storage/storageAccounts/c2", elsewhere),
        (None, None),
    ],
)
@pytest.mark.parametrize("provider", ["InMageRcm", "InMageRcmFailback"])
def test_the_account_of_a_replication_is_a_fact_of_its_machine(
    tmp_path: Path, provider: str, account: str | None, told: str | None
) -> None:
    own: Row = {"instanceType": provider, "osType": "Linux"}
    own |= {"protectedDisks": [{"logStorageAccountId": account}]} if provider == "InMageRcm" else {}
    own |= {"logStorageAccountId": account} if provider != "InMageRcm" else {}
    item = row(f"{MODERN}/replicationProtectedItems/i", **(ITEM["properties"] | {"providerSpecificDetails": own}))
    (found,) = read(tmp_path, item).items
    assert found.facts.get("log_storage_account") == told
