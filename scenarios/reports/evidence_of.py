"""Hears a run and gathers its evidence: when each machine was home, who answered which question, what went wrong."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from failback.reprotect import LEGS, Line, Operation, VirtualMachine, Wave, phase_row
from failback.reprotect.driver import Leg
from failback.scenarios.files.applications import Application
from failback.scenarios.files.loader import load_scenario
from failback.scenarios.files.schema import HomeWhen, Scenario, SourceFile
from failback.scenarios.files.yaml_source import BadInput
from failback.scenarios.outcomes.answers import STEADY_RPO_S
from failback.scenarios.outcomes.application_downtime import application_downtime
from failback.scenarios.outcomes.run_metrics import RunMetrics
from failback.scenarios.outcomes.server_batches import machines_through, server_batches
from failback.scenarios.outcomes.unprotected import UnprotectedTime
from failback.scenarios.outputs.run_folders.history_lines import history_lines
from failback.scenarios.outputs.run_folders.run_folder import HISTORY, SCENARIO
from failback.scenarios.run.evidence import (
    ApplicationEvidence,
    EstateEvidence,
    Evidence,
    GateEvidence,
    MachineEvidence,
    ServerEvidence,
    WaveEvidence,
)
from failback.scenarios.run.operator import BY_SCENARIO
from failback.scenarios.run.result import Result
from failback.scenarios.run.staffing import STAFFED
from failback.simulator import Replicated, World

from .faults_of import FaultReader
from .inputs_of import inputs_of

SHIFTS: Final = "the shifts of the scenario"
NOT_KNOWN: Final = "not known: read from the history alone"
UNANSWERED: Final = "nobody: the scenario has no answer"
_HOMEWARD: Final = Operation.REPROTECT_TO_ON_PREMISES
_LAST_LEG: Final = {
    HomeWhen.COMMITTED: Operation.COMMIT_FAILBACK,
    HomeWhen.APP_CHECKED: Operation.COMMIT_FAILBACK,
    HomeWhen.REPROTECTED: Operation.REPROTECT_TO_AZURE,
}
"""A drill has no people who check, other than at its gates, which stand before the commit."""


class EvidenceReader:
    """Hears every line. `answers`: who answers the questions of the drill."""

    def __init__(self, scenario: Scenario, answers: str = BY_SCENARIO) -> None:
        self._scenario, self._answers = scenario, answers
        self._metrics, self._faults = RunMetrics(), FaultReader(scenario.faults)
        machines = scenario.estate.virtual_machines.values()
        self._unprotected = UnprotectedTime({vm.name: vm.at for vm in machines})
        self._world: World | None = None
        self._asked: dict[tuple[str, str], str] = {}
        self._gates: dict[tuple[str, str, str, str], list[tuple[str, float]]] = {}

    def on_world(self, world: World) -> None:
        """Keep it, to ask at the end what had not arrived."""
        self._world = world

    def on_line(self, line: Line) -> None:
        """Learn from one line."""
        self._metrics.on_line(line)
        match line.name:
            case "ItemSeen":
                self._unprotected.on_seen(str(line.item), str(line.data["phase"]), line.t_s)
            case "AskOperator":
                self._asked[str(line.item), str(line.data["gate"])] = str(line.data["question"])
            case "OperatorAnswered":
                self._answered(str(line.item), line)
            case "FaultFired":
                self._faults.on_fired(line)

    def _answered(self, item: str, line: Line) -> None:
        gate = str(line.data["gate"])
        said = "do it for us" if line.data["apply"] else "go on" if line.data["proceed"] else "stop"
        key = gate, self._asked.get((item, gate), ""), said, self._by(item, gate)
        self._gates.setdefault(key, []).append((item, line.t_s))

    def _by(self, item: str, gate: str) -> str:
        if gate == STAFFED:
            return SHIFTS
        written = (a for a in self._scenario.operator if a.gate == gate and (not a.items or item in a.items))
        return UNANSWERED if self._answers == BY_SCENARIO and next(written, None) is None else self._answers

    def evidence(self, result: Result) -> Evidence:
        """What was learnt, and what the estate says."""
        legs: dict[str, list[Leg]] = {}
        for leg in result.legs:
            legs.setdefault(leg.item, []).append(leg)
        begun = [leg.start_s for leg in result.legs if leg.leg is _HOMEWARD]
        way_home_s = min(begun, default=None)
        return Evidence(
            way_home_s,
            self._scenario.homecoming.home_when.value,
            _estate(self._scenario),
            tuple(self._machines(legs, way_home_s, result.duration_s)),
            self._scenario.homecoming.targets,
            tuple(self._answers_given()),
            self._faults.evidence(),
            tuple(step.name for step in self._scenario.homecoming.manual_steps),
            tuple(self._applications()),
            inputs_of(self._scenario),
            tuple(map(_wave, self._scenario.plan.waves)),
        )

    def _applications(self) -> Iterator[ApplicationEvidence]:
        for one in self._scenario.applications:
            down_s, up_s = ([known.get(name) for name in one.machines] for known in _moves(self._metrics))
            ran = [at_s for at_s in up_s if at_s is not None]
            went = [at_s for at_s in down_s if at_s is not None]
            is_whole = len(ran) == len(went) == len(one.machines) > 0
            whole_s = max(ran) - min(went) if is_whole else None
            longest_s = self._longest_s(one) if is_whole else None
            yield ApplicationEvidence(one.name, one.machines, whole_s, longest_s, one.downtime_s)

    def _longest_s(self, one: Application) -> float:
        """In the wave in which it is down longest, as `predict` and the runbook count it."""
        down_s, up_s = _moves(self._metrics)
        waves = {name: wave.name for wave in self._scenario.plan.waves for name in wave.items}
        spans = {name: (down_s[name], up_s[name]) for name in one.machines}
        return application_downtime(self._scenario, one, spans, dict.fromkeys(one.machines, "") | waves).longest_s

    def _machines(
        self, legs: Mapping[str, Sequence[Leg]], way_home_s: float | None, now_s: float
    ) -> Iterator[MachineEvidence]:
        outages_s, bare_s = self._metrics.outages_s(now_s), self._unprotected.spans_s(now_s)
        waves = {name: wave.name for wave in self._scenario.plan.waves for name in wave.items}
        copied, on_site = _sent_home(self._world), self._metrics.on_site
        for vm in self._scenario.estate.virtual_machines.values():
            home_s = self._home_s(vm, legs.get(vm.name, ()), way_home_s)
            outage_s = outages_s.get(vm.name)
            came = vm.name in on_site
            rpo_s = self._rpo_s(vm.name, copied.get(vm.name)) if came else None
            place = vm.name, vm.tier, waves.get(vm.name, "")
            yield MachineEvidence(*place, home_s, outage_s, rpo_s, bare_s.get(vm.name), came)

    def _home_s(self, vm: VirtualMachine, legs: Sequence[Leg], way_home_s: float | None) -> float | None:
        wanted = _LAST_LEG[self._scenario.homecoming.home_when]
        if LEGS.index(wanted) < phase_row(vm.at).legs_behind:
            return 0.0
        ends = [leg.end_s for leg in legs if leg.leg is wanted and leg.outcome == "done" and leg.end_s is not None]
        return ends[-1] - way_home_s if ends and way_home_s is not None else None

    def _rpo_s(self, item: str, copied: Replicated | None) -> float | None:
        """What a simulated site knows: nothing where it sent the rest after a shutdown. No real vault tells it."""
        plan = self._scenario.plan
        if copied is None or copied.rpo_s is None:
            return None
        is_safe = plan.item_choices.get(item, plan.choices).shut_down_source is not False
        return 0.0 if is_safe else max(STEADY_RPO_S, copied.rpo_s)

    def _answers_given(self) -> Iterator[GateEvidence]:
        for (gate, question, answer, by), given in self._gates.items():
            instants = [at_s for _, at_s in given]
            items = tuple(dict.fromkeys(item for item, _ in given))
            yield GateEvidence(gate, question, answer, by, items, min(instants), max(instants))


def _moves(metrics: RunMetrics) -> tuple[Mapping[str, float], Mapping[str, float]]:
    """When the last move of each machine began, and when it ran on site after that."""
    return metrics.down_s, metrics.up_s


def _sent_home(world: World | None) -> Mapping[str, Replicated]:
    """The last resync of each machine on its way home; what is sent to Azure after it knows no failback."""
    made = () if world is None else world.replicated()
    return {one.item: one for one in made if one.operation is _HOMEWARD}


def _wave(wave: Wave) -> WaveEvidence:
    closes_s = wave.closes_s if wave.seed_closes_s is None else wave.seed_closes_s
    seeds = (wave.seed_opens_s, None if wave.seed_opens_s is None else closes_s)
    return WaveEvidence(wave.name, *seeds, wave.opens_s, wave.closes_s)


def _estate(scenario: Scenario) -> EstateEvidence:
    estate, sizes = scenario.estate, _gib_of(scenario)
    through = machines_through(scenario)
    servers = tuple(
        ServerEvidence(row.server, row.machines, row.disks, sum(sizes[name] for name in through[row.server]))
        for row in server_batches(scenario)
    )
    return EstateEvidence(
        sum(sizes.values()),
        sum(len(vm.disks) for vm in estate.virtual_machines.values()),
        estate.link.bandwidth_mbit_per_s,
        len(estate.hosts),
        len(estate.datastores),
        servers,
        tuple(map(_file, scenario.estate_files)),
    )


def _gib_of(scenario: Scenario) -> Mapping[str, float]:
    machines = scenario.estate.virtual_machines.values()
    return {vm.name: sum(disk.size_gib for disk in vm.disks) for vm in machines}


def _file(source: SourceFile) -> str:
    dated = f", of {source.dated}" if source.dated else ", without a date"
    return f"{source.file}{f' ({source.format})' if source.format else ''}{dated}"


def evidence_in(folder: Path, result: Result) -> Evidence | None:
    """What history and scenario of a folder tell where no result was written; None where one of them cannot be read."""
    try:
        scenario = load_scenario(folder / SCENARIO)
        reader = EvidenceReader(scenario, NOT_KNOWN)
        for line in history_lines(folder / HISTORY, []):
            reader.on_line(line)
    except (BadInput, OSError):
        return None
    return reader.evidence(result)
