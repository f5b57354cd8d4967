"""What people do about facts that nobody knows: one step for each place, for all objects, and who takes which step."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Final, NamedTuple

from failback.reprotect import (
    KIND_NAMES,
    SAME_FOR,
    Choices,
    FactRead,
    Looking,
    Requirement,
    cases_of,
    disk_size,
    facts_read,
    filled,
    look_up_of,
    lookings,
    names_of,
    open_facts,
    own_cases,
    who_looks,
    written_key,
)
from failback.scenarios.judging.check import Report
from failback.scenarios.text.name_lists import others_named

from .causes import Cause
from .steps_that_differ import may_differ, way_of

_MACHINES: Final = "virtual_machines"
_TARGETS: Final = "master_targets"
FOR_ALL: Final = "one call for all: "
ONE_BY_ONE: Final = "or one by one: "
"""Before the step of somebody who has no use for the one call."""


class LookedUp(NamedTuple):
    """The steps that answer the open facts, and the person line."""

    steps: tuple[str, ...] = ()
    person: str = ""


class OpenFinding(NamedTuple):
    """What is looked up for: a cause, its rule, and `facts`, which nobody knows of its first machine.

    `choose`: what is asked for a machine. `said`: names that its texts have beside those of their objects.
    """

    report: Report
    cause: Cause
    row: Requirement
    facts: Sequence[FactRead]
    choose: Callable[[str], Choices]
    said: Mapping[str, str]


def open_facts_of_all(finding: OpenFinding) -> Iterator[FactRead]:
    """Those of each machine of the cause; who reads keys of its object alone is asked once."""
    report, cause, row, facts, choose, _ = finding
    first = cause.first.item
    if all(fact.name == first for fact in facts):
        yield from (fact._replace(name=item) for fact in facts for item in cause.items)
    elif all((fact.name,) == cause.objects[:1] for fact in facts):
        yield from (fact._replace(name=name) for fact in facts for name in cause.objects)
    else:
        read = (facts_read(row.predicate, report.estate, item, choose(item)) for item in cause.items)
        yield from tuple(chain.from_iterable(map(open_facts, read))) or facts


def looked_up(finding: OpenFinding) -> LookedUp:
    """Where, and by whom."""
    return _looked_up(finding, tuple(open_facts_of_all(finding)))


def looked_up_by_key(finding: OpenFinding) -> Iterator[tuple[str, LookedUp]]:
    """The same for each key of the estate by itself, as a file writes it: `virtual_machines: azure.moved`."""
    found: dict[str, list[FactRead]] = {}
    for fact in open_facts_of_all(finding):
        found.setdefault(f"{fact.section}: {written_key(fact.key)}", []).append(fact)
    yield from ((key, _looked_up(finding, facts)) for key, facts in found.items())


def _looked_up(finding: OpenFinding, facts: Sequence[FactRead]) -> LookedUp:
    whole = lookings(facts)
    told = [_told(finding, part) for step in whole for part in _by_way(finding, step)]
    shared = (step.for_all for step in whole if step.for_all and len(step.objects) > 1)
    calls = dict.fromkeys(f"{FOR_ALL}{filled(call, finding.said)}" for call in shared)
    return LookedUp((*calls, *(text for _, text, _ in told)), _person(finding.report, told)) if told else LookedUp()


def _by_way(finding: OpenFinding, step: Looking) -> Iterator[Looking]:
    """One step for each operating system, and for each server, where the text depends on it."""
    if len(step.objects) == 1 or not may_differ((step.who, step.text)):
        yield step
        return
    found: dict[str, list[str]] = {}
    for name in step.objects:
        found.setdefault(_way(finding, step, name), []).append(name)
    yield from (step._replace(objects=tuple(names)) for names in found.values())


def _way(finding: OpenFinding, step: Looking, name: str) -> str:
    item, estate = _machine_of(finding, step.section, name), finding.report.estate
    return way_of(
        (step.who, step.text),
        lambda: own_cases(estate, item),
        lambda: cases_of(estate, item, finding.choose(item), name),
        lambda: _names(finding, step.section, name),
        name,
    )


def _person(report: Report, told: Sequence[tuple[str, str, Looking]]) -> str:
    machines = dict.fromkeys(name for _, _, step in told if step.section == _MACHINES for name in step.objects)
    return who_looks([role for role, _, _ in told], tuple(machines), report.owners)


def _disk_of(report: Report, fact: FactRead) -> str:
    part, _, rest = fact.key.partition(".")
    number = rest.partition(".")[0]
    disks = report.estate.virtual_machines[fact.name].disks if (fact.section, part) == (_MACHINES, "disks") else ()
    return disk_size(disks[int(number)], int(number)) if disks else ""


def _drive_of(report: Report, section: str, name: str) -> Mapping[str, str]:
    """The retention drive of the master target that is looked at, which need not be that of the finding's machine."""
    target = report.estate.master_targets.get(name) if section == _TARGETS else None
    return {"retention_drive": target.retention_drives[0].name} if target and target.retention_drives else {}


def _told(finding: OpenFinding, step: Looking) -> tuple[str, str, Looking]:
    """Who does it, and the step with the names of its first object; the others are named behind."""
    first, *others = step.objects
    put = _filler(finding, step.section, first, finding.said.get("disk_sizes", ""))
    text = put(step.text)
    if others:
        text = f"{ONE_BY_ONE if step.for_all else ''}{text}; {SAME_FOR} {others_named(others)}"
    return put(step.who), text, step


def _filler(finding: OpenFinding, section: str, name: str, disks: str) -> Callable[[str], str]:
    """Puts the names of this object, and of what it has to do with, into a text about it, for its cases."""
    item = _machine_of(finding, section, name)
    names = {**_names(finding, section, name), "disk_sizes": disks}
    cases = cases_of(finding.report.estate, item, finding.choose(item), name)
    return lambda text: filled(text, names, cases)


def _machine_of(finding: OpenFinding, section: str, name: str) -> str:
    return name if section == _MACHINES else finding.cause.first.item


def _names(finding: OpenFinding, section: str, name: str) -> Mapping[str, str]:
    item, names = _machine_of(finding, section, name), finding.said
    if item != finding.cause.first.item:
        more = names_of(finding.report.estate, item, finding.choose(item), name or item, finding.row)
        names = {**names, **more}
    at_hand = {KIND_NAMES[section]: name, "object": name}
    full = {"appliance_fqdn": box.full_name} if (box := finding.report.estate.appliances.get(name)) else {}
    return {**names, **at_hand, **full, **_drive_of(finding.report, section, name)}


def looked_up_one_by_one(finding: OpenFinding) -> Iterator[tuple[FactRead, str]]:
    """Each open fact by itself, with who looks where, and which value is written in which case."""
    for fact in open_facts_of_all(finding):
        put = _filler(finding, fact.section, fact.name, _disk_of(finding.report, fact))
        yield fact, "; ".join(f"{put(who)}: {put(text)}" for who, text in look_up_of(fact.section, fact.key).steps())
