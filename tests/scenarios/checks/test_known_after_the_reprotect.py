"""What begins with the reprotect is unknown before it to everybody: it is counted apart, and nobody looks it up now."""

import io
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import fromstring

import pytest
from rich.console import Console

from failback.reprotect import REQUIREMENTS, UNKNOWN, Estate, Phase
from failback.scenarios.checks.accept import Accepted
from failback.scenarios.checks.as_json import report_json
from failback.scenarios.checks.command import CheckRequest, run_check
from failback.scenarios.checks.junit import junit_text
from failback.scenarios.checks.page import AFTER_REPROTECT, in_groups, print_report
from failback.scenarios.checks.sarif import sarif
from failback.scenarios.checks.summary import summary_lines
from failback.scenarios.checks.tasks import task_rows
from failback.scenarios.checks.told import told_causes
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.resolved import resolved_text
from failback.scenarios.files.schema import Scenario
from failback.scenarios.judging.check import Report, Status, check_estate
from failback.scenarios.runbooks.causes import doubtful, tasks
from failback.scenarios.runbooks.command import texts
from failback.scenarios.runbooks.runbook import runbook

LATER: Final = frozenset(row.id for row in REQUIREMENTS if row.after_reprotect)
OF_MACHINES: Final[dict[str, Any]] = {
    "replication_starts": UNKNOWN,
    "recovery_points": UNKNOWN,
    "backlog_mib": UNKNOWN,
    "rpo_s": UNKNOWN,
    "replication_health": UNKNOWN,
    "resync_required": UNKNOWN,
}
BEFORE, AFTER = Phase.FAILOVER_COMMITTED, Phase.REPLICATING_TO_ON_PREMISES


def estate_at(estate: Estate, at: Phase, **facts: Any) -> Estate:
    machines = {name: replace(vm, at=at, **facts) for name, vm in estate.virtual_machines.items()}
    targets = {n: replace(one, storage_vmotion=UNKNOWN) for n, one in estate.master_targets.items()}
    boxes = {n: replace(one, storage_vmotion=UNKNOWN) for n, one in estate.appliances.items()}
    return replace(estate, virtual_machines=machines, master_targets=targets, appliances=boxes)


def scenario_at(story: str, at: Phase, **facts: Any) -> Scenario:
    scenario = load_scenario(resolve(story))
    return replace(scenario, estate=estate_at(scenario.estate, at, **(OF_MACHINES | facts)))


def checked(scenario: Scenario) -> Report:
    return check_estate(scenario.estate, scenario.plan)


def printed(report: Report) -> str:
    file = io.StringIO()
    print_report(report, Console(file=file, width=400))
    return file.getvalue()


def unknown_in(report: Report, *, not_yet: bool) -> set[str]:
    return {finding.rule for finding in report.of(Status.UNKNOWN) if finding.not_yet is not_yet}


@pytest.mark.parametrize(("story", "server"), [("first_drill", "M06"), ("first_drill_modernised", "A09")])
def test_they_are_counted_apart_before_the_reprotect_and_with_the_others_after_it(story: str, server: str) -> None:
    before, after = checked(scenario_at(story, BEFORE)), checked(scenario_at(story, AFTER))
    assert unknown_in(before, not_yet=True) == {"R31", "F01", "F02", "B05", "B10", "B11", server}
    assert before.later == {"R31", "F01", "F02", "B11", server} <= before.unsure
    assert not unknown_in(before, not_yet=False) & LATER
    assert not after.later
    assert unknown_in(after, not_yet=False) >= {"F01", "F02", "B05", "B10", "B11", server}


def test_the_headline_does_not_count_them_and_says_how_many_there_are() -> None:
    report = checked(scenario_at("first_drill_modernised", BEFORE))
    now = len(report.unsure - report.later)
    assert f"{now} of {len(report.rules)} rules" in report.headline or f"{now} of the" in printed(report)
    text = printed(report)
    assert "5 rules can be judged only after the reprotect: A09, B11, F01, F02, R31." in text
    assert text.index("\nUnknown facts: ") < text.index(f"\n{AFTER_REPROTECT}: 7 (5 could block a machine")
    group = text.partition(f"\n{AFTER_REPROTECT}")[2].partition("\n\n\n")[0].partition("\nAdvice")[0]
    assert "proof" not in group.partition("Where the machines return to")[0], "a short list"


def test_where_nothing_else_is_unknown_the_headline_says_so() -> None:
    report = checked(scenario_at("first_drill_modernised", BEFORE))
    alone = replace(report, unsure=report.later, items=())
    assert alone.headline.startswith("nothing else to look up now: 5 of ")


def test_a_machine_that_was_reprotected_makes_the_rule_one_that_is_looked_up_now() -> None:
    scenario = scenario_at("first_drill_modernised", BEFORE)
    first, *_ = machines = dict(scenario.estate.virtual_machines)
    machines[first] = replace(machines[first], at=AFTER)
    report = checked(replace(scenario, estate=replace(scenario.estate, virtual_machines=machines)))
    assert "F02" in report.unsure - report.later


def test_they_never_count_as_blockers_before_the_reprotect() -> None:
    """Otherwise a check with `--unknown-blocks` could not pass before the machines are on their way."""
    report = checked(scenario_at("first_drill_modernised", BEFORE))
    told = told_causes(report)
    later = tuple(each for each in told if each.not_yet)
    assert later
    assert report.blocks(unknown_blocks=True), "other rules are unknown too"
    assert not replace(report, unsure=report.later).blocks(unknown_blocks=True)
    assert not Accepted(later, {}, ()).still_blocks(unknown_blocks=True)
    assert Accepted(told, {}, ()).still_blocks(unknown_blocks=True)
    text = " ".join(summary_lines(report, None, unknown_blocks=True))
    assert "(--unknown-blocks), but not those that can be known only after the reprotect." in text


def test_they_are_open_in_sarif_and_skipped_in_junit_before_the_reprotect(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(resolved_text(scenario_at("first_drill_modernised", BEFORE), "x"), encoding="utf-8")
    done = run_check(CheckRequest(str(file), unknown_blocks=True))
    log: Any = sarif(done.report, done.located.places, unknown_blocks=True)
    kinds = {row["ruleId"]: row["kind"] for row in log["runs"][0]["results"] if row["ruleId"] in done.report.unsure}
    assert {rule for rule, kind in kinds.items() if kind == "open"} == done.report.later
    cases = list(fromstring(junit_text(done)).iter("testcase"))
    failed = {(case.get("classname") or "").rpartition(".")[2] for case in cases if case.find("failure") is not None}
    assert failed == done.report.open_now


def test_files_say_it_too() -> None:
    report = checked(scenario_at("first_drill_modernised", BEFORE))
    told = report_json(report, scenario="", world="sim", notes=(), unknown_blocks=False)
    assert told["rules"]["later"] == ["A09", "B11", "F01", "F02", "R31"]
    assert {row["rule"] for row in told["causes"] if row["after_reprotect"]} == {
        "A09",
        "F01",
        "F02",
        "R31",
        "B05",
        "B10",
        "B11",
    }
    effects = {row[2].partition(" ")[0]: row[1] for row in task_rows(report, None)}
    assert {effects[rule] for rule in report.later} == {AFTER_REPROTECT.lower()}
    groups = {title: {each.cause.rule for each in causes} for title, causes in in_groups(told_causes(report))}
    assert groups[AFTER_REPROTECT] == {*report.later, "B05", "B10"}


def test_a_runbook_asks_nobody_for_them_before_the_return_and_calls_no_machine_doubtful_for_them() -> None:
    known = dict(load_scenario(resolve("first_drill_modernised")).estate.virtual_machines)
    scenario = load_scenario(resolve("first_drill_modernised"))
    machines = {name: replace(vm, recovery_points=UNKNOWN) for name, vm in known.items()}
    found = runbook(replace(scenario, estate=replace(scenario.estate, virtual_machines=machines)), 1)
    assert "F02" not in {task.rule for task in tasks(found, Status.UNKNOWN)}
    of_these = tuple(finding for finding in found.findings if finding.rule in LATER and finding.can_block)
    assert of_these
    assert not doubtful(replace(found, findings=of_these))
    page = texts(found)["runbook.html"]
    assert "<b>Can be known only after the reprotect</b>, and is looked up then: <b>F0" in page
    assert "<b>F02</b>" in page
