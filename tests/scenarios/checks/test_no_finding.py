"""Who asks for a rule by name gets an answer, also where the check has found nothing about it."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from failback.reprotect import REQUIREMENTS
from failback.scenarios.checks.page import print_report
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.judging.check import Report, check_estate


def report_of(name: str) -> Report:
    scenario = load_scenario(resolve(name))
    return check_estate(scenario.estate, scenario.plan)


def printed(report: Report, rule: str) -> str:
    out = io.StringIO()
    print_report(report, Console(file=out, width=2000), rules=(rule,))
    return out.getvalue()


@pytest.mark.parametrize("rule", [row.id for row in REQUIREMENTS])
def test_each_rule_that_is_asked_for_is_answered(rule: str) -> None:
    assert f"{rule} " in printed(report_of("one_modernised_vm"), rule).partition("\n")[2]


@pytest.mark.parametrize(("rule", "seen"), [("F01", "Replication health is Healthy"), ("B11", "Status is Protected")])
def test_what_can_be_known_only_later_says_so_and_where(rule: str, seen: str) -> None:
    scenario = load_scenario(resolve("one_modernised_vm"))
    vms = scenario.estate.virtual_machines
    seen_before = {n: replace(vm, replication_health="normal", resync_required=False) for n, vm in vms.items()}
    report = check_estate(replace(scenario.estate, virtual_machines=seen_before), scenario.plan)
    line = next(each for each in printed(report, rule).splitlines() if each.startswith(rule))
    assert "only after the reprotect has begun" in line
    assert seen in line
