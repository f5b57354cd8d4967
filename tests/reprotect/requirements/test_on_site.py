"""What has to be done on site is done before the machine is checked and committed, or after: each rule has its time."""

import re

import pytest

from failback.reprotect import ON_SITE, PROOFS, REQUIREMENTS, STEPS, OnSite, Stage, by_id, is_before_check

OF_STAGE = [row.id for row in REQUIREMENTS if row.stage is Stage.AFTER_RETURN]


def test_each_rule_of_the_stage_has_a_time_and_no_other_has() -> None:
    assert sorted(ON_SITE) == sorted(OF_STAGE)


@pytest.mark.parametrize("rule", ["A07", "G01", "G11", "G12", "G04", "A17"])
def test_what_a_machine_needs_to_work_is_done_before_its_commit(rule: str) -> None:
    assert is_before_check(rule)


@pytest.mark.parametrize("rule", OF_STAGE)
def test_title_remedy_steps_and_proof_say_when(rule: str) -> None:
    row = by_id(rule)
    assert row is not None
    when = "after the failback, before the owner's check" if is_before_check(rule) else "after the commit"
    assert when in row.title
    texts = (row.title, row.remedy, *STEPS[rule], *PROOFS[rule])
    assert not [text for text in texts if re.search("after the return", text)]
    assert any(when in step for step in STEPS[rule])


def test_what_can_wait_does_not_come_first() -> None:
    times = [each.when for each in ON_SITE.values()]
    assert times == sorted(times, key=list(OnSite).index)
