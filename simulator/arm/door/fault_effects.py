"""What a rule does to a request that it hits: before it is served, instead of that, to its answer, or to its job."""

# ruff: noqa: ARG001  (what a table calls has the signature of its column)

from collections.abc import Callable, Generator
from dataclasses import replace
from typing import Any, Final

import simpy

from failback.reprotect import known_failure
from failback.simulator import ENDED, Job, JobFault, Refusal
from failback.simulator.arm.reads.items import item_now
from failback.simulator.arm.state.armed_rules import Armed
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.state.fault_rules import RuleKind
from failback.simulator.arm.wire.response import ArmError, Json, Response, error_reply

DROPPED: Final = Response(503, dropped=True)
"""No answer at all."""


def before(request: ParsedRequest, hits: list[Armed]) -> Response | None:
    """Let happen on site what happens before; an answer, where a rule gives one instead of the vault."""
    for armed in hits:
        if armed.rule.kind is RuleKind.SITE and armed.fault is not None:
            request.world.faults.fire(armed.fault)
    for armed in hits:
        if armed.rule.kind is RuleKind.STATUS:
            return _error(armed, 503)
        if armed.rule.kind is RuleKind.DROPPED:
            return DROPPED
        if armed.rule.kind is RuleKind.STALE_READ and request.path.lower() in armed.seen:
            return armed.seen[request.path.lower()]
    return None


def remember_before(request: ParsedRequest, operation: str) -> None:
    """What a read of the item would have shown before this request changes it: so that the next read can be stale."""
    path, below, _ = request.path.lower().partition("/replicationprotecteditems/")
    name = request.params.get("item")
    if name is None or operation == "replication_protected_items.get" or not request.context.rules.stale:
        return
    try:
        seen = item_now(request)
    except (ArmError, Refusal):
        return
    for armed in request.context.rules.stale:
        armed.seen[f"{path}{below}{name.lower()}"] = seen


def remember(request: ParsedRequest, fitting: list[Armed], hits: list[Armed], answer: Response) -> None:
    """Keep what stale reads will show."""
    for armed in fitting:
        stale = armed.rule.kind is RuleKind.STALE_READ
        if stale and (armed not in hits or request.path.lower() not in armed.seen):
            armed.seen[request.path.lower()] = answer


def _as_it_is(armed: Armed, answer: Response) -> Response:
    return answer


def _lost(armed: Armed, answer: Response) -> Response:
    return DROPPED if armed.rule.status is None else _error(armed, armed.rule.status)


def _slow(armed: Armed, answer: Response) -> Response:
    return replace(answer, delay_s=answer.delay_s + armed.rule.delay_s)


def _async_only(armed: Armed, answer: Response) -> Response:
    return replace(answer, headers=tuple(pair for pair in answer.headers if pair[0] != "Location"))


_AFTER: Final[dict[RuleKind, Callable[[Armed, Response], Response]]] = {
    RuleKind.LOST_REPLY: _lost,
    RuleKind.SLOW: _slow,
    RuleKind.ASYNC_ONLY: _async_only,
}


def after(armed: Armed, answer: Response) -> Response:
    """What becomes of an answer under this rule."""
    return _AFTER.get(armed.rule.kind, _as_it_is)(armed, answer)


def _error(armed: Armed, absent: int) -> Response:
    rule = armed.rule
    status = rule.status or absent
    text = rule.message or "A fault rule of the mock caused this response."
    answer = error_reply(ArmError(status, rule.code or _CODES.get(status, "InternalServerError"), text))
    pace = () if rule.retry_after_s is None else (("Retry-After", str(rule.retry_after_s)),)
    return replace(answer, headers=(*answer.headers, *pace))


_CODES: Final = {
    400: "BadRequest",
    401: "InvalidAuthenticationToken",
    403: "AuthorizationFailed",
    404: "ResourceNotFound",
    409: "Conflict",
    412: "PreconditionFailed",
    429: "TooManyRequests",
    503: "ServerTimeout",
}


# Jobs


def apply_job_rules(request: ParsedRequest, operation: str, objects: frozenset[str], job: Job) -> None:
    """The rules that strike the job that a request began."""
    rules = request.context.rules
    fitting = rules.fitting(operation, objects | {job.subject.lower()}, request.world.env.now, on_jobs=True)
    for armed in fitting:
        request.context.counted = True
        if rules.hit(armed):
            record_hit(request, armed, operation, job)
            _ON_JOB[armed.rule.kind](request, armed, job)


def _stuck(request: ParsedRequest, armed: Armed, job: Job) -> None:
    request.vault.hold(job.id)


def _fails(request: ParsedRequest, armed: Armed, job: Job) -> None:
    rule = armed.rule
    item = _item_of(request, armed, job)
    code, known = rule.code or "FB-INJECTED", known_failure(rule.code or "")
    message = rule.message or (known.message if known else "A fault rule of the mock made this task fail.")
    request.vault.record.job_faults[item].append(JobFault(job.operation, _wire_name(job, rule.task), code, message, 1))


def _item_of(request: ParsedRequest, armed: Armed, job: Job) -> str:
    """The item whose job fails; of a plan's members the one that the rule names, or the first."""
    if job.subject in request.vault.items:
        return job.subject
    plan = request.world.site.estate.recovery_plans.get(job.subject)
    members = [name for group in (plan.groups if plan else ()) for name in group]
    named = [name for name in members if name.lower() == armed.rule.object.lower()]
    return next(iter((*named, *members)), job.subject)


def _wire_name(job: Job, task: str | None) -> str | None:
    shown = {t.friendly_name.lower(): t.name for t in job.tasks} | {t.name.lower(): t.name for t in job.tasks}
    return None if task is None else shown.get(task.lower(), task)


def _cancelled(request: ParsedRequest, armed: Armed, job: Job) -> None:
    request.world.env.process(_cancel_later(request, armed.rule.after_s, job))


def _cancel_later(request: ParsedRequest, after_s: float, job: Job) -> Generator[simpy.Event, Any, None]:
    vault = request.vault
    yield request.world.env.timeout(after_s)
    if job.state not in ENDED:
        vault.cancel(job.id)


def _ends_as(request: ParsedRequest, armed: Armed, job: Job) -> None:
    request.context.resources.endings[job.id] = armed.rule.code


_ON_JOB: Final[dict[RuleKind, Callable[[ParsedRequest, Armed, Job], None]]] = {
    RuleKind.JOB_STUCK: _stuck,
    RuleKind.JOB_FAILS: _fails,
    RuleKind.JOB_CANCELLED: _cancelled,
    RuleKind.JOB_ENDS_AS: _ends_as,
}


def record_hit(request: ParsedRequest, armed: Armed, operation: str, job: Job | None = None) -> None:
    """Write down that a rule struck."""
    data: dict[str, Json] = {"rule": armed.id, "kind": armed.rule.kind.value, "operation": operation}
    data |= {"call": armed.calls, "hit": armed.hits, "path": request.path} | ({"job": job.id} if job else {})
    item = request.names.items.get(request.params.get("item", "").lower()) or (job.subject if job else None)
    request.context.history.add(request.world.env.now, "fault", "FaultFired", item, data)
