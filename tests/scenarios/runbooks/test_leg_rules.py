"""Sheets in order of time; each condition has one box; what is asked of a twin stands at its own step."""

import re
from collections import Counter
from dataclasses import replace

import pytest

from failback.reprotect import REQUIREMENTS, UNKNOWN, Operation, Wave
from failback.scenarios.files.applications import Application
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Scenario
from failback.scenarios.runbooks.causes import without_box
from failback.scenarios.runbooks.command import texts
from failback.scenarios.runbooks.leg_rules import leg_rules
from failback.scenarios.runbooks.night_plan import night_plan
from failback.scenarios.runbooks.rows import all_steps
from failback.scenarios.runbooks.runbook import Runbook, Section, runbook
from failback.scenarios.runbooks.twin_questions import twin_questions

UUID = "42300000-0000-0000-0000-000000000001"


def in_waves(name: str, **waves: tuple[str, ...]) -> Scenario:
    scenario = load_scenario(resolve(name))
    named = tuple(Wave(wave, items) for wave, items in waves.items())
    return replace(scenario, plan=replace(scenario.plan, waves=named, recovery_plans=()))


def halves(name: str) -> Scenario:
    names = tuple(load_scenario(resolve(name)).estate.virtual_machines)
    return in_waves(name, first=names[:4], second=names[4:])


def begins(section: Section) -> float:
    return min((one.begins.middle_s for one in section.requests if one.begins), default=float("inf"))


@pytest.mark.parametrize("name", ["first_drill", "first_drill_modernised", "seed_ahead"])
def test_sheets_are_in_order_of_time(name: str) -> None:
    scenario = load_scenario(resolve(name)) if name == "seed_ahead" else halves(name)
    found = runbook(scenario, 2)
    assert [begins(section) for section in found.sections] == sorted(begins(section) for section in found.sections)
    for wave in {section.wave for section in found.sections}:
        legs = [section.operation for section in found.sections if section.wave == wave]
        assert legs == sorted(legs, key=list(Operation).index)


def test_a_wave_that_stays_behind_comes_after_those_that_happen() -> None:
    scenario = halves("first_drill_modernised")
    stay = scenario.plan.waves[0].items
    machines = scenario.estate.virtual_machines
    gone = {name: replace(vm, target="hyper-v") if name in stay else vm for name, vm in machines.items()}
    found = runbook(replace(scenario, estate=replace(scenario.estate, virtual_machines=gone)), 1)
    waves = [section.wave for section in found.sections]
    assert waves.index("first") > waves.index("second")
    happening = [section.wave for section in found.sections if begins(section) < float("inf")]
    assert waves[: len(happening)] == happening


def test_applications_and_their_machines_are_in_order_of_time() -> None:
    scenario = halves("first_drill_modernised")
    first, second = (wave.items for wave in scenario.plan.waves)
    late, early = Application("late", (second[0], second[1])), Application("early", (second[2], first[0]))
    found = runbook(replace(scenario, applications=(late, early)), 1)
    named = [one.name for one in found.applications if one.name in ("late", "early")]
    assert named == ["early", "late"]
    assert [vm.name for vm in found.applications[early]] == [first[0], second[2]]
    page = texts(found)["runbook.html"]
    assert page.index("For the owner of early") < page.index("For the owner of late")


LATER = {row.id for row in REQUIREMENTS if row.after_reprotect}
"""What the check has found of one machine says nothing of the others: these are looked at after their reprotect."""


@pytest.mark.parametrize("name", ["one_vm", "first_drill", "first_drill_modernised"])
def test_each_condition_has_one_box(name: str) -> None:
    """For the machines of a leg: under *Before the return*, or at the first leg before which it is looked at."""
    scenario = load_scenario(resolve(name)) if name == "one_vm" else halves(name)
    found = runbook(scenario, 1)
    boxed: Counter[tuple[str, str]] = Counter()
    for section, rules in zip(found.sections, leg_rules(found), strict=True):
        boxes = [box.rule.id for box in (*rules.boxes, *rules.after)]
        for rule in boxes:
            boxed.update((rule, item) for request in section.requests for item in request.items)
        looked_at = set(boxes) | set(rules.before)
        assert looked_at <= {rule.id for rule in section.rules} - {rule.id for rule in section.met}
    assert boxed
    assert set(boxed.values()) == {1}
    for before in boxed_before(found):
        assert before
        assert not before & {rule for rule, _ in boxed} - LATER


def boxed_before(found: Runbook) -> tuple[set[str], set[str]]:
    """The rules with a box under *Before the return*, in both pages."""
    pages = texts(found)
    text = pages["runbook.md"].partition("## Before the return")[2].partition("## People")[0]
    html = pages["runbook.html"].partition("<h2>Before the return</h2>")[2].partition("<h2>People")[0]
    in_text = set(re.findall(r"^- \[ \] \*\*(\w+)\*\*", text, re.MULTILINE))
    in_html = set(re.findall(r"&#9744;</td><td class=\"name number\">(\w+)<", html))
    return in_text, in_html


def test_the_rules_met_are_named_once_and_then_by_what_differs() -> None:
    found = runbook(halves("first_drill_modernised"), 1)
    seen: dict[Operation, set[str]] = {}
    for section, rules in zip(found.sections, leg_rules(found), strict=True):
        if section.operation not in seen:
            seen[section.operation] = {rule.id for rule in section.met}
            assert (rules.met, rules.met_in) == (section.met, "")
        elif rules.met_in:
            told = (seen[section.operation] - set(rules.not_met)) | {rule.id for rule in rules.met}
            assert told == {rule.id for rule in section.met}
    assert any(rules.met_in == "first" for rules in leg_rules(found))


def twins(**waves: tuple[str, ...]) -> Runbook:
    scenario = in_waves("first_drill_modernised", **waves)
    vms = dict(scenario.estate.virtual_machines)
    for name in ("web-01", "sql-01"):
        vms[name] = replace(vms[name], bios_uuid=UUID)
    shop = Application("shop", ("sql-01",), owner="Ann", phone="+49 1")
    estate = replace(scenario.estate, virtual_machines=vms)
    return runbook(replace(scenario, estate=estate, applications=(shop,)), 1)


def test_the_question_about_a_twin_stands_at_the_step_of_the_one_that_comes_later() -> None:
    names = tuple(load_scenario(resolve("first_drill_modernised")).estate.virtual_machines)
    others = tuple(name for name in names if name not in ("web-01", "sql-01"))
    found = twins(early=("sql-01", *others), late=("web-01",))
    (item, question), *more = twin_questions(found).items()
    assert (item, more) == ("web-01", [])
    assert "Was it answered with yes, before the commit of sql-01," in question
    asked = [step for step in all_steps(found) if step.question]
    assert [(step.subject, step.leg) for step in asked] == [
        ("sql-01", "Commit failback"),
        ("web-01", "Reprotect to on-premises"),
        ("sql-01", "Reprotect to Azure"),
        ("web-01", "Commit failback"),
    ]
    first, _, anew, _ = asked
    assert anew.question.endswith("show one BIOS UUID for both machines? If yes, leave out this step")
    assert "after the return, the replication of sql-01 is disabled and enabled anew" in anew.question
    assert "Ask the owner of application shop: Ann, telephone +49 1: are its data its own?" in first.question
    pages = texts(found)
    assert pages["runbook.md"].count(f"- [ ] Before step {first.number}: ") == 1
    row = next(part for part in pages["runbook.html"].split("<tr>") if "Before this step:" in part)
    assert f'<td class="number">{first.number}</td>' in row
    assert "are its data its own?" in pages["steps.csv"]
    (call,) = (row.call for row in night_plan(found) if (row.wave, row.leg) == (first.wave, first.leg))
    assert call == (("shop (Fri 22:12): Ann", "+49 1"),), "whoever is asked is in the column of calls"
    other = twins(early=("web-01", *others), late=("sql-01",))
    assert list(twin_questions(other)) == ["sql-01"]


def test_who_is_called_stands_on_a_line_of_its_own_that_breaks_between_persons_alone() -> None:
    scenario = load_scenario(resolve("one_vm"))
    shop = Application("shop", ("app-01",), owner="Ann", phone="+49 1")
    page = texts(runbook(replace(scenario, applications=(shop,)), 1))["runbook.html"]
    calls = re.findall(r'<li>(<span class="person">shop \(.*?)</li>', page)
    assert len(calls) == 2, "the Failback and its Commit"
    for call in calls:
        assert re.fullmatch(
            r'<span class="person">shop \(Fri [\d:]+\): Ann <span class="phone">\+49 1</span>\.</span> <span.*', call
        )
    assert ".person { display: inline-block; }" in page
    for blank in re.findall(r'(\w+:) <span class="write-in', page):
        assert blank not in ("Chosen:", "Name:") or f'<span class="person">{blank}' in page


def test_a_box_before_the_return_has_only_steps_that_can_be_done_then() -> None:
    """The reprotect asks for its tick: what waits for a commit stands after the return."""
    names = tuple(load_scenario(resolve("first_drill_modernised")).estate.virtual_machines)
    others = tuple(name for name in names if name not in ("web-01", "sql-01"))
    page = texts(twins(early=("sql-01", *others), late=("web-01",)))["runbook.md"]
    box = next(
        line for line in page.partition("## Before the return")[2].splitlines() if line.startswith("- [ ] **R11**")
    )
    assert "prints the BIOS UUID" in box
    assert "(The later steps stand where they are done: before the Commit, After the return.)" in box
    assert not re.search("Disable replication|before the commit|after the commit", box)
    after = page.partition("## After the return")[2]
    assert re.search(r"\*\*R11\*\*.*after the commit of both.*Disable replication.*NewGuid", after)


def test_the_steps_of_a_clash_have_the_same_numbers_before_and_after_the_waves_are_planned() -> None:
    names = tuple(load_scenario(resolve("first_drill_modernised")).estate.virtual_machines)
    others = tuple(name for name in names if name not in ("web-01", "sql-01"))
    apart, one = twins(early=("sql-01", *others), late=("web-01",)), twins(only=names)
    many = [next(len(told.steps) for told in found.told if told.cause.rule == "R11") for found in (apart, one)]
    assert many[0] == many[1]


def test_what_goes_on_after_the_failback_stands_there() -> None:
    scenario = load_scenario(resolve("one_modernised_vm"))
    vm = scenario.estate.virtual_machines["app-01"]
    vm = replace(vm, azure=replace(vm.azure, needed_after_return=True))
    found = runbook(replace(scenario, estate=replace(scenario.estate, virtual_machines={vm.name: vm})), 1)
    page = texts(found)["runbook.md"]
    before, _, on_site = page.partition("on site, after the Failback")
    assert "before the commit, write to" not in before.partition("## Before the return")[2].partition("## People")[0]
    assert re.search(r"\*\*F05\*\*.*going on from.*4\\\. before the commit, write to", on_site)


def test_what_nobody_knows_of_the_link_has_a_box_and_is_not_called_met() -> None:
    scenario = load_scenario(resolve("one_modernised_vm"))
    link = replace(scenario.estate.link, forward=UNKNOWN)
    found = runbook(replace(scenario, estate=replace(scenario.estate, link=link)), 1)
    assert "N02" not in {rule.id for rules in leg_rules(found) for rule in rules.met}
    page = texts(found)["runbook.md"]
    assert re.search(r"\*\*N02\*\*", page.partition("## Before the return")[2].partition("## People")[0])


def test_a_machine_that_does_not_come_holds_up_no_rule_of_the_others() -> None:
    scenario = halves("first_drill_modernised")
    stays = scenario.plan.waves[0].items[0]
    machines = scenario.estate.virtual_machines
    gone = {name: replace(vm, target="hyper-v") if name == stays else vm for name, vm in machines.items()}
    found = runbook(replace(scenario, estate=replace(scenario.estate, virtual_machines=gone)), 1)
    rules = dict(zip(((one.wave, one.operation) for one in found.sections), leg_rules(found), strict=True))
    first = rules["first", Operation.REPROTECT_TO_ON_PREMISES]
    assert "R15" in {rule.id for rule in first.met}
    assert "R15" not in first.before


def test_each_finding_of_the_check_has_a_box_or_is_named_without_one() -> None:
    found = runbook(load_scenario(resolve("first_drill_modernised")), 1)
    left = without_box(found)
    page = texts(found)["runbook.md"]
    assert left
    assert f"Advice without a box here: {', '.join(left)}." in page
    assert {told.cause.rule for told in found.told if f"**{told.cause.rule}**" not in page} <= set(left)
