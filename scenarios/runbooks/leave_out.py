"""Which steps of a machine are left out, by their numbers: for questions whose answer decides that."""

from failback.reprotect import LEGS, Operation

from .runbook import Runbook


def leave_out(found: Runbook, item: str, leg: Operation) -> str:
    """Its steps from this leg on; out of a recovery plan, which is one step for all, the machine itself is taken."""
    later = [one for one in found.requests if item in one.items and LEGS.index(one.operation) >= LEGS.index(leg)]
    own = [str(one.number) for one in later if not one.by_plan]
    plans = dict.fromkeys(one.subject for one in later if one.by_plan)
    taken = [f"take {item} out of recovery plan {plan}" for plan in plans]
    left = [f"leave out step{'s' if own[1:] else ''} {_and(own)}"] if own else []
    return ", and ".join((*taken, *left))


def _and(numbers: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(numbers[:-1]), numbers[-1])))
