"""Long-running operations: the first answer with both of its headers, the status, and the result at the end."""

from collections.abc import Callable
from typing import Final

from failback.simulator import ENDED, Job, Progress
from failback.simulator.arm.wire.response import REQUEST_ID, ArmError, Json, Response, reply
from failback.simulator.arm.wire.wire import ASYNC_STATUS

from .clock_mode import Mode
from .context import ParsedRequest

_STATUS: Final[dict[str, Json]] = dict.fromkeys(
    ("id", "name", "status", "startTime", "endTime", "percentComplete", "properties", "error")
)
"""The keys of a status, always all of them (recorded): null until there is a value, `id` always."""
RETRY_AFTER: Final = ("Retry-After", "30")
"""Recorded."""
RETRY_SOON: Final = ("x-ms-retry-after-ms", "10")
"""Mode poll: a client that has to wait, waits ten milliseconds. Microsoft's clients look once before they wait."""
RETRY_IN_A_SECOND: Final = ("Retry-After", "1")
"""Mode poll, for clients that know this header alone. Where there is a wait, Python's client takes it first."""


def accepted(request: ParsedRequest, job: Job, about: str) -> Response:
    """202 for a job. Recorded: an empty body, both headers, and the job's path as the request id, twice."""
    return _accepted(request, job.id, about, request.ids.job(job.id))


def finished(request: ParsedRequest, about: str) -> Response:
    """202 for what is over already: what was done to a job, which the request id names."""
    operation = request.names.guid("operation", len(request.context.finished))
    request.context.finished[operation] = request.now
    return _accepted(request, operation, about, about)


def status(request: ParsedRequest) -> Response:
    """GET V/replicationOperationStatus/{operation}."""
    operation = request.params["operation"].lower()
    if operation in request.context.finished:
        at = request.context.finished[operation]
        return reply(_STATUS | {"name": operation, "status": "Succeeded", "startTime": at, "endTime": at})
    job = _looked_at(request, operation)
    headers = () if job.state in ENDED else _pace(request)
    return reply(_STATUS | {"name": job.id, **_status_of(request, job)}, headers=headers)


def result(request: ParsedRequest, shown: Callable[[ParsedRequest], Response]) -> Response:
    """GET .../operationresults/{operation}: 202 until it is over, then the resource or the job's error."""
    operation = request.params["operation"].lower()
    if operation in request.context.finished:
        return _or_gone(request, shown)
    job = _looked_at(request, operation)
    if job.state not in ENDED:
        return _accepted(request, job.id, request.path.rpartition("/operationresults/")[0], request.ids.job(job.id))
    if job.state is not Progress.SUCCEEDED:
        raise ArmError(409, **_words(job), asr=True)
    return _or_gone(request, shown)


def _or_gone(request: ParsedRequest, shown: Callable[[ParsedRequest], Response]) -> Response:
    """204 where the operation removed what it was about."""
    try:
        return shown(request)
    except ArmError as refused:
        if refused.status != 404:
            raise
        return Response(204)


def _looked_at(request: ParsedRequest, job_id: str) -> Job:
    job = request.vault.record.job(job_id)
    # An operation shows nothing new before its end, so the clock jumps there: a client that waits between two polls and
    # takes no header for an answer (JavaScript's waits 2 s) is done with the first.
    while job.state not in ENDED and request.context.jump() and job.held is None:
        continue
    return job


def _status_of(request: ParsedRequest, job: Job) -> Json:
    body = {"status": ASYNC_STATUS.get(job.state, "InProgress"), "startTime": request.when(job.started_s)}
    if job.ended_s is not None:
        body["endTime"] = request.when(job.ended_s)
    return body if job.state not in ENDED or job.state is Progress.SUCCEEDED else body | {"error": _words(job)}


def _words(job: Job) -> dict[str, str]:
    if job.failure is None:
        return {"code": "JobCancelled", "message": f"The job '{job.friendly_name}' of '{job.subject}' was cancelled."}
    return {"code": job.failure.code, "message": f"{job.failure.task}: {job.failure.message}"}


def _accepted(request: ParsedRequest, operation: str, about: str, request_id: str) -> Response:
    version = f"api-version={request.query['api-version']}"
    status_id = request.ids.child("replicationOperationStatus", operation)
    origin = request.context.operations_url or request.origin
    headers = (
        ("Location", f"{origin}{about}/operationresults/{operation}?{version}"),
        ("Azure-AsyncOperation", f"{origin}{status_id}?{version}"),
        *_pace(request),
        (REQUEST_ID, request_id),
        (REQUEST_ID, request_id),
    )
    return Response(202, headers)


def _pace(request: ParsedRequest) -> tuple[tuple[str, str], ...]:
    if request.context.clock.mode is not Mode.POLL:
        return (RETRY_AFTER,)
    return (RETRY_IN_A_SECOND, RETRY_SOON) if request.context.retry_after else (RETRY_SOON,)
