"""What machines need on site before they can be checked: the rules of that time, asked of each machine."""

from collections.abc import Mapping
from typing import Final

from failback.reprotect import (
    MET,
    ON_SITE,
    Broken,
    Choices,
    Estate,
    Holds,
    Requirement,
    Unsure,
    Verdict,
    applies,
    by_id,
    is_before_check,
    sets_address,
    settled_by,
)

BEFORE_CHECK: Final = tuple(row for rule in ON_SITE if is_before_check(rule) and (row := by_id(rule)) is not None)
"""The rules, in the order in which their work is done."""


def verdict_on_site(estate: Estate, row: Requirement, item: str) -> Verdict:
    """What the rule says of the machine; met where it does not hold for its architecture."""
    holds = applies(row, estate.virtual_machines[item].architecture, settled_by(estate)).answer
    return MET if holds is Holds.NO else row.predicate(estate, item, Choices())


def work_before_check(estate: Estate) -> Mapping[Requirement, tuple[str, ...]]:
    """Rule -> the machines that are known to need its work, where any does."""
    found = {
        row: tuple(vm for vm in estate.virtual_machines if isinstance(verdict_on_site(estate, row, vm), Broken))
        for row in BEFORE_CHECK
    }
    return {row: names for row, names in found.items() if names}


def may_lose_its_address(estate: Estate, item: str) -> bool:
    """Whether its address is lost on the way home, or nobody knows that it is not."""
    rows = (row for row in BEFORE_CHECK if sets_address(row.id))
    return any(isinstance(verdict_on_site(estate, row, item), Broken | Unsure) for row in rows)
