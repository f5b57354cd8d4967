"""Disk slots are free again when the scenario's reading says so (M03, A02; from when to when is inferred)."""

from dataclasses import replace

import pytest

from failback.reprotect import Choices, Operation, Phase
from failback.scenarios import load_scenario, resolve
from failback.scenarios.run.worlds import spec_of
from failback.simulator import SiteParameters, World
from failback.simulator.parameters import SlotsHeldUntil

LEGS = (
    (Operation.FAILOVER, Phase.FAILED_OVER),
    (Operation.COMMIT_FAILOVER, Phase.FAILOVER_COMMITTED),
    (Operation.REPROTECT_TO_ON_PREMISES, Phase.REPLICATING_TO_ON_PREMISES),
    (Operation.FAILBACK, Phase.FAILED_BACK),
    (Operation.COMMIT_FAILBACK, Phase.FAILBACK_COMMITTED),
)
HOME = Choices(appliance="appliance-01", datastore="gold", log_storage_account="logs", shut_down_source=True)


@pytest.mark.parametrize(
    ("reading", "held"),
    [(SlotsHeldUntil.FAILBACK_COMMIT, [0, 0, 2, 2, 0]), (SlotsHeldUntil.FAILBACK, [0, 0, 2, 0, 0])],
)
def test_slots_are_held_as_long_as_the_reading_says(reading: SlotsHeldUntil, held: list[int]) -> None:
    spec = replace(
        spec_of(load_scenario(resolve("one_modernised_vm"))), parameters=SiteParameters(slots_held_until=reading)
    )
    world = World(spec)
    seen = []
    for operation, rest in LEGS:
        world.catch_up(world.env.now + 901)  # the agent registers within 15 minutes of a boot
        world.vault.start("app-01", operation, HOME)
        world.catch_up(world.env.now + 86400)
        assert world.vault.items["app-01"].phase is rest
        seen.append(world.site.disks_in_flight["appliance-01"])
    assert seen == held
