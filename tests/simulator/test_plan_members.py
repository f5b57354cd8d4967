"""What a recovery plan's members break stops them, as it does where they go alone."""

from dataclasses import replace

import pytest

from failback.reprotect import LEGS, RecoveryPlan
from failback.scenarios import Scenario, load_scenario, play, resolve


def in_a_plan(name: str) -> Scenario:
    """The story's machine and a sound one beside it, in one recovery plan."""
    story = load_scenario(resolve(name))
    (vm,) = story.estate.virtual_machines.values()
    sound = replace(vm, name="sound", failover_cancelled=False)
    estate = replace(
        story.estate,
        virtual_machines={vm.name: vm, "sound": sound},
        recovery_plans={"plan": RecoveryPlan("plan", ((vm.name, "sound"),))},
    )
    return replace(story, estate=estate, plan=replace(story.plan, recovery_plans=("plan",)))


def test_a_member_whose_failover_was_cancelled_stops_and_its_mate_comes_home() -> None:
    result = play(in_a_plan("failover_was_cancelled"))
    found = {item.name: item for item in result.items}
    assert found["app-01"].stopped_by == "F07"
    assert found["sound"].stopped_by == ""
    done = [leg.leg for leg in result.legs if leg.item == "sound" and leg.outcome == "done"]
    assert done == list(LEGS)


def test_a_point_that_no_failback_makes_stops_the_members_of_a_plan() -> None:
    result = play(in_a_plan("point_of_yesterday_is_asked_for"))
    assert {item.stopped_by for item in result.items} == {"A11"}


@pytest.mark.parametrize("name", ["failover_was_cancelled", "point_of_yesterday_is_asked_for"])
def test_the_same_story_without_a_plan_stops_by_the_same_rule(name: str) -> None:
    story = load_scenario(resolve(name))
    result = play(replace(story, plan=replace(story.plan, recovery_plans=())))
    assert {item.stopped_by for item in result.items} == set(story.expect.stopped_by.values())
