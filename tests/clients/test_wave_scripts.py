"""The scripts of a runbook, run by Bash and the Azure CLI against the mock: what a person would type on the night."""

import json
import ssl
import subprocess
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from failback.reprotect import LOG_STORAGE_ACCOUNT, Operation
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.runbooks.command import Extra, run_runbook
from failback.scenarios.runbooks.scripts import TO_CHOOSE, ScriptKind
from failback.scenarios.servers.mock_server import mock_of
from failback.simulator.arm import ArmMock, Served, serve

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


AWAITS_COMMIT = "UnplannedFailoverCommitPendingStatesBegin"
AWAY: dict[str, dict[str, Any]] = {
    "InMageRcm": {"providerSpecificDetails": {"instanceType": "InMageRcm", "performShutdown": "true"}},
    "InMageAzureV2": {
        "providerSpecificDetails": {"instanceType": "InMageAzureV2"},
        "sourceSiteOperations": "Required",
    },
}


def fail_over(served: Served, item: str, provider: str) -> None:
    """The first of the six legs, which no script has: the application runs in Azure, and nobody has committed that."""
    body = {"properties": {"failoverDirection": "PrimaryToRecovery", **AWAY[provider]}}
    rest(served, "POST", f"{item}/unplannedFailover", body)
    assert rested(served, item) == AWAITS_COMMIT


def commit_failover(served: Served, item: str) -> None:
    """What a person does in the portal where the scripts begin with the reprotect."""
    rest(served, "POST", f"{item}/failoverCommit")
    assert rested(served, item) == "UnplannedFailoverCommitted"


def failed_over(name: str, folder: Path) -> Path:
    """The scenario of this name, its machine failed over and not committed."""
    text = resolve(name).read_text("utf-8").replace("- name: app-01\n", "- name: app-01\n      at: failed_over\n")
    file = folder / "failed_over.yaml"
    file.write_text(text, encoding="utf-8")
    return file


LEGS = ("commit-failover", "reprotect", "failback", "commit", "reprotect-to-azure")
"""What the scripts carry out of the six, in order."""


@dataclass(frozen=True)
class Night:
    """The scripts of a scenario, the mock of the same, and the shell that runs them."""

    azure_cli: AzureCli
    served: Served
    mock: ArmMock
    folder: Path

    @property
    def item(self) -> str:
        found = rest(self.served, "GET", f"{vault_of(self.mock)}/replicationProtectedItems")
        return str(found["value"][0]["id"])

    @property
    def jobs(self) -> int:
        return len(self.mock.world.vault.jobs)

    def script(self, *words: str) -> "subprocess.CompletedProcess[str]":
        own = {"ARM": self.served.base_url, "VAULT": vault_of(self.mock), "PAUSE_S": "0"}
        command = ["bash", str(self.folder / "wave-1.sh"), *words]
        environment = {**self.azure_cli[1], **own, "REQUESTS_CA_BUNDLE": str(self.served.ca_file)}
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)

    def choose(self, value: str) -> None:
        """What a person writes where nobody told a value."""
        file = self.folder / "wave-1.csv"
        file.write_text(file.read_text("utf-8").replace(TO_CHOOSE, value), "utf-8")

    def until_done(self, leg: str) -> str:
        """Run it again as a person does: the agent takes minutes to register after a boot."""
        said: list[str] = []
        for _ in range(TRIES_MAX):
            done = self.script(leg)
            if done.returncode == 0:
                return done.stdout
            assert "STOPPED: app-01: " in done.stderr, done.stderr
            said.append(done.stderr)
        raise AssertionError(said)

    def walk(self, legs: Sequence[str] = LEGS) -> list[str]:
        """These legs; the state after each."""
        states = []
        for leg in legs:
            assert f"app-01: {leg} is done" in self.until_done(leg)
            states.append(rested(self.served, self.item))
        return states


@pytest.mark.slow
def test_the_scripts_bring_a_machine_home_and_protect_it_again(
    azure_cli: AzureCli, served: Served, one_vm: ArmMock, tmp_path: Path
) -> None:
    run_runbook(str(failed_over("one_modernised_vm", tmp_path)), 1, tmp_path, Extra(script=ScriptKind.AZ))
    night = Night(azure_cli, served, one_vm, tmp_path)
    early = night.script("failback")
    assert (early.returncode, night.jobs) == (1, 0), early
    assert "app-01: not ready for failback; its state is InMageRcm/Protected" in early.stderr
    fail_over(served, night.item, "InMageRcm")
    night.choose(LOG_STORAGE_ACCOUNT)
    early = night.script("reprotect", "--what-if")
    assert f"app-01: not ready for reprotect; its state is InMageRcm/{AWAITS_COMMIT}" in early.stderr
    before = night.jobs
    shown = night.script("commit-failover", "--what-if")
    assert (shown.returncode, night.jobs) == (0, before), shown
    assert f"app-01: POST {night.item}/failoverCommit without a body" in shown.stdout
    home = ["Protected", "CommitPendingStatesBegin", "PlannedFailoverCommitted", "Protected"]
    assert night.walk() == ["UnplannedFailoverCommitted", *home]
    jobs = night.jobs
    again = night.script("reprotect-to-azure")
    assert (again.returncode, "is done" in again.stdout, night.jobs) == (0, True, jobs), again


@pytest.mark.slow
def test_a_value_that_nobody_chose_stops_a_script_before_its_request(
    azure_cli: AzureCli, served: Served, one_vm: ArmMock, tmp_path: Path
) -> None:
    """The lists of a machine that nobody has failed over yet begin with the reprotect."""
    run_runbook("one_modernised_vm", 1, tmp_path, Extra(script=ScriptKind.AZ))
    night = Night(azure_cli, served, one_vm, tmp_path)
    fail_over(served, night.item, "InMageRcm")
    commit_failover(served, night.item)
    before = night.jobs
    open_value = night.script("reprotect", "--what-if")
    assert (open_value.returncode, night.jobs) == (1, before), open_value
    assert "app-01: a value is to be chosen; write it into" in open_value.stderr
    night.choose(LOG_STORAGE_ACCOUNT)
    shown = night.script("reprotect", "--what-if")
    assert shown.returncode == 0, shown.stderr
    assert f"app-01: POST {night.item}/reProtect" in shown.stdout
    assert night.jobs == before


@pytest.mark.slow
def test_the_scripts_bring_a_classic_machine_home_by_its_recovery_plan(azure_cli: AzureCli, tmp_path: Path) -> None:
    text = failed_over("one_vm", tmp_path).read_text("utf-8")
    planned = "  recovery_plans:\n    - {name: pair, groups: [[app-01]]}\nplan: {recovery_plans: [pair]}\nexpect:"
    (tmp_path / "planned.yaml").write_text(text.replace("expect:", planned), encoding="utf-8")
    run_runbook(str(tmp_path / "planned.yaml"), 1, tmp_path / "runbook", Extra(script=ScriptKind.AZ))
    mock = mock_of(load_scenario(tmp_path / "planned.yaml"), "poll")
    with serve(mock) as served:
        night = Night(azure_cli, served, mock, tmp_path / "runbook")
        states = night.walk()
        shown = night.script("failback")
    committed = "UnplannedFailoverCommitted"
    assert states == [committed, "Protected", AWAITS_COMMIT, committed, "Protected"]
    by_plan = [job for job in mock.world.vault.jobs.values() if job.subject == "pair"]
    commits = (Operation.COMMIT_FAILOVER, Operation.COMMIT_FAILBACK)
    assert [job.operation for job in by_plan] == [commits[0], Operation.FAILBACK, commits[1]]
    assert "app-01: not ready for failback; its state is InMageAzureV2/Protected" in shown.stderr


@pytest.mark.slow
def test_the_scripts_bring_a_classic_machine_home_by_itself_through_servers_within_the_configuration_server(
    azure_cli: AzureCli, tmp_path: Path
) -> None:
    """No recovery plan; the vault lists process server and master target under the configuration server's name."""
    text = resolve("one_vm").read_text("utf-8")
    text = text.replace("{name: ps-azure}", "{name: cs-01-process-server, vault_name: cs-01, in_azure: false}")
    text = text.replace("name: mt-linux\n", "name: cs-01-master-target\n      vault_name: cs-01\n")
    (tmp_path / "within.yaml").write_text(text, encoding="utf-8")
    run_runbook(str(tmp_path / "within.yaml"), 1, tmp_path / "runbook", Extra(script=ScriptKind.AZ))
    mock = mock_of(load_scenario(tmp_path / "within.yaml"), "poll")
    with serve(mock) as served:
        night = Night(azure_cli, served, mock, tmp_path / "runbook")
        fail_over(served, night.item, "InMageAzureV2")
        commit_failover(served, night.item)
        states = night.walk(LEGS[1:])
    assert states == ["Protected", AWAITS_COMMIT, "UnplannedFailoverCommitted", "Protected"]
    assert not [job for job in mock.world.vault.jobs.values() if job.about == "plan"]
