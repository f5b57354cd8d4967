import inspect
import re

import pytest
from azure.mgmt.recoveryservicessiterecovery import SiteRecoveryManagementClient
from azure.mgmt.recoveryservicessiterecovery.operations import _operations

from failback.simulator.arm import ROUTES, UNSERVED

VAULT = (
    "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}"
    "/providers/Microsoft.RecoveryServices/vaults/{resourceName}"
)


def published(client: SiteRecoveryManagementClient) -> dict[str, tuple[str, str]]:
    """Every operation of the SDK: its name, verb and path without the names of its parameters."""
    source = inspect.getsource(_operations)
    groups = [name for name in vars(client) if not name.startswith("_")]
    found = {}
    for match in re.finditer(r"^def build_(\w+)_request\((.*?)(?=^def |^class )", source, re.S | re.M):
        group = max((g for g in groups if match[1].startswith(g + "_")), key=len)
        method = match[1][len(group) + 1 :]
        served = vars(client)[group]
        name = f"begin_{method}" if hasattr(served, f"begin_{method}") else method
        path = "".join(re.findall(r'"([^"]*)"', re.search(r'_url = (\(.*?\)|"[^"]*")', match[2], re.S)[1]))  # type: ignore[index]  # every builder has one
        found[f"{group}.{name}"] = (re.search(r'method="(\w+)"', match[2])[1], nameless(path))  # type: ignore[index]  # every builder has one
    return found


def nameless(path: str) -> str:
    return re.sub(r"\{\w+\}", "{}", path)


def test_every_operation_of_the_sdk_is_served_or_known_not_to_be(sdk: SiteRecoveryManagementClient) -> None:
    ours = {row.operation: (row.verb, nameless(row.path)) for row in ROUTES if ": " not in row.operation}
    ours = {
        name: row
        for name, row in ours.items()
        if not name.startswith(("vaults.", "vault_certificates.", "usages.", "replication_usages."))
    }
    ours |= {name: (verb, nameless(path)) for name, verb, path in UNSERVED}
    assert ours == published(sdk)


def test_no_operation_is_both_served_and_not() -> None:
    assert not {row.operation for row in ROUTES} & {name for name, _, _ in UNSERVED}


@pytest.mark.parametrize("row", ROUTES, ids=lambda row: row.operation)
def test_every_route_says_where_its_shape_is_known_from(row: object) -> None:
    assert getattr(row, "evidence", None) in ("recorded", "official example", "SDK model only", "inferred")
