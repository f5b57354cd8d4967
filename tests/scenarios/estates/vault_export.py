"""A vault's JSON as `az rest` and PowerShell save it, from the mock that holds a scenario."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from failback.adapters.estate_translation import azure_machine_id
from failback.scenarios import Scenario, load_scenario, resolve
from failback.scenarios.run.worlds import spec_of
from failback.simulator import World
from failback.simulator.arm import ArmMock

VAULT = "/subscriptions/s/resourceGroups/g/providers/Microsoft.RecoveryServices/vaults/v"
KINDS = (
    "replicationFabrics",
    "replicationProtectedItems",
    "replicationRecoveryPlans",
    "replicationAppliances",
    "replicationRecoveryServicesProviders",
    "replicationvCenters",
    "replicationProtectionContainerMappings",
    "replicationPolicies",
)


def mock_of(name: str) -> ArmMock:
    return of_scenario(load_scenario(resolve(name)))


def of_scenario(scenario: Scenario) -> ArmMock:
    return ArmMock(World(spec_of(scenario)), epoch=scenario.starts_at, clock="step")


def get(mock: ArmMock, path: str) -> Any:
    url = path if path.startswith("/") else f"{VAULT}/{path}"
    answer = mock.handle("GET", f"https://management.azure.com{url}?api-version=2025-08-01", {}, b"")
    assert answer.status == 200, answer
    return json.loads(answer.body)


def lists(mock: ArmMock) -> Mapping[str, Any]:
    return {kind: get(mock, kind) for kind in KINDS}


def single_reads(mock: ArmMock) -> list[Any]:
    kinds = ("replicationProtectedItems", "replicationRecoveryPlans")
    return [get(mock, each["id"]) for kind in kinds for each in rows(mock, kind)]


def rows(mock: ArmMock, kind: str) -> list[Any]:
    """All rows of a list, page by page."""
    page = get(mock, kind)
    found = list(page["value"])
    while link := page.get("nextLink"):
        page = json.loads(mock.handle("GET", link, {}, b"").body)
        found += page["value"]
    return found


def replicas(mock: ArmMock) -> list[Any]:
    """The machines in Azure, as `az rest` answers with `$expand=instanceView`."""
    found = []
    for item in get(mock, "replicationProtectedItems")["value"]:
        id_ = azure_machine_id(get(mock, item["id"]))
        query = "api-version=2024-07-01&$expand=instanceView"
        answer = mock.handle("GET", f"https://management.azure.com{id_}?{query}", {}, b"")
        found += [json.loads(answer.body)] if answer.status == 200 else []
    return found


def interfaces(mock: ArmMock) -> Any:
    """The network interfaces of the vault's resource group, as `az rest` answers."""
    return get(mock, VAULT.partition("/providers/")[0] + "/providers/Microsoft.Network/networkInterfaces")


def write(folder: Path, mock: ArmMock, *, full: bool = True, encoding: str = "utf-8") -> list[Path]:
    """A file for each list and, unless told otherwise, one with the single reads joined."""
    folder.mkdir(exist_ok=True)
    found: dict[str, Any] = {**lists(mock), **({"items": single_reads(mock)} if full else {})}
    paths = []
    for name, body in found.items():
        paths.append(folder / f"{name}.json")
        paths[-1].write_text(json.dumps(body), encoding=encoding)
    return paths
