"""A finding that hangs on other machines says on which of their findings: by what the rule says, not by its words."""

from dataclasses import replace

import pytest

from failback.reprotect import Choices, Unsure, by_id
from failback.reprotect.estate import Kept, Meeting
from failback.reprotect.requirements.verdict import unsure
from failback.scenarios.checks.command import CheckRequest, run_check
from failback.scenarios.checks.unanswered import awaited
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.judging.check import CheckFinding, Report, Status
from failback.scenarios.text.name_lists import listed

FIRST, *OTHERS = ("web-01", "web-02", "pg-01")


@pytest.fixture(scope="module")
def report() -> Report:
    return run_check(CheckRequest("first_drill_modernised")).report


def hangs(rule: str, item: str, fact: str, *others: str) -> CheckFinding:
    row = by_id(rule)
    assert row is not None
    return CheckFinding(row, item, Status.UNKNOWN, True, row.where, gaps=unsure(fact, "", others=others).gaps)


@pytest.mark.parametrize("words", ["whether ({}) leave slots", "whether they leave slots"])
def test_the_machines_are_those_of_the_rule_however_its_words_are(report: Report, words: str) -> None:
    finding = hangs("A02", FIRST, words.format(", ".join(OTHERS)), *OTHERS)
    told = awaited(report, finding.requirement, [finding])
    assert all(name in told for name in OTHERS)
    assert "web-03" not in told


def test_a_machine_whose_name_is_in_the_words_by_chance_is_not_awaited(report: Report) -> None:
    finding = hangs("A02", FIRST, f"whether {OTHERS[0]} is a name")
    assert awaited(report, finding.requirement, [finding]) == ""


def test_who_shares_what_is_allotted_is_awaited(report: Report) -> None:
    finding = hangs("B14", FIRST, "what others leave")
    machines = report.estate.virtual_machines
    open_ones = {each.item for each in report.of(Status.UNKNOWN) if each.can_block} - {FIRST}
    same = [name for name in machines if name in open_ones and machines[name].datastore == machines[FIRST].datastore]
    assert awaited(report, finding.requirement, [finding]).endswith(f" findings of {listed(same)}")


def test_the_rules_name_the_machines_that_hold_slots_and_those_without_a_point() -> None:
    estate = load_scenario(resolve("first_drill")).estate
    machine, *others = estate.virtual_machines
    target = next(iter(estate.master_targets))
    kept = Kept(0, 1000, tuple(others))
    estate = replace(
        estate,
        virtual_machines={
            **estate.virtual_machines,
            machine: replace(estate.virtual_machines[machine], recovery_points=True),
        },
        ledger=replace(estate.ledger, kept={machine: kept}, without_points={machine: (Meeting(others[0], False),)}),
    )
    for rule, of in (("M03", tuple(others)), ("F02", (others[0],))):
        row = by_id(rule)
        assert row is not None
        verdict = row.predicate(estate, machine, Choices(master_target=target))
        assert isinstance(verdict, Unsure)
        assert verdict.gaps[0].others == of
