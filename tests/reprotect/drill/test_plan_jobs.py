"""While the job of a recovery plan runs, nothing is asked of the plan's machines: the vault would refuse it."""

import pytest

from failback.reprotect import JobSucceeded, Line, Operation, RequestRefused, Unanswered
from failback.reprotect.drill.batches import ReadyBatch
from failback.reprotect.drill.plan_jobs import PlanJobs
from failback.scenarios import load_scenario, play, resolve

PLAN, KEY = "three-tiers", "three-tiers/commit_failback/1"
COMMIT = Operation.COMMIT_FAILBACK
WEB = ReadyBatch(None, ("web-01",))


@pytest.mark.parametrize(
    "name", ["plan_of_three_groups", "first_drill", "first_drill_modernised", "both_architectures_side_by_side"]
)
def test_a_plan_that_nothing_disturbs_is_played_without_a_refusal(name: str) -> None:
    lines: list[Line] = []
    play(load_scenario(resolve(name)), on_line=lines.append)
    assert [line.data["code"] for line in lines if line.name == "RequestRefused"] == []


def running() -> PlanJobs:
    jobs = PlanJobs()
    jobs.begins(PLAN, ("db-01", "web-01"), KEY)
    assert jobs.keep(WEB)
    return jobs


@pytest.mark.parametrize(
    "event",
    [
        JobSucceeded(PLAN, COMMIT, "job"),
        RequestRefused(PLAN, COMMIT, KEY, "Busy", "busy"),
        Unanswered(PLAN, COMMIT, KEY, "no answer"),
    ],
)
def test_what_waits_goes_on_when_the_plans_job_ends_or_none_has_begun(event: JobSucceeded) -> None:
    jobs = running()
    assert list(jobs.ends(event)) == [WEB]
    assert not jobs.holds
    assert not jobs.keep(WEB)


@pytest.mark.parametrize(
    "event",
    [JobSucceeded("web-01", COMMIT, "job"), RequestRefused(PLAN, COMMIT, "an older request", "Busy", "busy")],
)
def test_what_waits_is_not_let_go_by_the_end_of_anything_else(event: JobSucceeded) -> None:
    jobs = running()
    assert list(jobs.ends(event)) == []
    assert jobs.holds


def test_machines_of_no_running_plan_do_not_wait() -> None:
    assert not running().keep(ReadyBatch(None, ("app-01",)))
