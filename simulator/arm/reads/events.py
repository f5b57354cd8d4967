"""Events: one for every job that ended, the newest first."""

from failback.simulator import ENDED, Job, Progress
from failback.simulator.arm.state.surroundings import Ask
from failback.simulator.arm.wire.response import Json, Response, not_found, reply, resource
from failback.simulator.arm.wire.wire import PROGRESS, TARGETS

from .pages import page


def list_events(ask: Ask) -> Response:
    """GET V/replicationEvents."""
    return page(ask, _ended(ask), lambda job: _event(ask, job))


def get_event(ask: Ask) -> Response:
    """GET V/replicationEvents/{event}."""
    wanted = ask.params["event"].lower()
    for job in _ended(ask):
        if _name(ask, job) == wanted:
            return reply(_event(ask, job))
    raise not_found(f"The event '{ask.params['event']}'")


def _ended(ask: Ask) -> list[Job]:
    own = [job for job in ask.vault.jobs.values() if job.parent is None and job.state in ENDED]
    return sorted(own, key=_ended_s, reverse=True)


def _ended_s(job: Job) -> float:
    return job.ended_s or 0.0


def _name(ask: Ask, job: Job) -> str:
    return ask.names.guid("event", job.id)


def _event(ask: Ask, job: Job) -> Json:
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
        "affectedObjectCorrelationId": ask.names.item_guids.get(job.subject),
        "severity": "Critical" if failed else "Info",
        "timeOfOccurrence": ask.when(_ended_s(job)),
        "fabricId": None,
        "providerSpecificDetails": None,
        "eventSpecificDetails": status,
        "healthErrors": [],
    }
    return resource(ask.ids.child("replicationEvents", _name(ask, job)), "replicationEvents", properties)
