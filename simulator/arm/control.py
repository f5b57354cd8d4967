"""The control plane under /failback/, no part of the service: clock, outside inputs, faults, state, a fresh start."""

# ruff: noqa: ARG001  (what a table calls has the signature of its column)

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from math import inf, isfinite
from typing import TYPE_CHECKING, Any, Final

from pydantic import TypeAdapter, ValidationError

from failback.simulator import Fault, FaultKind, Job

from .dates import SECONDS_MAX
from .response import ArmError, Json, Response, reply

if TYPE_CHECKING:
    from .handler import ArmMock

Act = Callable[["ArmMock", Mapping[str, Any]], Json]


def control(mock: "ArmMock", verb: str, name: str, body: Json) -> Response:
    """Answer one request of the control plane."""
    verbs = {known: act for (known, path), act in CONTROLS.items() if path == name.lower()}
    if not verbs:
        raise ArmError(404, "NotFound", f"The control plane has no '{name[:50]}'.")
    if verb not in verbs:
        raise ArmError(405, "MethodNotAllowed", f"{verb[:20]} is not for this path.", allow=", ".join(sorted(verbs)))
    if body is not None and not isinstance(body, Mapping):
        raise _bad("The body has to be a JSON object.")
    return reply(verbs[verb](mock, body or {}))


def _clock(mock: "ArmMock", body: Mapping[str, Any]) -> Json:
    return {
        "now_s": mock.world.env.now,
        "mode": str(mock.clock),
        "epoch": mock.epoch.isoformat(),
        "is_over": mock.world.is_over,
    }


def _wait(mock: "ArmMock", body: Mapping[str, Any]) -> Json:
    until_s, poll_s = _seconds(body, "until_s", inf), _seconds(body, "poll_s", 0.0)
    now_s, changed = mock.world.advance(until_s, poll_s)
    return {"now_s": now_s, "changed": sorted(changed)}


def _step(mock: "ArmMock", body: Mapping[str, Any]) -> Json:
    now_s, changed = mock.world.advance(inf)
    return {"now_s": now_s, "changed": sorted(changed)}


def _jump(mock: "ArmMock", body: Mapping[str, Any]) -> Json:
    mock.world.catch_up(_seconds(body, "to_s", None))
    return {"now_s": mock.world.env.now, "changed": sorted(mock.world.vault.take_changed())}


def _reset(mock: "ArmMock", body: Mapping[str, Any]) -> Json:
    mock.reset()
    return {"now_s": mock.world.env.now}


def _inputs(mock: "ArmMock", body: Mapping[str, Any]) -> Json:
    return {"inputs": [entry.as_json() for entry in mock.inputs]}


def _fault(mock: "ArmMock", body: Mapping[str, Any]) -> Json:
    fault = _checked(mock, _parsed(Fault, body))
    if fault.at_s is None and fault.when is None and fault.after_s == 0:
        mock.world.faults.fire(fault)
    else:
        now_s = mock.world.env.now
        later = fault if fault.at_s is None else replace(fault, at_s=max(0.0, fault.at_s - now_s))
        mock.world.faults.play([later])
    return {"now_s": mock.world.env.now}


def _state(mock: "ArmMock", body: Mapping[str, Any]) -> Json:
    vault = mock.world.vault
    items = {
        name: {
            "phase": item.phase.value,
            "architecture": item.architecture.value,
            "job": item.job.id if item.job else None,
        }
        for name, item in vault.items.items()
    }
    return {"now_s": mock.world.env.now, "items": items, "jobs": [_job(job) for job in vault.jobs.values()]}


CONTROLS: Final[Mapping[tuple[str, str], Act]] = {
    ("GET", "clock"): _clock,
    ("POST", "clock/wait"): _wait,
    ("POST", "clock/step"): _step,
    ("POST", "clock/jump"): _jump,
    ("POST", "reset"): _reset,
    ("GET", "inputs"): _inputs,
    ("POST", "faults"): _fault,
    ("GET", "state"): _state,
}
"""Verb and path below /failback/."""


def _seconds(body: Mapping[str, Any], name: str, absent: float | None) -> float:
    value = body.get(name)
    if value is None and absent is not None:
        return absent
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not isfinite(value)
        or not 0 <= value <= SECONDS_MAX
    ):
        raise _bad(f"{name} has to be a number of seconds from 0 to {SECONDS_MAX:g}.")
    return float(value)


def _job(job: Job) -> Json:
    operation = job.operation.value if job.operation else None
    times = {"started_s": job.started_s, "ended_s": job.ended_s}
    return {"id": job.id, "subject": job.subject, "operation": operation, "state": job.state.value} | times


def _checked(mock: "ArmMock", fault: Fault) -> Fault:
    """A fault of this world: its object exists, and its facts are facts of that object, of the right types."""
    estate, vault = mock.world.site.estate, mock.world.vault
    part = mock.world.site.part(fault.object)
    if part is None:
        raise _bad(f"There is no '{fault.object[:100]}' in this estate.")
    if fault.when is not None and fault.when.item not in vault.items:
        raise _bad(f"There is no item '{fault.when.item[:100]}' to wait for.")
    if fault.kind is FaultKind.FAIL_JOB and fault.object not in estate.virtual_machines:
        raise _bad("fail_job takes an item.")
    if fault.kind is not FaultKind.CHANGE_FACTS:
        return _reachable(mock, fault)
    changed = _parsed(type(part), asdict(part) | dict(fault.facts))
    return replace(fault, facts={name: getattr(changed, name) for name in fault.facts})


def _reachable(mock: "ArmMock", fault: Fault) -> Fault:
    acts_on_site = fault.kind not in (FaultKind.FAIL_JOB, FaultKind.DESTROY_VM)
    if acts_on_site and fault.object not in mock.world.site.hands.look([fault.object]):
        raise _bad(f"There is no virtual machine '{fault.object[:100]}' on site.")
    return fault


def _parsed(kind: type[Any], value: Any) -> Any:
    try:
        return TypeAdapter(kind).validate_python(value)
    except ValidationError as refused:
        first = refused.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the body"
        raise _bad(f"{where}: {first['msg']}.") from refused


def _bad(message: str) -> ArmError:
    return ArmError(400, "BadRequest", message)
