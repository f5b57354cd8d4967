"""What a live import and a check ask of a vault: lists by pages, and one read for each item and each Azure machine."""

import re
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from math import ceil
from pathlib import Path

import pytest

from failback.adapters import AzureSettings, EstateClient, read_vault
from failback.adapters.importing.live_vault import read_live_vault
from failback.reprotect import Estate
from failback.scenarios.files.loader import load_default_durations, load_estate
from failback.scenarios.files.schema import Scenario
from failback.scenarios.run.worlds import lab_settings
from failback.scenarios.servers.mock_server import mock_of
from failback.simulator.arm import serve

HEAD = """\
link: {bandwidth_mbit_per_s: 500}
hosts: [{name: esx, datastores: [gold]}]
datastores: [{name: gold, capacity_gib: 4096}]
appliances: [{name: box, host: esx, datastore: gold}]
virtual_machines:
"""
MACHINE = (
    "- {{name: vm-{}, os: linux, architecture: modernised, host: esx, datastore: gold, at: {}, "
    "disks: [{{size_gib: 1}}]}}\n"
)
STANDS = ("replicating_to_azure", "failover_committed")
PAGE = 100
_KIND = re.compile(r"/providers/(?!.*/providers/)(.*)")
Read = Callable[[EstateClient, AzureSettings, Estate], object]


def imported(client: EstateClient, settings: AzureSettings, _: Estate) -> object:
    return read_live_vault(client, settings, lambda: datetime(2026, 6, 5, tzinfo=UTC), lambda _: None)


def checked(client: EstateClient, _: AzureSettings, estate: Estate) -> object:
    return read_vault(client, estate)


def gets(read: Read, machines: int, page: int, folder: Path) -> Counter[str]:
    """How many of each list, and of each kind of single read."""
    file = folder / "estate.yaml"
    rows = (MACHINE.format(n, STANDS[n % 2]) for n in range(machines))
    file.write_text(HEAD + "".join(rows), encoding="utf-8")
    estate = load_estate(file)
    mock = mock_of(Scenario("site", estate, load_default_durations()), "step")
    mock.state.context.page_size = page
    asked, handle = list[str](), mock.handle

    def heard(method: str, url: str, headers: object, body: bytes) -> object:
        assert method == "GET"
        asked.append(url.partition("?")[0])
        return handle(method, url, headers, body)  # type: ignore[arg-type]  # as the door has them

    mock.handle = heard  # type: ignore[assignment, method-assign]  # the door calls it by its name
    with serve(mock) as served, closing(EstateClient(lab_settings(mock, served))) as client:
        read(client, lab_settings(mock, served), estate)
    singles = Counter(asked)
    assert all(count == 1 for path, count in singles.items() if _is_single(path)), "nothing is read twice by itself"
    return Counter(map(_kind, asked))


def _steps(path: str) -> list[str]:
    found = _KIND.search(path)
    assert found is not None, path
    return found[1].split("/")[1:]


def _is_single(path: str) -> bool:
    return len(_steps(path)) % 2 == 0


def _kind(path: str) -> str:
    """Its last word that is no name, and whether it is one of them or their list."""
    steps = _steps(path)
    return f"one of {steps[-2]}" if _is_single(path) else f"list of {steps[-1]}"


@pytest.mark.parametrize("read", [imported, checked])
def test_lists_grow_with_pages_and_single_reads_with_the_items(read: Read, tmp_path: Path) -> None:
    few, many, paged = (gets(read, n, page, tmp_path) for n, page in ((4, PAGE), (24, PAGE), (24, 5)))
    for seen, machines, page in ((few, 4, PAGE), (many, 24, PAGE), (paged, 24, 5)):
        assert seen["list of replicationProtectedItems"] == ceil(machines / page)
        assert seen["one of replicationProtectedItems"] == machines
        assert seen["one of virtualMachines"] == machines / 2
    own = {kind for kind in many if kind.endswith(("replicationProtectedItems", "virtualMachines"))}
    assert {kind: count for kind, count in few.items() if kind not in own} == {
        kind: count for kind, count in many.items() if kind not in own
    }
    grown = {kind for kind in paged if paged[kind] > many[kind]}
    assert grown <= {"list of replicationProtectedItems", "list of networkInterfaces"}
    assert paged["list of networkInterfaces"] in (many["list of networkInterfaces"], ceil(24 / 2 / 5))
