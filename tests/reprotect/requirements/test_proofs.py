"""Each rule says which value is wanted and how a person sees that it is so; and on what it rests."""

import re

import pytest

from failback.reprotect import (
    PROOFS,
    REQUIREMENTS,
    Architecture,
    Certainty,
    Holds,
    Requirement,
    applies,
    certainty_of,
)

PLACE = re.compile(
    r"vault >|vSphere client|Azure portal|`[^`]+`|dialog|plan of the scenario|word|writing|confirms|report"
)


def test_each_rule_has_its_proof_and_no_proof_is_without_a_rule() -> None:
    missing = [row.id for row in REQUIREMENTS if row.id not in PROOFS]
    assert missing == [], "add a line for each in reprotect/requirements/proofs.py"
    assert sorted(PROOFS.keys() - {row.id for row in REQUIREMENTS}) == []


@pytest.mark.parametrize("rule", PROOFS)
def test_a_proof_names_a_place_a_command_or_a_persons_word(rule: str) -> None:
    proof = PROOFS[rule]
    assert PLACE.search(proof.seen_by), proof.seen_by
    assert proof.wanted
    assert proof.wanted != proof.seen_by
    assert not proof.wanted.endswith(".")


@pytest.mark.parametrize("row", REQUIREMENTS, ids=lambda row: row.id)
def test_a_rule_that_holds_says_on_what_it_rests(row: Requirement) -> None:
    for architecture in Architecture:
        holds = applies(row, architecture)
        sure = certainty_of(holds)
        assert (sure is Certainty.OPEN) == (holds.answer is Holds.UNKNOWN) or holds.answer is Holds.NO, holds
