"""Machines of one BIOS UUID in a plan that seeds: the later one replicates home once the first is home (R11)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from failback.reprotect import Wave
from failback.scenarios.files.schema import Scenario
from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.plain_words import counted, h_min

from .list_tiers import NAMED_MAX
from .plan_doubts import expected_runs
from .turns import Because, turns_of


@dataclass(frozen=True, slots=True)
class TwinSeeds:
    """`scenario`: with the seeds that remain. `held`: wave -> what its comment says in place of when it replicates."""

    scenario: Scenario
    words: tuple[str, ...] = ()
    held: Mapping[str, str] = field(default_factory=dict)


def without_later_twins(scenario: Scenario) -> TwinSeeds:
    """Take the seed from each wave with a machine whose twin is in an earlier wave.

    Waves seed in their order, so that those behind it seed only when it has begun.
    """
    first_of = _later_twins(scenario)
    waves = scenario.plan.waves
    late = {wave.name for wave in waves if not first_of.keys().isdisjoint(wave.items)}
    if not late:
        return TwinSeeds(scenario)
    kept = tuple(replace(wave, seed_opens_s=None) if wave.name in late else wave for wave in waves)
    changed = replace(scenario, plan=replace(scenario.plan, waves=kept))
    held = dict(_held(waves, first_of))
    return TwinSeeds(changed, tuple(_words(scenario, changed, first_of)), held)


def _later_twins(scenario: Scenario) -> dict[str, str]:
    """Each machine that waits -> the machine with its BIOS UUID in the wave before."""
    place = {name: n for n, wave in enumerate(scenario.plan.waves) for name in wave.items}
    found: dict[str, str] = {}
    for group in turns_of(scenario.estate, scenario.applications):
        names = sorted((name for name in group.machines if name in place), key=lambda name: place[name])
        if group.because is Because.ONE_UUID:
            pairs = pairwise(names)
            found |= {later: former for former, later in pairs if place[later] > place[former]}
    return found


def _held(waves: Sequence[Wave], first_of: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    behind, before = "", ""
    for wave in waves:
        if own := [name for name in wave.items if name in first_of]:
            behind = wave.name
            firsts = listed([first_of[name] for name in own], NAMED_MAX)
            yield wave.name, f"replicates home only when {before} is home, since {firsts} has the same BIOS UUID (R11)"
        elif behind:
            yield wave.name, f"replicates home only when {behind} has begun, since waves replicate in their order"
        before = wave.name


def _words(seeded: Scenario, changed: Scenario, first_of: Mapping[str, str]) -> Iterator[str]:
    pairs = listed([f"{later} after {former}" for later, former in first_of.items()], NAMED_MAX)
    yield (
        f"Not copied beforehand, because of one BIOS UUID (R11): {pairs}. The later machine begins to replicate home "
        "when the wave of the first is home, and the waves behind it not before that. They are home later."
    )
    if (then := expected_runs(seeded)) is None or (now := expected_runs(changed)) is None:
        return
    for name in list(first_of)[:NAMED_MAX]:
        before_s, after_s = (
            max(item.downtime_s for answer in runs for item in answer.items if item.item == name)
            for runs in (then, now)
        )
        if all(item.home_s is not None for answer in (*then, *now) for item in answer.items if item.item == name):
            same = h_min(before_s) == h_min(after_s)
            yield (
                f"{name} is down for {h_min(after_s)} in the slowest of {counted(len(now), 'simulated run')}; "
                f"copied beforehand: {'the same' if same else h_min(before_s)}."
            )
