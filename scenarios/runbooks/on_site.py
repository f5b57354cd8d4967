"""What is done on a machine between its failback and its check: a box for each act, with who does it and the values."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Final

from failback.reprotect import (
    NETWORK,
    PROOFS,
    STEPS,
    Broken,
    Operation,
    OsFamily,
    Requirement,
    StepTime,
    Unsure,
    Verdict,
    VirtualMachine,
    filled,
    person_of,
    roles_of,
    sets_address,
    step_times,
    vcenter_of,
    with_helpers,
)
from failback.scenarios.files.applications import owners_of
from failback.scenarios.outcomes.work_on_site import BEFORE_CHECK, verdict_on_site

from .causes import Task, later_tasks
from .downtimes import Downtime
from .network_rows import record_words, shows_another
from .planned_requests import PlannedRequest
from .rows import moment_words
from .runbook import Runbook, Section
from .twin_questions import RULE

_IN_TABLE: Final = {
    "addresses": "as in the table",
    "dns_name": "as in the table",
    "port_group": "the one in the table",
    "home_host": "the host of the table's row",
}
_RECORD: Final = "DNS record set to the address at home, once that is set"
_IF_STATIC: Final = "only if its address was static: nobody told"
_IF_OTHER: Final = "only if it shows another address: no file tells the address in Azure"
THEN: Final = ", then "
"""Between persons of whom each goes on with the work of the one before."""
_LOOKED_UP: Final = "nslookup {name} on another machine shows {address}"


@dataclass(frozen=True, slots=True)
class OnSiteAct:
    """One rule's work on one machine. `begins_s`: its failback has ended; `ends_s`: its commit is asked for.

    `values`: for an address, that of each adapter with its network, or the DNS record. `only_if`: on what nobody knows
    the work hangs. `of_record`: it is the DNS record, which is changed in DNS and not on the machine. `roles`: all of
    `who`, in the order of the steps.
    """

    wave: str
    machine: str
    rule: Requirement
    values: str
    who: str
    roles: tuple[str, ...]
    proof: str
    begins_s: float
    ends_s: float | None
    only_if: str = ""
    of_record: bool = False

    @property
    def what(self) -> str:
        """The rule's words, or those for the record that goes with it."""
        words = _RECORD if self.of_record else self.rule.title
        return f"{words} ({self.only_if})" if self.only_if else words

    @property
    def words(self) -> str:
        """In one line, for who waits for it."""
        values = f" {self.values}" if self.values else ""
        return f"{self.rule.id}{' DNS record' if self.of_record else ''}{values}, {THEN.join(self.roles)}"


@dataclass(frozen=True, slots=True)
class HowTo:
    """The steps of one rule, for machines of one operating system where they differ by it, and who does which."""

    rule: str
    of: str
    steps: tuple[str, ...]
    who: str
    proof: str


def acts_of(found: Runbook, section: Section) -> tuple[OnSiteAct, ...]:
    """The acts after a failback, in the order of time; before a commit, those of machines that are on site already."""
    made = (act for request, item in _on_site(found, section) for act in _of_machine(found, request, item))
    return tuple(sorted(made, key=lambda act: act.begins_s))


def _on_site(found: Runbook, section: Section) -> Iterator[tuple[PlannedRequest, str]]:
    """The machines on which something may have to be done, with the request by which this section has them."""
    if section.operation is Operation.FAILBACK:
        yield from ((one, item) for one in section.requests if one.ends is not None for item in one.items)
    if section.operation is Operation.COMMIT_FAILBACK:
        later = fails_back(found)
        yield from ((one, item) for one in section.requests for item in one.items if item not in later)


def comes_first(section: Section) -> bool:
    """Whether the acts stand before the requests of this section: what is committed has been checked."""
    return section.operation is Operation.COMMIT_FAILBACK


def fails_back(found: Runbook) -> frozenset[str]:
    """Machines whose failback is in this runbook: the others are on site already, if they are to be committed."""
    legs = (section for section in found.sections if section.operation is Operation.FAILBACK)
    return frozenset(item for section in legs for request in section.requests for item in request.items)


def all_acts(found: Runbook) -> tuple[OnSiteAct, ...]:
    """Those of all waves."""
    return tuple(act for section in found.sections for act in acts_of(found, section))


def open_acts(found: Runbook) -> Iterator[OnSiteAct]:
    """For a sheet: work of which nobody knows whether a machine needs it, a row a machine."""
    for section in found.sections:
        requests = {item: request for request, item in _on_site(found, section)}
        for each in open_work(found, section):
            for name in each.machines:
                yield _open_act(found, requests[name], each, name)


def _open_act(found: Runbook, request: PlannedRequest, work: "OpenWork", name: str) -> OnSiteAct:
    windows = found.scenario.estate.virtual_machines[name].os is OsFamily.WINDOWS
    proof = filled(PROOFS[work.rule.id].seen_by, {"machine": name}, {"windows": windows})
    times = _while(request, found.downs.get(name))
    who = _who(found, work.rule, name)
    return OnSiteAct(request.wave, name, work.rule, "", *who, proof, *times, f"only if {work.keys} is true")


@dataclass(frozen=True, slots=True)
class OpenWork:
    """Work of which nobody knows whether these machines need it; `keys`: the facts that say so; `roles`: who acts."""

    rule: Requirement
    machines: tuple[str, ...]
    keys: str
    roles: tuple[str, ...]


def open_work(found: Runbook, section: Section) -> Iterator[OpenWork]:
    """In the order of the rules; not for an address, whose box stands there in any case."""
    items = [item for _, item in _on_site(found, section)]
    for row in BEFORE_CHECK:
        verdicts = {item: verdict_on_site(found.scenario.estate, row, item) for item in items}
        names = tuple(item for item, verdict in verdicts.items() if isinstance(verdict, Unsure))
        if names and not sets_address(row.id):
            keys = dict.fromkeys(fact.key for each in found.told if each.cause.rule == row.id for fact in each.facts)
            yield OpenWork(row, names, " or ".join(keys), roles_on_site(found, row, names))


def going_on(found: Runbook, section: Section) -> tuple[Task, ...]:
    """Steps of what began before the return, for machines that have failed back; R11 asks at the commit itself."""
    items = [item for _, item in _on_site(found, section)]
    found_later = later_tasks(found, {StepTime.ON_SITE, StepTime.COMMIT}, items)
    return tuple(task for task in found_later if task.rule != RULE)


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
        proof = filled(PROOFS[row.id].seen_by, names, {"windows": vm.os is OsFamily.WINDOWS})
        begins_s, ends_s = _while(request, down)
        only_if = _IF_STATIC if unsure else ""
        act = OnSiteAct(request.wave, item, row, values, *_who(found, row, item), proof, begins_s, ends_s, only_if)
        yield act
        if sets_address(row.id) and shows_another(vm):
            yield _of_record(act, vm, addresses)


def _who(found: Runbook, row: Requirement, name: str) -> tuple[str, tuple[str, ...]]:
    """Who does which step on a machine, and each person once: whoever has the first step is needed before it begins."""
    owners = owners_of(found.scenario.applications)
    person = person_of(row.who, row.kind_of_object.value, (name,), owners)
    steps = _on_the_machine(row, found.scenario.estate.virtual_machines[name].os)
    told = with_helpers(person, [step for _, step in steps], steps[0][0]) if steps else person
    return told, roles_of(person, [step for _, step in steps])


def roles_on_site(found: Runbook, row: Requirement, names: Sequence[str]) -> tuple[str, ...]:
    """Everybody whom this work needs on these machines, in the order of its steps."""
    person = person_of(row.who, row.kind_of_object.value, names, {})
    systems = dict.fromkeys(found.scenario.estate.virtual_machines[name].os for name in names)
    told = ([step for _, step in _on_the_machine(row, system)] for system in systems)
    return tuple(dict.fromkeys(role for steps in told for role in roles_of(person, steps)))


def _on_the_machine(row: Requirement, system: OsFamily) -> Sequence[tuple[int, str]]:
    """The steps on site, without that of the DNS record, which has a row of its own."""
    steps = _steps(row, system, frozenset({StepTime.ON_SITE}), _IN_TABLE)
    return list(takewhile(lambda numbered: _RECORD_STEP not in numbered[1], steps))


_RECORD_STEP: Final = "sets each DNS record"


def _while(request: PlannedRequest, down: Downtime | None) -> tuple[float, float | None]:
    """From the failback, or from now for what is on site, until the commit."""
    if request.operation is Operation.COMMIT_FAILBACK:
        return 0.0, request.begins.middle_s if request.begins else None
    return request.ends.middle_s if request.ends else 0.0, None if down is None else down.commit_s


def _of_record(act: OnSiteAct, vm: VirtualMachine, addresses: str) -> OnSiteAct:
    """The act of the network team that follows the address of this machine."""
    name = vm.dns_name or f"the name of {vm.name}"
    proof = _LOOKED_UP.format(name=name, address=addresses or "the address at home")
    unsure = _IF_OTHER if not vm.azure.addresses and vm.retains_ip is not False else ""
    only_if = "; ".join(filter(None, (act.only_if, unsure)))
    return replace(
        act,
        values=record_words(vm, addresses),
        who=NETWORK,
        roles=(NETWORK,),
        proof=proof,
        only_if=only_if,
        of_record=True,
    )


def _addresses(vm: VirtualMachine) -> str:
    """Of each adapter; empty where no file tells it, and people write it in."""
    told = (" in ".join(filter(None, (", ".join(one.addresses), one.network))) for one in vm.adapters if one.addresses)
    return "; ".join(told)


def _seen(verdict: Verdict) -> str:
    return "; ".join(dict.fromkeys(each.sentence for each in verdict.blockers)) if isinstance(verdict, Broken) else ""


def how_to(found: Runbook, acts: Sequence[OnSiteAct], open_ones: Sequence[OpenWork] = ()) -> Iterator[HowTo]:
    """The steps of this work, each once; what comes before an address is set is told for all machines together.

    Also those of work of which nobody knows whether it is needed.
    """
    work = [(act.rule, act.machine) for act in acts]
    work += [(each.rule, name) for each in open_ones for name in each.machines]
    for row in dict.fromkeys(rule for rule, _ in work):
        yield from _hows(found, [name for rule, name in work if rule is row], row, frozenset({StepTime.ON_SITE}))


def preparations(found: Runbook) -> Iterator[HowTo]:
    """What is done before the failback for all addresses, each step once."""
    yield from _of_addresses(found, StepTime.BEFORE)


def of_records_later(found: Runbook) -> Iterator[HowTo]:
    """What the network team does after the commit for all addresses, which differs by no operating system."""
    rules: set[str] = set()
    for how in _of_addresses(found, StepTime.AFTER):
        if how.rule not in rules:
            yield replace(how, of="", steps=tuple(_NUMBER.sub("", step) for step in how.steps))
        rules.add(how.rule)


_NUMBER: Final = re.compile(r"^\d+\. ")


def _of_addresses(found: Runbook, time: StepTime) -> Iterator[HowTo]:
    acts = [act for act in all_acts(found) if sets_address(act.rule.id)]
    for row in dict.fromkeys(act.rule for act in acts):
        yield from _hows(found, [act.machine for act in acts if act.rule is row], row, frozenset({time}))


def prepared_before(found: Runbook) -> Iterator[tuple[HowTo, tuple[str, ...]]]:
    """What is done before the failback for other work on site, and for which machines, if they need it."""
    work = [(act.rule, act.machine) for act in (*all_acts(found), *open_acts(found))]
    for row in dict.fromkeys(rule for rule, _ in work if not sets_address(rule.id)):
        names = tuple(dict.fromkeys(name for rule, name in work if rule is row))
        yield from ((how, names) for how in _hows(found, names, row, frozenset({StepTime.BEFORE})))


def _hows(found: Runbook, names: Sequence[str], row: Requirement, times: Collection[StepTime]) -> Iterator[HowTo]:
    """One for each operating system where the steps differ by it."""
    machines = found.scenario.estate.virtual_machines
    said = _in_table(found)
    told = {one: _steps(row, one, times, said) for one in dict.fromkeys(machines[name].os for name in names)}
    alike = len({_steps(row, one, times, said) for one in OsFamily}) == 1
    for system, steps in list(told.items())[: 1 if alike else None]:
        if steps:
            how = _how(row, "" if alike else system.value, steps, times, windows=system is OsFamily.WINDOWS)
            yield how if not sets_address(row.id) or times == {StepTime.BEFORE} else _of_the_preparations(how)


def _in_table(found: Runbook) -> Mapping[str, str]:
    """What stands for the values of each machine, and the vCenter, if it is the same for all."""
    estate = found.scenario.estate
    vcenters = {vcenter_of(estate, vm) for vm in estate.virtual_machines.values()}
    return {**_IN_TABLE, "vcenter": vcenters.pop()} if len(vcenters) == 1 else _IN_TABLE


_OTHER_STEP: Final = re.compile(r"(?<!the )\bstep \d+")
_PREPARATIONS: Final = ' of "For the network team"'


def _of_the_preparations(how: HowTo) -> HowTo:
    """With the box to which a step belongs that is done before: the runbook's own steps have numbers too."""
    return replace(how, steps=tuple(_OTHER_STEP.sub(rf"\g<0>{_PREPARATIONS}", step) for step in how.steps))


def _how(
    row: Requirement, of: str, steps: Sequence[tuple[int, str]], times: Collection[StepTime], *, windows: bool
) -> HowTo:
    person = person_of(row.who, row.kind_of_object.value, (), {}) or row.who
    who = with_helpers(person, [step for _, step in steps], steps[0][0])
    seen = filled(PROOFS[row.id].seen_by, _IN_TABLE, {"windows": windows}).split("; ")
    before = [part.startswith(StepTime.BEFORE.value) for part in seen]
    told = [part for part, early in zip(seen, before, strict=True) if early == (times == {StepTime.BEFORE})]
    return HowTo(row.id, of, _numbered(steps), who, "; ".join(told if True in before else seen))


def _numbered(steps: Sequence[tuple[int, str]]) -> tuple[str, ...]:
    """With the numbers that the check gives them, since one names another; none where the rule has one step alone."""
    if [n for n, _ in steps] == [1]:
        return (steps[0][1],)
    return tuple(f"{n}. {step}" for n, step in steps)


def _steps(
    row: Requirement, system: OsFamily, times: Collection[StepTime], said: Mapping[str, str]
) -> tuple[tuple[int, str], ...]:
    cases = {"windows": system is OsFamily.WINDOWS}
    steps = [step for step in (filled(step, said, cases) for step in STEPS[row.id]) if step]
    at = zip(enumerate(steps, 1), step_times(steps), strict=True)
    return tuple(numbered for numbered, time in at if time in times)


def times_of(found: Runbook, act: OnSiteAct) -> tuple[str, str]:
    """From the end of the failback until the commit, as planned."""
    return moment_words(found, act.begins_s), "" if act.ends_s is None else moment_words(found, act.ends_s)
