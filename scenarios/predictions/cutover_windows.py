"""The windows of a plan that is asked for by its cutover: when each wave fails back, and from when on it seeds."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from failback.reprotect import LEGS, Operation, VirtualMachine, Wave, phase_row, under_way
from failback.scenarios.files.schema import Scenario
from failback.scenarios.outcomes.answers import Answer

from .later_twins import waiting_waves

REST: Final = "rest"
"""Name of the last wave, of the machines that no wave names, as the drill calls it."""
SEED: Final = Operation.REPROTECT_TO_ON_PREMISES
"""The leg that seeds."""


def waves_of(scenario: Scenario) -> tuple[Wave, ...]:
    """The plan's waves and the machines that are in none; one wave of everything where it has none."""
    waves = scenario.plan.waves
    named = {name for wave in waves for name in wave.items}
    rest = tuple(name for name in scenario.estate.virtual_machines if name not in named)
    return (*waves, Wave(REST if waves else "all", rest)) if rest else waves


def with_cutover(scenario: Scenario, lead_s: float) -> Scenario:
    """The first wave to fail back does so `lead_s` after the start, the others as much later as the plan says.

    All of them may seed from the start on, but those with a machine whose twin is not home then (R11). Nobody gives up
    while the seed lasts.
    """
    waves = waves_of(scenario)
    waiting = waiting_waves(scenario.estate, waves)
    by_s = lead_s - min(wave.opens_s for wave in waves)
    moved = tuple(
        replace(
            wave,
            opens_s=wave.opens_s + by_s,
            closes_s=None if wave.closes_s is None else wave.closes_s + by_s,
            seed_opens_s=None if wave.name in waiting and waiting[wave.name].firsts else 0.0,
            seed_closes_s=None,
        )
        for wave in waves
    )
    patience_s = scenario.plan.give_up_after_s + lead_s
    plan = replace(scenario.plan.later(by_s), waves=moved, give_up_after_s=patience_s)
    return replace(scenario, plan=plan)


def with_seeds(scenario: Scenario, starts_s: Mapping[str, float]) -> Scenario:
    """These waves seed from these seconds on."""
    waves = tuple(replace(w, seed_opens_s=starts_s.get(w.name, w.seed_opens_s)) for w in scenario.plan.waves)
    return replace(scenario, plan=replace(scenario.plan, waves=waves))


LOOKED_ON_S: Final = 7 * 86400.0
"""So long after the last opening it is still looked on how far the seeds are."""


def seeds_alone(scenario: Scenario) -> Scenario:
    """The scenario without what comes after its last opening: enough to see when everything has seeded."""
    last_s = max(wave.opens_s for wave in scenario.plan.waves)
    ends_s = last_s + LOOKED_ON_S
    waves = tuple(
        replace(wave, opens_s=ends_s if wave.opens_s == last_s else wave.opens_s, closes_s=None)
        for wave in scenario.plan.waves
    )
    return replace(scenario, plan=replace(scenario.plan, waves=waves, give_up_after_s=ends_s))


def begins_to_seed(vm: VirtualMachine) -> bool:
    """Whether its reprotect is still to be asked for; where tonight's state says so, it has been, or is over."""
    going = under_way(vm.architecture, vm.at)
    return phase_row(vm.at).legs_behind <= LEGS.index(SEED) and (going is None or going.operation is not SEED)


def seeded_s(answer: Answer) -> Mapping[str, float]:
    """When each machine was seeded, of those that were."""
    return {
        leg.item: leg.end_s
        for leg in answer.legs
        if leg.leg == SEED.value and leg.outcome == "done" and leg.end_s is not None
    }
