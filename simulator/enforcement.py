"""The simulated vault's use of the requirements table: it reports the first unmet rule of a stage, as ASR does."""

from dataclasses import replace

from failback.reprotect import Choices, Estate, Operation, Stage, Unmet, first_unmet

from .job import TaskFailed
from .site import Site


def enforce(site: Site, item: str, stage: Stage, operation: Operation, choices: Choices) -> None:
    """Raise `TaskFailed` for the first rule of this stage that is broken now; unknown facts break nothing."""
    broken = first_broken(site, item, stage, operation, choices)
    if broken is not None:
        raise TaskFailed(broken.code, broken.message, broken.possible_causes, broken.remedy)


def first_broken(site: Site, item: str, stage: Stage, operation: Operation, choices: Choices) -> Unmet | None:
    """The first broken rule of this stage, if there is one."""
    return first_unmet(_without_own_disks(site, item), item, stage, operation, choices)


def _without_own_disks(site: Site, item: str) -> Estate:
    """The table wants the disks of the others in flight; the judged item's own are not counted."""
    lender = site.returning_through.get(item)
    if lender is None:
        return site.estate
    own = len(site.vm(item).disks)
    others = {name: count - own if name == lender else count for name, count in site.disks_in_flight.items()}
    return replace(site.estate, disks_in_flight=others)
