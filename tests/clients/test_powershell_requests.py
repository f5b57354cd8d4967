"""The requests that PowerShell's cmdlets send for the six legs, replayed without PowerShell, which was never run here.

Which requests a cmdlet sends, and that it takes a job's name from the end of the header Location, was read in their
public source.
"""

# ruff: noqa: E501  (a row of a table is one line)

import json
from typing import Any, Final

import pytest

from failback.simulator.arm import ArmMock
from tests.simulator.arm.conftest import VAULT, world_of

GROUP: Final = VAULT.rpartition("/providers")[0]
LOGS: Final = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/logs"
SITE: Final = f"{GROUP}/providers/Microsoft.OffAzure/VMwareSites/site"
HEADERS: Final = {"User-Agent": "AzurePowershell", "x-ms-client-request-id": "c", "Agent-Authentication": "{}", "Accept-Language": "en-US"}  # fmt: skip


class PowerShell:
    """The cmdlets, by their names in small letters."""

    def __init__(self, arm: ArmMock) -> None:
        self.arm, self.sent = arm, list[str]()

    def ask(self, verb: str, path: str, body: Any = None, query: str = "") -> Any:
        url = path if path.startswith("/") else f"{VAULT}/{path}"
        raw = b"" if body is None else json.dumps(body).encode()
        headers = HEADERS if body is None else HEADERS | {"Content-Type": "application/json; charset=utf-8"}
        answer = self.arm.handle(verb, f"{url}?api-version=2023-08-01{query}", headers, raw)
        assert answer.status in (200, 202), answer.body
        self.sent.append(f"{verb} {url}")
        return answer if answer.status == 202 else json.loads(answer.body)

    def set_vault_context(self) -> None:
        vault = self.ask("GET", VAULT)
        assert self.ask("GET", f"{VAULT}/extendedInformation/vaultExtendedInfo")["properties"]["integrityKey"]
        assert vault["name"] in [one["name"] for one in self.ask("GET", VAULT.rpartition("/")[0])["value"]]

    def get_fabric(self, kind: str) -> Any:
        for fabric in self.ask("GET", "replicationFabrics")["value"]:
            if fabric["properties"]["customDetails"]["instanceType"] == kind:
                return self.ask("GET", fabric["id"])
        raise AssertionError(kind)

    def get_container(self, fabric: Any) -> Any:
        (container,) = self.ask("GET", f"{fabric['id']}/replicationProtectionContainers")["value"]
        return container

    def get_mappings(self, container: Any) -> list[Any]:
        found = self.ask("GET", f"{container['id']}/replicationProtectionContainerMappings")["value"]
        for mapping in found:
            assert (
                self.ask("GET", mapping["properties"]["policyId"])["name"]
                == mapping["properties"]["policyFriendlyName"]
            )
        return list(found)

    def get_item(self, container: Any, name: str) -> Any:
        listed = self.ask("GET", f"{container['id']}/replicationProtectedItems")["value"]
        (item,) = [one for one in listed if one["properties"]["friendlyName"].lower() == name.lower()]
        return self.ask("GET", item["id"])

    def get_points(self, item: Any) -> list[Any]:
        return list(self.ask("GET", f"{item['id']}/recoveryPoints")["value"])

    def start(self, item: Any, verb: str, properties: Any = None) -> Any:
        """A cmdlet that starts a job: the request, then the job, until it is over."""
        body = None if properties is None else {"properties": properties}
        answer = self.ask("POST", f"{item['id']}/{verb}", body)
        location = dict(answer.headers)["Location"]
        name = location.partition("?")[0].rpartition("/")[2]
        for _ in range(50):
            job = self.ask("GET", f"replicationJobs/{name}")["properties"]
            if job["state"] not in ("NotStarted", "InProgress"):
                assert (job["state"], job["errors"]) == ("Succeeded", [])
                return job
        raise AssertionError("the job does not end")

    def get_jobs(self, start: str, end: str) -> list[Any]:
        text = f"StartTime eq '{start}' and EndTime eq '{end}'".replace(" ", "%20")
        return list(self.ask("GET", "replicationJobs", query=f"&$filter={text}")["value"])

    def wait(self, container: Any, name: str, state: str) -> Any:
        """A loop that people write around Get-AzRecoveryServicesAsrReplicationProtectedItem."""
        for _ in range(50):
            item = self.get_item(container, name)
            registered = item["properties"]["providerSpecificDetails"].get(
                "isAgentRegistrationSuccessfulAfterFailover", True
            )
            if item["properties"]["protectionState"] == state and registered:
                return item
        raise AssertionError(f"{name} does not come to {state}")


@pytest.fixture
def shell() -> PowerShell:
    return PowerShell(ArmMock(world_of(), clock="poll", subscription="sub", resource_group="rg", vault="v"))


def details(kind: str, **more: Any) -> Any:
    return {"providerSpecificDetails": {"instanceType": kind, **more}}


def test_the_requests_of_a_classic_cycle_lead_home(shell: PowerShell) -> None:
    shell.set_vault_context()
    fabric = shell.get_fabric("VMware")
    container = shell.get_container(fabric)
    out, home = shell.get_mappings(container)
    servers = fabric["properties"]["customDetails"]
    (target,), (process, on_site), account = (
        servers["masterTargetServers"],
        servers["processServers"],
        servers["runAsAccounts"][0],
    )
    item = shell.get_item(container, "sql0")
    point = shell.get_points(item)[0]["id"]
    over = {"failoverDirection": "PrimaryToRecovery", "sourceSiteOperations": "NotRequired"}
    shell.start(item, "unplannedFailover", over | details("InMageAzureV2", recoveryPointId=point))
    shell.start(item, "failoverCommit")
    item = shell.get_item(container, "sql0")
    servers_home = {
        "masterTargetId": target["id"],
        "processServerId": process["id"],
        "runAsAccountId": account["accountId"],
    }
    stores = {
        "retentionDrive": target["retentionVolumes"][0]["volumeName"],
        "datastoreName": target["dataStores"][0]["symbolicName"],
    }
    excluded = {
        "diskExclusionInput": {
            "volumeOptions": [{"volumeLabel": "Temporary Storage", "onlyExcludeIfSingleVolume": "Yes"}]
        }
    }
    policy = {"profileId": home["properties"]["policyId"]}
    wait_for_agent(shell)
    shell.start(
        item,
        "reProtect",
        {"failoverDirection": "RecoveryToPrimary"} | details("InMage", **servers_home, **stores, **excluded, **policy),
    )
    item = shell.wait(container, "sql0", "Protected")
    shell.start(item, "unplannedFailover", over | details("InMage", recoveryPointType="LatestTime"))
    shell.start(item, "failoverCommit")
    again = {"processServerId": on_site["id"], "masterTargetId": on_site["id"], "runAsAccountId": account["accountId"]}
    wait_for_agent(shell)
    shell.start(
        item,
        "reProtect",
        {"failoverDirection": "RecoveryToPrimary"}
        | details("InMageAzureV2", **again, policyId=out["properties"]["policyId"]),
    )
    assert shell.wait(container, "sql0", "Protected")["properties"]["activeLocation"] == "Primary"


def wait_for_agent(shell: PowerShell) -> None:
    """A classic item's last heartbeat tells; a script that does not look has to wait for 15 minutes."""
    shell.arm.world.catch_up(shell.arm.world.env.now + 1000)


def test_the_requests_of_a_modernised_cycle_lead_home(shell: PowerShell) -> None:
    shell.set_vault_context()
    fabric = shell.get_fabric("InMageRcm")
    container = shell.get_container(fabric)
    out, home = shell.get_mappings(container)
    servers = fabric["properties"]["customDetails"]
    agent, process = servers["reprotectAgents"][0], servers["processServers"][0]
    accounts = shell.ask("GET", f"{servers['vmwareSiteId']}/runAsAccounts")["value"]
    item = shell.get_item(container, "web0")
    over = {"failoverDirection": "PrimaryToRecovery", "sourceSiteOperations": "NotRequired"}
    shell.start(item, "unplannedFailover", over | details("InMageRcm", performShutdown="False"))
    shell.start(item, "failoverCommit")
    item = shell.wait(container, "web0", "UnplannedFailoverCommitted")
    way = {
        "reprotectAgentId": agent["id"],
        "datastoreName": agent["accessibleDatastores"][0],
        "logStorageAccountId": LOGS,
    }
    policy = {"policyId": home["properties"]["policyId"]}
    shell.start(item, "reProtect", {"failoverDirection": "RecoveryToPrimary"} | details("InMageRcm", **way, **policy))
    item = shell.wait(container, "web0", "Protected")
    shell.start(item, "plannedFailover", details("InMageRcmFailback", recoveryPointType="CrashConsistent"))
    shell.start(item, "failoverCommit")
    item = shell.wait(container, "web0", "PlannedFailoverCommitted")
    again = {
        "processServerId": process["id"],
        "runAsAccountId": accounts[0]["id"],
        "policyId": out["properties"]["policyId"],
    }
    shell.start(item, "reProtect", details("InMageRcmFailback", **again))
    assert shell.wait(container, "web0", "Protected")["properties"]["activeLocation"] == "Primary"


def test_a_list_of_jobs_between_two_dates_has_those_that_began_between_them(shell: PowerShell) -> None:
    fabric = shell.get_fabric("InMageRcm")
    item = shell.get_item(shell.get_container(fabric), "web0")
    over = {"failoverDirection": "PrimaryToRecovery", "sourceSiteOperations": "NotRequired"}
    job = shell.start(item, "unplannedFailover", over | details("InMageRcm", performShutdown="False"))
    names = [
        one["properties"]["scenarioName"] for one in shell.get_jobs("2026-06-05T00:00:00.0000000Z", job["startTime"])
    ]
    assert names == ["UnplannedFailover"]
    assert shell.get_jobs("2026-06-06T00:00:00.0000000Z", "2026-06-07T00:00:00.0000000Z") == []


def test_a_list_that_knows_no_filter_says_so(shell: PowerShell) -> None:
    answer = shell.arm.handle(
        "GET", f"{VAULT}/replicationPolicies?api-version=2025-08-01&$filter=Name%20eq%20'x'", HEADERS, b""
    )
    assert answer.status == 400
    assert json.loads(answer.body)["error"]["details"][0]["code"] == "InvalidFilter"
