"""Machines that should come home one after the other have different waves, and the file says why."""

from dataclasses import replace
from pathlib import Path

import pytest

from failback.reprotect import DISKS_MAX, Appliance, Estate, Operation, RequestDefaults, VirtualMachine
from failback.scenarios.estates.new_request import NewRequest
from failback.scenarios.estates.new_scenario import run_new
from failback.scenarios.estates.planned_waves import planned_waves
from failback.scenarios.files.applications import Application
from failback.scenarios.files.loader import load_estate, load_scenario
from failback.scenarios.run.player import play

BOXES = "appliances: [{name: box, host: esx, datastore: gold}]"
ESTATE = f"""\
link: {{bandwidth_mbit_per_s: 500}}
hosts: [{{name: esx, datastores: [gold]}}]
datastores: [{{name: gold, capacity_gib: 40000}}]
{BOXES}
defaults:
  virtual_machine: {{os: linux, host: esx, datastore: gold, disks: [{{size_gib: 20}}, {{size_gib: 10}}]}}
virtual_machines:
"""
TWIN = "bios_uuid: 42000000-0000-4000-8000-00000000000"


def written(folder: Path, machines: str, rows: str, head: str = ESTATE) -> tuple[str, str]:
    """What the command says, and the file with each comment in one line."""
    (folder / "estate.yaml").write_text(f"{head}{machines}", encoding="utf-8")
    (folder / "list.csv").write_text(f"machine,application,tier,depends on\n{rows}", encoding="utf-8")
    said = run_new(NewRequest("home", folder / "estate.yaml", folder / "list.csv", folder / "home.yaml"))
    return said, (folder / "home.yaml").read_text("utf-8").replace("\n#   ", " ")


def waves(folder: Path) -> dict[str, tuple[str, ...]]:
    return {wave.name: wave.items for wave in load_scenario(folder / "home.yaml").plan.waves}


def vms(*names: str, **facts: str) -> str:
    return "".join(f"  - {{name: {name}{facts.get(name.replace('-', '_'), '')}}}\n" for name in names)


def test_stand_ins_have_different_waves_and_what_depends_on_them_comes_after_both(tmp_path: Path) -> None:
    rows = "dc-01,directory,1,\ndc-02,directory,1,\nfile-01,files,2,directory\n"
    said, text = written(tmp_path, vms("dc-01", "dc-02", "file-01"), rows)
    assert waves(tmp_path) == {"wave-1": ("dc-01",), "wave-2": ("dc-02",), "wave-3": ("file-01",)}
    for words in (said, text):
        assert "differ in the number alone): dc-01 (wave-1) before dc-02 (wave-2)." in words
    assert "# wave-1: directory (tier 1): dc-01 (the rest in wave-2)\n" in text
    assert "# wave-2: directory (tier 1): dc-02 (after those in wave-1: one may stand in for the other)\n" in text
    assert {item.stopped_by for item in play(load_scenario(tmp_path / "home.yaml")).items} == {""}


def test_a_second_part_for_which_nothing_waits_comes_along_with_the_next_application(tmp_path: Path) -> None:
    rows = "web-01,shop,1,\nweb-02,shop,1,\nwiki,intranet,2,\n"
    _, text = written(tmp_path, vms("web-01", "web-02", "wiki"), rows)
    assert waves(tmp_path) == {"wave-1": ("web-01",), "wave-2": ("web-02", "wiki")}
    assert "# wave-2: shop (tier 1): web-02 (after those in wave-1: one may stand in for the other); intranet" in text


def test_of_many_stand_ins_half_stay_up_and_no_wave_is_made_for_each(tmp_path: Path) -> None:
    names = [f"web-{n:02}" for n in range(1, 9)]
    written(tmp_path, vms(*names), "".join(f"{name},shop,1,\n" for name in names))
    assert waves(tmp_path) == {"wave-1": tuple(names[:4]), "wave-2": tuple(names[4:])}


def test_stand_ins_stay_in_one_wave_with_what_has_no_stand_in_and_the_file_says_why(tmp_path: Path) -> None:
    """The application is down anyway while its only database comes home; of another application that is no matter."""
    rows = "web-01,erp,1,\nweb-02,erp,1,\ndb,erp,1,\nfront-1,shop,2,store\nfront-2,shop,2,store\nsql,store,2,\n"
    said, text = written(tmp_path, vms("web-01", "web-02", "db", "front-1", "front-2", "sql"), rows)
    assert list(waves(tmp_path).values()) == [("web-01", "web-02", "db"), ("sql",), ("front-1",), ("front-2",)]
    for words in (said, text):
        assert "In one wave, although one may stand in for the other" in words
        assert "the number alone): web-01, web-02 (erp, with db). Nothing stands in for the machines behind" in words
        assert "In different waves, because one may stand in for the other" in words
    pair = written(tmp_path, vms("web-01", "web-02"), "web-01,erp,1,\nweb-02,erp,1,\n")[0]
    assert "In one wave" not in pair


def test_machines_with_one_bios_uuid_are_parted_even_beside_what_has_no_stand_in(tmp_path: Path) -> None:
    uuid = f", {TWIN}a"
    said, _ = written(tmp_path, vms("b-2", "b-1", "db", b_1=uuid, b_2=uuid), "b-2,x,1,\nb-1,x,1,\ndb,x,1,\n")
    assert len({wave for wave, names in waves(tmp_path).items() if {"b-1", "b-2"} & set(names)}) == 2
    assert "stand in for the other" not in said


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("ci,build,1,\nart,build,1,\n", ["wave-1", "wave-2"]),
        ("ci,build,1,\nart,store,1,\n", ["wave-1", "wave-2"]),
        ("ci,build,1,\n", ["wave-1", "rest"]),
        ("lone,other,1,\n", ["rest", "rest-2"]),
    ],
)
def test_machines_with_one_bios_uuid_have_different_waves_wherever_they_belong(
    tmp_path: Path, rows: str, expected: list[str]
) -> None:
    machines = vms("ci", "art", "lone", ci=f", {TWIN}a", art=f", {TWIN}A")
    said, text = written(tmp_path, machines, rows)
    wave_of = {name: wave for wave, names in waves(tmp_path).items() for name in names}
    assert [wave_of["ci"], wave_of["art"]] == expected
    for words in (said, text):
        assert f"(inferred, R11): ci ({expected[0]}) before art ({expected[1]})." in words
    assert "One BIOS UUID" not in written(tmp_path, vms("ci", "art", "lone"), rows)[0]


def test_three_with_one_bios_uuid_come_one_by_one(tmp_path: Path) -> None:
    uuid = f", {TWIN}a"
    written(tmp_path, vms("a", "b", "c", a=uuid, b=uuid, c=uuid), "a,x,1,\nb,x,1,\nc,x,1,\n")
    assert list(waves(tmp_path).values()) == [("a",), ("b",), ("c",)]


def test_where_a_replication_group_keeps_them_together_that_is_said(tmp_path: Path) -> None:
    group = f", replication_group: pg, {TWIN}a"
    head = ESTATE.replace("virtual_machines:", "recovery_plans: [{name: p, groups: [[db-1, db-2]]}]\nvirtual_machines:")
    said, text = written(tmp_path, vms("db-1", "db-2", db_1=group, db_2=group), "db-1,data,1,\ndb-2,data,1,\n", head)
    assert waves(tmp_path) == {"wave-1": ("db-1", "db-2")}
    for words in (said, text):
        assert (
            "wave-1: db-1, db-2 come home at once, although they have the same BIOS UUID (R11): a replication" in words
        )
        assert "In different waves" not in words


def test_slots_still_limit_a_wave(tmp_path: Path) -> None:
    (tmp_path / "e.yaml").write_text(f"{ESTATE}{vms('web-01', 'web-02', 'db')}", encoding="utf-8")
    found = load_estate(tmp_path / "e.yaml")
    large = replace(found, virtual_machines={name: with_disks(found, name) for name in found.virtual_machines})
    made = planned_waves(large, [Application("shop", ("web-01", "web-02"), "1"), Application("data", ("db",), "2")])
    assert [one.wave.items for one in made] == [("web-01",), ("web-02",), ("db",)]


def test_disks_that_stay_in_azure_take_no_slot_of_a_wave(tmp_path: Path) -> None:
    """As the simulation and the words about one server count them (G09)."""
    (tmp_path / "e.yaml").write_text(f"{ESTATE}{vms('app', 'db')}", encoding="utf-8")
    found = load_estate(tmp_path / "e.yaml")
    large = {name: with_disks(found, name) for name in found.virtual_machines}
    kept, *rest = large["app"].disks
    large["app"] = replace(large["app"], disks=(kept, *(replace(disk, excluded=True) for disk in rest)))
    made = planned_waves(
        replace(found, virtual_machines=large), [Application("shop", ("app",), "1"), Application("data", ("db",), "1")]
    )
    assert [(one.wave.items, one.too_few) for one in made] == [(("app", "db"), ())]


def with_disks(found: Estate, name: str) -> VirtualMachine:
    vm = found.virtual_machines[name]
    return replace(vm, disks=(vm.disks[0],) * (DISKS_MAX - 10))


@pytest.mark.parametrize("boxes", [1, 2])
def test_one_appliance_for_all_is_said_with_what_would_change_it(tmp_path: Path, boxes: int) -> None:
    two = BOXES.replace("]", ", {name: other, host: esx, datastore: gold}]")
    head = ESTATE.replace(BOXES, two) if boxes == 2 else ESTATE
    said, text = written(tmp_path, vms("a", "b", "c"), "a,x,1,\nb,x,1,\nc,x,1,\n", head)
    own = Appliance("box").local_disks
    for words in (said, text):
        assert (
            f"All 3 machines (6 disks) come home through appliance box, which takes {DISKS_MAX - own} disks at once. "
            "If it fails, none of them comes home until it is repaired." in words
        )
        assert ("set up a second appliance" in words) is (boxes == 1)
        assert ("`item_choices: {c: {appliance: other}}`" in words) is (boxes == 2)
    if boxes == 2:
        tried = load_scenario(with_plan(tmp_path, "item_choices: {c: {appliance: other}}"))
        ways = RequestDefaults(tried.estate, tried.plan)
        assert ways.choose("c", Operation.REPROTECT_TO_ON_PREMISES).appliance == "other"


def test_a_server_that_is_known_to_be_unhealthy_is_no_advice(tmp_path: Path) -> None:
    two = BOXES.replace("]", ", {name: other, host: esx, datastore: gold, healthy: false}]")
    said, text = written(tmp_path, vms("a", "b"), "a,x,1,\nb,x,1,\n", ESTATE.replace(BOXES, two))
    for words in (said, text):
        assert "repair other (A01, a healthy appliance) before you add another" in words
        assert "item_choices" not in words


def with_plan(folder: Path, line: str) -> Path:
    """The file that was written, with this line in its plan."""
    file = folder / "tried.yaml"
    file.write_text(
        (folder / "home.yaml").read_text("utf-8").replace("\nplan:\n", f"\nplan:\n  {line}\n"), encoding="utf-8"
    )
    return file


def test_the_gate_that_is_told_for_machines_with_one_bios_uuid_can_be_written_into_the_plan(tmp_path: Path) -> None:
    uuid = f", {TWIN}a"
    said, _ = written(tmp_path, vms("a", "b", a=uuid, b=uuid), "a,x,1,\nb,y,1,\n")
    line = said.partition("wait for the answer: `")[2].partition("`")[0].replace("MACHINE", "b")
    (gate,) = load_scenario(with_plan(tmp_path, line)).plan.gates
    assert gate.items == ("b",)


def test_of_many_groups_some_are_named_and_the_others_counted(tmp_path: Path) -> None:
    names = [f"{app}-{n}" for app in "abcdefghijkl" for n in (1, 2)]
    said, text = written(tmp_path, vms(*names), "".join(f"{name},{name[0]},1,\n" for name in names))
    for words in (said, text):
        assert "; and 2 more groups, see the waves. That takes longer." in words
        assert "others in Azure: a, b, c, d, e, f, g, h, i, j and 2 more." in words


def test_where_machines_share_two_servers_nothing_is_said(tmp_path: Path) -> None:
    head = ESTATE.replace(BOXES, BOXES.replace("]", ", {name: other, host: esx, datastore: gold}]"))
    lots = ", ".join(["{size_gib: 1}"] * (DISKS_MAX - 10))
    big = "".join(f"  - {{name: {name}, disks: [{lots}]}}\n" for name in ("a", "b"))
    said, _ = written(tmp_path, big, "a,x,1,\nb,y,1,\n", head)
    assert "come home through appliance" not in said


def test_machines_of_different_systems_are_no_stand_ins_whatever_their_names(tmp_path: Path) -> None:
    said, text = written(
        tmp_path, vms("mail-01", "mail-02", mail_01=", os: windows"), "mail-01,mail,1,\nmail-02,mail,1,\n"
    )
    assert waves(tmp_path) == {"wave-1": ("mail-01", "mail-02")}
    assert "stand in for the other" not in said + text
