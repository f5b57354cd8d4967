"""`az rest`, where an Azure CLI is found: it is large, and nobody is made to install it for this."""

import json
import os
import shutil
import subprocess

import pytest

from failback.scenarios.servers.mock_snippets import PATH
from failback.simulator.arm import ArmMock, Served


@pytest.mark.skipif(shutil.which("az") is None, reason="no Azure CLI (az) found")
def test_az_rest_reads_and_asks(served: Served, one_vm: ArmMock) -> None:
    names = {"subscription": one_vm.subscription, "resource_group": one_vm.resource_group, "vault": one_vm.vault_name}
    address = served.base_url + PATH.format(**names)
    (item,) = az(served, "get", address)["value"]
    details = {"instanceType": "InMageRcm", "performShutdown": "false"}
    body = {"properties": {"failoverDirection": "PrimaryToRecovery", "providerSpecificDetails": details}}
    az(served, "post", f"{served.base_url}{item['id']}/unplannedFailover", "--body", json.dumps(body))
    assert len(one_vm.world.vault.jobs) == 1


def az(served: Served, verb: str, address: str, *more: str) -> dict[str, list[dict[str, str]]]:
    command = [
        "az",
        "rest",
        "--skip-authorization-header",
        "--method",
        verb,
        "--url",
        f"{address}?api-version=2025-08-01",
    ]
    trusted = {**os.environ, "REQUESTS_CA_BUNDLE": str(served.ca_file)}
    done = subprocess.run([*command, *more], env=trusted, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, list[dict[str, str]]] = json.loads(done.stdout or "{}")
    return found
