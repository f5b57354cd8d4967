"""What can still be done tonight: each measure alone, played from where the machines stand, with the same draws."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import inf
from statistics import fmean, median
from typing import Final

from failback.reprotect import LEGS, Operation, VirtualMachine, Wave, phase_row, under_way
from failback.scenarios.files.schema import Scenario
from failback.scenarios.outcomes.answers import Answer, answer
from failback.scenarios.outcomes.way_home import way_home
from failback.scenarios.predictions.later_twins import waiting_waves
from failback.scenarios.predictions.purchases import purchases
from failback.scenarios.study.fewer_machines import with_machines

RUNS: Final = 5
RUNS_LEAST: Final = 2
MACHINE_RUNS: Final = 1000
"""Machines times runs that all measures together may cost, where they take more than the least."""
MEASURES_MAX: Final = 5
_HOMEWARD: Final = LEGS.index(Operation.REPROTECT_TO_ON_PREMISES)
HELPS_S: Final = 300.0
"""A measure that gains less is not worth a telephone call [inferred]."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that may be done; what it makes of the rest of the plan."""

    words: str
    applied: Callable[[Scenario], Scenario]


@dataclass(frozen=True, slots=True)
class Gain:
    """By how much earlier the last machine is home (the middle of the runs), and the share of the runs in time."""

    words: str
    sooner_s: float
    in_time: float
    runs: int


def gains(
    rest: Scenario, draws: Sequence[Scenario], before: Sequence[Answer], now: datetime, within_s: float
) -> list[Gain]:
    """Of each measure that helps, the best first. `draws` and `before`: the runs of the prediction."""
    found = list(measures(rest, now))[:MEASURES_MAX]
    if not found:
        return []
    runs = max(RUNS_LEAST, min(RUNS, MACHINE_RUNS // (len(found) * len(rest.estate.virtual_machines))))
    tried = [_gain(measure, draws[:runs], before[:runs], now, within_s) for measure in found]
    return sorted((each for each in tried if each.sooner_s >= HELPS_S), key=lambda each: -each.sooner_s)


def _gain(
    measure: Measure, draws: Sequence[Scenario], before: Sequence[Answer], now: datetime, within_s: float
) -> Gain:
    homes = [
        answer(way_home(measure.applied(draw), now), was.seed).home_s for draw, was in zip(draws, before, strict=True)
    ]
    sooner = [_by(was.home_s, home_s) for was, home_s in zip(before, homes, strict=True)]
    in_time = fmean([home_s is not None and home_s <= within_s for home_s in homes])
    return Gain(measure.words, median(sooner), in_time, len(homes))


def _by(was_s: float | None, home_s: float | None) -> float:
    """Infinite where all come home only with it."""
    if home_s is None:
        return 0.0
    return inf if was_s is None else was_s - home_s


def measures(rest: Scenario, now: datetime) -> Iterator[Measure]:
    """Those that can be had tonight, the cheapest first: postpone, begin to copy, then what has to be bought."""
    waiting = [wave for wave in rest.plan.waves if _has_not_begun(wave, rest)]
    if waiting and len(rest.plan.waves) > 1:
        yield Measure(f"postpone {waiting[-1].name}", _without(waiting[-1].items))
        if any(wave.seed_opens_s is None for wave in waiting):
            yield Measure("begin to copy all waves home now; they still fail back in their order", _seeded)
    for number, offer in enumerate(purchases(rest, now.date())):
        if not offer.earlier_s and not offer.leaves and (offer.available is None or offer.available <= now):
            yield Measure(offer.words, _bought(number, now))


def _has_not_begun(wave: Wave, rest: Scenario) -> bool:
    machines = [rest.estate.virtual_machines[name] for name in wave.items if name in rest.estate.virtual_machines]
    return bool(machines) and all(map(_is_out, machines))


def _is_out(vm: VirtualMachine) -> bool:
    """Whether nobody has asked it home yet."""
    return phase_row(vm.at).legs_behind <= _HOMEWARD and under_way(vm.architecture, vm.at) is None


def _without(names: Sequence[str]) -> Callable[[Scenario], Scenario]:
    return lambda scenario: with_machines(scenario, [n for n in scenario.estate.virtual_machines if n not in names])


def _seeded(scenario: Scenario) -> Scenario:
    waiting = waiting_waves(scenario.estate, scenario.plan.waves)
    held = {name for name, waits in waiting.items() if waits.firsts}
    waves = tuple(
        wave if wave.seed_opens_s is not None or wave.name in held else replace(wave, seed_opens_s=0.0)
        for wave in scenario.plan.waves
    )
    return replace(scenario, plan=replace(scenario.plan, waves=waves))


def _bought(number: int, now: datetime) -> Callable[[Scenario], Scenario]:
    """What the draw takes for the bandwidth is what is doubled, so the offer is made anew for each draw."""
    return lambda scenario: purchases(scenario, now.date())[number].applied(scenario)
