"""Where a request that has found its route is served; the armed rules strike it on its way."""

from collections.abc import Callable

from failback.simulator.arm.state.armed_rules import Armed
from failback.simulator.arm.state.fault_rules import RuleKind
from failback.simulator.arm.state.surroundings import Ask
from failback.simulator.arm.wire.response import Response

from .mishaps import after, before, meet_job, remember, remember_before, tell

Serve = Callable[[Ask], Response]


def dispatch(ask: Ask, operation: str, serve: Serve) -> Response:
    """Serve one request under the armed rules."""
    rules, now_s, objects = ask.around.rules, ask.world.env.now, objects_of(ask)
    fitting = rules.fitting(operation, objects, now_s, on_jobs=False)
    ask.around.counted = bool(fitting)
    hits = [armed for armed in fitting if rules.hit(armed)]
    for armed in hits:
        tell(ask, armed, operation)
    remember_before(ask, operation)
    early = before(ask, hits)
    answer = early if early is not None else _served(ask, operation, objects, serve, hits)
    remember(ask, fitting, hits, answer)
    for armed in hits:
        answer = after(armed, answer)
    return answer


def _served(ask: Ask, operation: str, objects: frozenset[str], serve: Serve, hits: list[Armed]) -> Response:
    jobs_before = len(ask.vault.jobs)
    answer = serve(ask)
    new = [job for job in list(ask.vault.jobs.values())[jobs_before:] if job.parent is None]
    if new:
        meet_job(ask, operation, objects, new[0])
    if any(armed.rule.kind is RuleKind.DUPLICATE for armed in hits):
        return serve(ask)
    return answer


def objects_of(ask: Ask) -> frozenset[str]:
    """Everything that a request is about, in lower case: the names in its path, and those that people use for them."""
    named = {value.lower() for value in ask.params.values()}
    item = ask.names.items.get(ask.params.get("item", "").lower())
    job = ask.vault.jobs.get(ask.params.get("job", ask.params.get("operation", "")).lower())
    titles = {fabric.title.lower() for fabric in ask.names.fabrics if fabric.name in named}
    people = {name.lower() for name in (item, job.subject if job else None) if name}
    return frozenset(named | titles | people)
