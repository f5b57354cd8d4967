"""What a leg costs: what it always does, and the data or the ways back that open findings say it loses."""

from collections.abc import Iterator
from dataclasses import dataclass

from failback.reprotect import LOST, Architecture
from failback.scenarios.checks.decided_by_answer import decided_by_answer
from failback.scenarios.checks.finding_words import found_words
from failback.scenarios.judging.check import Status
from failback.scenarios.text.name_lists import listed

from .runbook import Runbook, Section


@dataclass(frozen=True, slots=True)
class Costs:
    """`lost`: a sentence for each finding that loses data or a way back; `usual`: what the leg costs anyway."""

    lost: tuple[str, ...]
    usual: str


def costs(found: Runbook, section: Section, kind: Architecture) -> Costs:
    """Of one leg of one wave, for its machines of this architecture."""
    lost, usual = tuple(_lost(found, section, kind)), section.guides[kind].costs
    return Costs(lost, usual.words if lost or usual.loses else f"Nothing. {usual.words}")


def _lost(found: Runbook, section: Section, kind: Architecture) -> Iterator[str]:
    machines = found.scenario.estate.virtual_machines
    items = {item for request in section.requests if not request.stopped_by for item in request.items}
    going = {item for item in items if machines[item].architecture is kind}
    for each in found.told:
        mine = [name for name in each.cause.items if name in going]
        if each.operation is not section.operation or not mine:
            continue
        if decided_by_answer(each) and each.cause.rule in LOST:
            yield f"{each.cause.rule}: {listed(mine)}: {LOST[each.cause.rule]}."
        elif each.cause.status == Status.BEFORE_RETURN.value:
            yield f"Data is lost unless {each.cause.rule} is fixed first: {listed(mine)}: {found_words(each)}."
