"""The way home of machines that stand on their way already: shorter than the whole, over where they are home, and
longer by what is left of a failover that is not committed yet."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import pytest

from failback.reprotect import LEGS, Architecture, Operation, Phase, phase_row, phases_of, stands_at
from failback.scenarios import Scenario, library, load_scenario
from failback.scenarios.files.schema import HomeWhen
from failback.scenarios.outcomes.answers import Answer, answer
from failback.scenarios.outcomes.server_batches import server_batches
from failback.scenarios.outcomes.way_home import way_home
from failback.scenarios.study import Study

STORIES: Mapping[Architecture, str] = {Architecture.CLASSIC: "one_vm", Architecture.MODERNISED: "one_modernised_vm"}
EVERY = [(a, phase) for a in Architecture for phase in Phase if phase in phases_of(a)]
SHOP = load_scenario(library()["starts_in_the_middle"])
HOME = {HomeWhen.COMMITTED: Operation.COMMIT_FAILBACK, HomeWhen.REPROTECTED: Operation.REPROTECT_TO_AZURE}


def _from(architecture: Architecture, phase: Phase, when: HomeWhen) -> Scenario:
    story = load_scenario(library()[STORIES[architecture]])
    machines = {name: stands_at(vm, phase) for name, vm in story.estate.virtual_machines.items()}
    home = replace(story.homecoming, home_when=when)
    return replace(story, estate=replace(story.estate, virtual_machines=machines), homecoming=home)


@cache
def _whole(architecture: Architecture, when: HomeWhen) -> Answer:
    return answer(way_home(_from(architecture, Phase.REPLICATING_TO_AZURE, when)), 1)


@pytest.mark.parametrize("when", HOME, ids=lambda when: when.value)
@pytest.mark.parametrize(("architecture", "phase"), EVERY)
def test_a_way_home_from_the_middle_takes_what_lies_ahead(
    architecture: Architecture, phase: Phase, when: HomeWhen
) -> None:
    whole, part = _whole(architecture, when), answer(way_home(_from(architecture, phase, when)), 1)
    assert whole.home_s is not None
    assert part.home_s is not None
    behind = phase_row(phase).legs_behind
    is_failing_over = LEGS.index(Operation.FAILOVER) < behind <= LEGS.index(Operation.COMMIT_FAILOVER)
    assert (part.home_s > whole.home_s + 1e-6) is is_failing_over
    assert (part.home_s == 0) is (LEGS.index(HOME[when]) < behind)
    is_whole = behind in (0, LEGS.index(Operation.REPROTECT_TO_ON_PREMISES))
    assert (part.home_s == pytest.approx(whole.home_s)) is is_whole


def test_machines_that_are_still_at_home_count_as_in_azure_where_others_have_begun() -> None:
    machines = {n: stands_at(vm, Phase.REPLICATING_TO_AZURE) for n, vm in SHOP.estate.virtual_machines.items()}
    machines["db-01"] = SHOP.estate.virtual_machines["db-01"]
    way = way_home(replace(SHOP, estate=replace(SHOP.estate, virtual_machines=machines)))
    assert way.begins_s == 0
    assert way.scenario.estate.virtual_machines["shop-01"].at is Phase.FAILOVER_COMMITTED
    assert answer(way, 1).home_s is not None


def test_a_resync_that_goes_on_is_the_bottleneck_as_one_that_was_asked_for() -> None:
    part = answer(way_home(_from(Architecture.MODERNISED, Phase.RESYNCING_TO_ON_PREMISES, HomeWhen.COMMITTED)), 1)
    assert next(iter(part.causes)) == "scan"


def test_who_returns_through_a_server_is_counted_there() -> None:
    rows = {row.server: row.machines for row in server_batches(SHOP)}
    assert rows == {"appliance-01": 4, "appliance-02": 2}


def test_a_study_varies_what_has_begun_too_even_the_server_that_it_began_with() -> None:
    rows = Study(SHOP).vary(appliances=[1, 2]).table(backend="serial")
    assert [row["machines_home"] for row in rows] == [6, 6]
