"""The way out, which a way home begins after, and what is kept of it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from failback.reprotect import Architecture
from failback.scenarios import Scenario, library, load_scenario
from failback.scenarios.outcomes import way_home as module
from failback.scenarios.outcomes.way_home import outward_s, way_home
from failback.scenarios.study import Study

DRILL = load_scenario(library()["first_drill_modernised"])


@pytest.fixture(autouse=True)
def _nothing_is_kept() -> Iterator[None]:
    module.played_outward_s.cache_clear()
    yield
    module.played_outward_s.cache_clear()


def begins_s(scenario: Scenario) -> float:
    """When nothing was played before."""
    module.played_outward_s.cache_clear()
    return outward_s(scenario)


def test_how_often_the_drill_looks_changes_the_way_out_whatever_was_played_before() -> None:
    polled = replace(DRILL, poll_s=7200.0)
    alone = begins_s(polled)
    assert alone != begins_s(DRILL)
    assert outward_s(polled) == alone


def test_an_answer_is_the_same_after_another_scenario_with_the_same_names() -> None:
    def home() -> object:
        return Study(load_scenario(library()["alternate_location"])).table(backend="serial")[0]["digest"]

    alone = home()
    Study(load_scenario(library()["failover_was_cancelled"])).table(backend="serial")
    assert home() == alone


@pytest.mark.parametrize("name", ["first_drill", "sixty_machines"])
def test_bandwidth_and_people_do_not_play_the_way_out_again(name: str) -> None:
    scenario = load_scenario(library()[name])
    way_home(scenario)
    link = replace(scenario.estate.link, bandwidth_mbit_per_s=17.0)
    way_home(replace(scenario, estate=replace(scenario.estate, link=link)))
    assert module.played_outward_s.cache_info().misses == 1


def test_the_architecture_of_a_machine_is_part_of_what_is_kept() -> None:
    given = DRILL.estate.virtual_machines.items()
    machines = {name: replace(vm, architecture=Architecture.CLASSIC) for name, vm in given}
    outward_s(DRILL)
    outward_s(replace(DRILL, estate=replace(DRILL.estate, virtual_machines=machines)))
    assert module.played_outward_s.cache_info().misses == 2
