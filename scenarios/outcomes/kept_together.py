"""Machines that wait for each other in a run: those of `plan: together`, as far as their disks have slots at once."""

from failback.reprotect import Estate, Plan, Together, never_together


def kept_together(estate: Estate, plan: Plan) -> tuple[Together, ...]:
    """The entries of the plan without those of which each machine goes alone."""
    never = never_together(estate, plan)
    return tuple(entry for entry in plan.together if entry.name not in never)
