"""An owner reads one time, whatever command told it: `new`, the runbook and the pilot count a downtime alike."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from statistics import median

import pytest
from openpyxl import load_workbook

from failback.reprotect import Operation, Together
from failback.scenarios.estates.plan_doubts import plan_doubts
from failback.scenarios.files.applications import Application
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Homecoming, ManualStep, Scenario, Target
from failback.scenarios.outcomes.application_downtime import Span
from failback.scenarios.outcomes.bands import band
from failback.scenarios.outcomes.planned_downtime import application_downs
from failback.scenarios.outcomes.planned_runs import planned_answers
from failback.scenarios.runbooks.application_rows import application_rows
from failback.scenarios.runbooks.command import texts
from failback.scenarios.runbooks.on_site import all_acts
from failback.scenarios.runbooks.pilot import pilot
from failback.scenarios.runbooks.pilot_rows import as_json, pilot_rows
from failback.scenarios.runbooks.runbook import Runbook, runbook
from failback.scenarios.runbooks.sheets import write_runbook_workbook
from failback.scenarios.text.plain_words import h_min
from failback.simulator import Duration


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """A drill whose database is checked at night by its owner, and may be down for ten minutes."""
    step = ManualStep("look", Duration(low_s=300, mode_s=600, high_s=1800))
    home = Homecoming(manual_steps=(step,), targets=(Target(downtime_s=600.0),))
    shop = Application("shop", ("sql-01",), owner="Ann")
    story = load_scenario(resolve("first_drill_modernised"))
    plan = replace(story.plan, recovery_plans=())
    return replace(story, plan=plan, homecoming=home, applications=(shop,), starts_at=story.starts_at.replace(hour=22))


@pytest.fixture(scope="module")
def found(scenario: Scenario) -> Runbook:
    return runbook(scenario)


def test_new_calls_an_owner_when_the_runbook_does(scenario: Scenario, found: Runbook) -> None:
    (row,) = application_rows(found)
    begins, _, ends = row.down.partition(" (")[0].partition(" to ")
    clocks = [each.rpartition(" ")[2] for each in (begins, ends)]
    (told,) = (line for line in plan_doubts(scenario).words if "OWNERS CALLED" in line)
    assert [word.strip(".;") for word in told.split("Ann")[1].split() if ":" in word] == clocks
    assert f"the middle of {found.runs} runs" in told


def test_new_and_the_runbook_judge_lateness_in_the_slowest_run(scenario: Scenario, found: Runbook) -> None:
    (row,) = application_rows(found)
    slowest = max(
        item.downtime_s for answer in planned_answers(scenario) for item in answer.items if item.item == "sql-01"
    )
    assert row.late_by == h_min(slowest - 600.0)
    (told,) = (line for line in plan_doubts(scenario).words if "DOWN LONGER" in line)
    assert f"late by {row.late_by})" in told
    assert f"in the slowest of {found.runs} simulated runs" in told


def test_a_pilot_names_one_downtime_of_a_machine(scenario: Scenario) -> None:
    """From when it is stopped in Azure until it has been checked, as on the sheet of its owner."""
    chosen = pilot(scenario)
    made = runbook(replace(scenario, applications=()), 3)
    for row, group in zip(pilot_rows(scenario, chosen, made.requests), chosen.groups, strict=True):
        down_s = max(made.downs[name].ends_s - made.downs[name].begins_s for name in group.machines)
        assert re.match(
            rf"down for {h_min(down_s)} \(90 % of the runs: .* to .*\), until it has been checked", row.takes
        )
    for each in as_json(scenario, chosen, made.requests)["groups"]:
        assert each["down_s"] >= 300.0, "the check of a machine belongs to its downtime"


def test_machines_that_fail_back_together_are_down_until_the_commit_that_waits_for_all(scenario: Scenario) -> None:
    """One instant on every page: the end of the downtime, that of the boxes, and the begin of the commits."""
    names = ("sql-01", "web-01", "web-02")
    together = (Together("shop", (("sql-01",), ("web-01", "web-02"))),)
    shop = Application("shop", names, owner="Ann")
    vms = {name: replace(vm, static_ip=True) for name, vm in scenario.estate.virtual_machines.items()}
    estate = replace(scenario.estate, virtual_machines=vms)
    story = replace(scenario, estate=estate, plan=replace(scenario.plan, together=together), applications=(shop,))
    made = runbook(story)
    commits = {item: one for one in made.requests if one.operation is Operation.COMMIT_FAILBACK for item in one.items}
    begins = {name: one.begins.middle_s for name, one in commits.items() if one.begins}
    assert {name: down.ends_s for name, down in made.downs.items() if name in names} == {n: begins[n] for n in names}
    acts = [act for act in all_acts(made) if act.machine in names]
    assert {act.ends_s for act in acts} == {begins["sql-01"]}
    (row,) = application_rows(made)
    ends = row.down.partition(" (")[0].partition(" to ")[2]
    (told,) = (line for line in plan_doubts(story).words if "OWNERS CALLED" in line)
    assert ends.rpartition(" ")[2] in told.split("Ann")[1]


def lasts_in_runs(made: Runbook, names: tuple[str, ...]) -> list[float]:
    """How long these are down in each run, from the first that is stopped until the last is checked."""
    spans = [[span for name in names if (span := made.downs[name].runs[n])] for n in range(made.runs)]
    return [max(end for _, end in run) - min(begin for begin, _ in run) for run in spans]


@pytest.mark.parametrize("names", [("sql-01",), ("web-01", "web-02")])
def test_a_downtime_has_its_band_on_each_page_that_an_owner_reads(
    scenario: Scenario, names: tuple[str, ...], tmp_path: Path
) -> None:
    made = runbook(replace(scenario, applications=(Application("shop", names, owner="Ann"),)))
    least, most = map(h_min, band(lasts_in_runs(made, names)))
    (row,) = application_rows(made)
    assert row.down.endswith(f"; 90 % of the runs: {least} to {most})")
    pages = texts(made)
    assert pages["runbook.md"].count(row.down) >= 2, "the table of the applications, and the owner's sheet"
    assert pages["runbook.html"].count(row.down) >= 2
    write_runbook_workbook(made, tmp_path / "runbook.xlsx")
    heads, *rows = load_workbook(tmp_path / "runbook.xlsx")["applications"].iter_rows(values_only=True)
    told = {line["machine"]: line["planned downtime"] for line in (dict(zip(heads, row, strict=True)) for row in rows)}
    for name in names:
        least, most = map(h_min, band(lasts_in_runs(made, (name,))))
        assert f"; 90 % of the runs: {least} to {most})" in str(told[name])
        assert str(told[name]) in pages["runbook.md"]


def test_an_application_is_down_until_the_last_of_its_machines_is_checked_in_the_middle_too(scenario: Scenario) -> None:
    """The last one differs between the runs, so that the middle is later than that of either."""
    names = ("web-01", "web-02")
    apart = replace(scenario.plan, together=())
    made = runbook(replace(scenario, plan=apart, applications=(Application("shop", names, owner="Ann"),)))
    downs = application_downs(
        made.scenario, made.scenario.applications[0], list(spans_in_runs(made)), dict.fromkeys(names, "one")
    )
    lasts = [max(span[1] for name in names if (span := made.downs[name].runs[n])) for n in range(made.runs)]
    assert downs["one"].ends_s == median(lasts) >= max(made.downs[name].ends_s for name in names)
    assert downs["one"].begins_s == min(made.downs[name].begins_s for name in names)


def spans_in_runs(made: Runbook) -> Iterator[Mapping[str, Span]]:
    for n in range(made.runs):
        yield {name: span for name, down in made.downs.items() if (span := down.runs[n])}
