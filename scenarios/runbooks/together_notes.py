"""Machines that fail back together (`plan: together`), for people: in which order, and what if one of them stops."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from failback.reprotect import Operation, Together
from failback.scenarios.files.applications import owners_of
from failback.scenarios.files.schema import Scenario
from failback.scenarios.text.name_lists import listed

from .leave_out import leave_out
from .runbook import Runbook, Section


@dataclass(frozen=True, slots=True)
class TogetherNote:
    """What is to be kept in a section, and what is asked, and whom, once one of these machines has stopped."""

    rule: str
    stop: str


def together_notes(found: Runbook, section: Section) -> tuple[TogetherNote, ...]:
    """One for each entry with several machines that the section asks for."""
    return tuple(_note(found, entry, section.operation) for entry in entries_of(found, section))


def together_words(found: Runbook, section: Section) -> Mapping[str, str]:
    """Machine -> its note, for a table that has no place above its rows."""
    notes = ((entry, _note(found, entry, section.operation)) for entry in entries_of(found, section))
    return {name: f"{note.rule}. STOP: {note.stop}" for entry, note in notes for name in entry.items}


def entries_of(found: Runbook, section: Section) -> Sequence[Together]:
    """Machines of this section that wait for one another in it."""
    if section.operation not in _WORDS:
        return ()
    asked = [item for request in section.happening for item in request.items]
    return [one for entry in found.together if len((one := entry.keeping(asked)).items) > 1]


def _note(found: Runbook, entry: Together, operation: Operation) -> TogetherNote:
    rule, stop = _WORDS[operation]
    order = "; then ".join(listed(names) for names in entry.order)
    rest = _BEHIND if len(entry.order) > 1 and "{order}" in rule else ""
    told = rule.format(name=entry.name, order=order, all=listed(entry.items))
    return TogetherNote(told + rest, stop.format(who=owners_words(owners_of(found.scenario.applications), entry.items)))


def owners_words(owners: Mapping[str, str], names: Sequence[str]) -> str:
    """`the owner of application shop: Ann`, each once."""
    return "; ".join(dict.fromkeys(f"the {owners.get(name, f'owner of {name}')}" for name in names))


_WORDS: Final[Mapping[Operation, tuple[str, str]]] = {
    Operation.FAILBACK: (
        "{name} fails back together, in this order: {order}. Begin none of these before the data of all of them is "
        "home",
        "If one of them stops or is left out, stop here and ask {who}: do the others fail back without it?",
    ),
    Operation.COMMIT_FAILBACK: (
        "{name}: commit none of these before all of them are on site and checked: {all}",
        "If one of them is not, stop here and ask {who}: are the others committed without it?",
    ),
}
NOT_IN_PILOT: Final = "not in the pilot"
"""Why a machine stays in Azure that no rule stops."""
_BEHIND: Final = ", and those after a semicolon only when those before it are on site"


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
