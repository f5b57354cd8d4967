"""Where a request that has found its route is served; the armed rules strike it on its way."""

from collections.abc import Callable

from failback.simulator.arm.state.armed_rules import Armed
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.state.fault_rules import RuleKind
from failback.simulator.arm.wire.response import Response

from .fault_effects import after, apply_job_rules, before, record_hit, remember, remember_before

Serve = Callable[[ParsedRequest], Response]


def dispatch(request: ParsedRequest, operation: str, serve: Serve) -> Response:
    """Serve one request under the armed rules."""
    rules, now_s, objects = request.context.rules, request.world.env.now, objects_of(request)
    fitting = rules.fitting(operation, objects, now_s, on_jobs=False)
    request.context.counted = bool(fitting)
    hits = [armed for armed in fitting if rules.hit(armed)]
    for armed in hits:
        record_hit(request, armed, operation)
    remember_before(request, operation)
    early = before(request, hits)
    answer = early if early is not None else _served(request, operation, objects, serve, hits)
    remember(request, fitting, hits, answer)
    for armed in hits:
        answer = after(armed, answer)
    return answer


def _served(
    request: ParsedRequest, operation: str, objects: frozenset[str], serve: Serve, hits: list[Armed]
) -> Response:
    jobs_before = len(request.vault.jobs)
    answer = serve(request)
    new = [job for job in list(request.vault.jobs.values())[jobs_before:] if job.parent is None]
    if new:
        apply_job_rules(request, operation, objects, new[0])
    if any(armed.rule.kind is RuleKind.DUPLICATE for armed in hits):
        return serve(request)
    return answer


def objects_of(request: ParsedRequest) -> frozenset[str]:
    """Everything that a request is about, in lower case: the names in its path, and those that people use for them."""
    named = {value.lower() for value in request.params.values()}
    item = request.names.items.get(request.params.get("item", "").lower())
    job = request.vault.jobs.get(request.params.get("job", request.params.get("operation", "")).lower())
    titles = {fabric.title.lower() for fabric in request.names.fabrics if fabric.name in named}
    people = {name.lower() for name in (item, job.subject if job else None) if name}
    return frozenset(named | titles | people)
