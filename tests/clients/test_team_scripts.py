"""Scripts as a team writes them against Azure with `requests`: enable, watch, fail over, bring home, protect again.

Nothing in them knows of a mock; even the address is Azure's own. What Azure refuses is refused here, too.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest
import requests

from failback.scenarios.servers.showcase import showcase
from failback.simulator.arm import mock

ARM: Final = "https://management.azure.com"
SUBSCRIPTION: Final = "/subscriptions/11111111-1111-1111-1111-111111111111"
GROUP: Final = f"{SUBSCRIPTION}/resourceGroups/dr-rg"
VAULT: Final = f"{GROUP}/providers/Microsoft.RecoveryServices/vaults/dr-vault"
TARGET: Final = f"{SUBSCRIPTION}/resourceGroups/failover-rg"
NETWORKS: Final = f"{GROUP}/providers/Microsoft.Network/virtualNetworks"
STORES: Final = f"{GROUP}/providers/Microsoft.Storage/storageAccounts"
LOOKS: Final = range(200)
OUT, BACK = {"failoverDirection": "PrimaryToRecovery"}, {"failoverDirection": "RecoveryToPrimary"}
CYCLE: Final = [
    ("Enable replication", "Protected"),
    ("Failover", "UnplannedFailoverCommitPendingStatesBegin"),
    ("Commit", "UnplannedFailoverCommitted"),
    ("Reprotect", "Protected"),
]


class Team:
    """The helpers that such scripts begin with."""

    def __init__(self) -> None:
        self.session = requests.Session()
        self.session.headers["Authorization"] = "Bearer eyJ0"
        self.done: list[tuple[str, str]] = []
        self.fabrics = {self.kind_of(f): self.get(f["id"]) for f in self.get(f"{VAULT}/replicationFabrics")["value"]}

    def ask(self, verb: str, path: str, body: Any = None, **query: str) -> requests.Response:
        parameters = {"api-version": "2025-08-01", **query}
        return self.session.request(verb, ARM + path, params=parameters, json=body, timeout=20)

    def get(self, path: str, **query: str) -> Any:
        answer = self.ask("GET", path, **query)
        answer.raise_for_status()
        return answer.json()

    def kind_of(self, fabric: Any) -> str:
        return str(fabric["properties"]["customDetails"]["instanceType"])

    def container(self, kind: str) -> str:
        return str(self.get(f"{self.fabrics[kind]['id']}/replicationProtectionContainers")["value"][0]["id"])

    def policy(self, kind: str) -> str:
        listed = self.get(f"{VAULT}/replicationPolicies")["value"]
        return str(next(p["id"] for p in listed if p["properties"]["providerSpecificDetails"]["instanceType"] == kind))

    def run(self, verb: str, path: str, item: str, properties: Any = None, state: str = "") -> Any:
        """Ask, follow the operation to its end, and wait for the item's state; the item then."""
        answer = self.ask(verb, path, None if properties is None else {"properties": properties})
        assert answer.status_code == 202, answer.text
        statuses = (
            self.session.get(answer.headers["Azure-AsyncOperation"], timeout=20).json()["status"] for _ in LOOKS
        )
        assert next(status for status in statuses if status != "InProgress") == "Succeeded"
        job = self.get(f"{VAULT}/replicationJobs/{answer.headers['Location'].partition('?')[0].rpartition('/')[2]}")
        assert (job["properties"]["state"], job["properties"]["errors"]) == ("Succeeded", [])
        looks = (self.get(item)["properties"] for _ in LOOKS)
        seen = next(s for s in looks if state in ("", s["protectionState"]) and self.is_registered(s))
        self.done.append((job["properties"]["friendlyName"], seen["protectionState"]))
        return seen | {"ended": job["properties"]["endTime"]}

    def is_registered(self, seen: Any) -> bool:
        """A modernised item has a flag for it; see `wait_for_heartbeat` for a classic one."""
        return seen["providerSpecificDetails"].get("isAgentRegistrationSuccessfulAfterFailover") is not False


def details(kind: str, **fields: Any) -> dict[str, Any]:
    return {"providerSpecificDetails": {"instanceType": kind, **fields}}


@pytest.fixture
def team() -> Iterator[Team]:
    with mock(showcase()):
        yield Team()


def test_a_modernised_machine_is_enabled_and_goes_out_and_home(team: Team) -> None:
    servers = team.fabrics["InMageRcm"]["properties"]["customDetails"]
    site, agent, process = servers["vmwareSiteId"], servers["reprotectAgents"][0], servers["processServers"][0]["id"]
    found = team.get(f"{site}/machines", **{"api-version": "2020-01-01"})["value"]
    machine = next(m for m in found if m["properties"]["displayName"] == "modern-unprotected")
    account = team.get(f"{site}/runAsAccounts", **{"api-version": "2020-01-01"})["value"][0]["id"]
    out, item = team.policy("InMageRcm"), f"{team.container('InMageRcm')}/replicationProtectedItems/erp"
    disks = [
        {"diskId": disk["uuid"], "logStorageAccountId": f"{STORES}/cache", "diskType": "StandardSSD_LRS"}
        for disk in machine["properties"]["disks"]
    ]
    target = {"targetResourceGroupId": TARGET, "targetNetworkId": f"{NETWORKS}/failover-network", "targetVmName": "erp"}
    source = {"fabricDiscoveryMachineId": machine["id"], "processServerId": process, "runAsAccountId": account}
    enabled = details("InMageRcm", disksToInclude=disks, **target, **source)
    team.run("PUT", item, item, {"policyId": out, **enabled}, "Protected")
    team.run("POST", f"{item}/unplannedFailover", item, OUT | details("InMageRcm", performShutdown="true"))
    team.run("POST", f"{item}/failoverCommit", item, state="UnplannedFailoverCommitted")
    assert team.get(f"{TARGET}/providers/Microsoft.Compute/virtualMachines/erp")["name"] == "erp"
    home = {"reprotectAgentId": agent["id"], "datastoreName": agent["accessibleDatastores"][0]}
    home |= {"logStorageAccountId": f"{STORES}/logs", "policyId": team.policy("InMageRcmFailback")}
    team.run("POST", f"{item}/reProtect", item, BACK | details("InMageRcm", **home), "Protected")
    point = details("InMageRcmFailback", recoveryPointType="ApplicationConsistent")
    team.run("POST", f"{item}/plannedFailover", item, point)
    team.run("POST", f"{item}/failoverCommit", item, state="PlannedFailoverCommitted")
    again = details("InMageRcmFailback", processServerId=process, runAsAccountId=account, policyId=out)
    last = team.run("POST", f"{item}/reProtect", item, again, "Protected")
    home_legs = [
        ("Planned failover", "CommitPendingStatesBegin"),
        ("Commit", "PlannedFailoverCommitted"),
        ("Reprotect", "Protected"),
    ]
    assert team.done == CYCLE + home_legs
    assert (last["activeLocation"], last["providerSpecificDetails"]["targetVmName"]) == ("Primary", "erp")
    text = "JobName eq 'SwitchReplicationGroupProtection' and JobStatus eq 'Succeeded'"
    jobs = [
        job["properties"]["targetObjectName"]
        for job in team.get(f"{VAULT}/replicationJobs", **{"$filter": text})["value"]
    ]
    assert jobs.count("modern-unprotected") == 2


def test_a_classic_machine_is_enabled_and_goes_out_and_home(team: Team) -> None:
    servers = team.fabrics["VMware"]["properties"]["customDetails"]
    target, process = servers["masterTargetServers"][0], servers["processServers"][0]["id"]
    container, account = team.container("VMware"), {"runAsAccountId": servers["runAsAccounts"][0]["accountId"]}
    (free,) = team.get(f"{container}/replicationProtectableItems", **{"$filter": "State eq 'Unprotected'"})["value"]
    out, item = team.policy("InMageAzureV2"), f"{container}/replicationProtectedItems/crm"
    carried = {"processServerId": process, "masterTargetId": process, **account}
    place = {
        "targetAzureVmName": "crm",
        "targetAzureV2ResourceGroupId": TARGET,
        "logStorageAccountId": f"{STORES}/logs",
    }
    enabled = {"policyId": out, "protectableItemId": free["id"], **details("InMageAzureV2", **carried, **place)}
    team.run("PUT", item, item, enabled, "Protected")
    shut = OUT | {"sourceSiteOperations": "Required"}
    booted = team.run("POST", f"{item}/unplannedFailover", item, shut | details("InMageAzureV2"))["ended"]
    team.run("POST", f"{item}/failoverCommit", item)
    home = {"masterTargetId": target["id"], "processServerId": process, "profileId": team.policy("InMage"), **account}
    home["retentionDrive"] = target["retentionVolumes"][0]["volumeName"]
    home["datastoreName"] = target["dataStores"][0]["symbolicName"]
    wait_for_heartbeat(team, item, booted)
    team.run("POST", f"{item}/reProtect", item, BACK | details("InMage", **home), "Protected")
    latest = details("InMage", recoveryPointType="LatestTime")
    booted = team.run("POST", f"{item}/unplannedFailover", item, shut | latest)["ended"]
    team.run("POST", f"{item}/failoverCommit", item)
    wait_for_heartbeat(team, item, booted)
    again = details("InMageAzureV2", policyId=out, **carried)
    last = team.run("POST", f"{item}/reProtect", item, BACK | again, "Protected")
    assert team.done == [*CYCLE, *CYCLE[1:3], CYCLE[3]]
    shown = last["providerSpecificDetails"]
    assert (last["activeLocation"], shown["recoveryAzureVMName"], shown["recoveryAzureResourceGroupId"]) == (
        "Primary",
        "crm",
        TARGET,
    )


def wait_for_heartbeat(team: Team, item: str, booted: str) -> None:
    """The agent registers some minutes after the boot: its last heartbeat is later then (dates of one form)."""
    looks = (team.get(item)["properties"]["providerSpecificDetails"]["lastHeartbeat"] for _ in LOOKS)
    assert next(beat for beat in looks if beat > booted)


OVER: Final = details("InMageRcm", performShutdown="true")
NOWHERE: Final = {"reprotectAgentId": "nobody", "datastoreName": "ds-1", "logStorageAccountId": f"{STORES}/logs"}
BY_CRASH: Final = details("InMageRcmFailback", recoveryPointType="CrashConsistent")
NOT_NOW, BUSY, WRONG_VALUE = (409, "OperationNotAllowed"), (409, "OperationInProgress"), (400, "InvalidParameter")
WRONG: Final = {
    "a failover of what has failed over": ("failed-over", "unplannedFailover", OUT | OVER, NOT_NOW),
    "a failover without its direction": ("replicating-to-azure", "unplannedFailover", OVER, WRONG_VALUE),
    "a failover of the other provider": (
        "replicating-to-azure",
        "unplannedFailover",
        OUT | details("InMageAzureV2"),
        WRONG_VALUE,
    ),
    "a commit before the failover": ("replicating-to-azure", "failoverCommit", None, NOT_NOW),
    "a second request while a job runs": ("failing-over", "failoverCommit", None, BUSY),
    "a failback before the reprotect": ("failover-committed", "plannedFailover", BY_CRASH, NOT_NOW),
    "a failback the wrong way": ("replicating-to-on-premises", "plannedFailover", OUT | BY_CRASH, WRONG_VALUE),
    "a reprotect to nowhere": (
        "failover-committed",
        "reProtect",
        BACK | details("InMageRcm", **NOWHERE),
        WRONG_VALUE,
    ),
    "an item of a plan that runs": ("planned-web", "failoverCommit", None, BUSY),
}
"""Which machine is asked for what, with which body, and the status and code that come back."""


@pytest.mark.parametrize("name", WRONG)
def test_what_azure_refuses_is_refused_with_its_status_and_code(name: str, team: Team) -> None:
    ending, verb, properties, refused = WRONG[name]
    listed = team.get(f"{VAULT}/replicationProtectedItems")["value"]
    item = next(i["id"] for i in listed if i["properties"]["friendlyName"] == f"modern-{ending}")
    before = team.get(f"{VAULT}/replicationJobs")
    answer = team.ask("POST", f"{item}/{verb}", None if properties is None else {"properties": properties})
    assert (answer.status_code, answer.json()["error"]["details"][0]["code"]) == refused, answer.text
    assert team.get(f"{VAULT}/replicationJobs") == before


def test_a_body_whose_type_is_not_said_is_refused_as_by_azure(team: Team) -> None:
    body = json.dumps({"properties": {"providerSpecificInput": {"instanceType": "InMageRcm"}}})
    url = f"{ARM}{VAULT}/replicationPolicies/mine?api-version=2025-08-01"
    answer = team.session.put(url, data=body, timeout=20)
    assert (answer.status_code, answer.json()["error"]["code"]) == (415, "UnsupportedMediaType")
