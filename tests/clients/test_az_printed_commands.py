"""The commands that an import prints for what its files lack, typed as they are, with the real Azure CLI."""

import subprocess
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from failback.scenarios import load_scenario, resolve
from failback.scenarios.estates.command import ImportRequest, run_import
from failback.scenarios.files.yaml_source import BadInput
from failback.scenarios.servers.mock_server import mock_of
from failback.simulator.arm import ArmMock, Response, Served, serve

AzureCli: TypeAlias = tuple[str, dict[str, str]]
PAGE, MACHINES = 5, 12
ROUNDS_MAX = 2
"""What the rest of a list shows may ask for more: the plans of a replication group."""
ARM = "https://management.azure.com"


def listen(mock: ArmMock) -> Counter[str]:
    """How often each address was read, its query with it."""
    heard: Counter[str] = Counter()
    handle = mock.handle

    def counted(method: str, url: str, headers: Any, body: bytes) -> Response:
        heard[f"{method} {url}"] += 1
        return handle(method, url, headers, body)

    mock.handle = counted  # type: ignore[method-assign]  # the door calls it by its name
    return heard


def typed(command: str, folder: Path, azure_cli: AzureCli, served: Served) -> None:
    """As a person types it, but for the address of Azure."""
    there: Mapping[str, str] = {**azure_cli[1], "REQUESTS_CA_BUNDLE": str(served.ca_file)}
    text = command.replace(ARM, served.base_url)
    done = subprocess.run(
        ["bash", "-c", text], cwd=folder, env=there, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr


def said(folder: Path) -> str:
    """What the import says, also where it is a refusal: a list of items alone has no disks."""
    try:
        return run_import(ImportRequest((folder,), folder.parent / "e.yaml", 500))
    except BadInput as refused:
        return str(refused)


def commands(text: str) -> list[str]:
    """Those for the vault; the machines in Azure are read by commands of az that know no other address."""
    rest = [line.partition("Read the rest with: ")[2].partition(", and import")[0] for line in text.splitlines()]
    lines = [line for line in text.splitlines() if line.startswith(("for id in", "(u="))]
    return [*filter(None, rest), *lines]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["first_drill", "first_drill_modernised"])
def test_what_an_import_says_is_missing_is_read_by_the_commands_that_it_prints(
    name: str, azure_cli: AzureCli, tmp_path: Path
) -> None:
    mock = mock_of(load_scenario(resolve(name)), "step")
    mock.state.context.page_size = PAGE
    folder = tmp_path / "vault"
    folder.mkdir()
    vault = f"/subscriptions/{mock.subscription}/resourceGroups/{mock.resource_group}"
    vault += f"/providers/Microsoft.RecoveryServices/vaults/{mock.vault_name}"
    address = f"{ARM}{vault}/replicationProtectedItems?api-version=2025-08-01"
    with serve(mock) as served:
        typed(f"az rest --method get --url '{address}' > items.json", folder, azure_cli, served)
        text = said(folder)
        heard = listen(mock)
        again, rounds = text, 0
        while (printed := commands(again)) and (rounds := rounds + 1) <= ROUNDS_MAX:
            for command in printed:
                typed(command, folder, azure_cli, served)
            again = said(folder)
    assert "Read the rest with: (u=" in text
    assert f"{MACHINES} virtual machines" in again
    assert not commands(again), again
    lists = {url: times for url, times in heard.items() if "/replicationProtectedItems?" in url}
    rest, all_ = len(range(PAGE, MACHINES, PAGE)), len(range(0, MACHINES, PAGE))
    assert sum(lists.values()) == rest + all_, "the rest of the list, and each page once for the ids"
    each = [times for url, times in heard.items() if "/replicationProtectedItems/" in url]
    assert each == [1] * MACHINES
