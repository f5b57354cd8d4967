"""Events, the newest first: one for every job that ended and for every change of an item's health.

Words, types and severities are those of the official example.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import ge, le
from typing import Final

from failback.simulator import ENDED, HealthSeen, Job, Progress
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.wire.naming import FabricName
from failback.simulator.arm.wire.response import Json, Response, not_found, reply, resource
from failback.simulator.arm.wire.wire import PROGRESS, TARGETS

from .filters import Bound, Field, Words, chosen
from .health_errors import error_of, error_of_failure
from .pages import page

_KINDS: Final = ("JobStatus", "VmHealth", "ServerHealth", "AgentHealth")
_SEVERITIES: Final = ("Critical", "Warning", "OK", "Unknown")
"""The words that PowerShell lets its users filter by, and the type of the official example."""
_DETAILS: Final = ("jobId", "jobFriendlyName", "jobStatus", "affectedObjectType")


@dataclass(frozen=True, slots=True)
class _Event:
    """When it was, what it is about, and what makes the rest of it."""

    at_s: float
    name: str
    subject: str
    kind: str
    code: str
    severity: str
    show: Callable[[], Mapping[str, Json]]


def list_events(request: ParsedRequest) -> Response:
    """GET V/replicationEvents."""
    fields: Mapping[str, Field[_Event]] = {
        "eventcode": Words(lambda event: event.code),
        "eventtype": Words(lambda event: event.kind, _KINDS),
        "severity": Words(lambda event: event.severity, _SEVERITIES),
        "fabricname": Words(lambda event: _fabric_words(request, event.subject)),
        "affectedobjectfriendlyname": Words(lambda event: event.subject),
        "affectedobjectcorrelationid": Words(lambda event: request.names.item_guids.get(event.subject, "")),
        "starttime": Bound(lambda event: request.when(event.at_s), ge),
        "endtime": Bound(lambda event: request.when(event.at_s), le),
    }
    found = chosen(_events(request), request.query.get("filter"), fields)
    return page(request, found, lambda event: _shown(request, event))


def get_event(request: ParsedRequest) -> Response:
    """GET V/replicationEvents/{event}."""
    wanted = request.params["event"].lower()
    for event in _events(request):
        if event.name == wanted:
            return reply(_shown(request, event))
    raise not_found(f"The event '{request.params['event']}'")


def fabric_ids(request: ParsedRequest, job: Job) -> list[str]:
    """What names the fabric of a job's item; nothing for a job about something else."""
    found = _fabric_of(request, job.subject)
    return [] if found is None else [request.ids.fabric(found), found.name, found.guid]


def _events(request: ParsedRequest) -> list[_Event]:
    jobs = [job for job in request.vault.jobs.values() if job.parent is None and job.state in ENDED]
    seen = [_of_job(request, job) for job in jobs]
    seen += [_of_health(request, n, health) for n, health in enumerate(request.vault.record.health_seen)]
    return sorted(seen, key=_at_s)[::-1]  # what came last is first, also within one instant


def _at_s(event: _Event) -> float:
    return event.at_s


def _of_job(request: ParsedRequest, job: Job) -> _Event:
    state = PROGRESS[job.state][0]
    details = (job.id, job.friendly_name, state, TARGETS[job.about])

    def show() -> Mapping[str, Json]:
        errors = [error_of_failure(request, job.subject, job.failure, job.ended_s or 0.0)] if job.failure else []
        return {
            "description": f"{job.scenario_name} - {state}",
            "eventSpecificDetails": {"instanceType": "JobStatus", **dict(zip(_DETAILS, details, strict=True))},
            "healthErrors": errors,
        }

    severity = "Critical" if job.state is Progress.FAILED else "OK"
    name, code = request.names.guid("event", job.id), request.names.guid("event code", job.scenario_name, state)
    return _Event(job.ended_s or 0.0, name, job.subject, "JobStatus", code, severity, show)


def _of_health(request: ParsedRequest, number: int, seen: HealthSeen) -> _Event:
    severity = "OK" if seen.broken is None else "Critical"

    def show() -> Mapping[str, Json]:
        return {
            "description": f"Virtual machine health is {severity}",
            "eventSpecificDetails": {"instanceType": "JobStatus", **dict.fromkeys(_DETAILS)},
            "healthErrors": [] if seen.broken is None else [error_of(request, seen.item, seen.broken, seen.t_s)],
        }

    code = request.names.guid("event code", "health", severity)
    name = request.names.guid("event", "health", number)
    return _Event(seen.t_s, name, seen.item, "VmHealth", code, severity, show)


def _shown(request: ParsedRequest, event: _Event) -> Json:
    fabric = _fabric_of(request, event.subject)
    properties: dict[str, Json] = {
        "eventCode": event.code,
        "eventType": event.kind,
        "affectedObjectFriendlyName": event.subject,
        "affectedObjectCorrelationId": request.names.item_guids.get(event.subject),
        "severity": event.severity,
        "timeOfOccurrence": request.when(event.at_s),
        "fabricId": None if fabric is None else request.ids.fabric(fabric),
        "providerSpecificDetails": None,
        **event.show(),
    }
    return resource(request.ids.child("replicationEvents", event.name), "replicationEvents", properties)


def _fabric_words(request: ParsedRequest, subject: str) -> list[str]:
    found = _fabric_of(request, subject)
    return [] if found is None else [found.name, found.title]


def _fabric_of(request: ParsedRequest, subject: str) -> FabricName | None:
    vm = request.world.site.estate.virtual_machines.get(subject)
    known = vm is not None and any(fabric.architecture is vm.architecture for fabric in request.names.fabrics)
    return request.names.fabric_of(subject, vm.architecture) if vm is not None and known else None
