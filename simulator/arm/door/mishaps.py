"""What a rule does to a request that it hits: before it is served, instead of that, to its answer, or to its job."""

# ruff: noqa: ARG001  (what a table calls has the signature of its column)

from collections.abc import Callable, Generator
from dataclasses import replace
from typing import Any, Final

import simpy

from failback.simulator import ENDED, Job, JobFault, Refusal
from failback.simulator.arm.reads.items import item_now
from failback.simulator.arm.state.armed_rules import Armed
from failback.simulator.arm.state.fault_rules import RuleKind
from failback.simulator.arm.state.surroundings import Ask
from failback.simulator.arm.wire.response import ArmError, Json, Response, error_reply

DROPPED: Final = Response(503, dropped=True)
"""No answer at all."""


def before(ask: Ask, hits: list[Armed]) -> Response | None:
    """Let happen on site what happens before; an answer, where a rule gives one instead of the vault."""
    for armed in hits:
        if armed.rule.kind is RuleKind.SITE and armed.fault is not None:
            ask.world.faults.fire(armed.fault)
    for armed in hits:
        if armed.rule.kind is RuleKind.STATUS:
            return _error(armed, 503)
        if armed.rule.kind is RuleKind.DROPPED:
            return DROPPED
        if armed.rule.kind is RuleKind.STALE_READ and ask.path.lower() in armed.seen:
            return armed.seen[ask.path.lower()]
    return None


def remember_before(ask: Ask, operation: str) -> None:
    """What a read of the item would have shown before this request changes it: so that the next read can be stale."""
    path, below, _ = ask.path.lower().partition("/replicationprotecteditems/")
    name = ask.params.get("item")
    if name is None or operation == "replication_protected_items.get" or not ask.around.rules.stale:
        return
    try:
        seen = item_now(ask)
    except (ArmError, Refusal):
        return
    for armed in ask.around.rules.stale:
        armed.seen[f"{path}{below}{name.lower()}"] = seen


def remember(ask: Ask, fitting: list[Armed], hits: list[Armed], answer: Response) -> None:
    """Keep what stale reads will show."""
    for armed in fitting:
        stale = armed.rule.kind is RuleKind.STALE_READ
        if stale and (armed not in hits or ask.path.lower() not in armed.seen):
            armed.seen[ask.path.lower()] = answer


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
    said = rule.message or "A fault rule of the mock asked for this answer."
    answer = error_reply(ArmError(status, rule.code or _CODES.get(status, "InternalServerError"), said), None)
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


def meet_job(ask: Ask, operation: str, objects: frozenset[str], job: Job) -> None:
    """The rules that strike the job that a request began."""
    rules = ask.around.rules
    fitting = rules.fitting(operation, objects | {job.subject.lower()}, ask.world.env.now, on_jobs=True)
    for armed in fitting:
        ask.around.counted = True
        if rules.hit(armed):
            tell(ask, armed, operation, job)
            _ON_JOB[armed.rule.kind](ask, armed, job)


def _stuck(ask: Ask, armed: Armed, job: Job) -> None:
    ask.vault.hold(job.id)


def _fails(ask: Ask, armed: Armed, job: Job) -> None:
    rule = armed.rule
    item = _item_of(ask, armed, job)
    code, message = rule.code or "FB-INJECTED", rule.message or "A fault rule of the mock made this task fail."
    ask.vault.record.job_faults[item].append(JobFault(job.operation, _wire_name(job, rule.task), code, message, 1))


def _item_of(ask: Ask, armed: Armed, job: Job) -> str:
    """The item whose job fails; of a plan's members the one that the rule names, or the first."""
    if job.subject in ask.vault.items:
        return job.subject
    plan = ask.world.site.estate.recovery_plans.get(job.subject)
    members = [name for group in (plan.groups if plan else ()) for name in group]
    named = [name for name in members if name.lower() == armed.rule.object.lower()]
    return next(iter((*named, *members)), job.subject)


def _wire_name(job: Job, task: str | None) -> str | None:
    shown = {t.friendly_name.lower(): t.name for t in job.tasks} | {t.name.lower(): t.name for t in job.tasks}
    return None if task is None else shown.get(task.lower(), task)


def _cancelled(ask: Ask, armed: Armed, job: Job) -> None:
    ask.world.env.process(_cancel_later(ask, armed.rule.after_s, job))


def _cancel_later(ask: Ask, after_s: float, job: Job) -> Generator[simpy.Event, Any, None]:
    vault = ask.vault
    yield ask.world.env.timeout(after_s)
    if job.state not in ENDED:
        vault.cancel(job.id)


def _ends_as(ask: Ask, armed: Armed, job: Job) -> None:
    ask.around.kept.endings[job.id] = armed.rule.code


_ON_JOB: Final[dict[RuleKind, Callable[[Ask, Armed, Job], None]]] = {
    RuleKind.JOB_STUCK: _stuck,
    RuleKind.JOB_FAILS: _fails,
    RuleKind.JOB_CANCELLED: _cancelled,
    RuleKind.JOB_ENDS_AS: _ends_as,
}


def tell(ask: Ask, armed: Armed, operation: str, job: Job | None = None) -> None:
    """Write down that a rule struck."""
    data: dict[str, Json] = {"rule": armed.id, "kind": armed.rule.kind.value, "operation": operation}
    data |= {"call": armed.calls, "hit": armed.hits, "path": ask.path} | ({"job": job.id} if job else {})
    item = ask.names.items.get(ask.params.get("item", "").lower()) or (job.subject if job else None)
    ask.around.history.add(ask.world.env.now, "fault", "FaultFired", item, data)
