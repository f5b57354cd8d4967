"""A vault and an inventory call one vCenter by two names: it is one in the estate, or it is told."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from failback.scenarios.estates.vcenters import name_vcenters

from . import vault_export
from .rvtools_export import SERVER, Site, Vm, write
from .test_import import data

SEEN: Final = SERVER
"""How the export of RVTools calls it."""
SITE: Final = Site(vms=(Vm("sql-01", "vm-1"), Vm("mt-win", "vm-2")))
TOLD: Final = "vCenter of the vault, of which no file says whether it is one whose inventory was read"


def found(folder: Path, *known: tuple[str, str]) -> dict[str, Any]:
    """The import of a vault whose configuration server knows vCenters by these names and addresses."""
    paths = vault_export.write(folder / "vault", vault_export.mock_of("first_drill"))
    (centers,) = [path for path in paths if path.stem == "replicationvCenters"]
    body = json.loads(centers.read_text("utf-8"))
    one = body["value"][0]
    body["value"] = [
        {**one, "id": f"{one['id']}{n}", "properties": one["properties"] | {"friendlyName": name, "ipAddress": address}}
        for n, (name, address) in enumerate(known)
    ]
    centers.write_text(json.dumps(body), encoding="utf-8")
    return data(*paths, write(SITE, folder / "out"))


def vcenters(estate: dict[str, Any]) -> Any:
    (server,) = estate["configuration_servers"]
    return server.get("vcenters")


def told(estate: dict[str, Any]) -> list[str]:
    return [name for each in estate["sources"]["mismatches"] if each["what"] == TOLD for name in each["names"]]


@pytest.mark.parametrize(
    ("name", "address"),
    [("Berlin", SEEN), (SEEN, "10.0.0.9"), ("Berlin", SEEN.upper()), ("vcenter", "10.0.0.9"), ("Berlin", "VCENTER")],
)
def test_a_vcenter_that_both_name_has_the_inventory_s_name_only(name: str, address: str, tmp_path: Path) -> None:
    estate = found(tmp_path, (name, address))
    assert {vm["vcenter"] for vm in estate["virtual_machines"] if vm["name"] == "sql-01"} == {SEEN}
    assert (vcenters(estate), told(estate)) == ([SEEN], [])


def test_where_neither_name_is_the_inventory_s_it_is_unknown_and_told(tmp_path: Path) -> None:
    estate = found(tmp_path, ("Berlin", "10.0.0.9"))
    assert vcenters(estate) is None, "not written, which means unknown"
    assert told(estate) == ["Berlin"]
    assert "vcenters" not in estate["sources"]["facts"].get("configuration_servers", {})


def test_another_one_of_the_vault_keeps_its_name_once_all_of_the_inventory_s_are_found(tmp_path: Path) -> None:
    estate = found(tmp_path, ("Berlin", SEEN), ("Paris", "10.0.0.10"))
    assert (vcenters(estate), told(estate)) == ([SEEN, "Paris"], [])


def test_two_vcenters_with_the_same_first_label_are_not_guessed() -> None:
    server: dict[str, Any] = {"vcenters": ("vc",), "names_of_vcenters": (("vc", "10.0.0.9"),)}
    seen = {name: name for name in ("vc.a.example", "vc.b.example")}
    assert (list(name_vcenters(server, seen)), server) == (["vc"], {})


def test_a_vcenter_that_the_server_does_not_reach_is_told_by_the_same_name() -> None:
    names = (("Berlin", SEEN), ("Paris", "10.0.0.10"))
    server: dict[str, Any] = {"lost_vcenters": names[0], "names_of_vcenters": names}
    assert list(name_vcenters(server, {SEEN: SEEN})) == []
    assert server == {"vcenters": (SEEN, "Paris"), "lost_vcenters": (SEEN,)}
