"""A client that knows no rules: it asks a vault for each leg of each machine, again and again while that helps any."""

from collections.abc import Mapping, Sequence
from typing import Final

from failback.reprotect import LEGS, RequestDefaults, StartOperation, end_of
from failback.scenarios import Scenario
from failback.scenarios.run.worlds import spec_of
from failback.simulator import World, WorldVault

ROUND_S: Final = 4 * 86400.0
"""How long one round of requests gets: every resync of a drawn estate is over by then, or it never ends."""
PATIENCE: Final = 2
"""Rounds in which nobody comes a leg further, after which the client gives up."""


def comes_home(scenario: Scenario, order: Sequence[str]) -> Mapping[str, bool]:
    """Which machines come home if each round asks for them in this order."""
    world = World(spec_of(scenario))
    vault, defaults = WorldVault(world), RequestDefaults(scenario.estate, scenario.plan)
    behind, idle, rounds = dict.fromkeys(order, 0), 0, 0
    while idle < PATIENCE:
        rounds += 1
        asked = [name for name in order if behind[name] < len(LEGS)]
        for name in asked:
            leg = LEGS[behind[name]]
            vault.perform(StartOperation(name, leg, defaults.choose(name, leg), f"{name}/{rounds}"))
        world.catch_up(world.env.now + ROUND_S)
        further = [name for name in asked if world.vault.items[name].phase is end_of(LEGS[behind[name]])]
        behind.update((name, behind[name] + 1) for name in further)
        idle = 0 if further else idle + 1
    return {name: done == len(LEGS) for name, done in behind.items()}
