"""Seed and cutover, read from the runs of a prediction: per wave, and how long each application is down."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from math import inf
from typing import TypeAlias

from failback.reprotect import LEGS, Operation, Wave, phase_row
from failback.scenarios.files.schema import Scenario
from failback.scenarios.outcomes.answers import Answer, Behind, ItemAnswer
from failback.scenarios.text.language import wording
from failback.scenarios.text.local_time import after

from .case_answer import CaseAnswer
from .cutover_plan import CutoverPlan
from .cutover_values import ApplicationDown, Cutover, Span, WaveCutover
from .cutover_windows import SEED, begins_to_seed, seeded_s
from .later_twins import waiting_waves
from .sampling import share
from .seed_search import ahead
from .wave_last_go import wave_last_go


def cutover_of(plan: CutoverPlan, cases: Sequence[CaseAnswer]) -> Cutover:
    """Read it from the runs; only the last go of each wave is simulated for itself."""
    go_s = wave_last_go(plan.question, cases[0])
    scenario = plan.question.scenario
    waiting = waiting_waves(scenario.estate, scenario.plan.waves)
    found = (_wave(plan, wave, cases, go_s[wave.name]) for wave in scenario.plan.waves)
    waves = tuple(replace(wave, waits=None if wave.disks_ahead else waiting.get(wave.wave)) for wave in found)
    every = [answer for case in cases for answer in case.answers]
    starts = {case.case.name: plan.latest(case.case.name) for case in cases}
    downs = tuple(application_downs(plan.question.scenario, every))
    return Cutover(plan.question.cutover or plan.question.start, plan.begins, plan.case, starts, waves, downs)


def _wave(plan: CutoverPlan, wave: Wave, cases: Sequence[CaseAnswer], go_s: float | None) -> WaveCutover:
    start, scenario = plan.question.start, plan.question.scenario
    machines, every = scenario.estate.virtual_machines, [answer for case in cases for answer in case.answers]
    first = cases[0].answers
    there = set(ahead(first[0], (wave,))[wave.name])
    there |= {name for name in wave.items if phase_row(machines[name].at).legs_behind > LEGS.index(SEED)}
    return WaveCutover(
        wave.name,
        len(wave.items),
        sum(len(machines[name].disks) for name in wave.items),
        sum(len(machines[name].disks) for name in there),
        plan.latest_of(wave.name, plan.case.name),
        {case.case.name: plan.latest_of(wave.name, case.case.name) for case in cases},
        share([_is_seeded(answer, wave) for answer in first]),
        _span(_seeding_s(answer, [n for n in there if begins_to_seed(machines[n])]) for answer in every),
        after(start, wave.opens_s),
        _span(_cutover_s(answer, wave) for answer in every),
        None if go_s is None else after(start, go_s),
        _span(max((one.rpo_s for one in _behind(answer, wave)), default=None) for answer in every),
        _span(_delta_gib(answer, wave) for answer in every),
        _fails_back(start, [_begun_s(answer, wave) for answer in every]),
    )


def _behind(answer: Answer, wave: Wave) -> list[Behind]:
    those = set(wave.items)
    return [one for one in answer.behind if one.item in those]


def _delta_gib(answer: Answer, wave: Wave) -> float | None:
    found = _behind(answer, wave)
    return sum(one.delta_gib for one in found) if found else None


def _fails_back(start: datetime, begun_s: Sequence[float | None]) -> tuple[datetime, datetime] | None:
    known = [at_s for at_s in begun_s if at_s is not None]
    return (after(start, min(known)), after(start, max(known))) if known else None


def _begun_s(answer: Answer, wave: Wave) -> float | None:
    those = set(wave.items)
    begun_s = (leg.start_s for leg in answer.legs if leg.item in those and leg.leg == Operation.FAILBACK.value)
    return min(begun_s, default=None)


def _is_seeded(answer: Answer, wave: Wave) -> bool:
    ends_s = seeded_s(answer)
    return all(ends_s.get(name, inf) <= wave.opens_s for name in ahead(answer, (wave,))[wave.name])


def _seeding_s(answer: Answer, items: Iterable[str]) -> float | None:
    ends_s = seeded_s(answer)
    begun_s = {leg.item: leg.start_s for leg in reversed(answer.legs) if leg.leg == SEED.value}
    names = [name for name in items if name in begun_s]
    if not names or any(name not in ends_s for name in names):
        return None
    return max(ends_s[name] for name in names) - min(begun_s[name] for name in names)


def _cutover_s(answer: Answer, wave: Wave) -> float | None:
    those = set(wave.items)
    begun_s = [leg.start_s for leg in answer.legs if leg.item in those and leg.leg == Operation.FAILBACK.value]
    home_s = [item.home_s for item in answer.items if item.item in those]
    known = [at for at in home_s if at is not None]
    return max(known) - min(begun_s) if begun_s and len(known) == len(home_s) else None


def _span(seconds: Iterable[float | None]) -> Span | None:
    """None where one of them is not known."""
    values = [inf if value is None else value for value in seconds]
    return (min(values), max(values)) if values and max(values) < inf else None


_OfItems: TypeAlias = Callable[[Sequence[ItemAnswer]], float | None]


def application_downs(scenario: Scenario, answers: Sequence[Answer]) -> Iterator[ApplicationDown]:
    """How long each is down: from the shutdown of its first machine to the start of its last, in whatever waves."""
    for name, those, measured in _grouped(scenario):
        items = ([item for item in answer.items if item.item in those] for answer in answers)
        yield ApplicationDown(name, _span(measured(group) for group in items))


def _grouped(scenario: Scenario) -> Iterator[tuple[str, frozenset[str], _OfItems]]:
    """Applications as a whole; where the scenario names none, the machine of each tier that is down longest."""
    for application in scenario.applications:
        yield application.name, frozenset(application.machines), _from_first_to_last_s
    machines = scenario.estate.virtual_machines.values()
    for tier in dict.fromkeys(vm.tier for vm in machines) if not scenario.applications else ():
        name = wording("any machine of tier {tier}", tier=tier) if tier else wording("any machine")
        yield name, frozenset(vm.name for vm in machines if vm.tier == tier), _longest_s


def _from_first_to_last_s(items: Sequence[ItemAnswer]) -> float | None:
    """From the first shutdown in Azure until the last machine is up and checked."""
    downs = [item.down for item in items if item.down is not None]
    if len(downs) < len(items) or not downs:
        return None
    return max(end for _, end in downs) - min(begin for begin, _ in downs)


def _longest_s(items: Sequence[ItemAnswer]) -> float | None:
    return None if any(item.home_s is None for item in items) else max(item.downtime_s for item in items)
