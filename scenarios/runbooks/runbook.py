"""The runbook of one scenario as data: waves, legs, requests with the values to enter, rules to look at, people."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from math import inf
from typing import Final

from failback.reprotect import (
    NOTICES,
    REQUIREMENTS,
    Applies,
    Architecture,
    Gate,
    Holds,
    Operation,
    Requirement,
    Together,
    VirtualMachine,
    applies,
)
from failback.scenarios.checks.still_open import still_open
from failback.scenarios.checks.told import ToldCause
from failback.scenarios.files.applications import Application, owners_of
from failback.scenarios.files.schema import Scenario, estate_file_of, vault_name
from failback.scenarios.judging.check import CheckFinding, Report, Status, check_estate
from failback.scenarios.outcomes.answered_later import answered_later
from failback.scenarios.outcomes.kept_together import kept_together
from failback.scenarios.outcomes.planned_runs import RUNS
from failback.scenarios.outcomes.taken_for_granted import not_failed_over
from failback.scenarios.run.labels import label
from failback.scenarios.run.staffing import with_staffing

from .downtimes import Downtime, machine_downs
from .leg_guide import GUIDE, LegGuide
from .met_rules import met_rules, remade_rules
from .open_findings import open_findings
from .planned_requests import HOMEWARD, LegTimes, PlannedRequest, PlannedStop, planned_night
from .told_in_plan import told_in_plan


@dataclass(frozen=True, slots=True)
class Section:
    """One leg of one wave."""

    wave: str
    operation: Operation
    requests: tuple[PlannedRequest, ...]
    guides: Mapping[Architecture, LegGuide]
    rules: tuple[Requirement, ...]
    gates: tuple[Gate, ...]
    met: tuple[Requirement, ...] = ()
    """Those of `rules` that the check found met for every machine of the section that comes so far."""
    remade: Mapping[str, Operation] = field(default_factory=dict)
    """Those whose fact an earlier leg makes anew, after the check -> that leg."""

    @property
    def happening(self) -> tuple[PlannedRequest, ...]:
        """Its requests that no rule stops."""
        return tuple(request for request in self.requests if not request.stopped_by)


@dataclass(frozen=True, slots=True)
class Runbook:
    """All of it. Times count from `scenario.starts_at`, the start of the way home."""

    scenario: Scenario
    sections: tuple[Section, ...]
    findings: tuple[CheckFinding, ...]
    runs: int
    label: str
    plan_hash: str
    report: Report
    stops: tuple[PlannedStop, ...] = ()
    assumed: tuple[str, ...] = ()
    """Machines of which somebody said that they are not failed over yet."""
    told: tuple[ToldCause, ...] = ()
    """What the check tells of the findings of this plan: who does what about each cause."""
    file: str = ""
    """The scenario's file, as steps name it."""
    open_findings: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Machine -> the rules of its open findings."""
    downs: Mapping[str, Downtime] = field(default_factory=dict)
    """Machine -> from when to when it is down; those that do not fail back have none."""
    waves: Mapping[str, str] = field(default_factory=dict)
    """Machine -> its wave, the earliest wave first; those that are asked for nothing have none."""
    times: tuple[LegTimes, ...] = ()
    """The legs of each run."""
    together: tuple[Together, ...] = ()
    """The machines that fail back together."""
    left: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Of a pilot: machine -> those of its applications, and of those on which these depend, that it leaves in Azure."""
    if_fixed: str = ""
    """What becomes of the plan once what blocks machines is fixed, where somebody asked for it."""

    @property
    def requests(self) -> tuple[PlannedRequest, ...]:
        """The requests that the drill makes and that no rule stops, in its order: what people do, and scripts send."""
        asked = [r for section in self.sections for r in section.requests if r.number is not None]
        return tuple(sorted(asked, key=lambda request: request.number or 0))

    @property
    def first_steps(self) -> Mapping[str, int]:
        """Machine -> the number of its first step."""
        numbered = [(item, one.number) for one in reversed(self.requests) for item in one.items if one.number]
        return dict(numbered)

    @property
    def applications(self) -> Mapping[Application, Sequence[VirtualMachine]]:
        """Machines by application, in the order in which they go down; those of none are named by their tier."""
        machines = self.scenario.estate.virtual_machines
        found = {one: [machines[name] for name in one.machines] for one in self.scenario.applications}
        served = {name for one in self.scenario.applications for name in one.machines}
        rest: dict[str, list[VirtualMachine]] = {}
        for vm in machines.values():
            if vm.name not in served:
                rest.setdefault(vm.tier, []).append(vm)
        found |= {Application(tier, tuple(vm.name for vm in vms)): vms for tier, vms in rest.items()}
        found = {one: sorted(vms, key=self._down_s) for one, vms in found.items()}
        return dict(sorted(found.items(), key=lambda pair: min(map(self._down_s, pair[1]), default=inf)))

    def _down_s(self, vm: VirtualMachine) -> float:
        return self.downs[vm.name].begins_s if vm.name in self.downs else inf


def runbook(scenario: Scenario, runs: int = RUNS, file: str = "") -> Runbook:
    """Play the plan and write down what is to be done. `file`: what the scenario was read from."""
    scenario = with_staffing(scenario)
    night = planned_night(scenario, runs)
    assumed = not_failed_over(scenario.estate, scenario.phases_given)
    later = answered_later(scenario.estate, assumed)
    report = replace(
        check_estate(later.estate, scenario.plan),
        owners=owners_of(scenario.applications),
        file=file,
        estate_file=estate_file_of(scenario, file),
        vault=vault_name(scenario.vaults),
        mismatches=still_open(scenario.mismatches, scenario.estate),
        in_doubt=scenario.in_doubt,
    )
    told = told_in_plan(report, night.stops)
    return Runbook(
        scenario,
        tuple(_sections(scenario, night.requests, report, assumed)),
        tuple(report.of(*Status)),
        runs,
        label(scenario),
        plan_hash(scenario),
        report,
        night.stops,
        assumed,
        told,
        file,
        open_findings(told, scenario.in_doubt),
        machine_downs(scenario, night.requests),
        {item: request.wave for request in night.requests for item in request.items},
        night.times,
        kept_together(scenario.estate, scenario.plan),
    )


def plan_hash(scenario: Scenario) -> str:
    """Twelve hexadecimal digits that change when the plan or its machines change."""
    told = repr((scenario.plan, sorted(scenario.estate.virtual_machines)))
    return blake2b(told.encode(), digest_size=6).hexdigest()


def _sections(
    scenario: Scenario, requests: Sequence[PlannedRequest], report: Report, waiting: Sequence[str]
) -> Iterator[Section]:
    groups: dict[tuple[str, Operation], list[PlannedRequest]] = {}
    for request in requests:
        groups.setdefault((request.wave, request.operation), []).append(request)
    for wave, operation in _by_time(groups):
        grouped = groups[wave, operation]
        kinds = _architectures(scenario, grouped)
        guides = {kind: GUIDE[kind, operation] for kind in kinds}
        gates = tuple(gate for gate in scenario.plan.gates if gate.before is operation and _holds(gate, grouped))
        rules = tuple(rules_before(operation, kinds))
        going = [request for request in grouped if not request.stopped_by] or grouped
        items = [item for request in going for item in request.items]
        remade = remade_rules(scenario, waiting, rules, operation, items)
        met = tuple(met_rules(report, [row for row in rules if row.id not in remade], items))
        yield Section(wave, operation, tuple(grouped), guides, rules, gates, met, remade)


def _by_time(
    groups: Mapping[tuple[str, Operation], Sequence[PlannedRequest]],
) -> list[tuple[str, Operation]]:
    """By planned begin, the legs of a wave in their order. What does not happen as planned follows the leg before."""
    waves = list(dict.fromkeys(wave for wave, _ in groups))
    in_turn = sorted(groups, key=lambda key: (waves.index(key[0]), HOMEWARD.index(key[1])))
    begins: dict[tuple[str, Operation], float] = {}
    for wave, leg in in_turn:
        before = [at_s for (name, _), at_s in begins.items() if name == wave]
        first_s = min((_begins_s(groups[key]) for key in in_turn if key[0] == wave), default=inf)
        own_s = _begins_s(groups[wave, leg])
        begins[wave, leg] = max([*before, first_s if own_s == inf else own_s])
    return sorted(in_turn, key=lambda key: begins[key])


def _begins_s(requests: Sequence[PlannedRequest]) -> float:
    return min((request.begins.middle_s for request in requests if request.begins is not None), default=inf)


def _architectures(scenario: Scenario, requests: Sequence[PlannedRequest]) -> tuple[Architecture, ...]:
    machines = scenario.estate.virtual_machines
    return tuple(dict.fromkeys(machines[item].architecture for request in requests for item in request.items))


def _holds(gate: Gate, requests: Sequence[PlannedRequest]) -> bool:
    return not gate.items or any(item in gate.items for request in requests for item in request.items)


_ASKED: Final = frozenset({Holds.YES, Holds.UNKNOWN})


def rules_before(operation: Operation, architectures: Sequence[Architecture]) -> Iterator[Requirement]:
    """Rules that can stop this leg for one of these architectures, in the table's order."""
    for row in REQUIREMENTS:
        bites = any(point.operation is operation and point.stage not in NOTICES for point in row.where)
        if bites and any(_is_asked(applies(row, kind)) for kind in architectures):
            yield row


def _is_asked(holds: Applies) -> bool:
    return holds.answer in _ASKED
