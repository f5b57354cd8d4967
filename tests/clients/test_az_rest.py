"""`az rest`, the Azure CLI's way to any request, against the mock over TLS."""

import json
import subprocess
from typing import TypeAlias

import pytest

from failback.scenarios.servers.mock_snippets import PATH
from failback.simulator.arm import ArmMock, Served

AzureCli: TypeAlias = tuple[str, dict[str, str]]
"""The program and its environment."""


@pytest.mark.slow
def test_az_rest_reads_and_asks(azure_cli: AzureCli, served: Served, one_vm: ArmMock) -> None:
    names = {"subscription": one_vm.subscription, "resource_group": one_vm.resource_group, "vault": one_vm.vault_name}
    address = served.base_url + PATH.format(**names)
    (item,) = az(azure_cli, served, "get", address)["value"]
    details = {"instanceType": "InMageRcm", "performShutdown": "false"}
    body = {"properties": {"failoverDirection": "PrimaryToRecovery", "providerSpecificDetails": details}}
    asked = ("post", f"{served.base_url}{item['id']}/unplannedFailover", "--body", json.dumps(body))
    az(azure_cli, served, *asked)
    assert len(one_vm.world.vault.jobs) == 1


def az(azure_cli: AzureCli, served: Served, verb: str, address: str, *more: str) -> dict[str, list[dict[str, str]]]:
    program, environment = azure_cli
    where = f"{address}?api-version=2025-08-01"
    command = [program, "rest", "--skip-authorization-header", "--method", verb, "--url", where]
    trusted = {**environment, "REQUESTS_CA_BUNDLE": str(served.ca_file)}
    done = subprocess.run([*command, *more], env=trusted, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, list[dict[str, str]]] = json.loads(done.stdout or "{}")
    return found
