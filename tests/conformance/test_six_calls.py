"""The six calls of a modernised cycle, bodies as recorded, sent by clients that know nothing of this project.

Users report getting stuck on the last one (VMware to Azure again). Here all six go through a plain HTTP client of the
standard library and through `az rest`.
"""

import json
import ssl
import subprocess
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from failback.scenarios import load_scenario, resolve
from failback.scenarios.servers.mock_server import mock_of
from failback.simulator.arm import serve

VERSION = "api-version=2025-08-01"
LOGS = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/logs"
TRIES_MAX, LOOKS_MAX = 10, 60
Rest = Callable[[str, str, Mapping[str, Any] | None], Any]
"""(verb, path or URL, body) -> the answer's JSON, None where it is empty."""


def by_urllib(_: pytest.FixtureRequest, base_url: str, ca_file: str) -> Rest:
    """A client of the standard library."""
    context = ssl.create_default_context(cafile=ca_file)

    def rest(verb: str, url: str, body: Mapping[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", "Authorization": "Bearer anything"}
        request = urllib.request.Request(base_url + url, data, headers, method=verb)
        with urllib.request.urlopen(request, context=context) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    return rest


def by_az(request: pytest.FixtureRequest, base_url: str, ca_file: str) -> Rest:
    """The Azure CLI, which need not be logged in."""
    az, environment = request.getfixturevalue("azure_cli")
    trust = {**environment, "REQUESTS_CA_BUNDLE": ca_file}

    def rest(verb: str, url: str, body: Mapping[str, Any] | None = None) -> Any:
        call = [az, "rest", "--skip-authorization-header", "--method", verb, "--url", base_url + url]
        call += [] if body is None else ["--headers", "Content-Type=application/json", "--body", json.dumps(body)]
        done = subprocess.run(call, env=trust, capture_output=True, text=True, check=True)
        return json.loads(done.stdout) if done.stdout.strip() else None

    return rest


def details(instance: str, **values: str) -> dict[str, Any]:
    return {"providerSpecificDetails": {"instanceType": instance, **values}}


@pytest.mark.parametrize("client", [by_urllib, pytest.param(by_az, marks=pytest.mark.slow)], ids=["urllib", "az rest"])
def test_the_six_calls_lead_home(
    client: Callable[[pytest.FixtureRequest, str, str], Rest], request: pytest.FixtureRequest
) -> None:
    with serve(mock_of(load_scenario(resolve("one_modernised_vm")), "poll")) as served:
        rest = client(request, served.base_url, str(served.ca_file))
        vault = "/subscriptions/s/resourceGroups/g/providers/Microsoft.RecoveryServices/vaults/v"

        def listed(what: str) -> list[Any]:
            values: list[Any] = rest("GET", f"{vault}/{what}?{VERSION}", None)["value"]
            return values

        item = listed("replicationProtectedItems")[0]["id"]
        box = listed("replicationAppliances")[0]["properties"]["providerSpecificDetails"]["appliances"][0]
        out, back = (
            next(
                p["id"]
                for p in listed("replicationPolicies")
                if p["properties"]["providerSpecificDetails"]["instanceType"] == kind
            )
            for kind in ("InMageRcm", "InMageRcmFailback")
        )

        def rested() -> str:
            """The protection state once no job and no resync runs; each look lets the mock's time pass."""
            for _ in range(LOOKS_MAX):
                seen = rest("GET", f"{item}?{VERSION}", None)["properties"]
                idle = seen["currentScenario"]["scenarioName"] == "None"
                if idle and seen["protectionState"] != "InitialReplicationInProgress":
                    return str(seen["protectionState"])
            return "busy"

        def ask(operation: str, wanted: str, properties: Mapping[str, Any] | None = None) -> None:
            """Ask until it is so: after a boot the agent takes minutes to register; a reprotect fails until then."""
            found = "not asked"
            for _ in range(TRIES_MAX):
                rest("POST", f"{item}/{operation}?{VERSION}", properties and {"properties": properties})
                if (found := rested()) == wanted:
                    return
                rested()  # look once more before the next try: the agent may register meanwhile
            pytest.fail(f"after {operation} the item is {found}, not {wanted}")

        agent = box["reprotectAgent"]
        site = {"reprotectAgentId": agent["id"], "datastoreName": "gold", "logStorageAccountId": LOGS}
        store = details("InMageRcm", **site, policyId=back)
        direction = {"failoverDirection": "PrimaryToRecovery", "sourceSiteOperations": "Required"}
        ask(
            "unplannedFailover",
            "UnplannedFailoverCommitPendingStatesBegin",
            {**direction, **details("InMageRcm", performShutdown="true")},
        )
        ask("failoverCommit", "UnplannedFailoverCommitted")
        ask("reProtect", "Protected", {"failoverDirection": "RecoveryToPrimary", **store})
        ask(
            "plannedFailover",
            "CommitPendingStatesBegin",
            details("InMageRcmFailback", recoveryPointType="CrashConsistent"),
        )
        ask("failoverCommit", "PlannedFailoverCommitted")
        server = box["processServer"]["id"]
        ask("reProtect", "Protected", details("InMageRcmFailback", processServerId=server, policyId=out))
