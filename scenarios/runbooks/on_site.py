"""What is done on a machine between its failback and its check: a box for each act, with who does it and the values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from failback.reprotect import (
    PROOFS,
    STEPS,
    Broken,
    Operation,
    OsFamily,
    Requirement,
    Unsure,
    Verdict,
    VirtualMachine,
    filled,
    person_of,
    sets_address,
    with_helpers,
)
from failback.scenarios.files.applications import owners_of
from failback.scenarios.outcomes.work_on_site import BEFORE_CHECK, verdict_on_site

from .causes import numbered_steps
from .planned_requests import PlannedRequest
from .rows import moment_words
from .runbook import Runbook, Section

_AS_BEFORE: Final = "as in the table"


@dataclass(frozen=True, slots=True)
class OnSiteAct:
    """One rule's work on one machine. `begins_s`: its failback has ended; `ends_s`: its commit is asked for.

    `values`: for an address, that of each adapter with its network. `unsure`: nobody knows whether the work is needed.
    """

    wave: str
    machine: str
    rule: Requirement
    values: str
    who: str
    proof: str
    begins_s: float
    ends_s: float | None
    unsure: bool = False

    @property
    def what(self) -> str:
        """The rule's words."""
        return f"{self.rule.title}{' (only if its address was static: nobody told)' if self.unsure else ''}"

    @property
    def words(self) -> str:
        """In one line, for who waits for it."""
        values = f" {self.values}" if self.values else ""
        return f"{self.rule.id}{values}, {self.who}"


@dataclass(frozen=True, slots=True)
class HowTo:
    """The steps of one rule, for machines of one operating system where they differ by it, and who does which."""

    rule: str
    of: str
    steps: tuple[str, ...]
    who: str
    proof: str


def acts_of(found: Runbook, section: Section) -> tuple[OnSiteAct, ...]:
    """The acts after this leg, in the order of time."""
    if section.operation is not Operation.FAILBACK:
        return ()
    moved = [request for request in section.requests if request.ends is not None]
    made = (act for request in moved for item in request.items for act in _of_machine(found, request, item))
    return tuple(sorted(made, key=lambda act: act.begins_s))


def all_acts(found: Runbook) -> tuple[OnSiteAct, ...]:
    """Those of all waves."""
    return tuple(act for section in found.sections for act in acts_of(found, section))


def not_told(found: Runbook, section: Section) -> Iterator[tuple[Requirement, tuple[str, ...]]]:
    """Rules of which nobody knows whether these machines need the work, and the machines."""
    if section.operation is not Operation.FAILBACK:
        return
    items = [item for request in section.requests if request.ends is not None for item in request.items]
    for row in BEFORE_CHECK:
        verdicts = {item: verdict_on_site(found.scenario.estate, row, item) for item in items}
        names = tuple(item for item, verdict in verdicts.items() if isinstance(verdict, Unsure))
        if names and not sets_address(row.id):
            yield row, names


def _of_machine(found: Runbook, request: PlannedRequest, item: str) -> Iterator[OnSiteAct]:
    estate, owners = found.scenario.estate, owners_of(found.scenario.applications)
    vm, down = estate.virtual_machines[item], found.downs.get(item)
    addresses = ", ".join(each for one in vm.adapters for each in one.addresses)
    names = {"machine": item, "owner": f"the {owners[item]}" if item in owners else "", "addresses": addresses}
    for row in BEFORE_CHECK:
        verdict = verdict_on_site(found.scenario.estate, row, item)
        unsure = isinstance(verdict, Unsure)
        if not isinstance(verdict, Broken) and not (unsure and sets_address(row.id)):
            continue
        values = _addresses(vm) if sets_address(row.id) else _seen(verdict)
        who = person_of(row.who, row.kind_of_object.value, (item,), owners)
        proof = filled(PROOFS[row.id].seen_by, names, {"windows": vm.os is OsFamily.WINDOWS})
        begins_s = request.ends.middle_s if request.ends else 0.0
        ends_s = down.ends_s if down is not None and down.check_s is not None else None
        yield OnSiteAct(request.wave, item, row, values, who, proof, begins_s, ends_s, unsure)


def _addresses(vm: VirtualMachine) -> str:
    """Of each adapter; empty where no file tells it, and people write it in."""
    told = (" in ".join(filter(None, (", ".join(one.addresses), one.network))) for one in vm.adapters if one.addresses)
    return "; ".join(told)


def _seen(verdict: Verdict) -> str:
    return "; ".join(dict.fromkeys(each.sentence for each in verdict.blockers)) if isinstance(verdict, Broken) else ""


def how_to(found: Runbook, acts: Sequence[OnSiteAct]) -> Iterator[HowTo]:
    """The steps of these acts, each once."""
    machines = found.scenario.estate.virtual_machines
    for row in dict.fromkeys(act.rule for act in acts):
        systems = dict.fromkeys(machines[act.machine].os for act in acts if act.rule is row)
        told = {one: _steps(row, one) for one in systems}
        alike = len(set(told.values())) == 1 and _steps(row, OsFamily.LINUX) == _steps(row, OsFamily.WINDOWS)
        for system, steps in {next(iter(told)): next(iter(told.values()))}.items() if alike else told.items():
            who = with_helpers(person_of(row.who, row.kind_of_object.value, (), {}) or row.who, steps)
            proof = filled(PROOFS[row.id].seen_by, {}, {"windows": system is OsFamily.WINDOWS})
            yield HowTo(row.id, "" if alike else system.value, numbered_steps(steps), who, proof)


def _steps(row: Requirement, system: OsFamily) -> tuple[str, ...]:
    names, cases = {"addresses": _AS_BEFORE}, {"windows": system is OsFamily.WINDOWS}
    return tuple(filter(None, (filled(step, names, cases) for step in STEPS[row.id])))


def times_of(found: Runbook, act: OnSiteAct) -> tuple[str, str]:
    """From the end of the failback until the commit, as planned."""
    return moment_words(found, act.begins_s), "" if act.ends_s is None else moment_words(found, act.ends_s)
