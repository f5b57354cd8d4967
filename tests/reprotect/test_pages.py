"""The generated pages are those of the tables as they are."""

import re
from pathlib import Path

import pytest

from failback.reprotect import (
    LIFECYCLE,
    REMEDIES,
    REQUIREMENTS,
    STEPS,
    TRANSITIONS,
    does_in_general,
    lifecycle_page,
    pages,
    requirements_page,
    steps_in_general,
    transitions_page,
)
from failback.reprotect.drill import ACTION_WORDS, CONDITION_WORDS, EVENT_WORDS, STATE_WORDS, DrillState

DOCS = Path(__file__).parents[2] / "docs"
WRITE = """python -c "from pathlib import Path; from failback.reprotect import pages
for name, text in pages().items(): Path('docs', name).write_text(text, encoding='utf-8')" """


@pytest.mark.parametrize("name", pages())
def test_the_page_is_current(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == pages()[name], f"write it again: {WRITE}"


def test_the_lifecycle_page_draws_every_row() -> None:
    lines = lifecycle_page().splitlines()
    for move in LIFECYCLE:
        assert any(line.startswith(f"    {move.phase.value} --> {move.running.value}: ") for line in lines)
        assert any(line.strip() == f"{move.running.value} --> {move.done.value}" for line in lines)


def test_the_drill_page_draws_every_row_that_changes_the_state_to_another_than_stopped() -> None:
    lines = transitions_page().splitlines()
    for row in TRANSITIONS:
        if row.to in (None, DrillState.STOPPED):
            continue
        edges = [f"    {state.value} --> {row.to.value}:" for state in row.states if row.to is not state]
        assert all(any(line.startswith(edge) and row.event.__name__ in line for line in lines) for edge in edges)


def test_a_machine_can_stop_in_every_state_but_home_as_the_drill_page_says() -> None:
    stopping = {state for row in TRANSITIONS if row.to is DrillState.STOPPED for state in row.states}
    assert stopping == set(DrillState) - {DrillState.HOME, DrillState.STOPPED}


def test_the_drill_page_has_each_row_that_does_something_or_changes_the_state() -> None:
    table = transitions_page().partition("## Transitions")[2].splitlines()
    for row in TRANSITIONS:
        cells = f" | {CONDITION_WORDS[row.when]} | {ACTION_WORDS[row.do]} | "
        silent = row.to is None and ACTION_WORDS[row.do] == "nothing"
        assert silent or any(row.event.__name__ in line and cells in line for line in table)


def test_the_drill_page_has_words_for_what_the_table_uses_and_for_nothing_else() -> None:
    used = [(row.do, row.when, row.event.__name__) for row in TRANSITIONS]
    assert {do for do, _, _ in used} == set(ACTION_WORDS)
    assert {when for _, when, _ in used} == set(CONDITION_WORDS)
    assert {event for _, _, event in used} == set(EVENT_WORDS)
    assert set(STATE_WORDS) == set(DrillState)


def test_the_rules_page_has_every_rule_in_its_index_and_a_section_for_each() -> None:
    page = requirements_page()
    for row in REQUIREMENTS:
        assert f"\n| [{row.id}](#{row.id.lower()}) | {row.title} |" in page
        section = page.partition(f"\n### {row.id}\n")[2].partition("\n### ")[0]
        assert f"- **remedy**: {row.who}: {row.remedy}\n" in section


def test_the_rules_page_says_of_each_remedy_of_ours_what_it_does() -> None:
    for remedy in REMEDIES:
        section = requirements_page().partition(f"\n### {remedy.rule}\n")[2].partition("\n### ")[0]
        assert f": {does_in_general(remedy.act)}; [details]" in section


def test_the_rules_page_writes_the_tool_as_code_and_the_operation_as_a_word() -> None:
    tool = r"(?<![`*])\bfailback (?:sends|leaves|does|applies|can apply|sets)\b|\bby failback\b"
    assert re.findall(tool, requirements_page()) == []


@pytest.mark.parametrize("name", pages())
def test_each_row_of_a_table_has_the_columns_of_its_head(name: str) -> None:
    columns = None
    for line in pages()[name].splitlines():
        here = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else None
        assert None in (columns, here) or here == columns, line
        columns = here


def test_no_step_of_a_rule_is_a_number_or_a_condition_alone() -> None:
    for row in REQUIREMENTS:
        for step in steps_in_general(STEPS.get(row.id, ()), row):
            assert step.strip()
            assert "[]]" not in step
            assert not re.search(r"otherwise: *\]", step)
