"""Where the vault contradicts vCenter or itself about a server or a machine: both sources, with their dates."""

import json
from pathlib import Path
from typing import Any

import pytest

from failback.scenarios.estates.mismatch_words import (
    RAN_TWICE_AFTER,
    RUNS_TWICE,
    SAME_ADDRESS,
    SERVER_DISKS,
    SERVER_STORES,
    SERVER_WARNED,
)
from failback.scenarios.estates.remarks import Remark

from . import test_import_addresses, vault_export
from .rvtools_export import Dress, Site, Vm, write
from .test_import import data
from .test_import_appliances import scenario

INVENTORY = "2026-06-01 10:15"


def dated(folder: Path, site: Site) -> Path:
    """An export of that time, in no zone."""
    return write(site, folder, Dress(xlsx=True))


def noted(remark: Remark, *paths: Path) -> list[str]:
    """The names of this mismatch in an import."""
    told = data(*paths)["sources"].get("mismatches", ())
    return next((each["names"] for each in told if each["what"] == remark.words), [])


def servers(folder: Path, **component: Any) -> list[Path]:
    """What the vault lists; of two appliances, with these values of each process server."""
    paths = vault_export.write(folder / "vault", vault_export.mock_of("first_drill_modernised"))
    (list_,) = (path for path in paths if path.stem == "replicationAppliances")
    body = json.loads(list_.read_text("utf-8"))
    details = body["value"][0]["properties"]["providerSpecificDetails"]
    (box,) = details["appliances"]
    box["processServer"] |= component
    other = json.loads(json.dumps(box).replace(box["name"], "another"))
    details["appliances"].append(
        {key: dict(value, biosId="x") if key == "processServer" else value for key, value in other.items()}
    )
    list_.write_text(json.dumps(body), "utf-8")
    return paths


def site(folder: Path, *mounts: str) -> Path:
    """Its machines and the appliance; two datastores, of which the host has these mounted."""
    (box,) = scenario().estate.appliances
    vms = tuple(Vm(name, f"vm-{n}") for n, name in enumerate((*scenario().estate.virtual_machines, box)))
    stores = tuple((name, "VMFS", 4096, ("esx-1",) if name in mounts else ("esx-2",)) for name in ("ds-1", "ds-2"))
    folder.mkdir(exist_ok=True)
    return dated(folder / "site", Site(vms, hosts=("esx-1", "esx-2"), datastores=stores))


def test_a_datastore_that_the_vault_lists_for_a_server_and_its_host_does_not_mount_is_told_with_both_dates(
    tmp_path: Path,
) -> None:
    paths = vault_export.write(tmp_path / "vault", vault_export.mock_of("first_drill_modernised"))
    (list_,) = (path for path in paths if path.stem == "replicationAppliances")
    body = json.loads(list_.read_text("utf-8"))
    for box in body["value"][0]["properties"]["providerSpecificDetails"]["appliances"]:
        box["reprotectAgent"]["accessibleDatastores"] = ["ds-1", "ds-2", "elsewhere"]
    list_.write_text(json.dumps(body), "utf-8")
    (box,) = scenario().estate.appliances
    (told,) = noted(SERVER_STORES, *paths, site(tmp_path, "ds-1"))
    assert told.startswith(f"{box} (datastore: ds-2, host: esx-1, vault: 2026-")
    assert told.endswith(f" UTC, inventory: {INVENTORY})")
    assert noted(SERVER_STORES, *paths, site(tmp_path / "both", "ds-1", "ds-2")) == []


@pytest.mark.parametrize(("gib", "told"), [(620, True), (20, False)])
def test_more_disk_space_in_the_vault_than_all_disks_have_is_a_contradiction(
    gib: int, told: bool, tmp_path: Path
) -> None:
    """Less is none: it may be the space of one disk."""
    names = noted(SERVER_DISKS, *servers(tmp_path, totalSpaceInBytes=gib * 2**30), site(tmp_path, "ds-1"))
    (box,) = scenario().estate.appliances
    assert [name.partition(" GiB, vCenter")[0] for name in names] == [f"{box} (vault: {gib}"] * told


@pytest.mark.parametrize(("addresses", "count"), [(["10.0.0.7"], 2), ([], 0)])
def test_two_servers_with_one_address_are_named(addresses: list[str], count: int, tmp_path: Path) -> None:
    names = noted(SAME_ADDRESS, *servers(tmp_path, ipAddresses=addresses))
    assert [name.partition(" (")[2] for name in names] == ["vault: 10.0.0.7)"] * count


def test_a_server_that_is_not_well_and_silent_is_told_with_the_age_of_its_heartbeat(tmp_path: Path) -> None:
    names = noted(SERVER_WARNED, *servers(tmp_path, health="Critical", lastHeartbeatUtc="2026-06-05T16:59:00Z"))
    assert names
    for name in names:
        assert "(vault: Critical, last heartbeat: 2026-06-05 16:59 UTC, silent for: " in name
        assert name.endswith(" min)")


@pytest.mark.parametrize(
    ("failed_over", "remark", "detail"),
    [
        ("2026-05-31T18:00:00Z", RAN_TWICE_AFTER, f" (inventory: {INVENTORY}, failover: 2026-05-31 18:00 UTC)"),
        ("2026-06-01T08:00:00Z", RUNS_TWICE, ""),
        (None, RUNS_TWICE, ""),
    ],
    ids=["surely after it", "within hours, in an unknown zone", "of an unknown time"],
)
def test_an_import_says_whether_the_inventory_is_from_after_the_failover_where_it_knows(
    failed_over: str | None, remark: Remark, detail: str, tmp_path: Path
) -> None:
    row = test_import_addresses.item()
    row["properties"]["lastSuccessfulFailoverTime"] = failed_over
    vault = test_import_addresses.saved(tmp_path, "vault.json", [row])
    there = dated(tmp_path / "site", Site(vms=(Vm("app-01", "vm-1", powered_on=True),)))
    assert noted(remark, vault, there) == [f"app-01{detail}"]
