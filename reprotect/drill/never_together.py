"""Entries of `plan: together` whose machines can never hold their disk slots at one time: a run lets each go alone."""

from failback.reprotect.assessment import RequestDefaults, through
from failback.reprotect.estate import Estate, slots_of
from failback.reprotect.item import Operation
from failback.reprotect.plan import Plan, Together

from .slots import Claim, Slots


def never_together(estate: Estate, plan: Plan) -> tuple[str, ...]:
    """Their names, in the plan's order."""
    slots, defaults = Slots(estate), RequestDefaults(estate, plan)
    return tuple(entry.name for entry in plan.together if not slots.ever_fit(_claims(estate, defaults, entry)))


def _claims(estate: Estate, defaults: RequestDefaults, entry: Together) -> list[Claim]:
    """What they claim all at once; a machine without a server claims nothing."""
    found = []
    for name in entry.items:
        target = through(defaults.choose(name, Operation.REPROTECT_TO_ON_PREMISES))
        found += [Claim(name, target, slots_of(estate.virtual_machines[name]))] if target else []
    return found
