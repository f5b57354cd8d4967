"""Wherever several owners decide or answer, each has a line of his own: one blank would not say who answered what."""

import re
from dataclasses import replace
from typing import Any, Final

import pytest

from failback.reprotect import UNKNOWN, Operation, OsFamily, Together
from failback.scenarios.files.applications import Application
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.runbooks.answer_lines import BLANK, answer_lines, go_lines
from failback.scenarios.runbooks.command import texts
from failback.scenarios.runbooks.runbook import Runbook, runbook

OWNERS: Final = {"Ann": "shop", "Bob": "wiki"}
BLOCK: Final = re.compile(r"<(p|li|div|td)\b[^>]*>((?:(?!<(?:p|li|div|td)\b).)*?)</\1>", re.DOTALL)


def of_two_owners() -> Runbook:
    """They answer for snapshots, for machines that come home together, and for work that may be needed."""
    scenario = load_scenario(resolve("first_drill_modernised"))
    facts: dict[str, Any] = {"snapshots": ("before",), "os": OsFamily.LINUX, "mounts_by_hand": UNKNOWN}
    machines = {name: replace(vm, **facts) for name, vm in scenario.estate.virtual_machines.items()}
    first, second, *rest = machines
    made = (
        Application("shop", (first,), owner="Ann", phone="+49 1"),
        Application("wiki", (second,), owner="Bob"),
        Application("mail", tuple(rest), owner="Bob"),
    )
    together = (Together("all", (tuple(machines),)),)
    plan = replace(scenario.plan, together=together, recovery_plans=())
    estate = replace(scenario.estate, virtual_machines=machines)
    return runbook(replace(scenario, estate=estate, plan=plan, applications=made), 1)


def asked_in(text: str) -> list[str]:
    """Owners of whom it wants an answer; others are waited for, and asked elsewhere."""
    asked = re.sub(r"and hold steps? .*? without [\w-]+", "", text)
    return [owner for owner in OWNERS if owner in asked]


FOUND: Final = of_two_owners()
PAGES: Final = texts(FOUND)


def test_a_block_with_a_blank_that_names_several_owners_has_a_blank_for_each() -> None:
    several = 0
    for _, block in BLOCK.findall(PAGES["runbook.html"]):
        named = asked_in(block)
        if len(named) > 1 and "write-in" in block:
            several += 1
            lines = re.findall(r'<span class="each">(.*?)</span></span></span>', block)
            assert len(lines) == len(named), block
            assert all(owner in " ".join(lines) for owner in named)
    assert several >= 3, "R05, the failback and the commit together"


def test_markdown_has_a_line_for_each_too() -> None:
    lines = PAGES["runbook.md"].splitlines()
    asked = [n for n, line in enumerate(lines) if line.endswith("by whom:") and len(asked_in(line)) > 1]
    assert len(asked) >= 3
    for n in asked:
        assert [line.endswith(f": {BLANK}") for line in lines[n + 1 : n + 3]] == [True, True]
    for line in lines:
        assert not (line.endswith(f"by whom: {BLANK}") and len(asked_in(line)) > 1), line


@pytest.mark.parametrize("operation", [Operation.FAILBACK, Operation.COMMIT_FAILBACK])
def test_the_point_of_no_return_has_the_name_answer_and_time_of_each_owner(operation: Operation) -> None:
    (section,) = (one for one in FOUND.sections if one.operation is operation)
    lines = go_lines(FOUND, section)
    assert [line.owner for line in lines] == ["Ann", "Bob"], "applications of one owner share a line"
    assert [len(line.about) for line in lines] == [1, 2]
    for line in lines:
        (text,) = (each for each in re.findall(r"<li>(.*?)</li>", PAGES["runbook.html"]) if line.words in each)
        assert text.count("write-in") == 3
        (text,) = (each for each in PAGES["runbook.md"].splitlines() if each.startswith(f"- [ ] {line.words}"))
        assert text.count(BLANK) == 3


def test_one_person_has_one_blank() -> None:
    assert not answer_lines(FOUND, FOUND.scenario.applications[2].machines)
    alone = runbook(replace(FOUND.scenario, applications=()), 1)
    assert not any(go_lines(alone, section) for section in alone.sections)


def test_machines_of_no_application_have_a_line() -> None:
    one, other, *_ = FOUND.scenario.applications
    scenario = replace(FOUND.scenario, applications=(one,))
    found = runbook(scenario, 1)
    _, rest = answer_lines(found, (*one.machines, *other.machines))
    assert rest.words == other.machines[0]
