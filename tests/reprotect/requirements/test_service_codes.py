"""What a vault's job shows for a broken rule: a published code where there is one, else ours, with the reason."""

import pytest

from failback.reprotect import (
    CODES,
    NOTICES,
    OWN_CODE_REASONS,
    REQUIREMENTS,
    SERVICE_CODES,
    Operation,
    Requirement,
    Stage,
    by_code,
    by_id,
    requirements_page,
    rule_behind,
    service_code,
)

HOME, AGAIN = Operation.REPROTECT_TO_ON_PREMISES, Operation.REPROTECT_TO_AZURE
OURS = [row for row in REQUIREMENTS if row.code.startswith("FB-")]
NOT_SHOWN_BY_JOBS = {*NOTICES, Stage.SELECTION, Stage.REPLICATION}


def own_code_is_shown(row: Requirement) -> bool:
    """Whether a refusal, a health error or a job of some operation still shows the rule's own code."""
    points = [point for point in row.where if point.stage not in NOTICES]
    return any(p.stage in NOT_SHOWN_BY_JOBS or service_code(row.id, p.operation) is None for p in points)


@pytest.mark.parametrize("row", OURS, ids=lambda row: row.id)
def test_each_own_code_that_a_vault_can_show_has_its_reason_and_no_other_has(row: Requirement) -> None:
    shown_as_health = row.id == "A03"
    assert (row.id in OWN_CODE_REASONS) == (own_code_is_shown(row) or shown_as_health)


@pytest.mark.parametrize(("rule", "operation"), SERVICE_CODES)
def test_a_published_code_stands_for_a_rule_that_its_job_checks(rule: str, operation: Operation) -> None:
    row, sent = by_id(rule), SERVICE_CODES[rule, operation]
    assert row is not None
    assert sent.code in CODES
    assert row.code.startswith("FB-")
    assert any(p.operation is operation and p.stage not in NOT_SHOWN_BY_JOBS for p in row.where)
    assert rule_behind(sent.code, f"{rule} does not hold: {row.title}; and more") is row


def test_a_code_alone_leads_to_the_rule_that_it_is_published_for() -> None:
    assert rule_behind("95226") is by_id("N04")
    assert rule_behind("95226", "R04 does not hold: this rule never shows 95226") is by_id("N04")
    assert rule_behind("FB-R23") is by_id("R23")
    assert rule_behind("95305", "R23 does not hold: nor this") is None


@pytest.mark.parametrize("rule", ["R23", "A06"])
def test_a_reprotect_before_the_agent_has_registered_ends_in_a_published_code(rule: str) -> None:
    assert [service_code(rule, operation).code for operation in (HOME, AGAIN)] == ["95226", "78174"]  # type: ignore[union-attr]


def test_the_page_of_the_rules_lists_every_code_with_its_reason() -> None:
    page = requirements_page()
    for reason in [*OWN_CODE_REASONS.values(), *(sent.why for sent in SERVICE_CODES.values())]:
        assert reason in page


def test_the_codes_that_are_no_rules_are_the_ones_that_the_simulator_can_raise() -> None:
    assert {name for name in OWN_CODE_REASONS if by_id(name) is None} == {"FB-INJECTED", "FB-VSPHERE"}
    assert all(by_code(name) is None for name in OWN_CODE_REASONS if by_id(name) is None)
