"""Two estates compared: what changed, and what has to be looked at again."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from failback.reprotect import ReplicationPolicy
from failback.scenarios.cli.entry import run
from failback.scenarios.estates.command import ImportRequest, run_import
from failback.scenarios.estates.comparing import Change, changes_of, compared, words
from failback.scenarios.estates.difference_words import lines_of
from failback.scenarios.files.loader import load_estate, resolve
from failback.scenarios.text.name_lists import listed

from . import vault_export
from .rvtools_export import Site, Vm, write

OLD = Site(vms=(Vm("app", "vm-1"), Vm("db", "vm-2"), Vm("same", "vm-3")))
NEW = replace(OLD, vms=(replace(OLD.vms[0], disks_gib=(40, 200), snapshots=("s",)), OLD.vms[2], Vm("new", "vm-4")))


def estate(folder: Path, name: str, site: Site) -> str:
    out = folder / f"{name}.yaml"
    run_import(ImportRequest((write(site, folder / name),), out, 500, "modernised"))
    return str(out)


def test_parts_that_came_and_went_and_facts_that_changed_are_told(tmp_path: Path) -> None:
    found = compared(estate(tmp_path, "old", OLD), estate(tmp_path, "new", NEW))
    told = {(change.name, change.fact or change.after) for change in found.changes}
    assert told == {("app", "disks"), ("app", "snapshots"), ("db", "removed"), ("new", "added")}
    assert Change("virtual_machines", "app", "snapshots", "[]", "[s]") in found.changes
    assert "same" not in found.to_verify
    assert {"app", "new"} <= set(found.to_verify)
    assert "db" not in found.to_verify, "nobody rehearses what is gone"


def test_the_same_change_of_many_machines_is_one_line_with_the_fact_that_changed(tmp_path: Path) -> None:
    many = Site(vms=tuple(Vm(f"web-{n:02}", f"vm-{n}") for n in range(1, 21)))
    off = replace(many, vms=tuple(replace(vm, enable_uuid=False) for vm in many.vms[1:]))
    found = compared(estate(tmp_path, "old", many), estate(tmp_path, "new", off))
    lines = list(lines_of(found))
    assert "virtual_machines web-02 to web-20 disk_enable_uuid: true -> false" in lines
    assert any(line.startswith("  advice T06 (") and line.endswith(": web-02 to web-20") for line in lines)
    assert not [line for line in lines if line.startswith("  ") and "web-01" in line]
    assert any("findings of machines that were removed are gone with them" in line for line in lines)


def test_of_a_part_of_a_part_only_the_fact_that_changed_is_told() -> None:
    old = load_estate(resolve("one_vm"))
    machine = old.virtual_machines["app-01"]
    on = replace(machine, azure=replace(machine.azure, running=True))
    (change,) = changes_of(old, replace(old, virtual_machines={"app-01": on}))
    assert (change.fact, change.before, change.after) == ("azure.running", "unknown", "true")


def test_another_policy_of_a_machine_is_a_change() -> None:
    old = load_estate(resolve("one_vm"))
    day, week = (replace(old.virtual_machines["app-01"], policy=ReplicationPolicy(name)) for name in ("24h", "7d"))
    before, after = (replace(old, virtual_machines={"app-01": machine}) for machine in (day, week))
    (change,) = changes_of(before, after)
    assert (change.fact, change.before, change.after) == ("policy.name", "24h", "7d")


def test_findings_that_came_and_went_are_told(tmp_path: Path) -> None:
    vault = vault_export.write(tmp_path / "vault", vault_export.mock_of("first_drill"))
    target = Vm("mt-linux", "vm-9", os="Ubuntu Linux (64-bit)")
    sites = [Site(vms=(target,)), Site(vms=(replace(target, snapshots=("nightly",)),))]
    for name, site in zip(("quiet", "loud"), sites, strict=True):
        paths = (*vault, write(site, tmp_path / name))
        run_import(ImportRequest(paths, tmp_path / f"{name}.yaml", 500))
    found = compared(str(tmp_path / "quiet.yaml"), str(tmp_path / "loud.yaml"))
    back = compared(str(tmp_path / "loud.yaml"), str(tmp_path / "quiet.yaml"))
    assert found.came == back.went
    assert found.went == back.came
    assert ("blocks", "R04") in {(status, rule) for status, rule, _ in found.came}


SHARED = """
link: {bandwidth_mbit_per_s: 500}
defaults: {virtual_machine: {os: linux, at: failover_committed, disks: [{size_gib: 8}]}}
virtual_machines:
  - {name: app-01, host: esx-01, datastore: gold, disks: [{size_gib: 8}, {size_gib: 8, datastore: silver}]}
  - {name: app-02, host: esx-02, datastore: gold, at: replicating_to_on_premises, returns_through: box-01}
  - {name: app-03, host: esx-02, datastore: iron, at: replicating_to_on_premises, returns_through: box-02}
hosts:
  - {name: esx-01, datastores: [gold, silver, iron]}
  - {name: esx-02, datastores: [gold, silver, iron]}
datastores:
  - {name: gold, capacity_gib: 4096}
  - {name: silver, capacity_gib: 4096}
  - {name: iron, capacity_gib: 4096}
appliances:
  - {name: box-01, host: esx-01, datastore: gold}
  - {name: box-02, host: esx-02, datastore: iron}
"""


@pytest.mark.parametrize(
    ("old", "new", "part", "users"),
    [
        ("500", "400", "link", ("app-01", "app-02", "app-03")),
        ("silver, capacity_gib: 4096", "silver, capacity_gib: 4000", "datastores silver", ("app-01",)),
        ("{name: silver, capacity_gib: 4096}", "{name: silver, write_mib_per_s: 9}", "datastores silver", ("app-01",)),
        ("iron, capacity_gib: 4096", "iron, capacity_gib: 4000", "datastores iron", ("app-03",)),
        ("box-02, host: esx-02", "box-02, cores: 9, host: esx-02", "appliances box-02", ("app-03",)),
    ],
)
def test_machines_need_verification_when_a_part_changes_that_they_use(
    tmp_path: Path, old: str, new: str, part: str, users: tuple[str, ...]
) -> None:
    (tmp_path / "old.yaml").write_text(SHARED, "utf-8")
    (tmp_path / "new.yaml").write_text(SHARED.replace(old, new), "utf-8")
    found = compared(str(tmp_path / "old.yaml"), str(tmp_path / "new.yaml"))
    assert SHARED.count(old) == 1
    assert (found.used_by, found.themselves) == ({part: users}, ())
    assert found.to_verify == users
    assert f"  they use {part}: {listed(users)}" in list(lines_of(found))


def test_a_host_that_changes_concerns_its_machines_and_those_that_come_home_through_a_server_on_it(
    tmp_path: Path,
) -> None:
    (tmp_path / "old.yaml").write_text(SHARED, "utf-8")
    (tmp_path / "new.yaml").write_text(
        SHARED.replace("esx-02, datastores", "esx-02, edition: licensed, datastores"), "utf-8"
    )
    found = compared(str(tmp_path / "old.yaml"), str(tmp_path / "new.yaml"))
    assert set(found.used_by["hosts esx-02"]) == {"app-02", "app-03"}
    assert "app-01" not in found.to_verify


def test_an_estate_is_the_same_as_itself_imported_on_another_day(tmp_path: Path) -> None:
    assert not compared(estate(tmp_path, "a", OLD), estate(tmp_path, "b", OLD))


@pytest.mark.parametrize(("other", "code"), [(OLD, 0), (NEW, 1)])
def test_the_exit_code_says_whether_they_differ(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], other: Site, code: int
) -> None:
    one, two = estate(tmp_path, "a", OLD), estate(tmp_path, "b", other)
    capsys.readouterr()
    monkeypatch.setattr(sys, "argv", ["failback", "diff", one, two, "--json"])
    assert run() == code
    assert bool(json.loads(capsys.readouterr().out)["changes"]) is bool(code)


def test_an_unknown_fact_is_called_so() -> None:
    machine = next(iter(load_estate(resolve("one_vm")).virtual_machines.values()))
    assert words(machine.rpo_s) == "unknown"
    assert words(None) == "none"
