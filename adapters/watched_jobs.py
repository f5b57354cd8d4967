"""Jobs that others have begun: which leg each is of, when it ran, and what each of its tasks took."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from failback.reprotect import LEGS, ItemSeen, JobSeen, JobState, Operation, phase_row

from .translation import SCENARIOS, Json, NotUnderstood, instant, last_segment, part, parts, text
from .translation_reads import ENDED, job_from_sdk, job_state

_BY_SCENARIO: Final = {
    name: tuple(operation for operation in SCENARIOS if name in SCENARIOS[operation])
    for names in SCENARIOS.values()
    for name in names
}
"""What a job of this name may be: one name serves the way out and the way home."""


@dataclass(frozen=True, slots=True)
class WatchedJob:
    """A job of an item. `took_s`: seconds by the name of each task that succeeded."""

    seen: JobSeen
    began: datetime | None
    ended: datetime | None = None
    took_s: Mapping[str, float] = field(default_factory=dict)


def row_job_id(row: Json) -> str:
    """The id of a job, of a list or alone."""
    return text(row.get("name")) or last_segment(text(row.get("id")))


def target_of(row: Json) -> Iterator[str]:
    """What a vault calls the object of a job: its shown name, and its id."""
    properties = part(row, "properties")
    yield text(properties.get("targetObjectName"))
    yield last_segment(text(properties.get("targetObjectId")))


def operation_of(row: Json, item: ItemSeen) -> Operation | None:
    """Which operation a job is of, by its name and by where its item stands; None for none that we know of.

    Inferred: of two operations of one name it is the one that lies nearest to the item's phase.
    """
    candidates = _BY_SCENARIO.get(text(part(row, "properties").get("scenarioName")), ())
    if len(candidates) < 2:
        return next(iter(candidates), None)
    behind = phase_row(item.phase).legs_behind - (job_state(row) is JobState.SUCCEEDED)
    return min(candidates, key=lambda operation: abs(_place(operation) - (behind % len(LEGS))))


def _place(operation: Operation) -> int:
    return LEGS.index(operation) if operation in LEGS else 0


def watched_job(row: Json, item: ItemSeen) -> WatchedJob | None:
    """A job read alone; None where it is no leg. Raises `NotUnderstood` for a state that has no row."""
    operation = operation_of(row, item)
    if operation is None:
        return None
    properties = part(row, "properties")
    seen = job_from_sdk(row, item.item, operation, _no_child)
    ended = instant(properties.get("endTime")) if seen.state in ENDED else None
    began = instant(properties.get("startTime"))
    return WatchedJob(seen, began, ended or (began if seen.state in ENDED else None), dict(_took(properties)))


def _no_child(job_id: str) -> Json:
    raise NotUnderstood(f"The reason is only in the child job {job_id}; look there.")


def _took(properties: Json) -> Iterator[tuple[str, float]]:
    for task in parts(properties, "tasks"):
        began, ended = instant(task.get("startTime")), instant(task.get("endTime"))
        if task.get("state") == "Succeeded" and began is not None and ended is not None and ended >= began:
            yield text(task.get("name")), (ended - began).total_seconds()
