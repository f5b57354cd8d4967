"""What an import could not settle stays work for somebody: in the check, the list of tasks and the runbook."""

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from failback.reprotect import PERSONS, REQUIREMENTS
from failback.scenarios.checks.command import CheckRequest, run_check, write_task_list
from failback.scenarios.checks.import_tasks import CONTRADICTION, LEFT_OUT, import_tasks, who_clears
from failback.scenarios.estates.command import ImportRequest, run_import
from failback.scenarios.estates.mismatch_words import (
    OTHER_ADDRESSES,
    OTHER_HARDWARE,
    RAN_TWICE_AFTER,
    RUNS_TWICE,
    WHOLE,
)
from failback.scenarios.estates.remarks import (
    NEVER_PROTECTED,
    NO_DISKS,
    NO_OS,
    NOT_IN_VCENTER,
    ONLY_LISTED,
    SEVERAL_IN_VCENTER,
    Remark,
)
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.resolved import resolved_text
from failback.scenarios.files.schema import LeftOutBecause, Mismatch, MismatchKind
from failback.scenarios.runbooks.command import texts
from failback.scenarios.runbooks.runbook import runbook
from failback.scenarios.text.spreadsheet_cells import BOM
from tests.scenarios.estates import vault_export
from tests.scenarios.estates.rvtools_export import Site, Vm, write

GONE = "sql-01"
"""In the vault without disks, and in no vCenter."""
OTHER_FIRMWARE = "web-01"


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    for file in vault_export.write(tmp_path / "vault", vault_export.mock_of("first_drill_modernised")):
        _without_disks(file)
    names = load_scenario(resolve("first_drill_modernised")).estate.virtual_machines
    vms = tuple(
        Vm(name, f"vm-{n}", firmware="efi" if name == OTHER_FIRMWARE else "bios")
        for n, name in enumerate(names, 1)
        if name != GONE
    )
    inventory = write(Site(vms), tmp_path / "site")
    run_import(ImportRequest((tmp_path / "vault", inventory), tmp_path / "estate.yaml", 500))
    file = tmp_path / "home.yaml"
    file.write_text("name: home\nestate_file: estate.yaml\n", "utf-8")
    return file


def _without_disks(file: Path) -> None:
    data = json.loads(file.read_text("utf-8"))
    for item in data.get("value", [data]) if isinstance(data, dict) else data:
        properties = item.get("properties", {})
        if properties.get("friendlyName") == GONE and "providerSpecificDetails" in properties:
            properties["providerSpecificDetails"]["protectedDisks"] = []
    file.write_text(json.dumps(data), "utf-8")


def test_a_machine_that_is_left_out_and_in_no_vcenter_keeps_both_causes(scenario: Path) -> None:
    found = load_scenario(scenario)
    (one,) = found.left_out
    assert (one.why, one.machines, one.not_in_vcenter) == (LeftOutBecause.NO_DISKS, (GONE,), (GONE,))
    done = run_check(CheckRequest(str(scenario)))
    assert f"In no vCenter that was read: {GONE}" in " ".join(done.granted)


def test_it_has_a_person_steps_and_a_tick_box_in_check_tasks_and_runbook(scenario: Path) -> None:
    found = load_scenario(scenario)
    task = next(each for each in import_tasks(found, str(scenario)) if each.title == LEFT_OUT)
    assert task.names == (GONE,)
    assert any(role in task.who for role in PERSONS)
    assert "no vCenter" in task.seen
    assert any(GONE in step and "search" in step for step in task.steps)
    done = run_check(CheckRequest(str(scenario)))
    assert task.words() in done.seen.notes
    write_task_list(done, sheet := scenario.with_name("tasks.csv"))
    rows = list(csv.DictReader(io.StringIO(sheet.read_text("utf-8").removeprefix(BOM))))
    (row,) = (row for row in rows if row["which machines"] == GONE and row["id"].startswith("import-"))
    assert (row["owner"], row["found"]) == (task.who, task.seen)
    pages = texts(runbook(found, 1, str(scenario)))
    assert f"- [ ] **{GONE}**: {LEFT_OUT}" in pages["runbook.md"].partition("## People")[0]
    before = pages["runbook.html"].partition("<h2>Before the return</h2>")[2].partition("<h2>People")[0]
    row_of_it = next(part for part in before.split("<tr>") if LEFT_OUT in part)
    assert GONE in row_of_it
    assert "&#9744;" in row_of_it
    assert task.who in row_of_it


def test_facts_that_contradict_each_other_are_named_with_the_file_that_lists_them(scenario: Path) -> None:
    """Who gets the check or the runbook never sees the import's output."""
    task = next(each for each in import_tasks(load_scenario(scenario), str(scenario)) if each.title == CONTRADICTION)
    assert OTHER_FIRMWARE in task.names
    assert "another firmware in the vault than in vCenter" in task.seen
    assert f"what is wrong in {scenario.with_name('estate.yaml')}" in task.steps[0]
    assert any(task.seen in note for note in run_check(CheckRequest(str(scenario))).seen.notes)


def test_a_contradiction_is_found_by_its_kind_and_concerns_the_names_alone(scenario: Path) -> None:
    """Neither the words nor what stands behind a name says what it is: a name may have brackets of its own."""
    firmware = Mismatch(
        "other words", ("web-01 (old) (vault: efi, vCenter: bios)",), MismatchKind.DIFFERS, ("web-01 (old)",)
    )
    other = Mismatch("an address in the vault than in vCenter", ("sql-01",), MismatchKind.OTHER)
    found = replace(load_scenario(scenario), mismatches=(firmware, other))
    (task,) = (each for each in import_tasks(found, str(scenario)) if each.title == CONTRADICTION)
    assert task.names == ("web-01 (old)",)
    assert task.seen.startswith("other words")


def test_another_memory_is_no_work_for_anybody_also_in_a_file_without_kinds(scenario: Path) -> None:
    """What is settled goes away, and the steps say how."""
    what = OTHER_HARDWARE["memory_gib"].words
    told = [Mismatch(what, ("web-01 (vault: 8 GiB, vCenter: 4 GiB)",), kind) for kind in (None, MismatchKind.OTHER)]
    tasks = import_tasks(replace(load_scenario(scenario), mismatches=tuple(told)), str(scenario))
    assert not [each for each in tasks if each.title == CONTRADICTION]
    (task,) = (each for each in import_tasks(load_scenario(scenario), str(scenario)) if each.title == CONTRADICTION)
    assert "`sources: machines_in_doubt`" in task.steps[-1]


def test_an_estate_file_from_before_there_were_kinds_has_the_same_tasks(scenario: Path) -> None:
    before = import_tasks(load_scenario(scenario), str(scenario))
    file = scenario.with_name("estate.yaml")
    data = yaml.safe_load(file.read_text("utf-8"))
    for each in data["sources"]["mismatches"]:
        del each["kind"]
        each.pop("objects", None)
    file.write_text(yaml.safe_dump(data), "utf-8")
    assert import_tasks(load_scenario(scenario), str(scenario)) == before


@pytest.mark.parametrize(
    "remark",
    [NEVER_PROTECTED, NO_DISKS, NO_OS, NOT_IN_VCENTER, ONLY_LISTED, SEVERAL_IN_VCENTER],
    ids=lambda it: it.kind,
)
def test_the_words_of_each_kind_are_known_where_a_file_has_no_kind(remark: Remark) -> None:
    assert Mismatch(remark.words).kind is remark.kind


def test_a_scenario_written_down_whole_has_the_same_tasks(scenario: Path, tmp_path: Path) -> None:
    found = load_scenario(scenario)
    (whole := tmp_path / "whole.json").write_text(resolved_text(found, "x"), "utf-8")
    assert load_scenario(whole).left_out == found.left_out
    assert load_scenario(whole).mismatches == found.mismatches


def test_of_an_estate_that_nobody_imported_there_is_none() -> None:
    assert import_tasks(load_scenario(resolve("first_drill")), "first_drill") == ()


ASKS = re.compile(r"[;:,] (?:and )?(agree|clear|compare|export|find out|import|read|write)\b")
"""What an import says somebody should do."""
BY_RULE = {RUNS_TWICE: "R32", RAN_TWICE_AFTER: "R32"}


def test_what_an_import_asks_somebody_to_do_has_a_person_and_steps() -> None:
    """What was left out, and what contradicts itself, is work too, also where the words ask nothing."""
    asking = [one for one in WHOLE if ASKS.search(one.words) or "left out" in one.words]
    assert len(asking) > 8
    for remark in (*asking, OTHER_ADDRESSES):
        if remark in BY_RULE:
            assert BY_RULE[remark] in {row.id for row in REQUIREMENTS} & set(re.findall(r"\w+", remark.words))
        elif remark.kind.value not in {why.value for why in LeftOutBecause}:
            told = Mismatch(remark.words, ("web-01",), remark.kind)
            found = import_tasks(replace(load_scenario(resolve("first_drill")), mismatches=(told,)), "x")
            assert [(task.names, bool(task.steps)) for task in found] == [(("web-01",), True)], remark
            assert any(role in found[0].who for role in PERSONS)
            assert "{" not in found[0].words()
            assert Mismatch(remark.words).kind is remark.kind, "in a file without kinds"


@pytest.mark.parametrize("kind", [None, MismatchKind.OTHER, MismatchKind.DIFFERS])
@pytest.mark.parametrize("remark", WHOLE, ids=lambda each: each.words[:50])
def test_whoever_settles_it_is_who_takes_the_first_step(remark: Remark, kind: MismatchKind | None) -> None:
    one = Mismatch(remark.words, ("box-1",), kind or remark.kind)
    (task,) = import_tasks(replace(load_scenario(resolve("one_vm")), mismatches=(one,)), "x.yaml") or (None,)
    assert "server administrator" not in who_clears(one).partition(";")[0] or one.kind is MismatchKind.SAME_ADDRESS
    if task is not None:
        assert who_clears(one).startswith(task.who.partition(" for step")[0])
