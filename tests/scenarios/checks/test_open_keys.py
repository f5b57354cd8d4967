"""What nobody knows is printed in short: each key once, what could block most machines first, and nothing is lost."""

import io

import pytest
from rich.console import Console

from failback.scenarios.checks.command import CheckRequest, run_check
from failback.scenarios.checks.fill import fill_text
from failback.scenarios.checks.open_keys import NO_KEY, open_keys
from failback.scenarios.checks.page import print_report
from failback.scenarios.checks.told import ToldCause, told_causes
from failback.scenarios.judging.check import Report

STORIES = ("one_vm", "first_drill", "machine_has_snapshots", "group_uses_two_master_targets")


def unknown(report: Report) -> list[ToldCause]:
    return [told for told in told_causes(report) if told.cause.status == "unknown" and not told.not_yet]


def printed(story: str, *rules: str) -> str:
    done, page = run_check(CheckRequest(story)), io.StringIO()
    print_report(done.report, Console(file=page, width=100_000), rules=rules, checked=(story, "sim"))
    return page.getvalue()


@pytest.mark.parametrize("story", STORIES)
def test_each_open_finding_and_each_of_its_keys_has_a_line(story: str) -> None:
    report = run_check(CheckRequest(story)).report
    told = unknown(report)
    found = open_keys(report, told)
    assert {each.cause.id for each in told} == {each.cause.id for key in found for each in key.told}
    assert all(key.where and key.who for key in found)
    in_file = fill_text(report)
    for key in (name.rpartition(": ")[2].rpartition(".")[2] for each in found for name in each.keys):
        assert key in NO_KEY or f"{key}: unknown" in in_file


@pytest.mark.parametrize("story", STORIES)
def test_what_could_block_the_most_machines_is_first(story: str) -> None:
    report = run_check(CheckRequest(story)).report
    found = [(not each.can_block, -len(each.items)) for each in open_keys(report, unknown(report))]
    assert found == sorted(found)


@pytest.mark.parametrize("story", STORIES)
def test_the_page_is_short_and_says_which_commands_print_the_rest(story: str) -> None:
    report = run_check(CheckRequest(story)).report
    told = unknown(report)
    text, rule = printed(story), told[0].cause.rule
    section = text.partition("\nUnknown facts: ")[2].partition("\nCan be known only")[0].partition("\nAdvice:")[0]
    assert len(section.splitlines()) <= len(open_keys(report, told)) + 5
    assert f"Of these {len(told)} findings, `failback check {story} --rule {rule}` prints one whole" in section
    assert f"`failback check {story} --html CHECK.html` writes all" in section
    assert f"{rule} not known: " not in text
    assert f"{rule} not known: " in printed(story, rule)
