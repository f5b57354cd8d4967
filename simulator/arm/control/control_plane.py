"""The control API under /failback/, no part of the service: clock, faults, state, history, a fresh start."""

# ruff: noqa: ARG001, E501  (what a table calls has the signature of its column; a row is one line)

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Any, Final

from failback.simulator import Job
from failback.simulator.arm.state.people import token_of
from failback.simulator.arm.wire.dates import SECONDS_MAX
from failback.simulator.arm.wire.response import ArmError, Json, Response, reply

from .control_faults import RULE_FIELDS, apply_fault, disarm, list_rules, list_tasks
from .control_page import control_page, openapi
from .news import next_news
from .site_faults import bad

if TYPE_CHECKING:
    from failback.simulator.arm.state.mock_state import MockState

Act = Callable[["MockState", Mapping[str, Any]], Json]


@dataclass(frozen=True, slots=True)
class Control:
    """One row: verb and path below /failback/, what it does, for people, and the fields of its body."""

    verb: str
    path: str
    act: Act
    summary: str
    fields: Mapping[str, str]


def control(mock: "MockState", verb: str, name: str, body: Json) -> Response:
    """Answer one request of the control API."""
    name, _, rule = name.lower().rstrip("/").partition("faults/")
    name, sent = ("faults", {"id": rule}) if rule else (name, body)
    rows = {row.verb: row for row in CONTROLS if row.path == name}
    if not rows:
        raise ArmError(404, "NotFound", f"The control API has no '{name[:50]}'; GET /failback/ lists what it has.")
    if verb not in rows:
        raise ArmError(
            405, "MethodNotAllowed", f"{verb[:20]} is not allowed for this path.", allow=", ".join(sorted(rows))
        )
    if sent is not None and not isinstance(sent, Mapping):
        raise bad("The body must be a JSON object.")
    _refuse_unknown(rows[verb], sent or {})
    answer = rows[verb].act(mock, sent or {})
    return answer if isinstance(answer, Response) else reply(answer)


def _refuse_unknown(row: Control, sent: Mapping[str, Any]) -> None:
    unknown = sorted(set(sent) - set(row.fields))
    if unknown and row.path != "faults":  # which says more itself
        known = ", ".join(sorted(row.fields)) or "nothing"
        raise bad(f"{row.path} has no '{unknown[0][:50]}' in its body; it takes {known}.")


# The clock


def _clock(mock: "MockState", body: Mapping[str, Any]) -> Json:
    return {
        "now_s": mock.world.env.now,
        "now": mock.now.isoformat(),
        "mode": str(mock.clock),
        "epoch": mock.epoch.isoformat(),
        "is_over": mock.world.is_over,
    }


def _follow(mock: "MockState", body: Mapping[str, Any]) -> Json:
    mode = body.get("mode")
    if not isinstance(mode, str):
        raise bad("mode must be poll, step or real:FACTOR.")
    try:
        mock.follow(mode)
    except ValueError as wrong:
        raise bad(f"{wrong}.") from None
    return _clock(mock, body)


def _wait(mock: "MockState", body: Mapping[str, Any]) -> Json:
    until_s, poll_s = _seconds(body, "until_s", inf), _seconds(body, "poll_s", 0.0)
    now_s, changed = mock.world.advance(until_s, poll_s)
    return {"now_s": now_s, "changed": sorted(changed)}


def _step(mock: "MockState", body: Mapping[str, Any]) -> Json:
    by_s = _seconds(body, "by_s", inf)
    if by_s < inf:
        mock.world.catch_up(min(mock.world.env.now + by_s, SECONDS_MAX))
        return {"now_s": mock.world.env.now, "changed": sorted(mock.world.vault.record.take_changed())}
    now_s, changed = next_news(mock.world)
    return {"now_s": now_s, "changed": sorted(changed)}


def _jump(mock: "MockState", body: Mapping[str, Any]) -> Json:
    mock.world.catch_up(_seconds(body, "to_s", None))
    return {"now_s": mock.world.env.now, "changed": sorted(mock.world.vault.record.take_changed())}


# State as a whole


def _reset(mock: "MockState", body: Mapping[str, Any]) -> Json:
    mock.reset()
    return {"now_s": mock.world.env.now}


def _snapshot(mock: "MockState", body: Mapping[str, Any]) -> Json:
    name = body.get("name") or f"snapshot-{len(mock.snapshots) + 1}"
    taken = mock.keep(_name(name))
    return {"name": name, "now_s": taken.now_s, "inputs": len(taken.inputs)}


def _snapshots(mock: "MockState", body: Mapping[str, Any]) -> Json:
    kept = mock.snapshots.items()
    return {"snapshots": [{"name": name, "now_s": s.now_s, "inputs": len(s.inputs)} for name, s in kept]}


def _restore(mock: "MockState", body: Mapping[str, Any]) -> Json:
    name = _name(body.get("name"))
    if name not in mock.snapshots:
        raise ArmError(404, "NotFound", f"There is no snapshot '{name[:50]}'.")
    mock.restore(mock.snapshots[name])
    return {"name": name, "now_s": mock.world.env.now}


def _fork(mock: "MockState", body: Mapping[str, Any]) -> Json:
    vault = _name(body.get("vault"))
    forked = mock.fork(vault)
    return {"vault": vault, "now_s": forked.world.env.now, "control": f"/failback/clock?vault={vault}"}


def _load(mock: "MockState", body: Mapping[str, Any]) -> Json:
    mock.load(_name(body.get("name")))
    return {"now_s": mock.world.env.now, "items": list(mock.world.vault.items)}


def _state(mock: "MockState", body: Mapping[str, Any]) -> Json:
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


def _token(mock: "MockState", body: Mapping[str, Any]) -> Json:
    return {"access_token": token_of(mock.context, _name(body.get("name"))), "token_type": "Bearer"}


def _inputs(mock: "MockState", body: Mapping[str, Any]) -> Json:
    return {"inputs": [entry.as_json() for entry in mock.inputs]}


def _history(mock: "MockState", body: Mapping[str, Any]) -> Json:
    return {"now_s": mock.world.env.now, "lines": mock.history}


def _openapi(mock: "MockState", body: Mapping[str, Any]) -> Json:
    return openapi(CONTROLS)


def _page(mock: "MockState", body: Mapping[str, Any]) -> Response:
    return control_page(CONTROLS)


# fmt: off
CONTROLS: Final[tuple[Control, ...]] = (
    Control("GET",    "",             _page,      "Show this page.", {}),
    Control("GET",    "openapi.json", _openapi,   "Describe these calls for programs (OpenAPI).", {}),
    Control("GET",    "clock",        _clock,     "Show the virtual time.", {}),
    Control("POST",   "clock",        _follow,    "Set how the clock advances.", {"mode": "poll, step or real:FACTOR"}),
    Control("POST",   "clock/wait",   _wait,      "Advance time until something changes in the vault.", {"until_s": "stop at this virtual second at the latest; default: no limit", "poll_s": "look for changes only at multiples of this number of virtual seconds; default: at each event"}),
    Control("POST",   "clock/step",   _step,      "Advance time to the next change in the vault, or by a number of seconds.", {"by_s": "number of virtual seconds; default: to the next change"}),
    Control("POST",   "clock/jump",   _jump,      "Advance time to a virtual second; an earlier one changes nothing.", {"to_s": "virtual second"}),
    Control("POST",   "reset",        _reset,     "Start again.", {}),
    Control("GET",    "snapshots",    _snapshots, "List the saved snapshots.", {}),
    Control("POST",   "snapshots",    _snapshot,  "Save the state in the server's memory.", {"name": "name of the snapshot; default: snapshot-1, snapshot-2 ..."}),
    Control("POST",   "restore",      _restore,   "Restore a saved state.", {"name": "name of the snapshot"}),
    Control("POST",   "fork",         _fork,      "Serve a copy of the state as another vault on this server.", {"vault": "name of the copy"}),
    Control("POST",   "scenario",     _load,      "Start again with a library scenario.", {"name": "name of the scenario"}),
    Control("POST",   "tokens",       _token,     "Create a token for an invented person or program, which the activity log then shows.", {"name": "name of the person; app:NAME for a program"}),
    Control("GET",    "state",        _state,     "Show the items with their phases, and the jobs.", {}),
    Control("GET",    "inputs",       _inputs,    "Show the requests so far, from which the state can be rebuilt.", {}),
    Control("GET",    "history",      _history,   "Show all events so far: requests, faults, jobs.", {}),
    Control("GET",    "tasks",        list_tasks, "List the tasks of each job; a fault rule job_fails can make them fail.", {}),
    Control("GET",    "faults",       list_rules, "List the active fault rules.", {}),
    Control("POST",   "faults",       apply_fault, "Add a fault rule, or cause a fault on site.", RULE_FIELDS),
    Control("DELETE", "faults",       disarm,     "Remove all fault rules, or one: DELETE /failback/faults/ID.", {"id": "the rule's id"}),
)
# fmt: on

UNLOGGED: Final = frozenset({"snapshots", "restore", "fork", "scenario", "reset"})
"""Below /failback/: these act on the state as a whole and are no part of it."""


def _name(value: Any) -> str:
    if not isinstance(value, str) or not value or len(value) > 100:
        raise bad("A name must be a string of 1 to 100 characters.")
    return value


def _seconds(body: Mapping[str, Any], name: str, absent: float | None) -> float:
    value = body.get(name)
    if value is None and absent is not None:
        return absent
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= SECONDS_MAX:
        raise bad(f"{name} must be a number of seconds from 0 to {SECONDS_MAX:g}.")
    return float(value)


def _job(job: Job) -> Json:
    operation = job.operation.value if job.operation else None
    times = {"started_s": job.started_s, "ended_s": job.ended_s}
    return {"id": job.id, "subject": job.subject, "operation": operation, "state": job.state.value} | times
