"""Legs that are read from a history: each begins with its request and ends with its job, or when the item settles."""

import pytest

from failback.reprotect import (
    Architecture,
    Choices,
    Failure,
    History,
    ItemSeen,
    JobFailed,
    JobState,
    JobSucceeded,
    JobTimes,
    Operation,
    Phase,
    StartOperation,
)
from failback.reprotect.driver import WATCHED_JOB, Leg, LegReader

REPROTECT = Operation.REPROTECT_TO_ON_PREMISES
SEEN = ItemSeen("web", Architecture.CLASSIC, Phase.REPLICATING_TO_ON_PREMISES, True)


def _legs(*story: tuple[float, object]) -> list[Leg]:
    reader, history = LegReader(), History()
    for t_s, thing in story:
        reader.on_line(history.write(t_s, "command" if isinstance(thing, StartOperation) else "event", thing))
    return reader.legs


def test_a_reprotect_ends_when_the_item_is_seen_protected() -> None:
    start = StartOperation("web", REPROTECT, Choices(), "key")
    legs = _legs((1, start), (2, JobSucceeded("web", REPROTECT, "job")), (3, SEEN))
    assert legs == [Leg("web", REPROTECT, start_s=1, job_end_s=2, end_s=3, outcome="done")]


@pytest.mark.parametrize(
    "news",
    [SEEN, JobSucceeded("web", REPROTECT, "job"), JobFailed("web", REPROTECT, "job", Failure("Start", "806", "down"))],
    ids=lambda news: type(news).__name__,
)
def test_what_is_heard_of_an_item_that_nobody_sent_begins_no_leg(news: object) -> None:
    assert _legs((1, news)) == []


def _watched(*jobs: JobTimes) -> list[Leg]:
    reader, history = LegReader(), History()
    for n, job in enumerate(jobs):
        reader.on_line(history.add(100.0 + n, "note", WATCHED_JOB, "web", vars_of(job)))
    return reader.legs


def vars_of(job: JobTimes) -> dict[str, object]:
    return {name: getattr(job, name) for name in ("job_id", "operation", "state", "began_s", "ended_s", "tasks")}


def test_a_resync_whose_end_nobody_saw_has_ended_at_the_latest_when_the_next_job_begins() -> None:
    reprotect = JobTimes("one", REPROTECT, JobState.SUCCEEDED, 10, 20)
    (first, _) = _watched(reprotect, JobTimes("two", Operation.FAILBACK, JobState.RUNNING, 50))
    assert first == Leg("web", REPROTECT, start_s=10, job_end_s=20, end_s=50, outcome="done")


def test_the_next_job_leaves_a_resync_alone_whose_end_was_seen() -> None:
    reader, history = LegReader(), History()
    jobs = (
        JobTimes("one", REPROTECT, JobState.SUCCEEDED, 10, 20),
        JobTimes("two", Operation.FAILBACK, JobState.RUNNING, 50),
    )
    reader.on_line(history.add(25, "note", WATCHED_JOB, "web", vars_of(jobs[0])))
    reader.on_line(history.write(30, "event", SEEN))
    reader.on_line(history.add(60, "note", WATCHED_JOB, "web", vars_of(jobs[1])))
    assert [(leg.leg, leg.end_s, leg.outcome) for leg in reader.legs] == [
        (REPROTECT, 30, "done"),
        (Operation.FAILBACK, None, "running"),
    ]


def test_the_next_job_cannot_end_a_resync_before_its_own_job_ended() -> None:
    reprotect = JobTimes("one", REPROTECT, JobState.SUCCEEDED, 10, 60)
    (first, _) = _watched(reprotect, JobTimes("two", Operation.FAILBACK, JobState.RUNNING, 50))
    assert (first.end_s, first.outcome) == (60, "done")


@pytest.mark.parametrize(
    "job",
    [
        JobTimes("one", REPROTECT, JobState.RUNNING, 10),
        JobTimes("one", Operation.FAILBACK, JobState.RUNNING, 10),
        JobTimes("one", REPROTECT, JobState.FAILED, 10, 20),
        JobTimes("one", Operation.FAILBACK, JobState.SUCCEEDED, 10, 20),
    ],
    ids=lambda job: f"{job.operation.value}-{job.state.value}",
)
def test_the_next_job_changes_nothing_of_a_leg_that_is_no_resync_with_its_job_done(job: JobTimes) -> None:
    (alone,) = _watched(job)
    assert _watched(job, JobTimes("two", Operation.COMMIT_FAILBACK, JobState.RUNNING, 50))[0] == alone


def test_a_first_job_that_is_seen_has_no_leg_before_it() -> None:
    assert _watched(JobTimes("one", REPROTECT, JobState.RUNNING, 10)) == [Leg("web", REPROTECT, start_s=10)]


def test_a_job_that_is_another_try_of_the_same_operation_is_a_leg_of_its_own() -> None:
    tries = _watched(*(JobTimes(name, REPROTECT, JobState.SUCCEEDED, 10, 20) for name in ("one", "two")))
    assert [leg.outcome for leg in tries] == ["done", "running"]


def test_the_job_of_a_leg_that_was_under_way_at_the_start_makes_no_second_leg() -> None:
    reader, history = LegReader(), History()
    under_way = ItemSeen("web", Architecture.CLASSIC, Phase.REPROTECTING_TO_ON_PREMISES, True)
    reader.on_line(history.write(1, "event", under_way))
    job = JobTimes("one", REPROTECT, JobState.SUCCEEDED, 0, 20)
    reader.on_line(history.add(30, "note", WATCHED_JOB, "web", vars_of(job)))
    assert [(leg.leg, leg.start_s, leg.job_end_s) for leg in reader.legs] == [(REPROTECT, 1, 20)]
