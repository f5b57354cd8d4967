"""What does not block and loses data stands above what is unknown and above advice, in a group of its own."""

import io
import json
from dataclasses import replace

import pytest
from rich.console import Console

from failback.reprotect import Phase
from failback.scenarios.checks.as_json import report_json
from failback.scenarios.checks.finding_lines import lines_of
from failback.scenarios.checks.page import TITLES, print_report
from failback.scenarios.checks.told import told_causes
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Scenario
from failback.scenarios.judging.check import Readiness, Report, Status, check_estate
from failback.scenarios.runbooks.command import texts
from failback.scenarios.runbooks.runbook import runbook

TITLE = "Fix before the return: data is lost otherwise"
ON_SITE = "what was written on site since the failover is lost"


def runs_twice() -> Scenario:
    scenario = load_scenario(resolve("first_drill_modernised"))
    machines = scenario.estate.virtual_machines
    twice = replace(machines["web-01"], powered_on=True, at=Phase.FAILOVER_COMMITTED, way_home_rehearsed=False)
    estate = replace(scenario.estate, virtual_machines={**machines, "web-01": twice})
    return replace(scenario, plan=replace(scenario.plan, recovery_plans=()), estate=estate)


def checked(scenario: Scenario) -> Report:
    return check_estate(scenario.estate, scenario.plan)


def printed(report: Report) -> str:
    file = io.StringIO()
    print_report(report, Console(file=file, width=400))
    return file.getvalue()


def test_a_machine_that_runs_twice_is_among_what_must_be_fixed_first() -> None:
    report = checked(runs_twice())
    (twice,) = (finding for finding in report.of(Status.BEFORE_RETURN) if finding.rule == "R32")
    assert (twice.item, twice.can_block) == ("web-01", False), "the run goes on: it is no blocker"
    assert report.readiness is not Readiness.NOT_READY
    text = printed(report)
    assert "Data of 1 machine is lost if nobody acts before the return (R32)." in text
    assert text.index(f"{TITLE}: 1") < text.index("R32 not met") < text.index(f"\n{TITLES[Status.ADVICE]}")
    assert "(advice: does not block): machine on site can be turned off" not in text


def test_in_json_its_cause_says_so_and_its_finding_keeps_the_status_that_scripts_know() -> None:
    told = report_json(checked(runs_twice()), scenario="", world="sim", notes=(), unknown_blocks=False)
    assert {row["status"] for row in told["causes"] if row["rule"] == "R32"} == {"before_return"}
    assert {row["status"] for row in told["findings"] if row["rule"] == "R32"} == {"advice"}
    json.dumps(told)


def costs(page: str, leg: str) -> str:
    """What the first wave pays for a leg."""
    return page.partition(f": {leg}</h2>")[2].partition("<dt>what it costs</dt>")[2].partition("</dd>")[0]


def test_the_leg_that_loses_the_data_says_what_it_costs() -> None:
    page = texts(runbook(runs_twice(), 1))["runbook.html"]
    words = costs(page, "Reprotect to on-premises")
    assert f"web-01: it is powered on while its copy runs in Azure; the reprotect turns it off, and {ON_SITE}" in words
    assert "Nothing" not in words
    assert ON_SITE not in costs(page, "Failback"), "the failback loses nothing more"
    usual = costs(texts(runbook(load_scenario(resolve("one_vm")), 1))["runbook.html"], "Reprotect to on-premises")
    assert "Nothing" in usual


@pytest.mark.parametrize("story", ["disk_was_added_in_azure", "added_disk_stays_behind", "excluded_disk_is_lost"])
def test_so_does_the_failback_of_a_machine_with_a_disk_that_stays_behind(story: str) -> None:
    scenario = load_scenario(resolve(story))
    (told,) = (each for each in told_causes(checked(scenario)) if each.cause.status == Status.BEFORE_RETURN.value)
    assert "data is lost" in dict(lines_of(told, whole=True))["why"]
    page = texts(runbook(scenario, 1))["runbook.html"]
    assert f"Data is lost unless {told.cause.rule} is fixed first: " in costs(page, "Failback")
    assert "Data is lost" not in costs(page, "Reprotect to on-premises")
    assert "data is lost otherwise</h3>" in page
