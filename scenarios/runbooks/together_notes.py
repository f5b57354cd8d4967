"""Machines that fail back together (`plan: together`), for people: in which order, and what if one of them stops."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from failback.reprotect import LEGS, Architecture, Operation, Together
from failback.scenarios.files.applications import owners_of
from failback.scenarios.text.name_lists import listed

from .leave_out import steps_words
from .runbook import Runbook, Section
from .step_questions import step_questions
from .whom_to_ask import owners_words


@dataclass(frozen=True, slots=True)
class TogetherNote:
    """What is to be kept in a section, and what is asked, and whom, once one has stopped; what each answer means."""

    rule: str
    stop: str
    machines: tuple[str, ...]


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
    asked = stop.format(who=owners_words(owners_of(found.scenario.applications), entry.items))
    return TogetherNote(
        told + rest + _first_asked(found, entry, operation),
        " ".join((asked, *_answers(found, entry, operation))),
        tuple(entry.items),
    )


def _first_asked(found: Runbook, entry: Together, operation: Operation) -> str:
    """The steps of these machines before which something is asked: an answer may leave one of them out."""
    asked = step_questions(found, operation).keys() & set(entry.items)
    if numbers := [number for number, items in _steps(found, entry, operation, operation) if asked & set(items)]:
        return f". First get the answers to what is asked before {steps_words(numbers)}"
    return ""


def _answers(found: Runbook, entry: Together, operation: Operation) -> Iterator[str]:
    """Which steps are done and which are left out, and what becomes of those that are on site by then."""
    numbers = [number for number, _ in _steps(found, entry, operation, LEGS[-1])]
    if not numbers:
        return
    steps = f"steps {listed([str(number) for number in numbers])}"
    yield f"Yes: of {steps}, leave out its own alone, and do the others."
    yield "No: leave out all of them that have not begun."
    machines = found.scenario.estate.virtual_machines
    kinds = {name: machines[name].architecture for name in entry.items}
    for kind in dict.fromkeys(kinds.values()):
        names = [name for name in entry.items if kinds[name] is kind]
        who = f"what of {listed(names)}" if len(names) < len(kinds) else "what"
        yield f"{who[:1].upper()}{who[1:]} is on site by then{_ON_SITE[kind]}."


def _steps(found: Runbook, entry: Together, first: Operation, last: Operation) -> Iterator[tuple[int, Sequence[str]]]:
    """The numbers of their steps from this leg to that one, and the machines of each."""
    legs = LEGS[LEGS.index(first) : LEGS.index(last) + 1]
    for one in found.requests:
        if one.number is not None and one.operation in legs and not set(entry.items).isdisjoint(one.items):
            yield one.number, one.items


_ON_SITE: Final[Mapping[Architecture, str]] = {
    Architecture.MODERNISED: " either goes back to Azure before its commit (Cancel failover; what was written on site "
    "is lost: rule A12), or waits there, uncommitted",
    Architecture.CLASSIC: " cannot be cancelled: it stays there, and waits for its commit",
}
_WORDS: Final[Mapping[Operation, tuple[str, str]]] = {
    Operation.FAILBACK: (
        "{name} fails back together, in this order: {order}. Begin none of these before the data of all of them is "
        "home",
        "If one of them stops or is left out, stop here and ask {who}: do the others fail back without it?",
    ),
    Operation.COMMIT_FAILBACK: (
        "{name}: commit none of these before all of them are on site and checked: {all}",
        "If one of them is not, or is left out, stop here and ask {who}: are the others committed without it?",
    ),
}
_BEHIND: Final = ", and those after a semicolon only when those before it are on site"
