"""The plugin as a stranger's test suite meets it: in a process of its own, in an empty folder."""

import os
import subprocess
import sys
from pathlib import Path

GLUE = '''
import pytest

def protect():
    """Glue code of somebody who never heard of a mock."""
    from azure.identity import DefaultAzureCredential
    from azure.mgmt.recoveryservicessiterecovery import SiteRecoveryManagementClient
    client = SiteRecoveryManagementClient(DefaultAzureCredential(), "my-subscription")
    return [item.properties.friendly_name for item in client.replication_protected_items.list("rg", "vault")]

@pytest.mark.failback_scenario("one_modernised_vm")
@pytest.mark.failback_clock("step")
def test_glue_runs_as_it_is(failback_mock):
    assert protect() == list(failback_mock.world.vault.items)
    assert str(failback_mock.clock) == "step"

def test_a_fault_reaches_it(failback_mock):
    from azure.core.exceptions import HttpResponseError
    failback_mock.fault(kind="status", status=403, operation="replication_protected_items.list")
    with pytest.raises(HttpResponseError):
        protect()
    assert [line["data"]["kind"] for line in failback_mock.history if line["kind"] == "fault"][-1] == "status"

@pytest.mark.failback_scenario("starts_in_the_middle")
def test_it_begins_where_the_machines_stand_and_nothing_has_happened(failback_mock):
    phases = {name: item.phase.value for name, item in failback_mock.world.vault.items.items()}
    assert (phases["shop-03"], phases["db-02"]) == ("reprotecting_to_on_premises", "failed_back")
    protect()
    assert failback_mock.history == []

def test_nothing_has_happened_in_the_showcase(failback_mock):
    protect()
    assert failback_mock.history == []

@pytest.mark.parametrize("n", range(4))
def test_every_test_has_a_server_of_its_own(failback_server, n):
    import requests
    said = requests.get(f"{failback_server.base_url}/failback/clock", verify=str(failback_server.ca_file), timeout=10)
    assert said.json()["mode"] == "poll"
'''
SLIP = """
def test_a_fault_that_nothing_meets(failback_mock):
    failback_mock.fault(kind="job_fails", object="modern-failed-ovr")
"""
LATE = """
import pytest

@pytest.mark.failback_consistency("eventual:12.5")
def test_late(failback_arm):
    assert failback_arm.lag_s == 12.5
"""
QUIET = """
import sys

def test_nothing_is_imported_or_changed_until_somebody_asks():
    import requests.adapters
    assert not [name for name in sys.modules if name.startswith(("azure", "responses", "simpy", "cheroot", "pyVmomi"))]
    assert requests.adapters.HTTPAdapter.send.__module__ == "requests.adapters"
"""


def pytest_in(folder: Path, text: str, *arguments: str) -> str:
    (folder / "test_theirs.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--strict-markers", "-q", *arguments]
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    done = subprocess.run(command, cwd=folder, env=clean, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_glue_code_with_its_own_credential_and_no_address_runs_unedited(tmp_path: Path) -> None:
    assert "8 passed" in pytest_in(tmp_path, GLUE)


def test_a_rule_that_hit_nothing_is_a_warning(tmp_path: Path) -> None:
    output = pytest_in(tmp_path, SLIP)
    assert "1 passed, 1 warning" in output
    assert "object modern-failed-ovr) saw 0 requests and matched none" in output


def test_a_marker_makes_reads_late(tmp_path: Path) -> None:
    assert "1 passed" in pytest_in(tmp_path, LATE)


def test_it_runs_on_several_workers_at_once(tmp_path: Path) -> None:
    assert "8 passed" in pytest_in(tmp_path, GLUE, "-n", "2")


def test_loading_it_imports_no_sdk_and_changes_nothing(tmp_path: Path) -> None:
    assert "1 passed" in pytest_in(tmp_path, QUIET)


def test_every_fixture_and_marker_has_the_prefix() -> None:
    from failback.scenarios import pytest_plugin

    assert all(line.startswith("failback_") for line in pytest_plugin.MARKERS)
    fixtures = [name for name, value in vars(pytest_plugin).items() if "FixtureFunction" in type(value).__name__]
    assert len(fixtures) == 4
    assert all(name.startswith("failback_") for name in fixtures)
