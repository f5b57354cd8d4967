"""Which steps of a machine are left out, by their numbers: for questions whose answer decides that.

Those that fail back or are committed together with it (`plan: together`) wait then, until their owner has answered.
"""

from collections.abc import Iterator
from typing import Final

from failback.reprotect import LEGS, Operation
from failback.scenarios.files.applications import owners_of
from failback.scenarios.text.name_lists import listed

from .planned_requests import PlannedRequest
from .runbook import Runbook
from .whom_to_ask import owners_words

_KEPT: Final = {Operation.FAILBACK: "fail back", Operation.COMMIT_FAILBACK: "be committed"}
"""The legs in which machines of an entry wait for one another."""
_HELD: Final = "hold {steps} until {who} has said whether {names} may {do} without {item}"


def leave_out(found: Runbook, item: str, leg: Operation) -> str:
    """Its steps from this leg on, and what waits; out of a recovery plan, one step for all, the machine is taken."""
    later = [one for one in found.requests if item in one.items and _from(one, leg)]
    own = [one.number for one in later if not one.by_plan and one.number is not None]
    plans = dict.fromkeys(one.subject for one in later if one.by_plan)
    taken = [f"take {item} out of recovery plan {plan}" for plan in plans]
    left = [f"leave out {steps_words(own)}"] if own else []
    return ", and ".join((*taken, *left, *_held(found, item, leg)))


def steps_words(numbers: list[int]) -> str:
    """`step 3`, or `steps 3, 5 and 9`."""
    *some, last = map(str, numbers)
    return f"steps {', '.join(some)} and {last}" if some else f"step {last}"


def _from(one: PlannedRequest, leg: Operation) -> bool:
    return LEGS.index(one.operation) >= LEGS.index(leg)


def _held(found: Runbook, item: str, leg: Operation) -> Iterator[str]:
    """Of the first leg that is left out and in which others of its entry wait for it."""
    mates = {name for entry in found.together if item in entry.items for name in entry.items} - {item}
    for operation, do in _KEPT.items():
        asked = [one for one in found.requests if one.operation is operation and _from(one, leg)]
        waits = [one for one in asked if mates.issuperset(one.items)]
        if waits and any(item in one.items for one in asked):
            names = [name for one in waits for name in one.items]
            who = owners_words(owners_of(found.scenario.applications), (item, *names))
            steps = steps_words([one.number for one in waits if one.number is not None])
            yield _HELD.format(steps=steps, who=who, names=listed(names), do=do, item=item)
            return
