"""How long waves, machines, jobs and tasks take as predicted: the middle of the runs, and the band of 90 % of them."""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from statistics import median
from typing import Final

from failback.reprotect import Architecture, Operation
from failback.scenarios.outcomes.bands import band
from failback.scenarios.text.plain_words import LEG_WORDS, by_the_clock, h_min
from failback.simulator import Duration
from failback.simulator.chance import Chance
from failback.simulator.job_kinds import TaskKind
from failback.simulator.job_tasks import job_kind

from .planned_requests import HOMEWARD, PlannedTime, takes
from .runbook import Runbook

DRAWS: Final = 1000
"""From so many draws come the middle and the band of a task."""
JOB_HEADS: Final = ("leg", "architecture", "job", "task", "takes (predicted)", "from")
_RESYNCS: Final = frozenset({Operation.REPROTECT_TO_ON_PREMISES, Operation.REPROTECT_TO_AZURE})


def took_words(time: PlannedTime | None) -> str:
    """The middle, and the band behind it where several runs tell one; empty where nothing takes any time."""
    if time is None:
        return ""
    if time.high_s < 1:
        return "less than 1 s"
    middle, low, high = map(h_min, (time.middle_s, time.low_s, time.high_s))
    return middle if low == high else f"{middle} ({low} to {high})"


def beside_times(time: PlannedTime | None, start: datetime, begins_s: float, ends_s: float) -> PlannedTime | None:
    """What stands beside a planned begin and end: their difference, and the band of the runs around it.

    The middle of how long each run takes is another number than the middle of the ends less that of the begins.
    """
    if time is None:
        return None
    middle_s = by_the_clock(start, begins_s, ends_s)
    return PlannedTime(middle_s, min(time.low_s, middle_s), max(time.high_s, middle_s))


def machine_took_words(found: Runbook, machine: str) -> str:
    """From its first request to the end of its last step."""
    mine = ((machine, request.operation) for request in found.requests if machine in request.items)
    return took_words(takes(found.times, mine))


def job_rows(found: Runbook) -> Iterator[tuple[str, ...]]:
    """A row a task of each job that is asked for, under `JOB_HEADS`."""
    asked = dict.fromkeys((kind, s.operation) for s in found.sections for kind in s.guides)
    for kind, leg in sorted(asked, key=lambda each: (HOMEWARD.index(each[1]), each[0].value)):
        job = job_kind(kind, leg)
        for task in job.tasks:
            yield LEG_WORDS[leg].name, kind.value, job.friendly_name, task.friendly_name, *_task(found, kind, leg, task)
        if leg in _RESYNCS:
            then = "depends on the data of each machine and on the link: each step has job and resync together"
            yield LEG_WORDS[leg].name, kind.value, "", "after the job: resync", then, "simulated"


def task_words(found: Runbook, kind: Architecture, leg: Operation) -> str:
    """The tasks of one job in one line, each with the time that it takes."""
    tasks = job_kind(kind, leg).tasks
    return "; ".join(f"{task.friendly_name}: {_task(found, kind, leg, task)[0]}" for task in tasks)


def _task(found: Runbook, kind: Architecture, leg: Operation, task: TaskKind) -> tuple[str, str]:
    """How long it takes, and where the number comes from."""
    key = f"task/{kind.value}/{leg.value}/{task.name}"
    duration = found.scenario.durations.get(key)
    if duration is None:
        return "not known", ""
    waits = ", and until the last changes have arrived" if task.until else ""
    return f"{took_words(_predicted(duration, key))}{waits}", duration.source


@lru_cache(maxsize=512)
def _predicted(duration: Duration, key: str) -> PlannedTime:
    """Of the same duration and key always the same."""
    stream = Chance(0).stream("runbook", key)
    drawn = [duration.draw(stream) * duration.off_by(stream) for _ in range(DRAWS)]
    return PlannedTime(median(drawn), *band(drawn))
