"""What an import says of its files: when their facts were true, and where two of them say different things."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from failback.adapters.importing.read import read_paths
from failback.reprotect import CODES, UNKNOWN, Phase
from failback.scenarios.checks.command import CheckRequest, run_check
from failback.scenarios.estates.command import ImportRequest, imported, run_import
from failback.scenarios.estates.mismatch_words import codes_meant
from failback.scenarios.files.lint import LEFT_TO_RULES
from failback.scenarios.files.loader import load_estate, load_scenario, resolve
from failback.scenarios.judging.check import Status

from . import vault_export
from .rvtools_export import Dress, Site, Vm, write


def _book(folder: Path, site: Site, name: str) -> Path:
    """An export whose vMetaData says 1 June, under a name that may say something else."""
    found = write(site, folder, Dress(xlsx=True))
    return found.rename(found.with_name(name))


SITE = Site((Vm("web-01", "vm-1"),))
LINUX = "Ubuntu Linux (64-bit)"


def test_the_date_of_each_file_is_told_and_a_name_that_says_another_one(tmp_path: Path) -> None:
    book = _book(tmp_path / "site", SITE, "RVTools_export_all_2026-11-27_08.15.00.xlsx")
    (origin,) = read_paths([book]).origins
    assert origin.dated == datetime(2026, 6, 1, 10, 15), "the columns that this test writes are those of an export"
    said = run_import(ImportRequest((book,), tmp_path / "estate.yaml", 500, "classic")).splitlines()
    assert f"Facts of {book.name}: of 2026-06-01 10:15 (vMetaData)." in said
    (line,) = [line for line in said if line.startswith("Files whose name has another date")]
    assert f"{book.name} (name: 2026-11-27, vMetaData: 2026-06-01)" in line


def test_a_check_names_facts_that_are_older_than_a_week_when_the_way_home_begins(tmp_path: Path) -> None:
    book = _book(tmp_path / "site", SITE, "RVTools_export_all_2026-06-01_10.15.00.xlsx")
    run_import(ImportRequest((book,), tmp_path / "estate.yaml", 500, "classic"))
    for day, old in ((4, False), (30, True)):
        start = datetime(2026, 6, day, 18, tzinfo=UTC).isoformat()
        text = f"name: home\nestate_file: estate.yaml\nstarts_at: '{start}'\n"
        (tmp_path / "home.yaml").write_text(text, "utf-8")
        notes = run_check(CheckRequest(str(tmp_path / "home.yaml"))).seen.notes
        told = [note for note in notes if note.startswith("Old facts:")]
        assert bool(told) is old, (day, notes)
        assert not old or "are of 2026-06-01 (vMetaData), 29 days old when the way home begins" in told[0]


def test_hardware_that_vault_and_vcenter_tell_differently_is_listed(tmp_path: Path) -> None:
    names = list(load_scenario(resolve("first_drill_modernised")).estate.virtual_machines)
    vms = tuple(Vm(name, f"vm-{n}", firmware="efi" if n == 0 else "bios") for n, name in enumerate(names))
    vault = vault_export.write(tmp_path / "vault", vault_export.mock_of("first_drill_modernised"))
    book = write(Site(vms), tmp_path / "site", Dress(xlsx=True))
    estate = imported(ImportRequest((*vault, book), Path("estate.yaml"), 500))
    found = {each["what"]: each["names"] for each in estate["sources"]["mismatches"]}
    firmware = found["another firmware in the vault than in vCenter; that of vCenter was taken"]
    assert firmware == [f"{names[0]} (vault: bios, vCenter: efi)"]
    (differing,) = (each for each in estate["sources"]["machines_in_doubt"] if each["why"] == "differs")
    assert names[0] in differing["machines"]
    assert {vm["name"]: vm["firmware"] for vm in estate["virtual_machines"]}[names[0]] == "efi"


@pytest.mark.parametrize(
    ("odd", "by_uuid", "doubted"),
    [({"memory_gib": 3}, False, False), ({"firmware": "efi"}, False, True), ({"firmware": "efi"}, True, False)],
)
def test_only_what_makes_another_machine_of_it_likely_puts_a_machine_in_doubt(
    odd: dict[str, Any], by_uuid: bool, doubted: bool, tmp_path: Path
) -> None:
    """People change the memory of a machine at any time; and a machine of the same UUID is no other machine."""
    first, *others = (machines := load_scenario(resolve("first_drill_modernised")).estate.virtual_machines)
    sizes = tuple(disk.size_gib for disk in machines[first].disks)
    vms = (
        Vm(first, "vm-0", os=LINUX, disks_gib=sizes, **odd),
        *(Vm(name, f"vm-{n}") for n, name in enumerate(others, 1)),
    )
    vault = vault_export.write(tmp_path / "vault", vault_export.mock_of("first_drill_modernised"))
    if by_uuid:
        for path in vault:
            known = path.read_text("utf-8").replace(
                f'/machines/{first}"', '/machines/50000000-0000-0000-0000-000000000000"'
            )
            path.write_text(known, "utf-8")
    book = write(Site(vms), tmp_path / "site", Dress(xlsx=True))
    told = imported(ImportRequest((*vault, book), Path("estate.yaml"), 500))["sources"]
    found = [each for each in told.get("machines_in_doubt", ()) if each["why"] == "differs"]
    assert any(first in each["machines"] for each in found) is doubted
    shown = [name for each in told["mismatches"] for name in each["names"]]
    assert any(name.startswith(f"{first} (vault: ") for name in shown), "it is told all the same"


def test_before_the_failover_nobody_is_asked_what_the_state_of_the_item_answers(tmp_path: Path) -> None:
    vault = vault_export.write(tmp_path, vault_export.mock_of("first_drill_modernised"))
    run_import(ImportRequest(tuple(vault), tmp_path / "estate.yaml", 500))
    machines = load_estate(tmp_path / "estate.yaml", LEFT_TO_RULES).virtual_machines.values()
    assert {(vm.migration_completed, vm.protection_disabled) for vm in machines} == {(False, False)}
    done = run_check(CheckRequest(str(tmp_path / "estate.yaml")))
    unknown = {finding.rule for finding in done.report.of(Status.UNKNOWN)}
    assert not unknown & {"R16", "R19"}, unknown


def test_what_an_error_code_of_the_vault_means_stands_behind_it() -> None:
    assert codes_meant(["78169"]) == f" (78169: {CODES['78169'].meaning.rstrip('.')})"
    assert codes_meant(["1"]) == " (for what is known of the others, `failback explain 1`)"
    assert codes_meant([]) == ""


def test_nobody_is_asked_which_machine_is_a_server_where_the_machine_of_each_server_is_known(
    tmp_path: Path,
) -> None:
    """Where a server has no machine in vCenter, any of them could be it (M20)."""
    scenario = load_scenario(resolve("first_drill_modernised"))
    names, boxes = list(scenario.estate.virtual_machines), list(scenario.estate.appliances)
    vault = vault_export.write(tmp_path / "vault", vault_export.mock_of("first_drill_modernised"))
    for also, kinds in ((boxes, {None}), (boxes[1:], {UNKNOWN})):
        vms = tuple(Vm(name, f"vm-{n}") for n, name in enumerate([*names, *also]))
        book = write(Site(vms), tmp_path / f"site-{len(also)}", Dress(xlsx=True))
        run_import(ImportRequest((*vault, book), tmp_path / "estate.yaml", 500))
        machines = load_estate(tmp_path / "estate.yaml", LEFT_TO_RULES).virtual_machines.values()
        assert {vm.manages_recovery for vm in machines} == kinds


@pytest.mark.parametrize(
    ("offered", "known"),
    [
        (["CompleteMigration", "DisableProtection", "SwitchProtection"], True),
        (["DisableProtection", "ReverseReplicate"], True),
        (["DisableProtection"], False),
        ([], False),
        (None, False),
    ],
)
def test_after_the_failover_nobody_is_asked_what_the_offered_operations_answer(
    offered: list[str] | None, known: bool, tmp_path: Path
) -> None:
    """An item that may be reprotected is protected, and its migration was not completed (R16, R19)."""
    scenario = load_scenario(resolve("first_drill_modernised"))
    machines = {n: replace(vm, at=Phase.FAILOVER_COMMITTED) for n, vm in scenario.estate.virtual_machines.items()}
    mock = vault_export.of_scenario(replace(scenario, estate=replace(scenario.estate, virtual_machines=machines)))
    for path in (paths := vault_export.write(tmp_path, mock)):
        told = json.loads(path.read_text("utf-8"))
        for row in told["value"] if isinstance(told, dict) else told:
            if "allowedOperations" in row["properties"] and "protectionState" in row["properties"]:
                row["properties"]["allowedOperations"] = offered
        path.write_text(json.dumps(told), "utf-8")
    run_import(ImportRequest(tuple(paths), tmp_path / "estate.yaml", 500))
    facts = load_estate(tmp_path / "estate.yaml", LEFT_TO_RULES).virtual_machines.values()
    asked = {
        finding.rule for finding in run_check(CheckRequest(str(tmp_path / "estate.yaml"))).report.of(Status.UNKNOWN)
    }
    assert {(vm.migration_completed, vm.protection_disabled) for vm in facts} == (
        {(False, False)} if known else {(UNKNOWN, UNKNOWN)}
    )
    assert bool(asked & {"R16", "R19"}) is not known


@pytest.mark.parametrize(("failed_over", "old"), [("2026-06-05T18:00:00Z", True), ("2026-05-31T18:00:00Z", False)])
def test_an_inventory_from_before_the_failover_does_not_say_what_is_on_now(
    failed_over: str, old: bool, tmp_path: Path
) -> None:
    vault = vault_export.write(tmp_path / "vault", vault_export.mock_of("first_drill_modernised"))
    for path in vault:
        body = json.loads(path.read_text("utf-8"))
        for row in body if isinstance(body, list) else body["value"]:
            if details := row["properties"].get("providerSpecificDetails"):
                row["properties"]["lastSuccessfulFailoverTime"] = failed_over
                details["discoveredVmDetails"] = {}
        path.write_text(json.dumps(body), "utf-8")
    names = load_scenario(resolve("first_drill_modernised")).estate.virtual_machines
    site = Site(tuple(Vm(name, f"vm-{n}", powered_on=True) for n, name in enumerate(names)))
    run_import(ImportRequest((*vault, _book(tmp_path / "site", site, "RVTools.xlsx")), tmp_path / "estate.yaml", 500))
    estate = load_estate(tmp_path / "estate.yaml", LEFT_TO_RULES)
    assert {vm.powered_on for vm in estate.virtual_machines.values()} == {UNKNOWN if old else True}
    notes = run_check(CheckRequest(str(tmp_path / "estate.yaml"))).seen.notes
    told = [note for note in notes if "last failover" in note]
    assert len(told) == old
    shown = "inventory: 2026-06-01 10:15, failover: 2026-06-05 18:00 UTC"
    assert not old or (told[0].startswith("To clear up: ") and shown in told[0])
