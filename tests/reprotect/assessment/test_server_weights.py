"""What is told of a server that was passed over: the gravest of what speaks against it and not against the chosen."""

import pytest

from failback.reprotect import Broken, Unsure, by_id
from failback.reprotect.assessment.server_weights import against
from failback.reprotect.requirements import Gravity, Objection
from failback.reprotect.requirements.verdict import broken, unsure


def objection(rule: str, gravity: Gravity = Gravity.REFUSES, verdict: Broken | Unsure | None = None) -> Objection:
    row = by_id(rule)
    assert row is not None
    return Objection(row, gravity, verdict or broken("box", "it is off"))


A01, A03 = objection("A01"), objection("A03")
ADVICE = objection("A14", Gravity.ADVISES)
OPEN = objection("A19", Gravity.UNKNOWN, unsure("box: its vCenter", "look at it"))


@pytest.mark.parametrize(
    ("worse", "best", "told"),
    [
        ((A01, A03), (), ["A01", "A03"]),
        ((A01, A03), (A01,), ["A03"]),
        ((A01, ADVICE), (A01,), ["A14"]),
        ((A01, ADVICE, OPEN), (), ["A01"]),
        ((OPEN,), (), ["A19"]),
        ((A01, A03), (A01, A03), ["A01", "A03"]),
        ((), (A01,), []),
    ],
)
def test_what_speaks_against_both_is_told_only_where_nothing_else_does(
    worse: tuple[Objection, ...], best: tuple[Objection, ...], told: list[str]
) -> None:
    found = against("box", "app", worse, best)
    assert [each.rule.id for each in found] == told
    assert {(each.server, each.item) for each in found} <= {("box", "app")}


def test_the_same_rule_with_another_gravity_is_another_objection() -> None:
    assert [each.gravity for each in against(None, "app", (A01,), (objection("A01", Gravity.ADVISES),))] == [
        Gravity.REFUSES
    ]
