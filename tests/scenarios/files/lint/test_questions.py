"""What can be and hardly is, is asked about with its line, and refuses nothing."""
# ruff: noqa: E501  a row of a table is one line

import copy
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeAlias, get_args, get_type_hints

import pytest
import yaml

from failback.reprotect import (
    Appliance,
    AzureVm,
    ConfigurationServer,
    Datastore,
    Disk,
    Host,
    MasterTarget,
    ProcessServer,
    Unknown,
    VirtualMachine,
)
from failback.scenarios.cli.entry import run
from failback.scenarios.files.lint import QUESTIONS
from failback.scenarios.files.lint.unusual import USUAL
from failback.scenarios.files.loader import load_questions, load_scenario
from failback.scenarios.files.yaml_source import Mistake

from .test_lint import WHOLE, Tree

Spoil: TypeAlias = Callable[[Tree], None]
VM: Final = "estate.virtual_machines[0]"


def disk(**facts: Any) -> Spoil:
    return lambda file: file["estate"]["virtual_machines"][0]["disks"][0].update(facts)


def machine(**facts: Any) -> Spoil:
    return lambda file: file["estate"]["virtual_machines"][0].update(facts)


def of(section: str, **facts: Any) -> Spoil:
    return lambda file: file["estate"][section][0].update(facts)


def line(**facts: Any) -> Spoil:
    return lambda file: file["estate"]["link"].update(facts)


def starts(year: int) -> Spoil:
    return lambda file: file.update(starts_at=f"{year}-06-01T18:00:00Z")


def in_two_vcenters(file: Tree) -> None:
    file["estate"]["virtual_machines"][0]["vcenter"] = "vc-a"
    file["estate"]["datastores"][0]["vcenter"] = "vc-b"


def a_misspelt_vcenter(file: Tree) -> None:
    file["estate"]["virtual_machines"][0]["vcenter"] = "vcenter-01"
    file["estate"]["appliances"][0]["vcenter"] = "vcenter-10"


def one_mac_twice(file: Tree) -> None:
    for vm in file["estate"]["virtual_machines"][:2]:
        vm["adapters"] = [{"mac": "00:50:56:00:00:01"}]


def against_the_order_of_a_recovery_plan(file: Tree) -> None:
    file["plan"] |= {"recovery_plans": [], "waves": [], "together": [{"name": "x", "order": [["c"], ["a", "b"]]}]}


SPOILT: Final[list[tuple[str, Spoil, str, str]]] = [
    ("a_number_is_unusual", disk(size_gib=0.01), f"{VM}.disks[0].size_gib", "usual is 1 to 32,768 GiB"),
    ("a_number_is_unusual", disk(churn_mib_per_s=1e5), f"{VM}.disks[0].churn_mib_per_s", "usual is 0 to 54 MiB/s"),
    ("a_number_is_unusual", machine(memory_gib=1e6), f"{VM}.memory_gib", "is 1,000,000; usual is 0.25 to 24,576 GiB"),
    ("a_number_is_unusual", machine(recovery_points=10**6), f"{VM}.recovery_points", "usual is 0 to 4,320 ("),
    ("a_number_is_unusual", line(bandwidth_mbit_per_s=1e7), "estate.link.bandwidth_mbit_per_s", "is 10,000,000; usual"),
    ("a_number_is_unusual", of("appliances", cores=10_000), "estate.appliances[0].cores", "is 10,000; usual is 1 to 768"),
    ("a_number_is_unusual", of("datastores", capacity_gib=5e6), "estate.datastores[0].capacity_gib", "usual is"),
    ("a_disk_changes_faster_than_it_can", disk(churn_mib_per_s=20), f"{VM}.disks[0].churn_mib_per_s", "70.31 GiB an hour"),
    ("the_start_is_unusual", starts(2001), "starts_at", "is in the year 2001; usual is 2015 to 2040"),
    ("the_order_is_not_that_of_a_recovery_plan", against_the_order_of_a_recovery_plan, "plan.together[0].order", "`c` is before `a`, which the recovery plan `rp` starts"),
    ("a_part_is_in_another_vcenter_than_its_datastore", in_two_vcenters, f"{VM}.vcenter", "its datastore `gold` in `vc-b`"),
    ("a_vcenter_has_nothing", a_misspelt_vcenter, "estate.appliances[0].vcenter", "did you mean `vcenter-01`?"),
    ("a_mac_address_is_there_twice", one_mac_twice, "estate.virtual_machines[1].adapters[0].mac", "which `a` has too"),
    ("a_machine_that_is_gone_has_facts_of_one_that_is_there", machine(exists_on_premises=False, snapshots=["s"]), f"{VM}.snapshots", "is gone from the site"),
    ("a_deleted_machine_runs_in_azure", machine(azure={"exists": False, "running": True}), f"{VM}.azure.running", "does not exist"),
    ("there_are_more_consistent_points_than_points", machine(recovery_points=2, app_consistent_points=3), f"{VM}.app_consistent_points", "2 recovery points, of which 3"),
]  # fmt: skip


def asked(tmp_path: Path, spoil: Spoil) -> tuple[Mistake, ...]:
    tree = copy.deepcopy(WHOLE)
    spoil(tree)
    file = tmp_path / "asked.yaml"
    file.write_text(json.dumps(tree, indent=1), encoding="utf-8")
    load_scenario(file)
    return load_questions(file)


@pytest.mark.parametrize(("check", "spoil", "path", "text"), SPOILT, ids=[f"{row[0]}-{row[2]}" for row in SPOILT])
def test_one_doubtful_thing_is_asked_about_where_it_stands_and_is_no_mistake(
    tmp_path: Path, check: str, spoil: Spoil, path: str, text: str
) -> None:
    told = [each for each in asked(tmp_path, spoil) if each.path_text == path and text in each.message]
    assert len(told) == 1, check
    assert told[0].line > 0
    assert told[0].message.endswith("?")


def test_every_question_has_a_file_that_brings_it_and_the_whole_file_brings_none(tmp_path: Path) -> None:
    assert {row[0] for row in SPOILT} == QUESTIONS.keys()
    assert not asked(tmp_path, lambda _: None)


@pytest.mark.parametrize("key", USUAL)
def test_what_is_usual_lies_within_what_is_possible(key: str) -> None:
    from failback.reprotect import bound_of

    assert bound_of(key).holds(USUAL[key].low)
    assert bound_of(key).holds(USUAL[key].high)


@pytest.mark.parametrize("as_json", [False, True])
def test_lint_prints_its_questions_and_ends_as_if_there_were_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, as_json: bool
) -> None:
    asked(tmp_path, line(bandwidth_mbit_per_s=1e7))
    monkeypatch.setattr(
        sys, "argv", ["failback", "lint", str(tmp_path / "asked.yaml"), *(["--json"] if as_json else [])]
    )
    assert run() == 0
    told = capsys.readouterr()
    if as_json:
        (row,) = json.loads(told.out)
        assert (row["kind"], row["path"]) == ("question", "estate.link.bandwidth_mbit_per_s")
    else:
        assert "question: " in told.out
        assert told.out.endswith("1 file: no mistakes, 1 question\n")
    assert not told.err


def test_lint_validates_estate_files_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    estate = tmp_path / "estate.yaml"
    monkeypatch.setattr(sys, "argv", ["failback", "lint", str(estate)])
    text = "link: {bandwidth_mbit_per_s: 500}\nappliances: [{name: box}]\nvirtual_machines:\n"
    estate.write_text(text + "  - {name: web, os: linux, disks: [{size_gib: 20}]}\n", encoding="utf-8")
    assert run() == 0
    assert capsys.readouterr().out == "1 file: no mistakes\n"
    estate.write_text(text + "  - {name: web, os: linux, disks: [], host: nowhere}\n", encoding="utf-8")
    assert run() == 2
    told = capsys.readouterr().err
    assert "estate.yaml:4: `web` has no disk" in told
    assert "nowhere" in told


def doubted(kind: Any) -> Tree:
    """Each fact of such a part that may be unknown, as unknown."""
    return {name: "unknown" for name, hint in get_type_hints(kind).items() if Unknown in get_args(hint)}


@pytest.mark.parametrize("exists", [True, False, "unknown"])
def test_nothing_is_asked_about_what_nobody_knows_and_nothing_fails(tmp_path: Path, exists: object) -> None:
    tree = copy.deepcopy(WHOLE)
    kinds = {"hosts": Host, "datastores": Datastore, "configuration_servers": ConfigurationServer}
    kinds |= {"process_servers": ProcessServer, "master_targets": MasterTarget, "appliances": Appliance}
    for section, kind in kinds.items():
        tree["estate"][section][0].update(doubted(kind))
    for vm in tree["estate"]["virtual_machines"]:
        disks = [{**disk, **doubted(Disk)} for disk in vm["disks"]]
        azure = doubted(AzureVm) | {"exists": exists}
        vm.update({**doubted(VirtualMachine), "disks": disks, "azure": azure, "exists_on_premises": exists})
        vm.pop("replication_group", None)
    file = tmp_path / "scenario.yaml"
    file.write_text(yaml.safe_dump(tree), encoding="utf-8")
    assert load_questions(file) == ()
