"""Prints seconds per leg of the mock for each client, with and without --retry-after: `python benchmarks/clients.py`.

Clients that are not there are left out: npm's needs Node and FAILBACK_NODE_FOLDER, Go's needs Go, az needs FAILBACK_AZ.
"""

import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from failback.scenarios import load_scenario, resolve
from failback.scenarios.run.worlds import spec_of
from failback.simulator import World
from failback.simulator.arm import ArmMock, Served, serve

TOP = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TOP))
GOLANG = TOP / "tests" / "clients" / "golang"
LOGS = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/logs"
LEGS = ("unplannedFailover", "failoverCommit", "reProtect", "plannedFailover", "failoverCommit", "reProtect")


def with_sdk(served: Served, arm: ArmMock) -> list[float]:
    """The Python SDK's synchronous client."""
    from azure.core.credentials import AccessToken
    from azure.mgmt.recoveryservicessiterecovery import SiteRecoveryManagementClient

    class Anybody:
        def get_token(self, *_: str, **__: Any) -> AccessToken:
            return AccessToken("any", 2**33)

    client = SiteRecoveryManagementClient(
        Anybody(), arm.subscription, served.base_url, connection_verify=str(served.ca_file)
    )
    vault = arm.resource_group, arm.vault_name
    items = client.replication_protected_items
    where = (*vault, *next(iter(items.list(*vault))).id.split("/")[10:15:2])
    ways = {
        "unplannedFailover": items.begin_unplanned_failover,
        "failoverCommit": items.begin_failover_commit,
        "reProtect": items.begin_reprotect,
        "plannedFailover": items.begin_planned_failover,
    }

    def ask(verb: str, body: Any) -> None:
        ways[verb](*where, *([body] if body else [])).result()

    return legs(ask, lambda: items.get(*where).as_dict()["properties"], with_rest(arm, by_http(served)))


def with_async(served: Served, arm: ArmMock) -> list[float]:
    """The Python SDK's asynchronous client."""
    from tests.clients.test_async_sdk import six_legs

    return list(asyncio.run(six_legs(served, arm)).values())


def with_npm(served: Served, arm: ArmMock) -> list[float]:
    """The npm package."""
    folder = os.environ["FAILBACK_NODE_FOLDER"]
    shutil.copy(TOP / "tests" / "clients" / "six_legs.mjs", folder)
    names = (served.base_url, arm.subscription, arm.resource_group, arm.vault_name)
    trusted = {**os.environ, "NODE_EXTRA_CA_CERTS": str(served.ca_file)}
    done = subprocess.run(["node", "six_legs.mjs", *names], cwd=folder, env=trusted, capture_output=True, check=True)
    return [leg["ms"] / 1000 for leg in json.loads(done.stdout)["legs"].values()]


def with_go(served: Served, arm: ArmMock) -> list[float]:
    """The Go SDK: both ways, of the estate that its test has."""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "six-legs"
        subprocess.run(["go", "build", "-mod=readonly", "-o", str(program), "."], cwd=GOLANG, check=True)
        names = (served.base_url, arm.subscription, arm.resource_group, arm.vault_name, "sql0", "web0")
        trusted = {**os.environ, "SSL_CERT_FILE": str(served.ca_file), "NO_PROXY": "127.0.0.1"}
        done = subprocess.run([str(program), *names], env=trusted, capture_output=True, check=True)
    found = json.loads(done.stdout)
    return [leg["ms"] / 1000 for way in ("classic", "modernised") for leg in found[way]]


Rest = Callable[[str, str, Any], Any]


def by_http(served: Served) -> Rest:
    """A plain client, for what is looked up before the legs."""
    import requests

    session = requests.Session()
    session.trust_env, session.verify = False, str(served.ca_file)

    def rest(verb: str, path: str, body: Any) -> Any:
        answer = session.request(verb, f"{served.base_url}{path}?api-version=2025-08-01", json=body, timeout=60)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    return rest


def by_az(served: Served) -> Rest:
    """`az rest`, a process for each request."""
    trust = {**os.environ, "REQUESTS_CA_BUNDLE": str(served.ca_file)}

    def rest(verb: str, path: str, body: Any) -> Any:
        url = f"{served.base_url}{path}?api-version=2025-08-01"
        call = [os.environ["FAILBACK_AZ"], "rest", "--skip-authorization-header", "--method", verb, "--url", url]
        call += [] if body is None else ["--headers", "Content-Type=application/json", "--body", json.dumps(body)]
        done = subprocess.run(call, env=trust, capture_output=True, text=True, check=True)
        return json.loads(done.stdout) if done.stdout.strip() else None

    return rest


def with_az(served: Served, arm: ArmMock) -> list[float]:
    """The Azure CLI: a request, and looks at the item until it is at rest."""
    rest, plain = by_az(served), with_rest(arm, by_http(served))

    def ask(verb: str, body: Any) -> None:
        rest("POST", f"{plain['item']}/{verb}", body)
        while rest("GET", plain["item"], None)["properties"]["currentScenario"]["scenarioName"] != "None":
            continue

    return legs(ask, lambda: by_http(served)("GET", plain["item"], None)["properties"], plain)


def with_rest(arm: ArmMock, rest: Rest) -> dict[str, str]:
    """What the legs name."""
    group = f"/subscriptions/{arm.subscription}/resourceGroups/{arm.resource_group}"
    vault = f"{group}/providers/Microsoft.RecoveryServices/vaults/{arm.vault_name}"
    item = rest("GET", f"{vault}/replicationProtectedItems", None)["value"][0]["id"]
    (listed,) = rest("GET", f"{vault}/replicationAppliances", None)["value"]
    box = listed["properties"]["providerSpecificDetails"]["appliances"][0]
    policies = {
        one["properties"]["providerSpecificDetails"]["instanceType"]: one["id"]
        for one in rest("GET", f"{vault}/replicationPolicies", None)["value"]
    }
    agent = box["reprotectAgent"]
    return {
        "item": item,
        "agent": agent["id"],
        "store": agent["accessibleDatastores"][0],
        "server": box["processServer"]["id"],
        "out": policies["InMageRcm"],
        "home": policies["InMageRcmFailback"],
    }


def legs(ask: Callable[[str, Any], None], look: Callable[[], Any], names: Mapping[str, str]) -> list[float]:
    """Seconds of each leg: the request, until the client says that it is through."""
    took: list[float] = []
    for verb, body in zip(LEGS, bodies(names), strict=True):
        began_s = time.perf_counter()
        ask(verb, body)
        took.append(time.perf_counter() - began_s)
        settle(look)
    return took


def bodies(names: Mapping[str, str]) -> list[Any]:
    """The bodies of the six legs."""

    def body(kind: str, direction: str | None, **details: str) -> Any:
        way = {"failoverDirection": direction} if direction else {}
        return {"properties": way | {"providerSpecificDetails": {"instanceType": kind, **details}}}

    site = {"reprotectAgentId": names["agent"], "datastoreName": names["store"], "logStorageAccountId": LOGS}
    again = {"processServerId": names["server"], "policyId": names["out"]}
    return [
        body("InMageRcm", "PrimaryToRecovery", performShutdown="true"),
        None,
        body("InMageRcm", "RecoveryToPrimary", **site),
        body("InMageRcmFailback", None, recoveryPointType="CrashConsistent"),
        None,
        body("InMageRcmFailback", None, **again),
    ]


def settle(look: Callable[[], Any]) -> None:
    """Until no resync runs and the agent has registered."""
    while True:
        seen = look()
        registered = seen["providerSpecificDetails"]["isAgentRegistrationSuccessfulAfterFailover"]
        if registered and seen["protectionState"] != "InitialReplicationInProgress":
            return


def one_vm(retry_after: bool) -> ArmMock:
    """The mock of one modernised machine."""
    return ArmMock(World(spec_of(load_scenario(resolve("one_modernised_vm")))), clock="poll", retry_after=retry_after)


def go_estate(retry_after: bool) -> ArmMock:
    """The mock that the Go client's test has."""
    from tests.simulator.arm.conftest import world_of

    return ArmMock(world_of(), clock="poll", retry_after=retry_after)


CLIENTS: tuple[tuple[str, Callable[[Served, ArmMock], list[float]], Callable[[bool], ArmMock], bool], ...] = (
    ("Python SDK", with_sdk, one_vm, True),
    ("Python SDK, async", with_async, one_vm, True),
    ("npm", with_npm, one_vm, "FAILBACK_NODE_FOLDER" in os.environ),
    ("Go SDK", with_go, go_estate, shutil.which("go") is not None),
    ("az rest, a process for each request", with_az, one_vm, "FAILBACK_AZ" in os.environ),
)


def main() -> None:
    """Measure and print."""
    table = Table("client", "without --retry-after", "with it", title="seconds per leg, median (largest) of all legs")
    for name, run, made, there in CLIENTS:
        if not there:
            table.add_row(name, "not here", "")
            continue
        shown = []
        for retry_after in (False, True):
            arm = made(retry_after)
            with serve(arm) as served:
                took = run(served, arm)
            shown.append(f"{statistics.median(took):.2f} ({max(took):.2f})")
        table.add_row(name, *shown)
    Console().print(table)


if __name__ == "__main__":
    main()
