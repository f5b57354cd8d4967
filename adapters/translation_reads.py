"""What a single read of an item or a job says, in our words."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

from failback.reprotect import RESYNCS, Architecture, Failure, ItemSeen, JobSeen, JobState, Operation, Phase, phase_row

from . import translation as w
from .translation import Json, NotUnderstood, instant, last_segment, part, parts, text

ENDED: Final = frozenset({JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED})
_COUNT: Final = re.compile(r" \(\d+\)$")


# Items


def item_name(item: Json) -> str:
    """The name by which people know an item."""
    return text(part(item, "properties").get("friendlyName"))


def architecture_of(item: Json) -> Architecture:
    """The architecture, by the provider. Raises `NotUnderstood` for an item that VMware replication does not own."""
    provider = _provider(item)
    if provider not in w.ARCHITECTURES:
        raise NotUnderstood(
            f"Item '{item_name(item)}' has the provider '{provider}'; "
            f"the known providers are {', '.join(w.ARCHITECTURES)}."
        )
    return w.ARCHITECTURES[provider]


def is_vmware(item: Json) -> bool:
    """Whether an item is one of ours to read; a vault may hold others."""
    return _provider(item) in w.ARCHITECTURES


def item_from_sdk(item: Json) -> ItemSeen:
    """A protected item as one GET shows it (the list leaves half of it blank)."""
    phase = phase_of(item)
    percent = _resync_percent(item) if phase_row(phase).resyncs else None
    errors = parts(part(item, "properties"), "healthErrors")
    # What is said of test failovers (161011: none was done) does not hold up replication.
    codes = tuple(text(e.get("errorCode")) for e in errors if e.get("errorCategory") != w.TEST_CATEGORY)
    return ItemSeen(item_name(item), architecture_of(item), phase, _agent_registered(item), codes, percent)


def phase_of(item: Json) -> Phase:
    """Where an item stands. Raises `NotUnderstood` for a combination without a row."""
    scenario = text(part(part(item, "properties"), "currentScenario").get("scenarioName")) or w.NO_SCENARIO
    resting = _resting_phase(item)
    if scenario == w.NO_SCENARIO or scenario in w.HOUSEKEEPING:
        return resting
    for row in w.RUNNING:
        if row.scenario == scenario and resting in row.over:
            return row.phase
    raise NotUnderstood(_unknown(item, f"the job '{scenario}' on an item in phase {resting.value}"))


def _resting_phase(item: Json) -> Phase:
    properties = part(item, "properties")
    state, location = text(properties.get("protectionState")), text(properties.get("activeLocation"))
    architecture_of(item)
    for row in w.ITEM_STATES:
        if (row.provider, row.protection_state) == (_provider(item), state) and row.active_location in (None, location):
            return _refined(item, row.phase)
    raise NotUnderstood(_unknown(item, "this combination"))


def _refined(item: Json, phase: Phase) -> Phase:
    if phase in RESYNCS and _resyncs(item):
        return RESYNCS[phase]
    if phase is Phase.REPLICATING_TO_AZURE and _is_tested(item):
        return Phase.FAILOVER_TESTED
    return phase


def _resyncs(item: Json) -> bool:
    details = _details(item)
    return details.get("resyncState") == w.RESYNC_STARTED or text(details.get("protectionStage")).startswith(
        w.RESYNC_STAGES
    )


def _is_tested(item: Json) -> bool:
    properties = part(item, "properties")
    may_clean_up = w.TEST_CLEANUP in (properties.get("allowedOperations") or ())
    return may_clean_up or text(properties.get("testFailoverState")) not in w.TEST_IDLE


def _unknown(item: Json, what: str) -> str:
    properties = part(item, "properties")
    seen = {
        "instanceType": _provider(item),
        "protectionState": properties.get("protectionState"),
        "activeLocation": properties.get("activeLocation"),
        "currentScenario": part(properties, "currentScenario").get("scenarioName"),
    }
    shown = ", ".join(f"{key} {value}" for key, value in seen.items())
    return f"Item '{item_name(item)}' shows {what}, for which there is no row: {shown}. Please report it."


def _agent_registered(item: Json) -> bool | None:
    """Classic: inferred from a heartbeat since the last failover. Modernised: the flag, once there was a failover."""
    failed_over = instant(part(item, "properties").get("lastSuccessfulFailoverTime"))
    heartbeat = _heartbeat(item)
    flag = _details(item).get("isAgentRegistrationSuccessfulAfterFailover")
    if architecture_of(item) is Architecture.MODERNISED and (failed_over is not None or flag):
        return flag if isinstance(flag, bool) else None
    if heartbeat is None:
        return None
    return failed_over is None or heartbeat >= failed_over


def _heartbeat(item: Json) -> datetime | None:
    details = _details(item)
    return instant(details.get("lastHeartbeat")) or instant(
        part(details, "mobilityAgentDetails").get("lastHeartbeatUtc")
    )


def _resync_percent(item: Json) -> int | None:
    details = _details(item)
    initial = details.get("initialReplicationProgressPercentage")
    nested = part(details, "resyncDetails").get("initialReplicationProgressPercentage")
    resync = details.get("resyncProgressPercentage")
    in_order = (initial, nested, resync) if not _resyncs(item) else (resync, nested, initial)
    return next((int(float(value)) for value in in_order if value not in (None, "")), None)


def _details(item: Json) -> Json:
    return part(part(item, "properties"), "providerSpecificDetails")


def _provider(item: Json) -> str:
    return text(_details(item).get("instanceType"))


# Jobs


def job_from_sdk(job: Json, subject: str, operation: Operation, child_job: Callable[[str], Json]) -> JobSeen:
    """A job as one GET shows it. `child_job` reads another job, for a reason that only a child job gives."""
    state = job_state(job)
    failure = _failure(job, child_job) if state is JobState.FAILED else None
    return JobSeen(
        subject,
        operation,
        text(job.get("name")) or last_segment(text(job.get("id"))),
        state,
        _current_task(job),
        failure,
    )


def job_state(job: Json) -> JobState:
    """How far a job is. Raises `NotUnderstood` for a state without a row."""
    properties = part(job, "properties")
    state = text(properties.get("state"))
    if state == w.OTHER_STATE:
        state = text(properties.get("stateDescription"))
    if state not in w.JOB_STATES:
        raise NotUnderstood(
            f"Job '{job.get('name')}' ({properties.get('scenarioName')}) is in state '{state}', "
            "which failback does not know."
        )
    return w.JOB_STATES[state]


def plan_children(job: Json) -> dict[str, str]:
    """Child jobs of a recovery plan's job: what the vault calls the item (shown name and id, both) -> job id."""
    children: dict[str, str] = {}
    for task in _walk(parts(part(job, "properties"), "tasks")):
        entity = part(part(task, "customDetails"), "jobTask")
        if job_id := _child_id(task):
            names = (text(entity.get("targetObjectName")), last_segment(text(entity.get("targetObjectId"))))
            children.update({name: job_id for name in names if name})
    return children


def _current_task(job: Json) -> str | None:
    """Shown name of the task that runs or failed, without the count of children that a group's was recorded with."""
    for task in parts(part(job, "properties"), "tasks"):
        if text(task.get("state")) in ("InProgress", "Failed"):
            return _shown(task)
    return None


def _shown(task: Json) -> str:
    return _COUNT.sub("", text(task.get("friendlyName")) or text(task.get("name")))


def _walk(tasks: tuple[Json, ...]) -> Iterator[Json]:
    for task in tasks:
        yield task
        yield from _walk(parts(part(task, "groupTaskCustomDetails"), "childTasks"))


def _failure(job: Json, child_job: Callable[[str], Json]) -> Failure:
    """The reason, wherever it stands: on the job, on a task, on a child task, or on a child job alone."""
    properties = part(job, "properties")
    tasks = tuple(_walk(parts(properties, "tasks")))
    found = _worst(parts(properties, "errors")) or next(filter(None, (_worst(parts(t, "errors")) for t in tasks)), None)
    named = {text(task.get("taskId")): _shown(task) for task in parts(properties, "tasks") if task.get("taskId")}
    where = _current_task(job) or (named.get(text(found.get("taskId")), "") if found else "")
    return _failure_of(found, where) if found else _failure_of_child(tasks, where, child_job)


def _failure_of_child(tasks: tuple[Json, ...], where: str, child_job: Callable[[str], Json]) -> Failure:
    for job_id in filter(None, map(_child_id, tasks)):
        child = child_job(job_id)
        if job_state(child) is JobState.FAILED:
            deep = _failure(child, child_job)
            return Failure(where or deep.task, deep.code, deep.message, deep.possible_causes, deep.recommended_action)
    return Failure(where, "Unknown", "The vault gave no reason.")


def _child_id(task: Json) -> str | None:
    job_id = last_segment(text(part(part(task, "customDetails"), "jobTask").get("jobId")))
    return None if job_id in ("", w.NO_SCENARIO) else job_id


def _worst(errors: tuple[Json, ...]) -> Json | None:
    grave = [error for error in errors if text(error.get("errorLevel")) not in ("Warning", "Information")]
    return next(iter(grave or errors), None)


def _failure_of(error: Json, where: str) -> Failure:
    service, provider = part(error, "serviceErrorDetails"), part(error, "providerErrorDetails")
    code = text(service.get("code")) or str(provider.get("errorCode") or "Unknown")
    message = text(service.get("message")) or text(provider.get("errorMessage"))
    causes = text(service.get("possibleCauses")) or text(provider.get("possibleCauses"))
    return Failure(
        where, code, message, causes, text(service.get("recommendedAction")) or text(provider.get("recommendedAction"))
    )
