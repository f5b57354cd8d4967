"""The requests of a runbook are those that the vault gets."""

from dataclasses import replace

import pytest

from failback.reprotect import Gate, Operation, Wave
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Scenario
from failback.scenarios.outcomes.people import Team
from failback.scenarios.outcomes.way_home import way_home
from failback.scenarios.run.player import play
from failback.scenarios.runbooks.planned_requests import HOMEWARD, as_planned, planned_requests
from failback.simulator import World

STORIES = (
    "one_modernised_vm",
    "plan_of_three_groups",
    "first_drill",
    "first_drill_modernised",
    "modernised_replication_group",
)


def story(name: str) -> Scenario:
    return load_scenario(resolve(name))


@pytest.mark.parametrize("name", STORIES)
def test_the_steps_are_the_jobs_of_the_vault_in_their_order(name: str) -> None:
    way = way_home(as_planned(story(name)))
    worlds: list[World] = []
    play(way.scenario, operator=Team(way.scenario), on_world=worlds.append)
    jobs = [job for job in worlds[0].vault.jobs.values() if job.started_s >= way.begins_s]
    sent = [(job.operation, job.subject) for job in jobs if job.parent is None and job.operation is not None]
    asked = [(request.operation, request.subject) for request in planned_requests(story(name), runs=1)]
    assert asked == list(dict.fromkeys(sent))
    assert {operation for operation, _ in asked} == set(HOMEWARD)


def test_a_machine_that_a_rule_stops_keeps_its_steps_without_times() -> None:
    found = planned_requests(story("operator_gate"), runs=2)
    assert all(request.number is not None for request in found), "a gate is answered with yes on paper"
    scenario = story("first_drill_modernised")
    sql = scenario.estate.virtual_machines["sql-01"]
    machines = dict(scenario.estate.virtual_machines) | {"sql-01": replace(sql, target="hyper-v")}
    broken = replace(scenario, estate=replace(scenario.estate, virtual_machines=machines))
    left = [request for request in planned_requests(broken, runs=2) if request.number is None]
    assert [(request.subject, request.operation) for request in left if request.subject == "sql-01"] == [
        ("sql-01", operation) for operation in HOMEWARD[-len([r for r in left if r.subject == "sql-01"]) :]
    ]
    assert {request.stopped_by for request in left if request.subject == "sql-01"} == {"R15"}
    assert all(request.begins is None and request.ends is None for request in left)


def test_each_wave_has_its_own_requests_and_its_times_follow_the_former_wave() -> None:
    scenario = story("first_drill_modernised")
    names = tuple(scenario.estate.virtual_machines)
    waves = (Wave("first", names[:6]), Wave("second", names[6:]))
    found = planned_requests(
        replace(scenario, plan=replace(scenario.plan, waves=waves, recovery_plans=())),
        runs=2,
    )
    ends = [r.ends.middle_s for r in found if r.wave == "first" and r.operation is Operation.COMMIT_FAILBACK and r.ends]
    begins = [r.begins.middle_s for r in found if r.wave == "second" and r.begins is not None]
    assert ends
    assert begins
    assert min(begins) >= max(ends)


def test_the_band_holds_the_middle() -> None:
    for request in planned_requests(story("first_drill_modernised"), runs=8):
        assert request.ends is not None
        assert request.ends.low_s <= request.ends.middle_s <= request.ends.high_s


def test_faults_of_the_story_are_no_part_of_the_plan() -> None:
    assert as_planned(story("process_server_falls_silent")).faults == ()
    gate = Gate("approved", Operation.FAILBACK)
    scenario = story("one_vm")
    assert as_planned(replace(scenario, plan=replace(scenario.plan, gates=(gate,)))).operator[-1].proceed
