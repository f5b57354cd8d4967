"""The npm package, unmodified and with default options, against the mock over TLS."""

import json
from collections.abc import Callable

import pytest

LEG_MAX_MS = 2000


@pytest.mark.node
def test_the_npm_client_goes_all_six_legs_and_reads_why_one_failed(run_node: Callable[[str], str]) -> None:
    data = json.loads(run_node("six_legs.mjs"))
    assert {name: leg["state"] for name, leg in data["legs"].items()} == {
        "failover": "UnplannedFailoverCommitPendingStatesBegin",
        "commit_failover": "UnplannedFailoverCommitted",
        "reprotect_to_on_premises": "InitialReplicationInProgress",
        "failback": "CommitPendingStatesBegin",
        "commit_failback": "PlannedFailoverCommitted",
        "reprotect_to_azure": "InitialReplicationInProgress",
    }
    print({name: leg["ms"] for name, leg in data["legs"].items()})  # noqa: T201  (pytest -s shows it)
    assert all(leg["ms"] < LEG_MAX_MS for leg in data["legs"].values()), data["legs"]
    assert "It does not answer." in data["failure"]
    assert data["errors"] == ["78093"]
