"""Machines that come home although one that they need stays in Azure as planned: their owner is asked before."""

from collections.abc import Container, Mapping
from typing import Final

from failback.reprotect import Operation
from failback.scenarios.files.applications import owners_of
from failback.scenarios.files.schema import Scenario

from .leave_out import leave_out
from .runbook import Runbook
from .whom_to_ask import owners_words

NOT_IN_PILOT: Final = "not in the pilot"
"""Why a machine stays in Azure that no rule stops."""


def lonely_questions(found: Runbook) -> Mapping[str, str]:
    """Machine -> what is asked before its failback, where one that it needs stays in Azure as planned."""
    stops = {stop.item: stop.rule for stop in found.stops}
    owners = owners_of(found.scenario.applications)
    said: dict[str, str] = {}
    for item, away in lonely_of(found).items():
        told = ", ".join(f"{name} ({stops.get(name, NOT_IN_PILOT)})" for name in away)
        stays, it = ("stays", "it") if len(away) == 1 else ("stay", "them")
        leave, who = leave_out(found, item, Operation.FAILBACK), owners_words(owners, (item,))
        said[item] = _LONELY.format(item=item, away=told, stays=stays, it=it, who=who, leave=leave)
    return said


def lonely_of(found: Runbook) -> Mapping[str, tuple[str, ...]]:
    """Machine that fails back -> those that it needs and that stay in Azure as planned."""
    moves = [one for one in found.requests if one.operation is Operation.FAILBACK]
    stops = {stop.item: stop.rule for stop in found.stops}
    needed = needed_away(found.scenario, stops) if stops else {}
    away = {item: (*needed.get(item, ()), *found.left.get(item, ())) for move in moves for item in move.items}
    return {item: others for item, names in away.items() if (others := tuple(n for n in names if n != item))}


def needed_away(scenario: Scenario, away: Container[str]) -> Mapping[str, tuple[str, ...]]:
    """Machine -> those of `away` that are of its applications, or of those on which these depend."""
    machines = {one.name: one.machines for one in scenario.applications}
    found: dict[str, dict[str, None]] = {}
    for one in scenario.applications:
        names = [name for need in (one.name, *one.depends_on) for name in machines.get(need, ())]
        gone = dict.fromkeys(name for name in names if name in away)
        for name in one.machines:
            found.setdefault(name, {}).update(gone)
    return {name: tuple(gone) for name, gone in found.items()}


_LONELY: Final = (
    "STOP: as planned, {away} {stays} in Azure, to which {item} belongs. Ask {who}: may {item} come home without {it}? "
    "Without a yes, {leave}"
)
