"""Every rule has a story that breaks it and nothing else, and that ends otherwise once the rule looks away."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from failback.reprotect import (
    LEGS,
    MET,
    NOTICES,
    REQUIREMENTS,
    Choices,
    Estate,
    Line,
    Operation,
    Requirement,
    Stage,
    Verdict,
    as_asked,
    by_code,
    by_id,
    choose,
    merged,
    rule_behind,
    unmet,
)
from failback.scenarios import Result, Scenario, library, load_scenario, play, resolve
from failback.scenarios.coverage import ALONGSIDE, PUBLISHED, page, rule_of, stories, uncovered
from failback.scenarios.judging.rows import rows_of
from failback.scenarios.run import worlds
from failback.simulator import World

TOP = Path(__file__).parents[2]
SHELF = [(rule, name) for rule, names in stories().items() for name in names]
FIRST = [(rule, names[0]) for rule, names in stories().items() if names]
NEVER_ASKED = {"A16": "the drill never sends a classic value for a modernised item; it says that the plan names one"}
ENDS_ALIKE = {
    "R33": "the drill itself sees in vSphere that the machine is on; only the vault's health error is missing"
}

FOUND_LATE = {
    "806": "the reprotect is accepted, nothing arrives, and the drill gives up at its limit, with the server named",
    "78022": "the same, of the master target",
}

FOUND_BY_THE_DATA = {
    "B16": "the data path stands still all the same, and its health shows the same code",
}


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[World]:
    """The worlds that are made while the test runs."""
    made: list[World] = []

    class SeenWorld(World):
        def __init__(self, *values: Any, **named: Any) -> None:
            super().__init__(*values, **named)
            made.append(self)

    monkeypatch.setattr(worlds, "World", SeenWorld)
    return made


def test_every_rule_has_a_story() -> None:
    assert uncovered() == ()


def test_every_story_of_a_rule_is_named_by_what_goes_wrong() -> None:
    for _, name in SHELF:
        assert load_scenario(resolve(name)).name == name


@pytest.mark.parametrize("path", [p for p in library().values() if p.parent.name == "rules"], ids=lambda p: str(p.stem))
def test_every_story_on_the_rules_shelf_breaks_one_rule(path: Path) -> None:
    assert rule_of(load_scenario(path)) is not None


@pytest.mark.parametrize(("rule", "name"), SHELF)
def test_the_story_ends_as_stated(rule: str, name: str) -> None:
    result = play(load_scenario(resolve(name)))
    assert (result.verdict, result.surprises) == ("as_expected", ())
    found = {finding.rule for finding in result.findings if by_id(finding.rule) is not None}
    assert found - ALONGSIDE.get(rule, {}).keys() == {rule}


@pytest.mark.parametrize(("rule", "name"), FIRST)
def test_at_the_moment_of_failure_its_rule_alone_is_broken(rule: str, name: str, seen: list[World]) -> None:
    scenario = load_scenario(resolve(name))
    moments: list[set[str]] = []

    def hear(line: Line) -> None:
        text = operation_of(line)
        if text is not None:
            moments.append(broken_in(seen[-1], scenario, str(line.item), text))

    play(scenario, on_line=hear)
    row = by_id(rule)
    assert row is not None
    expected = set() if row.stage in NOTICES or rule in NEVER_ASKED else {rule}
    assert (moments[0] if moments else set()) == expected


def operation_of(line: Line) -> Operation | None:
    """The operation that this line says was stopped, or did not lead to replication."""
    if line.name in ("JobFailed", "Refused"):
        return Operation(line.data["operation"])
    if line.name == "ItemSeen" and line.data["health_errors"]:
        home = str(line.data["phase"]).endswith("_to_on_premises")
        return Operation.REPROTECT_TO_ON_PREMISES if home else Operation.REPROTECT_TO_AZURE
    return None


def broken_in(world: World, scenario: Scenario, item: str, operation: Operation) -> set[str]:
    """The blocking rules of an operation that the live estate breaks now, the item's own disks not counted twice."""
    asked = choose(scenario.estate, scenario.plan, item, operation)
    choices = merged(world.vault.items[item].choices, asked)
    estate = replace(world.site.estate, disks_in_flight={})
    return {found.rule for found in unmet(estate, item, None, operation, choices) if _blocks(found.rule)}


def _blocks(rule: str) -> bool:
    row = by_id(rule)
    return row is not None and row.stage not in NOTICES


@pytest.mark.parametrize(("rule", "name"), FIRST)
def test_before_the_story_begins_no_other_rule_is_known_broken(rule: str, name: str) -> None:
    scenario = load_scenario(resolve(name))
    estate = as_asked(scenario.estate, scenario.plan)
    found = {text.rule for item in estate.virtual_machines for text in broken_at_rest(estate, scenario, item)}
    assert found <= {rule, *ALONGSIDE.get(rule, {})}


def broken_at_rest(estate: Estate, scenario: Scenario, item: str) -> Iterator[Any]:
    """What a check of the file would find, but for the power of a machine that still runs on site (R33)."""
    text = merged(scenario.plan.choices, scenario.plan.item_choices.get(item, Choices()))
    for operation in LEGS:
        choices = merged(text, choose(estate, scenario.plan, item, operation))
        yield from (u for u in unmet(estate, item, None, operation, choices) if u.rule != "R33")


# When it bites

WAITING = [(row, stories()[row.id][0]) for row in REQUIREMENTS if row.waits_s is not None]
AFTER_SUCCESS = [
    (row, stories()[row.id][0]) for row in REQUIREMENTS if row.stage is Stage.REPLICATION and row.id != "R33"
]
HOME = Operation.REPROTECT_TO_ON_PREMISES.value


def heard(name: str) -> tuple[Result, list[Line]]:
    """The result of a story and its lines."""
    lines: list[Line] = []
    return play(load_scenario(resolve(name)), on_line=lines.append), lines


@pytest.mark.parametrize(("row", "name"), WAITING, ids=lambda part: getattr(part, "id", None))
def test_a_rule_that_waits_is_over_in_its_time(row: Requirement, name: str) -> None:
    result, lines = heard(name)
    finding = next(finding for finding in result.findings if finding.rule == row.id)
    through = next(line.t_s for line in lines if line.name == "JobSucceeded" and line.t_s > finding.at_s)
    last = max(line.t_s for line in lines if line.name in ("Refused", "JobFailed") and line.t_s < through)
    assert finding.status == "mended"
    assert row.waits_s is not None
    assert finding.at_s <= last <= finding.at_s + row.waits_s


@pytest.mark.parametrize(("row", "name"), AFTER_SUCCESS, ids=lambda part: getattr(part, "id", None))
def test_a_rule_that_bites_after_success_lets_the_job_succeed_and_nothing_replicate(
    row: Requirement, name: str
) -> None:
    result, lines = heard(name)
    asked = row.where[0].operation.value
    assert [line for line in lines if line.name == "JobSucceeded" and line.data["operation"] == asked]
    assert not [line for line in lines if line.name == "JobFailed"]
    assert [item.stopped_by for item in result.items] == [row.id]
    assert result.items[0].phase.startswith("resyncing")


@pytest.mark.parametrize("row", [row for row in REQUIREMENTS if row.stage is Stage.JOB], ids=lambda row: row.id)
def test_a_rule_of_the_job_fails_its_last_task(row: Requirement) -> None:
    _, lines = heard(stories()[row.id][0])
    failed = next(line for line in lines if line.name == "JobFailed")
    assert failed.data["failure"]["task"] == "Reprotecting virtual machine"
    failure = failed.data["failure"]
    assert rule_behind(failure["code"], failure["possible_causes"]) is row
    assert row.id in failed.data["failure"]["possible_causes"]
    assert failed.data["failure"]["recommended_action"] == row.remedy


# Mutations


@contextmanager
def looking_away(row: Requirement) -> Iterator[None]:
    """The row's predicate finds nothing for a while."""

    def met(estate: Estate, item: str, ask: Choices) -> Verdict:
        return MET

    predicate = row.predicate
    object.__setattr__(row, "predicate", met)
    rows_of.cache_clear()
    try:
        yield
    finally:
        object.__setattr__(row, "predicate", predicate)
        rows_of.cache_clear()


def ending(scenario: Scenario) -> tuple[Result, set[str]]:
    """The result, and the codes that the vault reported."""
    codes: set[str] = set()

    def hear(line: Line) -> None:
        if line.name == "ItemSeen":
            codes.update(line.data["health_errors"])

    return play(scenario, on_line=hear), codes


@pytest.mark.parametrize("row", REQUIREMENTS, ids=lambda row: row.id)
def test_without_its_predicate_a_story_ends_wrongly(row: Requirement) -> None:
    scenario = load_scenario(resolve(stories()[row.id][0]))
    with looking_away(row):
        result, codes = ending(scenario)
    if row.id in ENDS_ALIKE:
        assert row.code not in codes
        assert row.code in ending(scenario)[1]
    elif row.id in FOUND_BY_THE_DATA:
        assert row.code in codes
    elif row.id in FOUND_LATE:
        assert result.duration_s == scenario.plan.give_up_after_s > ending(scenario)[0].duration_s
    else:
        assert result.verdict == "otherwise"


def test_every_code_leads_to_its_row() -> None:
    assert all(by_code(row.code) is row for row in REQUIREMENTS)


def test_the_published_page_is_current() -> None:
    assert (TOP / PUBLISHED).read_text(encoding="utf-8") == page(), "run: python -m failback.scenarios.coverage"
