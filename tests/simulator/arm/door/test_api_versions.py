"""The version of the API that a request names is checked before anything else, as Azure Resource Manager does."""

from typing import Any

import pytest

from tests.simulator.arm.conftest import VAULT

GROUP = VAULT.partition("/providers")[0]
TYPES = {
    VAULT: "vaults",
    f"{VAULT}/usages": "vaults/usages",
    f"{VAULT}/replicationJobs": "vaults/replicationJobs",
    f"{VAULT}/replicationRecoveryPlans/p": "vaults/replicationRecoveryPlans",
    f"{VAULT}/replicationMigrationItems": "vaults/replicationMigrationItems",
}


@pytest.mark.parametrize("version", ["1", "2099-01-01", "2025-08-02", "2025-08-01-preview", "latest"])
@pytest.mark.parametrize("path", TYPES)
def test_a_version_that_was_never_published_is_refused_with_those_that_were(path: str, version: str, call: Any) -> None:
    answer = call("GET", path, query=f"api-version={version}")
    error = answer.body["error"]
    assert (answer.status, error["code"]) == (400, "InvalidResourceType")
    assert f"The resource type '{TYPES[path]}' could not be found" in error["message"]
    assert "2025-08-01" in error["message"].partition("The supported api-versions are")[2]


@pytest.mark.parametrize("version", ["2025-08-01", "2023-06-01", "2018-07-10", "2024-09-30-PREVIEW"])
def test_a_published_version_is_taken_in_any_case(version: str, call: Any) -> None:
    assert call("GET", VAULT, query=f"api-version={version}").status == 200


def test_a_request_of_an_unknown_version_changes_nothing(call: Any, failover_body: Any) -> None:
    path = call.item_path("sql0")
    answer = call("POST", f"{path}/unplannedFailover", failover_body, query="api-version=2099-01-01")
    assert (answer.status, call.item("sql0")["allowedOperations"]) == (400, call.item("sql1")["allowedOperations"])
    kind = "vaults/replicationFabrics/replicationProtectionContainers/replicationProtectedItems"
    assert f"'{kind}'" in answer.body["error"]["message"]


@pytest.mark.parametrize(("version", "status"), [("2023-09-01", 200), ("2015-01-01-preview", 200), ("1", 400)])
def test_of_a_neighbours_version_the_form_is_checked(version: str, status: int, call: Any) -> None:
    answer = call("GET", f"{GROUP}/providers/Microsoft.Network/virtualNetworks", query=f"api-version={version}")
    assert answer.status == status
    assert status == 200 or answer.code == "InvalidApiVersionParameter"
