"""Legs are opened one by one: what can be undone first, the commit last."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from failback.reprotect import Operation, phase_row
from failback.scenarios.files.schema import Scenario

ORDER: Final = (
    Operation.REPROTECT_TO_ON_PREMISES,
    Operation.FAILBACK,
    Operation.REPROTECT_TO_AZURE,
    Operation.COMMIT_FAILBACK,
)
"""Nothing else is ever sent to a live vault, a failover to Azure least of all."""
_UNDOES: Final = {Operation.CANCEL_FAILBACK: Operation.FAILBACK}


def opened(words: Sequence[str]) -> tuple[Operation, ...] | str:
    """The legs of these names, or what is wrong with them."""
    order = [leg.value for leg in ORDER]
    if list(words) == order[: len(words)]:
        return ORDER[: len(words)]
    given = ", ".join(words)[:200]
    return f"it is {given}; legs are opened in the order {', '.join(order)}, with the earlier ones named too"


def is_open(operation: Operation, legs: Collection[Operation] | str) -> bool:
    """Whether this may be asked. Undoing a leg is as open as the leg."""
    return not isinstance(legs, str) and _UNDOES.get(operation, operation) in legs


def until_closed(scenario: Scenario, legs: Collection[Operation]) -> Scenario:
    """The same scenario with its goals up to the first leg on the way home that is not open."""
    closed = [n for n, goal in enumerate(scenario.plan.goals) if phase_row(goal).ends in set(ORDER) - set(legs)]
    goals = scenario.plan.goals[: closed[0]] if closed else scenario.plan.goals
    return replace(scenario, plan=replace(scenario.plan, goals=goals)) if goals else scenario
