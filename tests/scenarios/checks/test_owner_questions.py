"""The owner of an application finds on his sheet what only he can answer, and no work of others."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from failback.reprotect import Phase
from failback.scenarios.checks.command import CheckRequest, run_check
from failback.scenarios.checks.finding_words import how_to_find_out
from failback.scenarios.checks.told import ToldCause, told_causes
from failback.scenarios.files.applications import Application
from failback.scenarios.files.loader import library, load_scenario, resolve
from failback.scenarios.files.schema import Scenario
from failback.scenarios.judging.check import Report, Status
from failback.scenarios.runbooks.command import texts
from failback.scenarios.runbooks.owner_questions import OWNER, owner_questions, questions_in
from failback.scenarios.runbooks.owners_asked import owners_asked
from failback.scenarios.runbooks.runbook import runbook
from failback.scenarios.runbooks.sheets import write_runbook_workbook

from .breaks import BREAKS
from .broken_estates import broken_estate, checked

RULES = sorted(name for name, path in library().items() if path.parent.name == "rules")
OTHERS_WORK = re.compile(rf"^only if (?:support and )?the {OWNER} (?:both )?says? (?:no|yes)\b")
"""How a step begins that somebody else does after the answer."""
FOR_THE_AZURE_ADMINISTRATOR = re.compile(rf"nobody selects Commit before the {OWNER} agrees")


def reports(where: Path) -> Iterator[Report]:
    for name in RULES:
        yield run_check(CheckRequest(name)).report
    for architecture, breaks in BREAKS.items():
        for what in breaks.values():
            yield checked(broken_estate(what, architecture), where, what.readings)


def owned(report: Report) -> Iterator[ToldCause]:
    """All causes, with one owner of all machines."""
    yield from told_causes(
        replace(report, refused=(), owners=dict.fromkeys((each.item for each in report.items), OWNER))
    )


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> list[ToldCause]:
    where = tmp_path_factory.mktemp("estates")
    return [told for report in reports(where) for told in owned(report)]


def steps_of(told: ToldCause) -> tuple[str, ...]:
    return tuple(how_to_find_out(told) if told.cause.status == Status.UNKNOWN.value else told.steps)


def test_each_step_that_names_the_owner_is_on_his_sheet_or_is_somebody_elses_after_his_answer(
    every: list[ToldCause],
) -> None:
    silent = {
        step
        for told in every
        for step in steps_of(told)
        if OWNER in step and not OTHERS_WORK.search(step) and not FOR_THE_AZURE_ADMINISTRATOR.search(step)
        if not list(questions_in(replace(told, steps=(step,), looks=(step,))))
    }
    assert silent == set()


def test_whoever_is_the_owner_by_his_role_has_something_on_his_sheet(every: list[ToldCause]) -> None:
    """Also a step inside of a machine that names nobody else."""
    named = [told for told in every if re.search(rf"{OWNER}(?! for the proof)", told.person)]
    assert [told.cause.rule for told in named if not list(questions_in(told))] == []
    assert {"A08", "G06", "R34"} <= {told.cause.rule for told in named}


def test_a_question_has_no_way_through_the_portal_and_no_key_of_a_file(every: list[ToldCause]) -> None:
    """Others do that; a page of the portal in brackets only says what is spoken of."""
    texts_of = {re.sub(r"\([^()]*\)", "", text) for told in every for text in questions_in(told)}
    offered = "Take Snapshot is not offered then"
    assert [text for text in texts_of if "portal" in text or " As `" in text] == []
    assert [text for text in texts_of if "vSphere client" in text and offered not in text] == []
    assert len(texts_of) > 40


def test_of_several_machines_no_question_names_one_alone(every: list[ToldCause]) -> None:
    several = [(told.cause.items, text) for told in every for text in questions_in(told) if len(told.cause.items) > 1]
    assert several
    assert [text for items, text in several if re.search(rf"(?<![\w-]){re.escape(items[0])}(?![\w-])", text)] == []


def shop() -> Scenario:
    """Two applications; the first has a machine that is powered on on site while it runs in Azure."""
    scenario = load_scenario(resolve("first_drill_modernised"))
    vms = {
        name: replace(vm, at=Phase.FAILOVER_COMMITTED, powered_on=name == "web-01", downtime_agreed=None)
        for name, vm in scenario.estate.virtual_machines.items()
    }
    first = Application("shop", ("web-01", "web-02"), owner="Ann", phone="+49 30 1234")
    rest = Application("rest", tuple(name for name in vms if name not in first.machines), owner="Bob")
    estate = replace(scenario.estate, virtual_machines=vms)
    return replace(scenario, estate=estate, applications=(first, rest), phases_given=frozenset(vms))


def test_each_owner_gets_the_questions_about_his_own_machines() -> None:
    found = runbook(shop(), 1)
    ann, bob = (owner_questions(found.report, found.told, one.machines) for one in shop().applications)
    (twice,) = (one for one in ann if one.rules == ("R32",))
    assert twice.text == "web-01 runs on site and in Azure; which copy of the data counts?"
    assert twice.machines == ("web-01",)
    assert "it is powered on while its copy runs in Azure" in twice.about
    assert not [one for one in bob if "R32" in one.rules or {"web-01", "web-02"} & set(one.machines)]
    assert all(set(one.machines) <= {"web-01", "web-02"} for one in ann)


def test_what_two_rules_ask_stands_once_with_both() -> None:
    found = runbook(shop(), 1)
    asked = owner_questions(found.report, found.told, ("web-01", "web-02"))
    assert len({(one.text, one.machines) for one in asked}) == len(asked)
    assert [one.rules for one in asked if "by promise" in one.text] in ([("B02", "B04")], [])


def test_the_sheet_of_each_owner_has_a_place_for_each_answer(tmp_path: Path) -> None:
    found = runbook(shop(), 1)
    page, markdown = (texts(found)[name] for name in ("runbook.html", "runbook.md"))
    sheet = page.partition("For the owner of shop")[2].partition("For the owner of")[0]
    asked = next(of_one for one, of_one in owners_asked(found).items() if one.name == "shop")
    assert "A11" in {rule for question in asked for rule in question.rules}, "another group has a finding of A11"
    assert sheet.count('class="write answer"') == len(asked)
    assert "which copy of the data counts?" in sheet
    mine = markdown.partition("### shop")[2].partition("### ")[0]
    assert mine.count(" Answer:") == len(asked)
    write_runbook_workbook(found, tmp_path / "runbook.xlsx")
    rows = list(openpyxl.load_workbook(tmp_path / "runbook.xlsx")["questions"].values)
    assert rows[0][-3:] == ("answer", "by", "on")
    assert [row[3] for row in rows if row[0] == "shop"] == [", ".join(one.rules) for one in asked]


def test_a_machine_that_holds_a_disk_of_another_application_is_asked_about_on_the_sheet_of_its_own() -> None:
    report = run_check(CheckRequest("backup_proxy_holds_a_disk")).report
    (asked,) = owner_questions(replace(report, items=()), told_causes(report), ("backup-proxy",))
    assert asked.text.endswith("may this disk be taken from it?")
    assert (asked.rules, asked.machines) == (("B06",), ("backup-proxy",))
