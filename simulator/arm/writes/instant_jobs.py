"""Requests that end at once: a job of one task that is over, and the answer that every long-running request gets."""

from failback.simulator.arm.reads.resources import below
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.state.long_running import accepted
from failback.simulator.arm.wire.body_fields import BodyFields, properties_of
from failback.simulator.arm.wire.response import ArmError, Response


def instant_job(request: ParsedRequest, depth: int, about: str, scenario_name: str, friendly_name: str) -> Response:
    """202 with the finished job of a request about what stands at the path's first segments below the vault."""
    path = below(request, depth)
    job = request.vault.record.note(about, path.rpartition("/")[2], scenario_name, friendly_name)
    return accepted(request, job, request.ids.child(path))


def conflict(code: str, message: str) -> ArmError:
    """A 409 of Site Recovery."""
    return ArmError(409, code, message, asr=True)


def maybe_properties(request: ParsedRequest) -> BodyFields:
    """The body's properties; none where the request has no body."""
    return properties_of({"properties": {}} if request.body is None else request.body)
