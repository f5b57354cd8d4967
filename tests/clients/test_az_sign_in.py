"""The Azure CLI, unmodified: a registered cloud, a service principal that signs in, and `az rest` for all six legs.

One test, so that one worker alone has the port.
MSAL, which signs in for it, asks the authority's host at its usual port, so the mock has to listen at 443 for these.
"""

import json
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import certifi
import pytest

from failback.scenarios import load_scenario, resolve
from failback.scenarios.servers.mock_server import mock_of
from failback.scenarios.servers.mock_snippets import PATH
from failback.simulator.arm import ArmMock, serve
from tests.clients.conftest import absent

STEP = b'{"by_s": 86400}'
"""A day, so that one look is enough: each call of az takes half a second of a core."""
TENANT = "00000000-0000-4000-8000-000000000001"
PRINCIPAL = "00000000-0000-4000-8000-000000000009"
LOGS = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/logs"
VERSION = "api-version=2025-08-01"


@dataclass(frozen=True)
class Az:
    """The command with its own configuration, signed in to the mock."""

    program: str
    environment: Mapping[str, str]
    base_url: str
    arm: ArmMock

    def __call__(self, *arguments: str) -> Any:
        command = [self.program, *arguments, "--only-show-errors", "--output", "json"]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else None

    def rest(self, verb: str, path: str, body: Any = None) -> Any:
        more = () if body is None else ("--body", json.dumps(body))
        return self("rest", "--method", verb, "--url", f"{self.base_url}{path}?{VERSION}", *more)


@pytest.fixture(scope="module")
def az(azure_cli: tuple[str, dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Az]:
    (program, environment), folder = azure_cli, tmp_path_factory.mktemp("az")
    arm = mock_of(load_scenario(resolve("one_modernised_vm")), "poll")
    door = serve(arm, port=443)
    try:
        served = door.__enter__()
    except OSError as refused:
        absent(f"port 443 cannot be had: {refused}", "FAILBACK_REQUIRE_AZ")
    try:
        trusted = folder / "trusted.pem"
        trusted.write_text(Path(certifi.where()).read_text("utf-8") + Path(str(served.ca_file)).read_text("utf-8"))
        own = {"AZURE_CONFIG_DIR": str(folder), "NO_PROXY": "127.0.0.1"}
        own |= {"AZURE_CORE_INSTANCE_DISCOVERY": "false", "REQUESTS_CA_BUNDLE": str(trusted)}
        signed_in = Az(program, {**environment, **own}, served.base_url, arm)
        sign_in(signed_in)
        yield signed_in
    finally:
        door.__exit__(None, None, None)


def sign_in(az: Az) -> None:
    ends = ("resource-manager", "active-directory", "management")
    ids = ("active-directory-resource-id", "active-directory-graph-resource-id")
    places = [part for end in ends for part in (f"--endpoint-{end}", az.base_url)]
    places += [part for end in ids for part in (f"--endpoint-{end}", f"{az.base_url}/")]
    az("cloud", "register", "--name", "failback", *places)
    az("cloud", "set", "--name", "failback")
    az("login", "--service-principal", "--username", PRINCIPAL, "--password", "any", "--tenant", TENANT)


@pytest.mark.slow
def test_the_azure_cli_signs_in_reads_puts_a_policy_and_takes_an_item_out_and_home(az: Az) -> None:
    is_signed_in(az)
    assert [each["type"] for each in az("resource", "list")] == ["Microsoft.RecoveryServices/vaults"]
    puts_a_policy_and_reads_it_back(az)
    takes_an_item_out_and_home(az)


def is_signed_in(az: Az) -> None:
    shown = az("account", "show")
    assert (shown["environmentName"], shown["id"], shown["tenantId"]) == ("failback", az.arm.subscription, TENANT)


def puts_a_policy_and_reads_it_back(az: Az) -> None:
    path = vault_of(az) + "/replicationPolicies/from-az"
    details = {"instanceType": "InMageRcm", "recoveryPointHistoryInMinutes": 1440}
    az.rest("put", path, {"properties": {"providerSpecificInput": details}})
    read = az.rest("get", path)["properties"]["providerSpecificDetails"]
    assert read["recoveryPointHistoryInMinutes"] == 1440


def takes_an_item_out_and_home(az: Az) -> None:
    vault = vault_of(az)
    (item,) = az.rest("get", f"{vault}/replicationProtectedItems")["value"]
    way = Way(az, item["id"])
    fabric = az.rest("get", item["id"].partition("/replicationProtectionContainers")[0])["properties"]["customDetails"]
    agent, server = fabric["reprotectAgents"][0], fabric["processServers"][0]
    out = {"failoverDirection": "PrimaryToRecovery"}
    way.ask("unplannedFailover", out, instanceType="InMageRcm", performShutdown="true")
    way.settle("UnplannedFailoverCommitPendingStatesBegin")
    way.ask("failoverCommit")
    way.settle("UnplannedFailoverCommitted")
    home = {"reprotectAgentId": agent["id"], "datastoreName": agent["accessibleDatastores"][0]}
    back = {"failoverDirection": "RecoveryToPrimary"}
    way.ask("reProtect", back, instanceType="InMageRcm", logStorageAccountId=LOGS, **home)
    way.settle("Protected")
    way.ask("plannedFailover", {}, instanceType="InMageRcmFailback", recoveryPointType="CrashConsistent")
    way.settle("CommitPendingStatesBegin")
    way.ask("failoverCommit")
    way.settle("PlannedFailoverCommitted")
    policies = az.rest("get", f"{vault}/replicationPolicies")["value"]
    of_azure = (p for p in policies if p["properties"]["providerSpecificDetails"]["instanceType"] == "InMageRcm")
    policy = next(of_azure)["id"]
    way.ask("reProtect", {}, instanceType="InMageRcmFailback", processServerId=server["id"], policyId=policy)
    assert way.settle("Protected")["providerSpecificDetails"]["instanceType"] == "InMageRcm"


@dataclass(frozen=True)
class Way:
    """One item, and what `az rest` asks of it."""

    az: Az
    path: str

    def ask(self, verb: str, properties: Any = None, **details: str) -> None:
        body = None if properties is None else {"properties": properties | {"providerSpecificDetails": details}}
        self.az.rest("post", f"{self.path}/{verb}", body)

    def settle(self, state: str) -> Any:
        self.az.arm.handle("POST", "/failback/clock/step", {}, STEP)
        seen = self.az.rest("get", self.path)["properties"]
        assert seen["protectionState"] == state
        return seen


def vault_of(az: Az) -> str:
    arm = az.arm
    return PATH.format(
        subscription=arm.subscription, resource_group=arm.resource_group, vault=arm.vault_name
    ).rpartition("/")[0]
