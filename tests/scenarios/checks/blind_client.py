"""A client that knows no rules: it asks a vault for each leg of each machine, again and again while that helps any."""

from collections.abc import Mapping, Sequence
from typing import Final

from failback.reprotect import (
    LEGS,
    Operation,
    Phase,
    RequestDefaults,
    StartOperation,
    rests_at,
    under_way,
    with_returning,
)
from failback.reprotect.phases import phase_row
from failback.scenarios import Scenario
from failback.scenarios.run.worlds import spec_of
from failback.simulator import World, WorldVault

ROUND_S: Final = 4 * 86400.0
"""How long one round of requests gets: every resync of a drawn estate is over by then, or it never ends."""
PATIENCE: Final = 2
"""Rounds in which nobody comes a leg further, after which the client gives up."""


def comes_home(scenario: Scenario, order: Sequence[str]) -> Mapping[str, bool]:
    """Which machines come home if each round asks for them in this order, once what runs at the start has ended."""
    world = World(spec_of(scenario))
    vault = WorldVault(world)
    defaults = RequestDefaults(with_returning(scenario.estate, scenario.plan), scenario.plan)
    behind = {name: _where_it_came_from(world, name) for name in order}
    world.catch_up(ROUND_S if any(_is_under_way(world, name) for name in order) else 0.0)
    idle, rounds = 0, 0
    while idle < PATIENCE:
        rounds += 1
        behind = {name: _legs_behind(world, name, behind[name]) for name in order}
        for name in (name for name in order if behind[name] < len(LEGS)):
            tested = world.vault.items[name].phase is Phase.FAILOVER_TESTED
            leg = Operation.CLEAN_UP_TEST if tested else LEGS[behind[name]]
            vault.perform(StartOperation(name, leg, defaults.choose(name, leg), f"{name}/{rounds}"))
        world.catch_up(world.env.now + ROUND_S)
        idle = 0 if any(_legs_behind(world, name, behind[name]) > behind[name] for name in order) else idle + 1
    at = {name: world.vault.items[name].phase for name in order}
    ended = [name for name in order if at[name] is not Phase.RESYNCING_TO_AZURE]  # that resync may never end
    return {name: name in ended and _legs_behind(world, name, behind[name]) == len(LEGS) for name in order}


def _is_under_way(world: World, name: str) -> bool:
    item = world.vault.items[name]
    return under_way(item.architecture, item.phase) is not None


def _legs_behind(world: World, name: str, before: int) -> int:
    """Of an item at rest; where the way ends it began, so it counts what was behind."""
    phase = world.vault.items[name].phase
    if _is_under_way(world, name):
        return min(before, _where_it_came_from(world, name))
    return len(LEGS) if phase is Phase.REPLICATING_TO_AZURE and before > 0 else phase_row(phase).legs_behind


def _where_it_came_from(world: World, name: str) -> int:
    """The legs that are behind where its job ends in failure."""
    item = world.vault.items[name]
    return phase_row(rests_at(item.architecture, item.phase)).legs_behind
