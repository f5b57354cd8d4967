"""The requests of a runbook are those that the vault gets."""

from dataclasses import replace

import pytest

from failback.reprotect import WHOLE_WAY, Architecture, Gate, Line, Operation, Phase, Wave, phases_of, stands_at
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Homecoming, ManualStep, Scenario
from failback.scenarios.outcomes.people import Team
from failback.scenarios.outcomes.planned_runs import as_planned
from failback.scenarios.outcomes.way_home import way_home
from failback.scenarios.run.player import play
from failback.scenarios.runbooks.planned_requests import HOMEWARD, planned_requests
from failback.simulator import Duration, World

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
    assert {operation for operation, _ in asked} == set(HOMEWARD) - {Operation.COMMIT_FAILOVER}


def test_with_time_for_checks_the_steps_are_still_those_of_the_drill_in_its_order() -> None:
    step = ManualStep("look", Duration(low_s=300, mode_s=600, high_s=1800))
    scenario = replace(story("first_drill_modernised"), homecoming=Homecoming(manual_steps=(step,)))
    way = way_home(as_planned(scenario))
    worlds: list[World] = []
    play(way.scenario, operator=Team(way.scenario), on_world=worlds.append)
    jobs = [job for job in worlds[0].vault.jobs.values() if job.started_s >= way.begins_s]
    sent = [(job.operation, job.subject) for job in jobs if job.parent is None and job.operation is not None]
    asked = [(request.operation, request.subject) for request in planned_requests(scenario, runs=1)]
    assert asked == list(dict.fromkeys(sent))


@pytest.mark.parametrize("name", STORIES)
def test_steps_are_numbered_in_order_of_time_and_a_machine_never_goes_backwards(name: str) -> None:
    """Whatever the middle of several runs is: what comes first in each of them has the earlier number."""
    found = [request for request in planned_requests(story(name), runs=5) if request.number is not None]
    assert [request.number for request in found] == list(range(1, len(found) + 1))
    begins = [request.begins.middle_s for request in found if request.begins]
    assert begins == sorted(begins)
    for item in {item for request in found for item in request.items}:
        legs = [HOMEWARD.index(request.operation) for request in found if item in request.items]
        assert legs == sorted(legs)


def standing(name: str, phase: Phase) -> Scenario:
    """The machines of a scenario that stand in one phase, and go the whole way from there."""
    scenario = story(name)
    machines = {n: stands_at(vm, phase) for n, vm in scenario.estate.virtual_machines.items()}
    plan = replace(scenario.plan, goals=WHOLE_WAY)
    return replace(scenario, estate=replace(scenario.estate, virtual_machines=machines), plan=plan)


STANDING = [(a, phase) for a in Architecture for phase in Phase if phase in phases_of(a)]
ONE_MACHINE = {Architecture.CLASSIC: "one_vm", Architecture.MODERNISED: "one_modernised_vm"}
OUTWARD = {Operation.FAILOVER, Operation.CLEAN_UP_TEST}
"""What lies before a way home: an estate that needs it is not in Azure yet."""


@pytest.mark.parametrize(("architecture", "phase"), STANDING)
def test_a_runbook_from_any_phase_has_every_step_that_the_drill_sends_from_there(
    architecture: Architecture, phase: Phase
) -> None:
    scenario = standing(ONE_MACHINE[architecture], phase)
    sent: list[Operation] = []

    def on_line(line: Line) -> None:
        if line.name == "StartOperation":
            sent.append(Operation(line.data["operation"]))

    planned = as_planned(scenario)
    play(planned, on_line=on_line, operator=Team(planned))
    wanted = list(dict.fromkeys(sent))
    if OUTWARD & set(wanted):
        wanted = [leg for leg in wanted if leg not in OUTWARD | {Operation.COMMIT_FAILOVER}]
    found = planned_requests(scenario, 1)
    assert [request.operation for request in found] == wanted
    assert all(request.number is not None for request in found)


def test_a_machine_that_stops_from_the_middle_on_is_asked_for_nothing_that_is_behind_it() -> None:
    scenario = standing("one_modernised_vm", Phase.FAILOVER_COMMITTED)
    machine = replace(scenario.estate.virtual_machines["app-01"], target="hyper-v")
    found = planned_requests(
        replace(scenario, estate=replace(scenario.estate, virtual_machines={"app-01": machine})), 1
    )
    assert {request.stopped_by for request in found if request.number is None} == {"R15"}
    assert Operation.COMMIT_FAILOVER not in [request.operation for request in found]


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
    for runs in (2, 8):
        for request in planned_requests(story("first_drill_modernised"), runs):
            assert request.ends is not None
            assert request.ends.low_s <= request.ends.middle_s <= request.ends.high_s


def test_faults_of_the_story_are_no_part_of_the_plan() -> None:
    assert as_planned(story("process_server_falls_silent")).faults == ()
    gate = Gate("approved", Operation.FAILBACK)
    scenario = story("one_vm")
    assert as_planned(replace(scenario, plan=replace(scenario.plan, gates=(gate,)))).operator[-1].proceed
