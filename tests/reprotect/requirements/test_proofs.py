"""Each rule says which value is wanted and how a person sees that it is so; and on what it rests."""

import re
from itertools import chain

import pytest

from failback.reprotect import (
    CAREFUL,
    GENERIC,
    PROOFS,
    REQUIREMENTS,
    STEPS,
    Architecture,
    Certainty,
    Holds,
    Requirement,
    applies,
    certainty_of,
    filled,
)

NAMED = {key: f"NAME-OF-{key}" for key in GENERIC}
"""A name for all that a text can name."""
BARE = re.compile(
    r"\bthe (machine|datastore|appliance|host|process server|master target|configuration server|recovery plan"
    r"|retention drive)\b(?! (that|of) )"
)
"""An object by its kind alone; `the datastore that leads there` is none that the estate has a name for."""
PLACE = re.compile(
    r"vault >|vSphere client|Azure portal|`[^`]+`|dialog|plan of the scenario|word|writing|ticket from|confirms"
    r"|report"
)


def test_each_rule_has_its_proof_and_no_proof_is_without_a_rule() -> None:
    missing = [row.id for row in REQUIREMENTS if row.id not in PROOFS]
    assert missing == [], "add a line for each in reprotect/requirements/proofs.py"
    assert sorted(PROOFS.keys() - {row.id for row in REQUIREMENTS}) == []


def test_each_rule_has_its_steps_and_no_steps_are_without_a_rule() -> None:
    assert sorted({row.id for row in REQUIREMENTS} ^ STEPS.keys()) == [], (
        "reprotect/requirements/steps.py has a line each"
    )


@pytest.mark.parametrize("text", [*chain(*STEPS.values()), *CAREFUL.values(), *chain(*PROOFS.values())])
def test_a_text_asks_only_for_names_that_there_are(text: str) -> None:
    assert not re.search(r"\{[a-z_]+\}", filled(text)), text
    assert text.count("`") % 2 == 0
    assert not text.endswith(".")


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


@pytest.mark.parametrize("rule", STEPS)
def test_where_names_are_known_no_text_speaks_of_an_object_by_its_kind_alone(rule: str) -> None:
    for text in (*STEPS[rule], CAREFUL.get(rule, ""), *PROOFS[rule]):
        told = filled(text, NAMED)
        assert not BARE.search(told), told
