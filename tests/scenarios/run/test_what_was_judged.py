"""A run's result says what was judged, as a check of the same scenario does; and its report shows it."""

import json
from pathlib import Path

import pytest

from failback.scenarios import load_scenario, play, resolve
from failback.scenarios.judging.check import check_estate
from failback.scenarios.judging.judged import coverage_words, covered, judged_of
from failback.scenarios.outputs.run_folders.result_file import read_result
from failback.scenarios.reports.publishing import write_result
from failback.scenarios.reports.report import junit_xml, write_report

STORIES = ("first_drill", "first_drill_modernised", "appliance_is_unhealthy", "classic_value_in_a_modernised_plan")


@pytest.mark.parametrize("name", STORIES)
def test_a_run_and_a_check_say_the_same_of_each_rule_and_machine(name: str) -> None:
    scenario = load_scenario(resolve(name))
    result, judged = play(scenario), judged_of(check_estate(scenario.estate, scenario.plan))
    assert result.judged == judged.by_rule()
    assert result.judged_machines == judged.machines
    assert covered(result.judged, len(result.items)) == coverage_words(judged)


def test_the_file_has_the_counts_of_each_rule_and_reads_back_in_the_rules_order(tmp_path: Path) -> None:
    result = play(load_scenario(resolve("first_drill_modernised")))
    write_result(result, tmp_path)
    stored = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))["judged"]
    assert stored == result.judged
    assert all(sum(answers.values()) == len(result.items) for answers in stored.values())
    assert len(json.dumps(stored)) < 15_000, "it does not grow with the machines"
    again = read_result(tmp_path / "result.json")
    assert [(rule, list(each.items())) for rule, each in again.judged.items()] == [
        (rule, list(each.items())) for rule, each in result.judged.items()
    ]


def test_report_and_junit_show_what_a_green_run_covers(tmp_path: Path) -> None:
    result = play(load_scenario(resolve("one_modernised_vm")))
    words = covered(result.judged, len(result.items))
    assert words.startswith("Rules: ")
    assert words in junit_xml(result)
    write_report(result, tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert words in page
    assert all(f'<td class="name judged">{rule}</td>' in page for rule in result.judged)
