"""What is written into the file knows each way in which the steps of a finding can end.

A machine that stays in Azure, another server or datastore, an owner who says no: the line `again` would otherwise ask
for the repair that was not made. Every rule is asked in every combination of the cases that its texts tell apart.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Final

import pytest

from failback.reprotect import REQUIREMENTS, STEPS, Architecture, Holds
from failback.reprotect.requirements.cases import decided
from failback.scenarios.checks.corrected import ACCEPTED, STAYS, corrected_of
from failback.scenarios.checks.endings import ENDINGS

ENDS: Final = {
    r"> Master Target Server: \{other_server\}": r"master_target: \{other_server\}",
    r"> Appliance: \{other_server\}": r"appliance: \{other_server\}",
    r"> Datastore: \{other_datastore\}": r"datastore: \{other_datastore\}",
    r"Process Server: \{other_process_server\}|Load balance > \{other_process_server\}": (
        r"process_server: \{other_process_server\}"
    ),
    r"stays? in Azure|start no Re-protect|out of (?:its|their) groups?\b": (
        r"out(?:, under| of) `(?:plan|virtual_machines)`"
    ),
}
"""How a step ends -> what the file then has to be told."""
OF_ANOTHER_RULE: Final = {"T08"}
"""A machine with raw devices that is gone ends as T04 says, which is listed with it."""
CASE: Final = re.compile(r"\[\[(\w+)\?")
WRITTEN: Final = re.compile(r"`[a-z_]+(?:: \w+)?`")
"""A key of the file, perhaps with its value."""
RULES: Final = sorted(STEPS)


ROWS: Final = {row.id: row for row in REQUIREMENTS}


def can_be(rule: str, cases: Mapping[str, bool]) -> bool:
    """Whether the rule is asked in this architecture; a machine clashes with a master target in classic alone."""
    classic = cases.get("classic", True)
    of = Architecture.CLASSIC if classic else Architecture.MODERNISED
    asked = "classic" not in cases or ROWS[rule].architectures.of(of).answer is not Holds.NO
    return asked and (classic or not cases.get("server_clash"))


def ways(rule: str) -> Iterator[Mapping[str, bool]]:
    texts = (*STEPS[rule], *corrected_of(rule))
    cases = sorted({case for text in texts for case in CASE.findall(text)})
    every = (dict(zip(cases, values, strict=True)) for values in product((True, False), repeat=len(cases)))
    yield from (each for each in every if can_be(rule, each))


@pytest.mark.parametrize("rule", RULES)
def test_each_way_that_a_step_can_end_is_written_down(rule: str) -> None:
    if rule in ACCEPTED or rule in OF_ANOTHER_RULE:
        return
    for cases in ways(rule):
        steps = " ".join(decided(step, cases) for step in STEPS[rule])
        again = " ".join(decided(text, cases) for text in corrected_of(rule))
        for end, written in ENDS.items():
            assert not re.search(end, steps) or re.search(written, again), (end, cases)


def has_its_own_clause(last: str, again: str) -> bool:
    """Whether one of the conditions of `again` has all that this last step writes into the file, and it writes some."""
    written = WRITTEN.findall(last)
    clauses = (clause for clause in again.split("; ") if re.match(r"(?:or, |only )?if ", clause))
    return bool(written) and any(all(key in clause for key in written) for clause in clauses)


@pytest.mark.parametrize("rule", RULES)
def test_who_does_no_more_reads_what_the_next_check_says(rule: str) -> None:
    """The finding stays and the table says when, or it ends by what this step has written, under its own condition."""
    for cases in ways(rule):
        again = " ".join(decided(text, cases) for text in corrected_of(rule))
        for step in (decided(step, cases) for step in STEPS[rule]):
            known = rule in ACCEPTED or rule in STAYS or has_its_own_clause(step, again)
            assert "do no more" not in step or known, (cases, step, again)


@pytest.mark.parametrize(
    ("again", "known"),
    [
        ("under `plan` write `x: 1`; or, if it is there: under `plan` write `kept: true`", True),
        ("under `plan` write `kept: true`, if that was chosen", False),
        ("under `plan` write `x: 1`; or, if it is not there: under `plan` write `x: 2`", False),
        ("", False),
    ],
)
def test_a_condition_counts_where_it_is_about_what_the_step_writes(again: str, known: bool) -> None:
    assert has_its_own_clause("if it is there: under `plan` write `kept: true`, and do no more", again) is known
    assert not has_its_own_clause("if it is there, do no more", again)


@pytest.mark.parametrize("rule", sorted(ENDINGS))
def test_an_ending_reads_on_behind_the_repair(rule: str) -> None:
    told = {decided(ENDINGS[rule], cases) for cases in ways(rule)}
    assert all(text.startswith("; ") for text in told if text)
    assert any(told)
