"""From exports to an estate: every dress the same file, nothing lost in silence, nothing taken for granted."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from failback.adapters.estate_translation import item_facts
from failback.reprotect import UNKNOWN, Architecture, Operation, Phase, Plan
from failback.scenarios.checks.command import CheckRequest, run_check
from failback.scenarios.estates.command import ImportRequest, imported, run_import
from failback.scenarios.files.lint import LEFT_TO_RULES
from failback.scenarios.files.loader import library, load_estate, load_scenario
from failback.scenarios.files.yaml_source import BadInput
from failback.scenarios.judging.check import Status, check_estate
from failback.scenarios.run.player import play

from . import govc_export, vault_export
from .rvtools_export import Dress, Site, Vm, write

VAULT = "/subscriptions/s/resourceGroups/g/providers/Microsoft.RecoveryServices/vaults/v"
ITEMS = f"{VAULT}/replicationFabrics/f/replicationProtectionContainers/c/replicationProtectedItems"

SITE = Site(
    vms=(
        Vm("web-01", "vm-1", os="Ubuntu Linux (64-bit)", snapshots=("before patch",)),
        Vm("sql-01", "vm-2", disks_gib=(80, 1400), memory_gib=64, firmware="efi", powered_on=True),
        Vm("サーバー01", "vm-3", host="esx-2", datastore="ds-2"),
        Vm("golden", "vm-4", template=True),
        Vm("srm", "vm-5", placeholder=True),
    ),
    hosts=("esx-1", "esx-2"),
    datastores=(("ds-1", "VMFS", 2048, ("esx-1", "esx-2")), ("ds-2", "vsan", 4096, ("esx-2",))),
)
WESTERN = Site(
    vms=(
        Vm("caf\u00e9_01", "vm-1", os="Ubuntu Linux (64-bit)", snapshots=("before l\u2019\u00e9t\u00e9",)),
        Vm("Ger\u00e4t-01", "vm-2", disks_gib=(80, 1400), powered_on=True),
        Vm("Z\u00fcrich Gr\u00f6\u00dfe", "vm-3", host="esx-\u00fc", datastore="entrep\u00f4t_2"),
        Vm("\u00c5rhus \u2013 a\u00f1o", "vm-4"),
    ),
    hosts=("esx-1", "esx-\u00fc"),
    datastores=(
        ("ds-1", "VMFS", 2048, ("esx-1", "esx-\u00fc")),
        ("entrep\u00f4t_2", "vsan", 4096, ("esx-\u00fc",)),
    ),
)
"""Names of letters that cp1252 has; cp932 reads several of them as kanji, and `_01` behind one."""
DRESSES = {
    "workbook": Dress(xlsx=True),
    "comma and UTF-8": Dress(),
    "batch dialect": Dress(batch=True),
    "batch workbook": Dress(batch=True, xlsx=True),
    "semicolon and UTF-16": Dress(separator=";", encoding="utf-16"),
    "semicolon and cp1252": Dress(separator=";", encoding="cp1252"),
    "tab, cp932, MB": Dress(separator="\t", encoding="cp932", unit="MB"),
    "a mark and thousands": Dress(encoding="utf-8-sig", thousands=",", separator=";"),
}


def data(*paths: Path, architecture: str | None = None) -> dict[str, Any]:
    return imported(ImportRequest(paths, Path("estate.yaml"), 500, architecture))


def estate_in(folder: Path, *paths: Path, architecture: str | None = None) -> Any:
    run_import(ImportRequest(paths, folder / "estate.yaml", 500, architecture))
    return load_estate(folder / "estate.yaml", LEFT_TO_RULES)


def fits(site: Site, dress: Dress) -> bool:
    """Whether all letters of the site are in the encoding: cp1252 has no kanji, cp932 no accents."""
    try:
        return bool(repr(site).encode(dress.encoding))
    except UnicodeEncodeError:
        return False


SITES = {"japanese": SITE, "western": WESTERN}
DRESSED = {f"{s}, {d}": (site, dress) for s, site in SITES.items() for d, dress in DRESSES.items() if fits(site, dress)}


@pytest.mark.parametrize(("site", "dress"), DRESSED.values(), ids=DRESSED.keys())
def test_one_site_in_any_dress_gives_the_same_estate_but_for_its_sources(
    tmp_path: Path, site: Site, dress: Dress
) -> None:
    plain = data(write(site, tmp_path / "plain"), architecture="classic")
    dressed = data(write(site, tmp_path / "dressed", dress), architecture="classic")
    assert {k: v for k, v in dressed.items() if k != "sources"} == {k: v for k, v in plain.items() if k != "sources"}
    names = {vm.name for vm in site.vms if not (vm.template or vm.placeholder)}
    assert {vm["name"] for vm in dressed["virtual_machines"]} == names


def test_each_site_wears_two_dialects_and_the_encodings_that_have_its_letters() -> None:
    for site, own in ((SITE, "cp932"), (WESTERN, "cp1252")):
        worn = [dress for one, dress in DRESSED.values() if one is site]
        assert {dress.batch for dress in worn} == {True, False}
        assert {dress.encoding for dress in worn} == {"utf-8", "utf-8-sig", "utf-16", own}


def test_what_an_export_tells_is_what_the_estate_says(tmp_path: Path) -> None:
    estate = estate_in(tmp_path, write(SITE, tmp_path / "out", Dress(xlsx=True)), architecture="classic")
    sql, web = estate.virtual_machines["sql-01"], estate.virtual_machines["web-01"]
    assert [disk.size_gib for disk in sql.disks] == [80, 1400]
    assert (sql.memory_gib, sql.firmware, sql.powered_on, sql.host) == (64, "efi", True, "esx-1")
    assert (web.os.value, web.snapshots, sql.snapshots) == ("linux", ("before patch",), ())
    assert (estate.datastores["ds-2"].kind, estate.datastores["ds-1"].free_gib) == ("vSAN", 1024)
    assert estate.hosts["esx-2"].datastores == ("ds-1", "ds-2")
    assert estate.hosts["esx-1"].free_memory_gib == 128


def test_templates_and_placeholders_are_left_out_and_counted(tmp_path: Path) -> None:
    told = data(write(SITE, tmp_path / "out"), architecture="classic")["sources"]
    assert told["left_out"] == {"templates": 1, "placeholders of Site Recovery Manager": 1}


def test_a_sheet_that_is_missing_leaves_its_facts_unknown(tmp_path: Path) -> None:
    site = replace(SITE, without=("vSnapshot", "vTools", "vHost"))
    estate = estate_in(tmp_path, write(site, tmp_path / "out"), architecture="classic")
    machine = estate.virtual_machines["sql-01"]
    assert (machine.snapshots, machine.tools) == (UNKNOWN, UNKNOWN)
    assert estate.hosts["esx-1"].connected is UNKNOWN
    notes = yaml.safe_load((tmp_path / "estate.yaml").read_text(encoding="utf-8"))["sources"]["notes"]
    assert "vSnapshot, vTools, vHost" in notes[0]


def test_the_date_is_the_export_s_own_and_never_today(tmp_path: Path) -> None:
    (workbook,) = data(write(SITE, tmp_path / "a", Dress(xlsx=True)), architecture="classic")["sources"]["files"]
    (folder,) = data(write(SITE, tmp_path / "b"), architecture="classic")["sources"]["files"]
    assert (workbook["dated"], workbook["dated_by"]) == ("2026-06-01T10:15:00", "vMetaData")
    assert (folder["dated"], folder["dated_by"]) == ("2026-06-01T10:15:00", "file name")


def test_equal_names_become_unique_ones_and_keep_id_and_vsphere_name(tmp_path: Path) -> None:
    site = Site(vms=(Vm("app", "vm-1", snapshots=("s",)), Vm("app", "vm-2"), Vm("esx-1", "vm-3")))
    estate = estate_in(tmp_path, write(site, tmp_path / "out"), architecture="classic")
    assert list(estate.virtual_machines) == ["app-vm-1", "app-vm-2", "esx-1"]
    first, second = (estate.virtual_machines[f"app-vm-{n}"] for n in (1, 2))
    assert (first.vsphere_name, first.id, first.snapshots, second.snapshots) == ("app", "vm-1", ("s",), ())
    assert list(estate.hosts) == ["esx-1-host"]
    assert first.host == "esx-1-host"


def test_local_datastores_of_one_name_are_told_apart_by_their_hosts(tmp_path: Path) -> None:
    stores = (("local", "VMFS", 100, ("esx-1",)), ("local", "VMFS", 200, ("esx-2",)))
    vms = (Vm("a", "vm-1", datastore="local"), Vm("b", "vm-2", datastore="local", host="esx-2"))
    site = Site(vms=vms, hosts=("esx-1", "esx-2"), datastores=stores)
    estate = estate_in(tmp_path, write(site, tmp_path / "out"), architecture="classic")
    sizes = {name: estate.datastores[vm.datastore].capacity_gib for name, vm in estate.virtual_machines.items()}
    assert sizes == {"a": 100, "b": 200}
    assert estate.hosts["esx-2"].datastores == (estate.virtual_machines["b"].datastore,)
    assert {store.vsphere_name for store in estate.datastores.values()} == {"local"}


def test_two_imports_of_the_same_files_are_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    paths = vault_export.write(tmp_path / "vault", vault_export.mock_of("first_drill"))
    run_import(ImportRequest(tuple(paths), tmp_path / "a.yaml", 500))
    run_import(ImportRequest((tmp_path / "vault",), tmp_path / "b.yaml", 500))
    one, other = (yaml.safe_load((tmp_path / name).read_text(encoding="utf-8")) for name in ("a.yaml", "b.yaml"))
    assert {k: v for k, v in one.items() if k != "sources"} == {k: v for k, v in other.items() if k != "sources"}


# The vault


def test_a_vault_gives_machines_servers_groups_plans_and_phases(tmp_path: Path) -> None:
    paths = vault_export.write(tmp_path / "vault", vault_export.mock_of("first_drill"))
    estate = estate_in(tmp_path, *paths)
    assert len(estate.virtual_machines) == 12
    assert estate.virtual_machines["pg-01"].architecture is Architecture.CLASSIC
    assert [disk.size_gib for disk in estate.virtual_machines["pg-01"].disks] == [40, 300]
    assert estate.replication_groups["pg-cluster"].items == ("pg-01", "pg-02")
    assert list(estate.master_targets) == ["mt-linux", "mt-windows"]
    assert estate.recovery_plans["shop"].groups[0] == ("sql-01", "sql-02", "pg-01", "pg-02")
    assert {vm.at for vm in estate.virtual_machines.values()} == {Phase.REPLICATING_TO_AZURE}


def test_an_import_names_the_vault_of_its_machines_once_and_a_copy_without_names_does_not(tmp_path: Path) -> None:
    paths = tuple(vault_export.write(tmp_path / "vault", vault_export.mock_of("first_drill")))
    (vault,) = data(*paths)["sources"]["vaults"]
    assert vault == {"name": "v", "resource_group": "g", "subscription": "s"}
    run_import(ImportRequest(paths, tmp_path / "copy.yaml", 500, redact=True))
    (copied,) = yaml.safe_load((tmp_path / "copy.yaml").read_text(encoding="utf-8"))["sources"]["vaults"]
    assert set(copied.values()).isdisjoint(vault.values())


def test_an_estate_from_a_vault_begins_where_its_machines_stand_tonight(tmp_path: Path) -> None:
    paths = vault_export.write(tmp_path / "vault", vault_export.mock_of("starts_in_the_middle"))
    estate = estate_in(tmp_path, *paths)
    written = load_scenario(library()["starts_in_the_middle"])
    stands = {name: vm.at for name, vm in estate.virtual_machines.items()}
    assert stands == {name: vm.at for name, vm in written.estate.virtual_machines.items()}
    result = play(replace(written, estate=estate))
    assert {item.phase for item in result.items} == {"replicating_to_azure"}
    assert not any(leg.leg is Operation.FAILOVER for leg in result.legs)


def test_what_the_vault_s_health_lists_is_a_mismatch_and_a_copy_has_none_of_its_words(tmp_path: Path) -> None:
    vault_export.write(tmp_path / "vault", vault_export.mock_of("first_drill"))
    error = {"errorCode": "520101", "errorMessage": "The key of vault PAYROLL has expired."}
    health = {"id": f"{VAULT}/replicationVaultHealth/default", "properties": {"vaultErrors": [error]}}
    (tmp_path / "vault" / "health.json").write_text(json.dumps(health), encoding="utf-8")
    (told,) = [m for m in data(tmp_path / "vault")["sources"]["mismatches"] if "vault itself lists" in m["what"]]
    assert told["names"] == ["vault (520101: The key of vault PAYROLL has expired.)"]
    request = ImportRequest((tmp_path / "vault",), tmp_path / "estate.yaml", 500)
    assert "that the vault itself lists (1): vault (520101: The key" in run_import(request)
    run_import(replace(request, out=tmp_path / "copy.yaml", redact=True))
    copy = (tmp_path / "copy.yaml").read_text("utf-8")
    assert "errors and warnings that the vault itself lists" in copy
    assert "PAYROLL" not in copy


def test_a_recovery_plan_that_was_only_listed_is_named_and_not_lost(tmp_path: Path) -> None:
    vault = vault_export.write(tmp_path / "vault", vault_export.mock_of("first_drill"), full=False)
    found = data(*vault, write(Site(vms=(Vm("sql-01", "vm-1"),)), tmp_path / "out"))
    assert "recovery_plans" not in found
    assert found["recovery_plans_known"] is False, "a list does not say whom a plan has"
    told = [m["names"] for m in found["sources"]["mismatches"] if m["what"].startswith("recovery plans left out")]
    assert told == [["shop"]]


def test_vault_and_inventory_are_joined_and_what_vcenter_says_wins(tmp_path: Path) -> None:
    mock = vault_export.mock_of("first_drill")
    site = Site(
        vms=(
            Vm("sql-01", "vm-1", disks_gib=(80, 400), memory_gib=64),
            Vm("mt-linux", "vm-2", os="Ubuntu Linux (64-bit)", disks_gib=(40, 100, 500), snapshots=("nightly",)),
            Vm("unprotected", "vm-3"),
        )
    )
    vault = vault_export.write(tmp_path / "vault", mock)
    estate = estate_in(tmp_path, *vault, write(site, tmp_path / "out", Dress(xlsx=True)))
    sql, target = estate.virtual_machines["sql-01"], estate.master_targets["mt-linux"]
    assert (sql.memory_gib, sql.host, sql.exists_on_premises) == (64, "esx-1", True)
    assert [disk.uuid for disk in sql.disks] != [UNKNOWN, UNKNOWN]
    assert (target.snapshots, target.local_disks, target.host) == (("nightly",), 3, "esx-1")
    assert "unprotected" in estate.hosts["esx-1"].other_machines
    assert "unprotected" not in estate.virtual_machines
    told = yaml.safe_load((tmp_path / "estate.yaml").read_text(encoding="utf-8"))["sources"]
    gone = next(m for m in told["mismatches"] if m["what"].startswith("protected, but in no vCenter"))
    assert len(gone["names"]) == 11
    assert estate.virtual_machines["pg-01"].exists_on_premises is UNKNOWN


@pytest.mark.parametrize("is_deleted", [True, False])
def test_of_a_machine_in_no_vcenter_it_is_told_where_and_when_the_vault_saw_it(
    tmp_path: Path, is_deleted: bool
) -> None:
    vault = vault_export.write(tmp_path / "vault", vault_export.mock_of("first_drill_modernised"))
    seen = re.compile(r'"isDeleted": ?(true|false)')
    for path in (each for each in vault if each.suffix == ".json"):
        path.write_text(seen.sub(f'"isDeleted": {str(is_deleted).lower()}', path.read_text("utf-8")), "utf-8")
    told = data(*vault, write(SITE, tmp_path / "out"))["sources"]
    (gone,) = (m for m in told["mismatches"] if m["kind"] == "not_in_vcenter")
    flag = "deleted" if is_deleted else "not deleted"
    assert gone["names"]
    for name in gone["names"]:
        assert re.search(rf" \(vault: {flag}, vcenter: \S+, datastore: \w+, last discovery: [\d: -]+ UTC\)$", name)


def test_groups_without_any_recovery_plan_in_the_files_are_told(tmp_path: Path) -> None:
    paths = vault_export.write(tmp_path / "vault", vault_export.mock_of("first_drill"))
    notes = data(*(path for path in paths if path.stem in ("items", "replicationFabrics")))["sources"].get("notes", [])
    assert not [note for note in notes if "each recovery plan" in note], "the single reads have the plans"
    (tmp_path / "few").mkdir()
    read = json.loads((tmp_path / "vault" / "items.json").read_text("utf-8"))
    items = [row for row in read if "groups" not in row["properties"]]
    (tmp_path / "few" / "items.json").write_text(json.dumps(items), encoding="utf-8")
    found = data(tmp_path / "few")
    note, *commands = found["sources"]["notes"]
    assert "the machines of each recovery plan (R22)" in note
    assert [command for command in commands if "/vaults/v/replicationRecoveryPlans?" in command]
    assert found["recovery_plans_known"] is False
    (tmp_path / "few" / "replicationRecoveryPlans.json").write_text('{"value": []}', encoding="utf-8")
    assert "recovery_plans_known" not in data(tmp_path / "few"), "a collector's empty list is an answer"


def test_a_group_of_an_estate_without_the_plans_is_unknown_in_a_check_and_not_refused(tmp_path: Path) -> None:
    paths = vault_export.write(tmp_path / "vault", vault_export.mock_of("modernised_replication_group"))
    whole = [path for path in paths if "Plans" not in path.name]
    items = tmp_path / "vault" / "items.json"
    rows = [row for row in json.loads(items.read_text("utf-8")) if "groups" not in row["properties"]]
    items.write_text(json.dumps(rows), encoding="utf-8")
    estate = estate_in(tmp_path, *whole)
    assert not estate.recovery_plans_known
    report = check_estate(estate, Plan())
    assert "R22" in report.unsure
    assert "R22" not in {found.rule for found in report.of(Status.BLOCKS)}


def test_lists_alone_leave_disks_unknown_and_say_which_reads_are_missing(tmp_path: Path) -> None:
    paths = vault_export.write(tmp_path / "vault", vault_export.mock_of("one_vm"), full=False)
    site = Site(vms=(Vm("app-01", "vm-1"),))
    said = run_import(ImportRequest((*paths, write(site, tmp_path / "out")), tmp_path / "estate.yaml", 500))
    assert "az rest --method get --url" in said
    with pytest.raises(BadInput, match="no file contains their disks"):
        data(*paths)


def test_a_check_of_an_imported_estate_has_true_findings(tmp_path: Path) -> None:
    site = Site(vms=(Vm("mt-linux", "vm-2", os="Ubuntu Linux (64-bit)", snapshots=("nightly",)),))
    vault = vault_export.write(tmp_path / "vault", vault_export.mock_of("first_drill"))
    run_import(ImportRequest((*vault, write(site, tmp_path / "out")), tmp_path / "estate.yaml", 500))
    report = run_check(CheckRequest(str(tmp_path / "estate.yaml"))).report
    assert "R04" in {finding.requirement.id for finding in report.of(Status.BLOCKS)}


HOSTILE = ('say "hi"', "two\nlines", "<script>alert(1)</script>", "\u202egnp.exe", "x" * 300, "=cmd|' /C calc'!A0", " ")


def test_hostile_names_become_an_estate_that_loads_and_none_is_lost(tmp_path: Path) -> None:
    site = Site(vms=tuple(Vm(name, f"vm-{n}") for n, name in enumerate(HOSTILE[:-1])))
    estate = estate_in(tmp_path, write(site, tmp_path / "out"), architecture="classic")
    assert len(estate.virtual_machines) == len(HOSTILE) - 1
    assert "two\\nlines" in estate.virtual_machines
    assert "\\u202egnp.exe" in estate.virtual_machines
    assert estate.virtual_machines["two\\nlines"].vsphere_name == "two\\nlines"


def test_two_exports_of_different_days_are_told(tmp_path: Path) -> None:
    new = write(SITE, tmp_path / "a").rename(tmp_path / "RVTools_export_2026-06-20_10.00.00")
    old = write(Site(vms=(Vm("late", "vm-9"),)), tmp_path / "b")
    told = data(new, old, architecture="classic")["sources"]["mismatches"]
    assert {"kind": "other", "what": "more than a week older than the newest file", "names": [old.name]} in told


def test_two_exports_of_one_vcenter_are_refused_and_the_newer_is_named(tmp_path: Path) -> None:
    new = write(SITE, tmp_path / "a").rename(tmp_path / "RVTools_export_2026-06-20_10.00.00")
    old = write(SITE, tmp_path / "b")
    with pytest.raises(BadInput) as refused:
        data(new, old, architecture="classic")
    words = f"{old.name} and {new.name}: both are inventories of one vCenter (2026-06-01, 2026-06-20), and 3 of their"
    assert words in str(refused.value)
    other = replace(SITE, vms=tuple(replace(vm, uuid=f"9{n}{vm.bios[2:]}") for n, vm in enumerate(SITE.vms)))
    assert len(data(new, write(other, tmp_path / "c"), architecture="classic")["virtual_machines"]) == 6


def test_a_column_that_is_missing_is_told_and_an_id_that_one_sheet_lacks_loses_no_disk(tmp_path: Path) -> None:
    def without(sheet: str, column: str) -> Path:
        path = write(SITE, tmp_path / column, Dress(xlsx=True))
        book = openpyxl.load_workbook(path)
        heads = [cell.value for cell in book[sheet][1]]
        book[sheet].delete_cols(heads.index(column) + 1)
        book.save(path)
        return path

    whole = data(write(SITE, tmp_path / "whole", Dress(xlsx=True)), architecture="classic")
    assert not [note for note in whole["sources"]["notes"] if "column" in note]
    notes = data(without("vDatastore", "Free MiB"), architecture="classic")["sources"]["notes"]
    assert "vDatastore has no column Free MiB; what it says is unknown." in notes[0]
    by_id = data(without("vDisk", "VM"), architecture="classic")
    assert not [note for note in by_id["sources"]["notes"] if "column" in note], "their ids say whose they are"
    found = data(without("vInfo", "VM ID"), architecture="classic")["virtual_machines"]
    assert [vm["disks"] for vm in found] == [vm["disks"] for vm in whole["virtual_machines"]]
    with pytest.raises(BadInput, match="vDisk has no column Capacity MiB"):
        data(without("vDisk", "Capacity MiB"), architecture="classic")


def test_machines_that_the_vault_does_not_protect_are_counted_and_named(tmp_path: Path) -> None:
    vault = vault_export.write(tmp_path / "vault", vault_export.mock_of("first_drill"))
    told = data(*vault, write(SITE, tmp_path / "out"))["sources"]
    assert told["left_out"]["machines of vCenter that the vault does not protect"] == 1
    assert told["names_left_out"]["machines of vCenter that the vault does not protect"] == ["サーバー01"]


def test_without_a_word_on_the_architecture_it_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="--architecture"):
        data(write(SITE, tmp_path / "out"))


def test_an_appliance_that_two_lists_tell_of_is_one(tmp_path: Path) -> None:
    paths = vault_export.write(tmp_path / "vault", vault_export.mock_of("one_modernised_vm"))
    assert [each["name"] for each in data(*paths)["appliances"]] == ["appliance-01"]


def in_the_vault(tmp_path: Path, **shown: Any) -> list[Path]:
    """A modernised vault whose machines run in Azure; the item of web-01 has these properties."""
    given = load_scenario(library()["first_drill_modernised"])
    vms = {
        n: replace(vm, at=Phase.FAILOVER_COMMITTED, powered_on=False) for n, vm in given.estate.virtual_machines.items()
    }
    mock = vault_export.of_scenario(replace(given, estate=replace(given.estate, virtual_machines=vms)))
    paths = vault_export.write(tmp_path / "vault", mock)
    items = tmp_path / "vault" / "items.json"
    rows = json.loads(items.read_text("utf-8"))
    next(row for row in rows if row["properties"].get("friendlyName") == "web-01")["properties"] |= shown
    items.write_text(json.dumps(rows), encoding="utf-8")
    return [path for path in paths if path.stem != "replicationProtectedItems"]


def test_a_machine_that_runs_twice_is_the_first_mismatch_and_a_check_tells_it(tmp_path: Path) -> None:
    vault = in_the_vault(tmp_path)
    for path in vault:
        before = re.sub(
            r'("lastSuccessfulFailoverTime": ")[^"]+', r"\g<1>2026-05-29T18:00:00Z", path.read_text("utf-8")
        )
        path.write_text(before, "utf-8")
    site = Site(vms=(Vm("web-01", "vm-1", powered_on=True), Vm("web-02", "vm-2"), Vm("appliance-01", "vm-3")))
    out = write(site, tmp_path / "out")
    first = data(*vault, out)["sources"]["mismatches"][0]
    assert "two copies may take data" in first["what"]
    assert first["objects"] == ["web-01"]
    report = check_estate(estate_in(tmp_path, *vault, out), Plan())
    told = {
        (found.item, b.name) for found in report.of(Status.BEFORE_RETURN) if found.rule == "R32" for b in found.blockers
    }
    assert told == {("web-01", "web-01")}, "web-02 is off; a target that is on is R33"


def test_a_machine_whose_protection_could_not_be_enabled_is_left_out_for_that_reason(tmp_path: Path) -> None:
    vault = in_the_vault(tmp_path, protectionState="EnablingFailed")
    found = data(*vault, write(Site(vms=(Vm("web-01", "vm-1"), Vm("web-02", "vm-2"))), tmp_path / "out"))
    told = {each["what"]: each["names"] for each in found["sources"]["mismatches"]}
    (names,) = [names for what, names in told.items() if "EnablingFailed" in what]
    assert names == ["web-01"]
    assert not [what for what, names in told.items() if "Windows or Linux" in what and "web-01" in names]
    assert "web-01" not in [vm["name"] for vm in found["virtual_machines"]]


def test_a_machine_in_a_state_that_is_not_known_keeps_its_system_and_its_architecture(tmp_path: Path) -> None:
    found = data(*in_the_vault(tmp_path, protectionState="SomethingNew"))
    assert "web-01" in [vm["name"] for vm in found["virtual_machines"]]
    told = {each["what"]: each["names"] for each in found["sources"]["mismatches"]}
    assert ["web-01"] in [names for what, names in told.items() if "state that failback does not know" in what]


@pytest.mark.parametrize(
    ("word", "group"), [("Disabled", None), ("Disable", None), ("Enabled", "own-1"), ("", "own-1")]
)
def test_without_multi_vm_consistency_a_machine_is_in_no_group(word: str, group: str | None) -> None:
    """A group that the service made for one machine alone asks for no company (R07)."""
    details = {"instanceType": "InMageAzureV2", "multiVmSyncStatus": word, "multiVmGroupName": "own-1"}
    stands = {"protectionState": "Protected", "activeLocation": "Primary"}
    item = {"id": "/x", "name": "x", "properties": {"friendlyName": "vm", **stands, "providerSpecificDetails": details}}
    assert item_facts(item)["replication_group"] == group


def test_two_items_of_one_name_are_told_with_their_ids_and_not_called_one_machine(tmp_path: Path) -> None:
    details = {"instanceType": "InMageRcm"}
    rows = [
        {"id": f"{ITEMS}/{id_}", "name": id_, "properties": {"friendlyName": name, "providerSpecificDetails": details}}
        for name, id_ in (("web", "i-1"), ("Web", "i-2"), ("db", "i-3"))
    ]
    (tmp_path / "items.json").write_text(json.dumps({"value": rows}), encoding="utf-8")
    site = write(Site(vms=(Vm("web", "vm-1"), Vm("db", "vm-2"))), tmp_path / "out")
    told = {each["what"]: each["names"] for each in data(tmp_path / "items.json", site)["sources"]["mismatches"]}
    (what,) = [what for what, names in told.items() if "Web (i-2)" in names]
    assert told[what] == ["Web (i-2)", "web (i-1)"]
    assert "or several machines of one name" in what


@pytest.mark.parametrize(
    ("in_vcenter", "wanted"),
    [
        ("Ubuntu Linux (64-bit)", "Ubuntu 18.04"),
        ("CentOS 4/5 or later (64-bit)", "Ubuntu 18.04"),
        ("Debian GNU/Linux 11 (64-bit)", "Debian GNU/Linux 11 (64-bit)"),
    ],
)
def test_vcenter_s_words_without_a_release_do_not_displace_the_version_in_a_list(
    in_vcenter: str, wanted: str, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_text("machine,os version\napp,Ubuntu 18.04\n", encoding="utf-8")
    exports = (
        write(Site(vms=(Vm("app", "vm-1", os=in_vcenter),)), tmp_path / "rvtools"),
        govc_export.write(Site(vms=(Vm("app", "vm-1", os=in_vcenter),)), tmp_path / "saved"),
    )
    for export in exports:
        alone = estate_in(tmp_path, export, architecture="classic")
        beside = estate_in(tmp_path, mine, export, architecture="classic")
        found = [each.virtual_machines["app"].os_version for each in (alone, beside)]
        assert found == [in_vcenter, wanted]
