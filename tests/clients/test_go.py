"""The Go SDK, unmodified and with default options, against the mock over TLS."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from failback.simulator.arm import ArmMock, serve
from tests.clients.conftest import absent
from tests.simulator.arm.conftest import world_of

SOURCES = Path(__file__).parent / "golang"
BUILD_TIMEOUT_S = 600
LEG_MAX_MS = 20_000
"""Long for a busy machine, and less than the 30 s that this client waits where no header says otherwise."""
WAYS = {
    "classic": [
        "UnplannedFailoverCommitPendingStatesBegin",
        "UnplannedFailoverCommitted",
        "InitialReplicationInProgress",
        "UnplannedFailoverCommitPendingStatesBegin",
        "UnplannedFailoverCommitted",
        "InitialReplicationInProgress",
    ],
    "modernised": [
        "UnplannedFailoverCommitPendingStatesBegin",
        "UnplannedFailoverCommitted",
        "InitialReplicationInProgress",
        "CommitPendingStatesBegin",
        "PlannedFailoverCommitted",
        "InitialReplicationInProgress",
    ],
}


JOBS = {
    "TestFailover": 1,
    "TestFailoverCleanup": 1,
    "UnplannedFailover": 3,
    "PlannedFailover": 1,
    "CommitFailover": 4,
    "SwitchReplicationGroupProtection": 4,
    "IrCompletion": 2,
    "VMNicUpdate": 1,
    "PrimaryIrCompletion": 2,
    "SecondaryIrCompletion": 2,
}
"""Those of both ways and of the test failover: a classic failback is an unplanned failover."""


@pytest.fixture(scope="session")
def go_client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program of this folder, built with the versions that go.sum holds; Go keeps modules and objects itself."""
    go = shutil.which("go")
    if go is None:
        absent("Go is not installed", "FAILBACK_REQUIRE_GO")
    program = tmp_path_factory.mktemp("go") / "six-legs"
    command = [str(go), "build", "-mod=readonly", "-o", str(program), "."]
    done = subprocess.run(
        command, cwd=SOURCES, capture_output=True, text=True, timeout=BUILD_TIMEOUT_S, check=False, env=os.environ
    )
    if done.returncode != 0:
        absent(f"the Go client could not be built: {done.stderr[-500:]}", "FAILBACK_REQUIRE_GO")
    return program


@pytest.fixture(scope="module")
def found(go_client: Path) -> Any:
    """What the client saw."""
    arm = ArmMock(world_of(), clock="poll")
    with serve(arm) as served:
        names = (served.base_url, arm.subscription, arm.resource_group, arm.vault_name, "sql0", "web0")
        trusted = {**os.environ, "SSL_CERT_FILE": str(served.ca_file), "NO_PROXY": "127.0.0.1"}
        done = subprocess.run(
            [str(go_client), *names], env=trusted, capture_output=True, text=True, timeout=300, check=False
        )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_the_go_client_goes_all_six_legs(way: str, found: Any) -> None:
    assert [leg["state"] for leg in found[way]] == WAYS[way]
    assert max(leg["ms"] for leg in found[way]) < LEG_MAX_MS, found[way]


@pytest.mark.slow
def test_the_go_client_tests_a_failover_and_cleans_it_up(found: Any) -> None:
    assert found["test_failover"] == ["TestFailoverCompleted", "None"]


@pytest.mark.slow
def test_the_go_client_filters_jobs_and_is_told_which_filter_is_not_understood(found: Any) -> None:
    assert found["jobs"].pop("not understood") == 400
    assert found["jobs"] == JOBS


@pytest.mark.slow
def test_the_go_client_reads_back_the_policy_that_it_made_until_it_deletes_it(found: Any) -> None:
    assert found["policy"] == [1440, 404]


@pytest.mark.slow
def test_the_go_client_makes_a_recovery_plan_and_fails_it_over(found: Any) -> None:
    assert found["plan"] == {"listed": 0, "read": 3, "state": "UnplannedFailoverCommitPendingStatesBegin"}
