"""The reading of when disk slots are free again (A02, M03) decides when the next machine may come home."""

from dataclasses import replace

import pytest

from failback.reprotect import Operation
from failback.scenarios import load_scenario, resolve
from failback.scenarios.run.player import play
from failback.simulator import SiteParameters
from failback.simulator.parameters import SlotsHeldUntil


@pytest.mark.parametrize(
    ("reading", "leg"),
    [
        (SlotsHeldUntil.FAILBACK_COMMIT, Operation.COMMIT_FAILBACK),
        (SlotsHeldUntil.FAILBACK, Operation.FAILBACK),
    ],
)
def test_the_next_machine_is_asked_home_when_slots_are_free_by_the_reading(
    reading: SlotsHeldUntil, leg: Operation
) -> None:
    scenario = load_scenario(resolve("one_modernised_vm"))
    vm = scenario.estate.virtual_machines["app-01"]
    names = [f"app-{n:02}" for n in range(1, 32)]
    machines = {name: replace(vm, name=name) for name in names}
    estate = replace(scenario.estate, virtual_machines=machines)
    result = play(replace(scenario, estate=estate, site=SiteParameters(slots_held_until=reading)))
    last_asked_s = max(one.start_s for one in result.legs if one.leg is Operation.REPROTECT_TO_ON_PREMISES)
    first_freed_s = min(one.end_s or 0.0 for one in result.legs if one.leg is leg)
    assert last_asked_s == first_freed_s, "thirty machines with two disks each fill an appliance"
