"""What has to be done on site is done before the machine is checked and committed, or after: each rule has its time."""

import re

import pytest

from failback.reprotect import (
    ON_SITE,
    PROOFS,
    REQUIREMENTS,
    STEPS,
    OnSite,
    Stage,
    StepTime,
    by_id,
    filled,
    is_before_check,
    step_times,
    with_helpers,
)

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


@pytest.mark.parametrize("rule", sorted(STEPS))
def test_the_steps_of_a_rule_are_in_the_order_in_which_they_can_be_done(rule: str) -> None:
    for known in ({}, {"machine_clash": True}, {"machine_clash": False}):
        steps = [step for step in (filled(step, {"machine": "m"}, known) for step in STEPS[rule]) if step]
        times = list(step_times(steps))
        assert times == sorted(times, key=list(StepTime).index)


def test_who_holds_the_port_group_and_who_the_record() -> None:
    steps = [filled(step, {"machine": "m"}, {"windows": False}) for step in STEPS["A07"]]
    whole = dict(zip(steps, step_times(steps), strict=True))
    for words, person, time in (
        ("VLanId", "VMware administrator", StepTime.BEFORE),
        ("New Distributed Port Group", "VMware administrator", StepTime.BEFORE),
        ("sets the TTL to 300", "network team", StepTime.BEFORE),
        ("Connected > OK", "VMware administrator", StepTime.ON_SITE),
        ("sets each DNS record", "network team", StepTime.ON_SITE),
        ("sets the TTL of each", "network team", StepTime.AFTER),
    ):
        (step,) = (step for step in steps if words in step)
        assert with_helpers("administrator of m", [step]).startswith(person)
        assert whole[step] is time
    assert not re.search("network team[^;]*port group", " ".join(steps))


def test_what_can_wait_does_not_come_first() -> None:
    times = [each.when for each in ON_SITE.values()]
    assert times == sorted(times, key=list(OnSite).index)
