"""Long-running operations: the first answer with both of its headers, the status, and the result at the end."""

from collections.abc import Callable
from typing import Final

from failback.simulator import ENDED, Job, Progress
from failback.simulator.arm.wire.response import ArmError, Json, Response, reply
from failback.simulator.arm.wire.wire import ASYNC_STATUS

from .clock_mode import Mode
from .surroundings import Ask

RETRY_AFTER: Final = ("Retry-After", "30")
"""Recorded."""
RETRY_SOON: Final = ("x-ms-retry-after-ms", "10")
"""Mode poll: Python's default client asks again at once only when Retry-After is absent."""


def accepted(ask: Ask, job: Job, about: str) -> Response:
    """202 for a job. Recorded: an empty body, both headers, and the job's path as the request id, twice."""
    return _accepted(ask, job.id, about, ask.ids.job(job.id))


def finished(ask: Ask, about: str) -> Response:
    """202 for what is over already and has no job of its own."""
    operation = ask.names.guid("operation", len(ask.around.finished))
    ask.around.finished[operation] = about
    return _accepted(ask, operation, about, ask.ids.job(operation))


def status(ask: Ask) -> Response:
    """GET V/replicationOperationStatus/{operation}."""
    operation = ask.params["operation"].lower()
    id_ = ask.ids.child("replicationOperationStatus", operation)
    if operation in ask.around.finished:
        return reply({"id": id_, "name": operation, "status": "Succeeded"})
    job = _looked_at(ask, operation)
    headers = () if job.state in ENDED else (_pace(ask),)
    return reply({"id": id_, "name": job.id, **_status_of(ask, job)}, headers=headers)


def result(ask: Ask, shown: Callable[[Ask], Response]) -> Response:
    """GET .../operationresults/{operation}: 202 until it is over, then the resource or the job's error."""
    operation = ask.params["operation"].lower()
    if operation in ask.around.finished:
        return _or_gone(ask, shown)
    job = _looked_at(ask, operation)
    if job.state not in ENDED:
        return _accepted(ask, job.id, ask.path.rpartition("/operationresults/")[0], ask.ids.job(job.id))
    if job.state is not Progress.SUCCEEDED:
        raise ArmError(409, **_words(job), asr=True)
    return _or_gone(ask, shown)


def _or_gone(ask: Ask, shown: Callable[[Ask], Response]) -> Response:
    """204 where the operation removed what it was about."""
    try:
        return shown(ask)
    except ArmError as refused:
        if refused.status != 404:
            raise
        return Response(204)


def _looked_at(ask: Ask, job_id: str) -> Job:
    job = ask.vault.record.job(job_id)
    # An operation shows nothing new before its end, so the clock jumps there: a client that waits between two polls and
    # takes no header for an answer (JavaScript's waits 2 s) is done with the first.
    while job.state not in ENDED and ask.around.jump() and job.held is None:
        continue
    return job


def _status_of(ask: Ask, job: Job) -> Json:
    body = {"status": ASYNC_STATUS.get(job.state, "InProgress"), "startTime": ask.when(job.started_s)}
    if job.ended_s is not None:
        body["endTime"] = ask.when(job.ended_s)
    return body if job.state not in ENDED or job.state is Progress.SUCCEEDED else body | {"error": _words(job)}


def _words(job: Job) -> dict[str, str]:
    if job.failure is None:
        return {"code": "JobCancelled", "message": f"The job '{job.friendly_name}' of '{job.subject}' was cancelled."}
    return {"code": job.failure.code, "message": f"{job.failure.task}: {job.failure.message}"}


def _accepted(ask: Ask, operation: str, about: str, request_id: str) -> Response:
    version = f"api-version={ask.query['api-version']}"
    status_id = ask.ids.child("replicationOperationStatus", operation)
    origin = ask.around.operations_url or ask.origin
    headers = (
        ("Location", f"{origin}{about}/operationresults/{operation}?{version}"),
        ("Azure-AsyncOperation", f"{origin}{status_id}?{version}"),
        _pace(ask),
        ("x-ms-request-id", request_id),
        ("x-ms-request-id", request_id),
    )
    return Response(202, headers)


def _pace(ask: Ask) -> tuple[str, str]:
    return RETRY_SOON if ask.around.clock.mode is Mode.POLL else RETRY_AFTER
