"""Machines with one BIOS UUID (R11): the second may replicate home only once its owner has seen the first."""

from collections.abc import Iterator, Mapping
from typing import Final

from failback.reprotect import Operation, same_bios_uuids
from failback.scenarios.files.applications import owners_of
from failback.scenarios.text.name_lists import listed

from .runbook import Runbook


def twin_questions(found: Runbook) -> Mapping[str, str]:
    """Machine -> what is asked before its reprotect home, where a twin of it comes home before it."""
    return dict(_questions(found))


def _questions(found: Runbook) -> Iterator[tuple[str, str]]:
    homeward = [one for one in found.requests if one.operation is Operation.REPROTECT_TO_ON_PREMISES]
    order = [item for request in homeward for item in request.items]
    twins = same_bios_uuids(found.scenario.estate.virtual_machines.values(), order)
    owners = owners_of(found.scenario.applications)
    for n, item in enumerate(order):
        if earlier := [name for name in order[:n] if name in twins.get(item, ())]:
            who = "; ".join(dict.fromkeys(f"the {owners.get(name, f'owner of {name}')}" for name in earlier))
            yield item, _QUESTION.format(item=item, earlier=listed(earlier), who=who)


_QUESTION: Final = (
    "R11: {item} has the BIOS UUID of {earlier}. When {earlier} is home, ask {who}: are its data its own? Only then "
    "begin this step"
)
