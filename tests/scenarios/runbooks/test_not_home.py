"""The top of a runbook: who does not come home as planned, who may not, and how blocked steps look."""

import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from failback.reprotect import UNKNOWN, Operation, Phase, Wave, stands_at
from failback.scenarios.files.applications import Application
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Scenario
from failback.scenarios.judging.check import Status
from failback.scenarios.runbooks import page
from failback.scenarios.runbooks.causes import doubtful, names_words, not_home, outcome_words, tasks
from failback.scenarios.runbooks.command import run_runbook, texts
from failback.scenarios.runbooks.fewer_machines import keeping
from failback.scenarios.runbooks.gaps import gap_words
from failback.scenarios.runbooks.planned_requests import HOMEWARD
from failback.scenarios.runbooks.rows import ON_SITE_STEP
from failback.scenarios.runbooks.runbook import Runbook, runbook
from failback.scenarios.runbooks.scripts import ScriptKind, left_out, scripts
from failback.scenarios.runbooks.stays_away import meanwhile
from failback.scenarios.text.name_lists import listed


def changed(name: str, machines: Mapping[str, Mapping[str, Any]]) -> Scenario:
    scenario = load_scenario(resolve(name))
    whole = dict(scenario.estate.virtual_machines)
    whole |= {item: replace(whole[item], **changes) for item, changes in machines.items()}
    estate = replace(scenario.estate, virtual_machines=whole)
    return replace(scenario, estate=estate, plan=replace(scenario.plan, recovery_plans=()))


def blocked() -> Runbook:
    return runbook(changed("first_drill_modernised", {"sql-01": {"target": "hyper-v"}}), 2)


def test_who_stops_stands_at_the_top_with_rule_and_remedy_whatever_else_is_said() -> None:
    found = blocked()
    (row,) = not_home(found)
    assert (row.machines, row.rule, row.leg, row.check) == (("sql-01",), "R15", "Reprotect to on-premises", "blocks")
    assert row.steps
    files = texts(found)
    for file, mark in (("runbook.html", "<h2>Before"), ("runbook.md", "## Before")):
        head = files[file].partition(mark)[0]
        assert "12 machines: as planned, 11 come home and 1 does not." in head
        assert "sql-01" in head
        assert row.steps[0][:20] in head
    assert left_out(found) == ("sql-01",)


def test_the_runbook_tells_the_way_home_as_if_what_bars_machines_were_fixed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "barred.yaml"
    text = resolve("one_modernised_vm").read_text("utf-8")
    file.write_text(text.replace("name: appliance-01,", "name: appliance-01, healthy: false,"), encoding="utf-8")
    run_runbook(str(file), 2, tmp_path / "out")
    (told,) = (line for line in capsys.readouterr().out.splitlines() if line.startswith("As if fixed "))
    assert "A01 (appliance " in told
    assert "before the way home begins): the machine comes home, and" in told
    assert told in (tmp_path / "out" / "runbook.html").read_text("utf-8")
    assert f"\n\n{told}\n\n" in (tmp_path / "out" / "runbook.md").read_text("utf-8")


def test_the_owner_of_barred_machines_is_told_where_they_run_who_fixes_it_who_calls_and_what_is_due() -> None:
    scenario = changed("first_drill_modernised", {"sql-01": {"target": "hyper-v"}})
    shop = Application("shop", ("sql-01", "web-01"), owner="Ann", phone="+49 1")
    found = runbook(replace(scenario, applications=(shop,)), 2)
    files = texts(found)
    sheet = files["runbook.md"].partition("### shop")[2].partition("###")[0]
    assert "- meanwhile: sql-01 stays in Azure and keeps running there" in sheet
    assert "- what blocks it: R15 (VMware is the failback target): " in sheet
    assert "(steps: Before the return)" in sheet
    assert "leads the return and decides go or no-go (name and telephone: People) calls the owner (Ann, +49 1)" in sheet
    assert "- what the owner does: answers the questions below before the way home begins (" in sheet
    assert "; nothing else until that call" in sheet
    assert "sql-01: down not planned: it stays in Azure (R15)" in sheet
    assert files["runbook.html"].count('<dl class="away">') == 1


def test_a_machine_that_is_off_in_azure_is_not_said_to_run_there_and_an_owner_who_has_to_act_is_told_so() -> None:
    found = blocked()
    (stop,) = found.stops
    vm = found.scenario.estate.virtual_machines["sql-01"]
    off = replace(vm, azure=replace(vm.azure, running=False))
    one, rows = Application("shop", ("sql-01",)), dict[str, str]
    assert rows(meanwhile(found, one, (off,), False))["meanwhile"] == "sql-01 stays in Azure, and is off there now"
    other = replace(found, told=(), stops=(replace(stop, who="owner of application shop"),))
    told = rows(meanwhile(other, one, (vm,), False))["what the owner does"]
    assert told == "does the steps of R15 (Before the return); nothing else until that call"
    at_commit = replace(found, stops=(replace(stop, operation=Operation.COMMIT_FAILBACK),))
    assert "sql-01 runs on site" in rows(meanwhile(at_commit, one, (vm,), False))["meanwhile"]


def test_blocked_steps_are_not_there_to_be_ticked_and_leave_no_gap_in_the_numbers() -> None:
    found = blocked()
    files = texts(found)
    rows = list(csv.DictReader(io.StringIO(files["steps.csv"].removeprefix("\ufeff"))))
    rows = [row for row in rows if row["step"] != ON_SITE_STEP]
    mine = [row for row in rows if row["machine or plan"] == "sql-01"]
    assert [row["step"] for row in mine] == ["blocked"] * 4
    assert {row["planned begin"] for row in mine} == {"does not happen as planned: R15"}
    assert [row["step"] for row in rows[: -len(mine)]] == [str(n) for n in range(1, len(found.requests) + 1)]
    steps = files["runbook.html"].partition('<section id="people">')[2].partition('<section id="network"')[2]
    steps = steps.partition('<section id="after"')[0].partition("For the owner of")[0].partition("</section>")[2]
    assert '<span class="whole">sql-01</span></td>' not in steps
    assert steps.count("Not asked for: sql-01. Stopped by R15") == 4
    assert "| sql-01 |" not in files["runbook.md"].partition("## Wave")[2].partition("## For the owners")[0]
    lists = "".join(text for file, text in scripts(found, ScriptKind.AZ).items() if file.endswith(".csv"))
    assert "sql-01," not in lists


def test_a_group_mate_is_taken_along_and_the_top_says_by_whom() -> None:
    scenario = load_scenario(resolve("modernised_replication_group"))
    first, second, *_ = next(iter(scenario.estate.replication_groups.values())).items
    found = runbook(changed("modernised_replication_group", {first: {"target": "hyper-v"}}), 1)
    why = {name: row.why for row in not_home(found) for name in row.machines}
    assert why[second].startswith(f"group mate {first} has stopped (R15)")


def test_a_fact_that_nobody_knows_makes_a_machine_doubtful() -> None:
    found = runbook(changed("first_drill_modernised", {"sql-01": {"protection_disabled": UNKNOWN}}), 1)
    assert "sql-01" in doubtful(found)
    assert outcome_words(found) == "12 machines: as planned, all come home."
    assert "Doubtful:</b>" in texts(found)["runbook.html"]


def test_machines_that_nobody_has_failed_over_yet_are_said_to_be_taken_for_granted() -> None:
    scenario = load_scenario(resolve("first_drill_modernised"))
    there = {n: stands_at(vm, Phase.FAILOVER_COMMITTED) for n, vm in scenario.estate.virtual_machines.items()}
    there["sql-01"] = stands_at(there["sql-01"], Phase.REPLICATING_TO_AZURE)
    found = runbook(replace(scenario, estate=replace(scenario.estate, virtual_machines=there)), 1)
    assert found.assumed == ("sql-01",)
    assert "1 of 12 machines (sql-01). This answer assumes that their failover" in texts(found)["runbook.html"]
    assert runbook(scenario, 1).assumed == (), "where nobody has begun, all are as the plan begins"


def test_the_legs_of_a_wave_stand_in_the_order_of_the_way_home_wherever_its_machines_begin() -> None:
    scenario = load_scenario(resolve("first_drill_modernised"))
    there = {n: stands_at(vm, Phase.REPLICATING_TO_ON_PREMISES) for n, vm in scenario.estate.virtual_machines.items()}
    there["sql-01"] = stands_at(there["sql-01"], Phase.FAILED_OVER)
    plan = replace(scenario.plan, recovery_plans=())
    found = runbook(replace(scenario, plan=plan, estate=replace(scenario.estate, virtual_machines=there)), 1)
    assert [section.operation for section in found.sections] == list(HOMEWARD)


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (("a", "b", "c", "d", "e"), "all 5"),
        (("a", "b", "c", "d"), "all but e"),
        (("a", "b"), "a, b"),
    ],
)
def test_machines_are_named_as_a_person_would(names: tuple[str, ...], wanted: str) -> None:
    assert names_words(names, ("a", "b", "c", "d", "e")) == wanted


def test_the_exceptions_are_named_where_they_are_fewer() -> None:
    everybody = tuple(f"m{n}x" for n in range(0, 400, 2))
    assert names_words(everybody[6:], everybody) == "all but m0x, m2x, m4x, m6x, m8x, m10x"


def test_the_names_of_many_doubtful_machines_are_folded_away(monkeypatch: pytest.MonkeyPatch) -> None:
    found = runbook(changed("first_drill_modernised", {"sql-01": {"protection_disabled": UNKNOWN}}), 1)
    assert "<summary>Which machines are doubtful</summary>" not in texts(found)["runbook.html"]
    monkeypatch.setattr(page, "names_words", lambda names, _: ", ".join([*names, *["another-name"] * 20]))
    assert "<summary>Which machines are doubtful</summary>" in texts(found)["runbook.html"]


@pytest.mark.parametrize("name", ["one_vm", "one_modernised_vm"])
def test_each_leg_says_who_decides_until_when_it_can_be_undone_and_what_it_costs(name: str) -> None:
    found = runbook(load_scenario(resolve(name)), 1)
    files = texts(found)
    for section in found.sections:
        for guide in section.guides.values():
            for text in (files["runbook.html"], files["runbook.md"]):
                assert guide.undo[:20] in text
                assert guide.costs.words[:20] in text
                assert f"decided by {guide.decides}" in text
    commits = [s for s in found.sections if s.operation is Operation.COMMIT_FAILBACK]
    assert all(guide.undo.startswith("Never") for s in commits for guide in s.guides.values())


def test_a_question_about_several_hosts_is_one_row_with_all_of_them() -> None:
    scenario = load_scenario(resolve("first_drill"))
    hosts = {name: replace(host, connected=UNKNOWN) for name, host in scenario.estate.hosts.items()}
    vms = {name: replace(vm, pending_question=UNKNOWN) for name, vm in scenario.estate.virtual_machines.items()}
    asked = replace(scenario, estate=replace(scenario.estate, hosts=hosts, virtual_machines=vms))
    rows = [task for task in tasks(runbook(asked, 1), Status.UNKNOWN) if task.rule == "R32"]
    homes = {vm.host for vm in vms.values()}
    assert len(homes) > 1
    assert len(rows) == 2
    assert all(set(task.machines) == set(vms) for task in rows)
    assert any(f": {listed(sorted(homes))}: " in task.seen for task in rows)


def test_a_wave_behind_one_that_stops_says_why_it_begins_later() -> None:
    whole = changed("first_drill_modernised", {"web-02": {"datastore": "not-mounted"}})
    names = tuple(whole.estate.virtual_machines)
    waves = (Wave("one", ("web-01",)), Wave("two", ("web-02",)), Wave("three", ("web-03",)))
    assert {"web-01", "web-02", "web-03"} <= set(names)
    found = runbook(replace(keeping(whole, ("web-01", "web-02", "web-03")), plan=replace(whole.plan, waves=waves)), 2)
    told = [gap_words(found, section) for section in found.sections]
    ends = max(
        one.ends.middle_s
        for one in found.requests
        if one.wave == "one" and one.ends and one.operation is Operation.COMMIT_FAILBACK
    )
    begins = min(one.begins.middle_s for one in found.requests if one.wave == "three" and one.begins)
    assert begins - ends >= 60
    (words,) = filter(None, told)
    assert words.startswith("The plan leaves ")
    assert "the simulation tries two in between" in words
    for text in texts(found).values():
        assert "Nobody asks for it: this wave may begin" in text or text.startswith("\ufeff")
    fine = runbook(
        replace(
            keeping(load_scenario(resolve("first_drill_modernised")), names[:3]), plan=replace(whole.plan, waves=waves)
        ),
        2,
    )
    assert not any(gap_words(fine, section) for section in fine.sections)
