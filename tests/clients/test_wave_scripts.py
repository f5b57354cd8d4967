"""The scripts of a runbook, run by Bash and the Azure CLI against the mock: what a person would type on the night."""

import json
import ssl
import subprocess
import urllib.request
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from failback.scenarios.runbooks.command import Extra, run_runbook
from failback.scenarios.runbooks.scripts import ScriptKind
from failback.simulator.arm import ArmMock, Served

AzureCli: TypeAlias = tuple[str, dict[str, str]]
VERSION = "api-version=2025-08-01"
LOOKS_MAX, TRIES_MAX = 40, 6


def vault_of(mock: ArmMock) -> str:
    group = f"/subscriptions/{mock.subscription}/resourceGroups/{mock.resource_group}"
    return f"{group}/providers/Microsoft.RecoveryServices/vaults/{mock.vault_name}"


def rest(served: Served, verb: str, path: str, body: dict[str, Any] | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{served.base_url}{path}?{VERSION}", data, headers, method=verb)
    with urllib.request.urlopen(request, context=ssl.create_default_context(cafile=served.ca_file)) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def rested(served: Served, item: str) -> str:
    """The state once no job and no resync runs; each look lets the mock's time pass."""
    for _ in range(LOOKS_MAX):
        seen = rest(served, "GET", item)["properties"]
        if seen["currentScenario"]["scenarioName"] == "None" and "InProgress" not in seen["protectionState"]:
            return str(seen["protectionState"])
    raise AssertionError(f"{item} is busy after {LOOKS_MAX} looks")


def fail_over(served: Served, item: str) -> None:
    """To where the scripts begin: the application runs in Azure, and the failover is committed."""
    details = {"instanceType": "InMageRcm", "performShutdown": "true"}
    body = {"properties": {"failoverDirection": "PrimaryToRecovery", "providerSpecificDetails": details}}
    rest(served, "POST", f"{item}/unplannedFailover", body)
    rested(served, item)
    rest(served, "POST", f"{item}/failoverCommit")
    assert rested(served, item) == "UnplannedFailoverCommitted"


@pytest.mark.slow
def test_the_scripts_bring_a_machine_home_and_protect_it_again(
    azure_cli: AzureCli, served: Served, one_vm: ArmMock, tmp_path: Path
) -> None:
    run_runbook("one_modernised_vm", 1, tmp_path, Extra(script=ScriptKind.AZ))
    item = rest(served, "GET", f"{vault_of(one_vm)}/replicationProtectedItems")["value"][0]["id"]
    own = {"ARM": served.base_url, "VAULT": vault_of(one_vm), "PAUSE_S": "0", "REQUESTS_CA_BUNDLE": str(served.ca_file)}

    def script(*words: str) -> subprocess.CompletedProcess[str]:
        command = ["bash", str(tmp_path / "wave-1.sh"), *words]
        environment = {**azure_cli[1], **own}
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)

    early = script("reprotect")
    assert (early.returncode, one_vm.world.vault.jobs) == (1, {}), early
    assert "app-01: not ready for reprotect; its state is InMageRcm/Protected" in early.stderr
    fail_over(served, item)
    before = len(one_vm.world.vault.jobs)
    shown = script("reprotect", "--what-if")
    assert shown.returncode == 0, shown.stderr
    assert f"app-01: POST {item}/reProtect" in shown.stdout
    assert len(one_vm.world.vault.jobs) == before

    def until_done(leg: str) -> str:
        """Run it again as a person does: the agent takes minutes to register after a boot."""
        said: list[str] = []
        for _ in range(TRIES_MAX):
            done = script(leg)
            if done.returncode == 0:
                return done.stdout
            assert "STOPPED: app-01: " in done.stderr, done.stderr
            said.append(done.stderr)
        raise AssertionError(said)

    states = []
    for leg in ("reprotect", "failback", "commit", "reprotect-to-azure"):
        assert f"app-01: {leg} is done" in until_done(leg)
        states.append(rested(served, item))
    assert states == ["Protected", "CommitPendingStatesBegin", "PlannedFailoverCommitted", "Protected"]
    jobs = len(one_vm.world.vault.jobs)
    again = script("reprotect-to-azure")
    assert (again.returncode, "is done" in again.stdout, len(one_vm.world.vault.jobs)) == (0, True, jobs), again
