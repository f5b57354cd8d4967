"""Every drill ends, however small the caches of its process servers are, and sends what differed."""

from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from failback.reprotect import Estate, Operation
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Scenario
from failback.scenarios.run.player import play
from failback.scenarios.run.result import Result
from failback.scenarios.study.variants import varied
from failback.simulator import Replicated, World

STEPS_MAX = 20_000
"""Events of simulated time; such a drill takes some 2,000."""
GIB = 2.0**30
SMALL = load_scenario(resolve("both_architectures_side_by_side"))
HOME = {Operation.REPROTECT_TO_ON_PREMISES}


def cached(scenario: Scenario, cache_gib: float) -> Scenario:
    """The scenario with a cache of this size on each server that can have one."""
    estate: Estate = scenario.estate
    servers = {name: replace(one, cache_gib=cache_gib) for name, one in estate.process_servers.items()}
    boxes = {name: replace(one, cache_gib=cache_gib) for name, one in estate.appliances.items()}
    return replace(scenario, estate=replace(estate, process_servers=servers, appliances=boxes))


def played(scenario: Scenario) -> tuple[Result, list[Replicated]]:
    """Its result and its resyncs home. Fails where simulated time takes too many events."""
    met, taken = list[World](), count(1)

    def meet(world: World) -> None:
        step = world.env.step

        def take() -> None:
            assert next(taken) <= STEPS_MAX, "the drill does not end"
            step()

        met.append(world)
        patched.setattr(world.env, "step", take)

    with pytest.MonkeyPatch.context() as patched:
        result = play(scenario, on_world=meet)
    assert next(taken) > 1
    return result, [each for each in met[0].replicated() if each.operation in HOME]


@pytest.mark.parametrize("name", ["first_drill", "first_drill_modernised"])
def test_a_drill_with_a_cache_of_64_gib_ends_as_it_does_without_one(name: str) -> None:
    free, sent = played(load_scenario(resolve(name)))
    held, its_sent = played(cached(load_scenario(resolve(name)), 64.0))
    assert held.as_json()["items"] == free.as_json()["items"]
    assert {each.item: each.line_bytes for each in its_sent} == pytest.approx({e.item: e.line_bytes for e in sent})


@settings(deadline=None, max_examples=20)
@given(
    power=st.floats(-3.0, 2.0),
    changed=st.floats(0.0, 1.0),
    ratio=st.sampled_from([1.0, 2.5, 10.0]),
    bandwidth=st.sampled_from([20.0, 100.0, 1000.0]),
)
def test_every_drill_ends_and_sends_what_differed_whatever_the_cache_holds(
    power: float, changed: float, ratio: float, bandwidth: float
) -> None:
    values = {"changed_fraction": changed, "compression_ratio": ratio, "bandwidth": bandwidth}
    scenario = cached(varied(SMALL, values), 10**power)
    result, sent = played(scenario)
    assert result.verdict == "as_expected"
    differed = changed * sum(
        disk.size_gib * GIB for vm in scenario.estate.virtual_machines.values() for disk in vm.disks
    )
    assert sum(each.transferred_bytes for each in sent) == pytest.approx(differed, rel=1e-6, abs=1.0)
    assert sum(each.line_bytes for each in sent) == pytest.approx(differed / ratio, rel=1e-6, abs=1.0)
