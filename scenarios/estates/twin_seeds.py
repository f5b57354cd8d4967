"""Machines of one BIOS UUID in a new plan that seeds: what is said of a later one, which waits for the first (R11)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from failback.scenarios.files.schema import Scenario
from failback.scenarios.predictions.later_twins import Waits, later_twins, waiting_waves
from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.plain_words import counted, h_min

from .list_tiers import NAMED_MAX
from .plan_doubts import expected_runs


@dataclass(frozen=True, slots=True)
class TwinSeeds:
    """What is said. `held`: wave -> what its comment says in place of when it replicates."""

    words: tuple[str, ...] = ()
    held: Mapping[str, str] = field(default_factory=dict)


def twin_seeds(scenario: Scenario) -> TwinSeeds:
    """Of a plan in which no wave with a later twin seeds."""
    waiting = waiting_waves(scenario.estate, scenario.plan.waves)
    held = {name: _held(waits) for name, waits in waiting.items()}
    return TwinSeeds(tuple(_words(scenario, frozenset(waiting))), held) if waiting else TwinSeeds()


def _held(waits: Waits) -> str:
    if not waits.firsts:
        return f"replicates home only when {waits.wave} has begun, since waves replicate in their order"
    firsts = listed(waits.firsts, NAMED_MAX)
    return f"replicates home only when {waits.wave} is home, since {firsts} has the same BIOS UUID (R11)"


def _words(scenario: Scenario, waiting: frozenset[str]) -> Iterator[str]:
    first_of = later_twins(scenario.estate, scenario.plan.waves)
    pairs = listed([f"{later} after {former}" for later, former in first_of.items()], NAMED_MAX)
    yield (
        f"Not copied beforehand, because of the same BIOS UUID (R11): {pairs}. The later machine begins to replicate "
        "home when the wave of the first is home, and the waves behind it not before that. They are home later."
    )
    waves = (replace(w, seed_opens_s=0.0) if w.name in waiting else w for w in scenario.plan.waves)
    seeded = replace(scenario, plan=replace(scenario.plan, waves=tuple(waves)))
    if (then := expected_runs(seeded)) is None or (now := expected_runs(scenario)) is None:
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
