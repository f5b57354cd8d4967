"""Events: one for every job that ended, the newest first."""

from failback.simulator import ENDED, Job, Progress
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.wire.response import Json, Response, not_found, reply, resource
from failback.simulator.arm.wire.wire import PROGRESS, TARGETS

from .pages import page


def list_events(request: ParsedRequest) -> Response:
    """GET V/replicationEvents."""
    return page(request, _ended(request), lambda job: _event(request, job))


def get_event(request: ParsedRequest) -> Response:
    """GET V/replicationEvents/{event}."""
    wanted = request.params["event"].lower()
    for job in _ended(request):
        if _name(request, job) == wanted:
            return reply(_event(request, job))
    raise not_found(f"The event '{request.params['event']}'")


def _ended(request: ParsedRequest) -> list[Job]:
    own = [job for job in request.vault.jobs.values() if job.parent is None and job.state in ENDED]
    return sorted(own, key=_ended_s, reverse=True)


def _ended_s(job: Job) -> float:
    return job.ended_s or 0.0


def _name(request: ParsedRequest, job: Job) -> str:
    return request.names.guid("event", job.id)


def _event(request: ParsedRequest, job: Job) -> Json:
    failed = job.state is Progress.FAILED
    affected = TARGETS[job.about]
    status = {
        "instanceType": "JobStatus",
        "jobId": job.id,
        "jobFriendlyName": job.friendly_name,
        "jobStatus": PROGRESS[job.state][0],
        "affectedObjectType": affected,
    }
    properties: dict[str, Json] = {
        "eventCode": f"{job.scenario_name}{PROGRESS[job.state][0]}",
        "description": f"{job.friendly_name} of {job.subject}: {PROGRESS[job.state][0]}.",
        "eventType": "JobStatus",
        "affectedObjectFriendlyName": job.subject,
        "affectedObjectCorrelationId": request.names.item_guids.get(job.subject),
        "severity": "Critical" if failed else "Info",
        "timeOfOccurrence": request.when(_ended_s(job)),
        "fabricId": None,
        "providerSpecificDetails": None,
        "eventSpecificDetails": status,
        "healthErrors": [],
    }
    return resource(request.ids.child("replicationEvents", _name(request, job)), "replicationEvents", properties)
