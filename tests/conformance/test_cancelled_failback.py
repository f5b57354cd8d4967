"""A cancelled modernised failback leaves nothing behind and can be asked again (A12), shown on a real vcsim."""

from collections.abc import Callable

import pytest

from failback.adapters import DATACENTER, VsphereHands, VsphereSession, build_estate, find_vcsim, open_vcsim
from failback.reprotect import Choices, Operation, Phase
from failback.scenarios import load_scenario, resolve
from failback.scenarios.run.worlds import spec_of
from failback.simulator import World

ITEM = "app-01"
CHANGES_MAX = 100
AHEAD = (Operation.FAILOVER, Operation.COMMIT_FAILOVER, Operation.REPROTECT_TO_ON_PREMISES)


def run_until(world: World, phase: Phase) -> None:
    """Let time pass until the item is in this phase."""
    for _ in range(CHANGES_MAX):
        if world.vault.items[ITEM].phase is phase:
            return
        world.advance(world.env.now + 86400)
    pytest.fail(f"the item never came into {phase}")


def ready_to_fail_back(world: World) -> Choices:
    """Take the item out and back to where a failback is next."""
    home = Choices(appliance="appliance-01", datastore="gold", log_storage_account="logs", shut_down_source=True)
    rests = (Phase.FAILED_OVER, Phase.FAILOVER_COMMITTED, Phase.REPLICATING_TO_ON_PREMISES)
    for operation, rest in zip(AHEAD, rests, strict=True):
        while world.site.vm(ITEM).agent_registered is not True:
            world.advance(world.env.now + 60)
        world.vault.start(ITEM, operation, home)
        run_until(world, rest)
    return home


def cancel_while_it_runs(world: World) -> None:
    job = world.vault.items[ITEM].job
    assert job is not None
    for _ in range(CHANGES_MAX):
        if job.running_task == "Starting on-premise virtual machine":
            break
        world.advance(world.env.now + 10)
    else:
        pytest.fail("the machine was never started")
    world.vault.cancel(job.id)


def cancel_when_it_is_done(world: World) -> None:
    run_until(world, Phase.FAILED_BACK)
    world.vault.start(ITEM, Operation.CANCEL_FAILBACK, Choices())


@pytest.mark.vcsim
@pytest.mark.parametrize("cancel", [cancel_while_it_runs, cancel_when_it_is_done])
def test_a_cancelled_failback_leaves_nothing_behind(cancel: Callable[[World], None]) -> None:
    scenario = load_scenario(resolve("one_modernised_vm"))
    with open_vcsim(find_vcsim(), DATACENTER) as vcsim, VsphereSession(vcsim) as session:
        build_estate(session, scenario.estate)
        hands = VsphereHands(session)
        world = World(spec_of(scenario), hands=hands)
        choices = ready_to_fail_back(world)
        world.vault.start(ITEM, Operation.FAILBACK, choices)
        cancel(world)
        run_until(world, Phase.REPLICATING_TO_ON_PREMISES)

        on_site = hands.look([ITEM, "appliance-01"])
        assert (on_site[ITEM].powered_on, on_site[ITEM].snapshots, on_site[ITEM].disks) == (False, (), ())
        assert len(on_site["appliance-01"].disks) == 2
        assert world.site.vm(ITEM).azure.running is True

        world.vault.start(ITEM, Operation.FAILBACK, choices)
        run_until(world, Phase.FAILED_BACK)
        assert hands.look([ITEM])[ITEM].powered_on
