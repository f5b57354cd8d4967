"""The check: every rule that bites on what still lies ahead of each machine, judged over an estate and a plan, pure.

A machine is asked about as the drill would ask: the plan's values, and those that the rules choose where it says
nothing. Rules about the request itself (one master target for a group, R07) are judged as if every reprotect had been
asked already; rules about replication as it runs now (R33) with what returns now, which in a file is nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, unique
from functools import lru_cache
from typing import Final, NamedTuple, Self, TypeAlias

from failback.reprotect import (
    MET,
    Blocker,
    Broken,
    CheckPoint,
    Choices,
    Estate,
    Gap,
    Met,
    Noted,
    Operation,
    Outlook,
    PassedOver,
    Phase,
    Plan,
    PlanMistake,
    RemedyTarget,
    RequestAhead,
    RequestDefaults,
    RequestsAhead,
    Requirement,
    Stage,
    Unknown,
    Unsure,
    VirtualMachine,
    asked_of,
    in_phases,
    known,
    left_short,
    merged,
    outlook_of,
    plan_mistakes,
    refused,
    remedy_of,
    remedy_target_of,
    settled_by,
    short_of,
    with_mates,
    with_returning,
)
from failback.scenarios.files.schema import InDoubt, Mismatch
from failback.scenarios.gc_tuning import gc_tuning

from .rows import RuleRow, Section, rows_of, rules_of
from .shared_verdicts import SharedVerdicts


@unique
class Status(Enum):
    """What a finding means for the way home. `BEFORE_RETURN`: it does not block, but data is lost if nobody acts."""

    BLOCKS = "blocks"
    UNKNOWN = "unknown"
    BEFORE_RETURN = "before_return"
    AFTER_RETURN = "after_return"
    ADVICE = "advice"


@unique
class Readiness(Enum):
    """The answer for the whole estate."""

    READY = "ready"
    NOT_READY = "not_ready"
    NOT_ENOUGH_KNOWN = "not_enough_known"


@unique
class Location(Enum):
    """Where a machine comes home to."""

    ORIGINAL = "original"
    ALTERNATE = "alternate"
    UNKNOWN = "unknown"


class CheckFinding(NamedTuple):
    """One rule that is broken, or that nobody can judge, for one machine: at which places, by which objects.

    `can_block`: broken, it stands in the way; advice and work before or after the return never do.
    `remedy_target`: what failback could do about it by itself.
    """

    requirement: Requirement
    item: str
    status: Status
    can_block: bool
    points: tuple[CheckPoint, ...]
    blockers: tuple[Blocker, ...] = ()
    gaps: tuple[Gap, ...] = ()
    remedy_target: RemedyTarget | None = None
    not_yet: bool = False
    """It is unknown, and can be known only after the machine's reprotect, which lies ahead."""

    @property
    def rule(self) -> str:
        """The rule's id."""
        return self.requirement.id


@dataclass(frozen=True, slots=True)
class CheckedMachine:
    """One machine: where it comes home to and why, what was found, and the rules that were asked."""

    item: str
    location: Location
    why: str
    findings: tuple[CheckFinding, ...]
    rules: frozenset[str]
    reprotect_ahead: bool = False
    """Whether its reprotect to the site has not begun: what begins with that, nobody has seen yet."""

    def of(self, *statuses: Status) -> tuple[CheckFinding, ...]:
        """Its findings of these statuses."""
        return tuple(finding for finding in self.findings if finding.status in statuses)


@dataclass(frozen=True, slots=True)
class Report:
    """All machines in the estate's order; of the rules that can block, those judged and those that nobody can judge.

    `estate` is the one that was judged, with every reprotect of `plan` asked.
    `refused`: why a drill would not begin with this plan. `outlooks`: the class of each machine, see `Standing`.
    `passed_over`: the servers that are passed over for a fit one or chosen for nobody, and the rules for which.
    """

    items: tuple[CheckedMachine, ...]
    rules: frozenset[str]
    unsure: frozenset[str]
    estate: Estate
    plan: Plan
    refused: tuple[PlanMistake, ...] = ()
    outlooks: Mapping[str, Outlook] = field(default_factory=dict)
    passed_over: tuple[PassedOver, ...] = ()
    defaults: RequestDefaults | None = field(default=None, compare=False, repr=False)
    """What the requests ask for that were judged: chosen once, since it takes a while."""
    owners: Mapping[str, str] = field(default_factory=dict)
    """Machine -> its application with the owner whom the scenario names, in words."""
    file: str = ""
    """The file that was checked, as steps name it; empty where there is none."""
    estate_file: str = ""
    """The file in which the facts of its estate stand, which may be the same."""
    plan_file: str = ""
    """The file with the plan, where that is not `file`: an estate alone has none."""
    vault: str = ""
    """Name of the vault, where the settings of a live world give it."""
    mismatches: tuple[Mismatch, ...] = ()
    """What an import noted and could not settle."""
    in_doubt: tuple[InDoubt, ...] = ()
    """Machines that it may have taken for others."""
    later: frozenset[str] = frozenset()
    """Those of `unsure` that nobody can judge before the reprotect of the machines that they are unknown of."""

    @property
    def readiness(self) -> Readiness:
        """The answer."""
        if self.refused or any(self.of(Status.BLOCKS)):
            return Readiness.NOT_READY
        return Readiness.NOT_ENOUGH_KNOWN if self.unsure else Readiness.READY

    @property
    def headline(self) -> str:
        """The answer in words."""
        words = {Readiness.READY: "ready", Readiness.NOT_READY: "not ready"}
        open_now, could = self.open_now, f"{len(self.rules)} rules that could block a machine"
        unknown = f"unknown facts: {len(open_now)} of {could} cannot be judged"
        later = f"nothing else to look up now: {len(self.later)} of {could} can be judged only after the reprotect"
        return words.get(self.readiness) or (unknown if open_now else later)

    @property
    def open_now(self) -> frozenset[str]:
        """The rules that could block and that nobody can judge, although somebody could look the facts up now."""
        return self.unsure - self.later

    @property
    def open_machines(self) -> tuple[str, ...]:
        """The machines of which somebody could look up now a fact that a rule needs which could block them."""
        return tuple(
            one.item for one in self.items if any(f.can_block and not f.not_yet for f in one.of(Status.UNKNOWN))
        )

    def blocks(self, *, unknown_blocks: bool) -> bool:
        """Whether anything stands in the way. What can be known only after the reprotect never does before it."""
        return self.readiness is Readiness.NOT_READY or (unknown_blocks and bool(self.open_now))

    def of(self, *statuses: Status) -> Iterator[CheckFinding]:
        """Findings of these statuses, machine by machine."""
        return (finding for item in self.items for finding in item.of(*statuses))


def check_estate(estate: Estate, plan: Plan, phases: Mapping[str, Phase] | None = None) -> Report:
    """Judge every machine. `phases` says where items were seen; one without a phase stands where the estate says."""
    with gc_tuning():
        return _report(with_returning(in_phases(estate, phases or {}), plan), plan)


def _report(estate: Estate, plan: Plan) -> Report:
    requests_ahead = RequestsAhead(estate, plan)
    ahead = requests_ahead.all()
    asked = asked_of(estate, plan, ahead)
    seen = _Rules(plan, _Judged.of(estate), _Judged.of(asked), set(), set(), set())
    items = tuple(_checked(name, requests, seen) for name, requests in ahead.items())
    mistakes = plan_mistakes(estate, plan)
    own = {item.item: _outlook(item) for item in items}
    for name, short in short_of(estate, asked, ahead).items():
        own[name] = left_short(own[name], estate.virtual_machines[name], sure=short is True)
    outlooks = refused(own) if mistakes else with_mates(asked, plan, own)
    judged = frozenset(seen.judged), frozenset(seen.unsure)
    passed_over, later = requests_ahead.passed_over(), judged[1] - seen.open_now
    return Report(items, *judged, asked, plan, mistakes, outlooks, passed_over, requests_ahead.defaults, later=later)


def _outlook(item: "CheckedMachine") -> Outlook:
    """For itself, of its findings: what is broken or unknown, and where that bites."""
    found = (finding for finding in item.findings if finding.can_block and (finding.blockers or finding.gaps))
    return outlook_of((f.requirement, point, f.blockers) for f in found for point in f.points)


@dataclass(frozen=True, slots=True)
class _Judged:
    """An estate that is judged, and what machines have in common in it."""

    estate: Estate
    shared: SharedVerdicts

    @classmethod
    def of(cls, estate: Estate) -> Self:
        """This one."""
        return cls(estate, SharedVerdicts(estate))


@dataclass(frozen=True, slots=True)
class _Rules:
    """What is judged, as it is and as if all had been asked, and the rules met on the way.

    `open_now`: those of `unsure` that are unknown of a machine of which somebody can know them today.
    """

    plan: Plan
    now: _Judged
    asked: _Judged
    judged: set[str]
    unsure: set[str]
    open_now: set[str]


class _Ask(NamedTuple):
    """A request ahead. `planned`: with all that the plan says, also what the request has no place for (A16).

    `before`: the machine's reprotect has not begun.
    """

    operation: Operation
    choices: Choices
    begun: bool
    planned: Choices
    request: RequestAhead
    before: bool


@lru_cache(maxsize=1024)
def _as_planned(planned: Choices, asked: Choices) -> Choices:
    return merged(planned, asked)


def _checked(name: str, asks: Sequence[RequestAhead], seen: _Rules) -> CheckedMachine:
    vm, settled = seen.now.estate.virtual_machines[name], settled_by(seen.now.estate)
    returning = seen.now.estate.returning_through
    returns = not isinstance(returning, Unknown) and name in returning
    found: _Found = {}
    planned = merged(seen.plan.choices, seen.plan.item_choices.get(name, _NOTHING))
    before = any(each.operation is Operation.REPROTECT_TO_ON_PREMISES and not each.begun for each in asks)
    for each in asks:
        ask = _Ask(each.operation, each.choices, each.begun, _as_planned(planned, each.choices), each, before)
        rows = rows_of(vm.architecture, ask.operation, settled)
        if not ask.begun:
            seen.judged.update(rows.blocking if returns else rows.blocking - rows.of_target)
            _judge(seen.asked, name, ask, rows.asked, found)
        elif not each.settled:
            _judge(seen.now, name, ask, rows.carrying, found)
        _judge(seen.now, name, ask, rows.running, found)
    unsure = tuple(finding for finding in found.values() if finding.gaps and finding.can_block)
    seen.unsure.update(finding.rule for finding in unsure)
    seen.open_now.update(finding.rule for finding in unsure if not finding.not_yet)
    begun = tuple((ask.operation, ask.begun) for ask in asks)
    rules = rules_of(vm.architecture, begun, settled, returns=returns)
    return CheckedMachine(name, *location_of(vm), tuple(_without_idle_notes(found)), rules, before)


_NOTHING: Final = Choices()
_Found: TypeAlias = dict[tuple[str, bool], CheckFinding]
"""Findings of one machine by rule, and whether they are notes of a rule that may hold."""


def _judge(judged: _Judged, name: str, ask: _Ask, section: Section, found: _Found) -> None:
    estate = judged.estate
    shared = judged.shared.of(estate.virtual_machines[name], section, ask.choices, ask.planned)
    for row, same in zip(section.rows, shared, strict=True):
        verdict = same or row.predicate(estate, name, ask.choices if row.blocks else ask.planned)
        if verdict is MET or isinstance(verdict, Met):
            continue
        if not isinstance(verdict, Noted):
            new = _finding(row, name, row.doubt or verdict)
            if new.gaps and ask.before and row.after_reprotect:
                new = new._replace(not_yet=True)
            if row.point.stage is Stage.REPLICATION and not ask.request.stops_by(row.requirement):
                new = _only_told(new)
            if new.status is Status.BLOCKS and remedy_of(row.rule) is not None:
                new = new._replace(remedy_target=remedy_target_of(row.rule, estate, name, ask.choices))
            _keep(found, (row.rule, False), new)
        if not isinstance(verdict, Broken) and verdict.notes:
            status = Status.BEFORE_RETURN if row.requirement.loses_data else Status.ADVICE
            new = CheckFinding(row.requirement, name, status, False, row.points, verdict.notes)
            _keep(found, (row.rule, True), new)


def _keep(found: _Found, key: tuple[str, bool], new: CheckFinding) -> None:
    old = found.setdefault(key, new)
    if old is not new:
        found[key] = _graver(old, new)


def _finding(row: RuleRow, name: str, verdict: Broken | Unsure) -> CheckFinding:
    if isinstance(verdict, Unsure):
        return CheckFinding(row.requirement, name, Status.UNKNOWN, row.blocks, row.points, (), verdict.gaps)
    status = _STATUS.get(row.point.stage, Status.BLOCKS)
    return CheckFinding(row.requirement, name, status, row.blocks, row.points, verdict.blockers)


def _without_idle_notes(found: _Found) -> Iterator[CheckFinding]:
    """Where a rule is broken at one place, nobody asks what it had to tell at another."""
    for (rule, note), finding in found.items():
        if not (note and (rule, False) in found and found[rule, False].blockers):
            yield finding


def _only_told(finding: CheckFinding) -> CheckFinding:
    status = Status.ADVICE if finding.blockers else finding.status
    return finding._replace(status=status, can_block=False)


_STATUS: Final = {
    Stage.BEFORE_RETURN: Status.BEFORE_RETURN,
    Stage.AFTER_RETURN: Status.AFTER_RETURN,
    Stage.ADVICE: Status.ADVICE,
}
_GRAVITY: Final = {status: number for number, status in enumerate(Status)}


def _graver(old: CheckFinding, new: CheckFinding) -> CheckFinding:
    """The graver of two findings of one rule, with all places where it bites alike."""
    if old.status is not new.status:
        return min(old, new, key=lambda finding: _GRAVITY[finding.status])
    return old._replace(
        can_block=old.can_block or new.can_block,
        not_yet=old.not_yet and new.not_yet,
        points=(*old.points, *new.points),
        blockers=tuple(dict.fromkeys((*old.blockers, *new.blockers))),
        gaps=tuple(dict.fromkeys((*old.gaps, *new.gaps))),
    )


def location_of(vm: VirtualMachine) -> tuple[Location, str]:
    """Original or alternate location (T01, T04, T07), and why."""
    if vm.source == "physical":
        return Location.ALTERNATE, "it was a physical server, and those come home as new virtual machines (T07)"
    if not known(vm.exists_on_premises):
        return Location.UNKNOWN, "it is unknown whether its on-premises virtual machine still exists: look in vCenter"
    if vm.exists_on_premises:
        return Location.ORIGINAL, "its on-premises virtual machine exists, so only changes are sent (T01)"
    return Location.ALTERNATE, "its on-premises virtual machine is gone, so all of it is sent to a new one (T04)"
