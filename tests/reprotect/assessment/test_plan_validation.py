"""What a recovery plan may hold."""

import pytest

from failback.reprotect import PLAN_INSTANCES_MAX, Estate, Link, Plan, RecoveryPlan
from failback.reprotect.assessment import plan_mistakes


@pytest.mark.parametrize(("count", "found"), [(PLAN_INSTANCES_MAX, 0), (PLAN_INSTANCES_MAX + 1, 1)])
def test_a_recovery_plan_has_at_most_so_many_machines(count: int, found: int) -> None:
    members = tuple(f"vm-{n}" for n in range(count))
    estate = Estate(virtual_machines={}, link=Link(100.0), recovery_plans={"all": RecoveryPlan("all", (members,))})
    mistakes = plan_mistakes(estate, Plan(recovery_plans=("all",)))
    assert sum("machines; at most" in mistake.sentence for mistake in mistakes) == found
