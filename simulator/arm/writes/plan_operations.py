"""What may be asked of a recovery plan: one request, one job, its groups in order."""

from typing import Final

from failback.reprotect import Architecture, Choices, Operation, RecoveryPlan, allowed
from failback.simulator import ProtectedItem
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.state.long_running import accepted
from failback.simulator.arm.wire.body_fields import BodyFields, properties_of
from failback.simulator.arm.wire.response import Json, Response, bad_request
from failback.simulator.arm.wire.wire import INMAGE, RCM, RCM_BACK, TO_PRIMARY, TO_RECOVERY, V2A, resting_phase

from .choices_in_bodies import LATEST, LATEST_APP
from .item_operations import commit_of
from .plan_actions import actions_for
from .plans import members, named_plan
from .tests_asked import network_of_test

_BOTH: Final = (TO_RECOVERY, TO_PRIMARY)
_PROVIDERS: Final = (V2A, INMAGE, RCM, RCM_BACK)
_APP_POINTS: Final = ("LatestTag", "LatestApplicationConsistent", "ApplicationConsistent")


def plan_unplanned_failover(request: ParsedRequest) -> Response:
    """POST P/unplannedFailover: failover to Azure, and the classic failback."""
    plan, body = named_plan(request), properties_of(request.body)
    _direction(body, TO_RECOVERY)
    source = body.word("sourceSiteOperations", ("Required", "NotRequired"))
    operation = _one_now(members(request, plan), (Operation.FAILOVER, Operation.FAILBACK))
    _refuse(request, plan, operation is Operation.FAILBACK, Architecture.MODERNISED, "plannedFailover")
    return _start(request, plan, operation, Choices(recovery_point=_point(body), shut_down_source=source == "Required"))


def plan_planned_failover(request: ParsedRequest) -> Response:
    """POST P/plannedFailover: the modernised failback."""
    plan, body = named_plan(request), properties_of(request.body)
    _direction(body, TO_PRIMARY)
    _refuse(request, plan, True, Architecture.CLASSIC, "unplannedFailover")
    return _start(request, plan, Operation.FAILBACK, Choices(recovery_point=_point(body), shut_down_source=True))


def plan_commit(request: ParsedRequest) -> Response:
    """POST P/failoverCommit."""
    plan = named_plan(request)
    first = next(iter(members(request, plan)), None)
    return _start(request, plan, commit_of(first) if first else Operation.COMMIT_FAILOVER, Choices())


def plan_cancel(request: ParsedRequest) -> Response:
    """POST P/failoverCancel."""
    return _start(request, named_plan(request), Operation.CANCEL_FAILBACK, Choices())


def plan_reprotect(request: ParsedRequest) -> Response:
    """POST P/reProtect: the vault refuses it, whatever its items may do."""
    return _start(request, named_plan(request), Operation.REPROTECT_TO_ON_PREMISES, Choices())


def plan_test_failover(request: ParsedRequest) -> Response:
    """POST P/testFailover."""
    plan, body = named_plan(request), properties_of(request.body)
    _direction(body, TO_RECOVERY)
    network = network_of_test(request, (body,))
    answer = _start(request, plan, Operation.TEST_FAILOVER, Choices(recovery_point=_point(body)))
    return _noting(request, plan, network, answer)


def plan_test_cleanup(request: ParsedRequest) -> Response:
    """POST P/testFailoverCleanup."""
    plan = named_plan(request)
    comments = properties_of(request.body).maybe("comments")
    answer = _start(request, plan, Operation.CLEAN_UP_TEST, Choices())
    return _noting(request, plan, {"comments": comments}, answer)


def _noting(request: ParsedRequest, plan: RecoveryPlan, said: dict[str, Json], answer: Response) -> Response:
    request.context.resources.tests[request.vault.plan_jobs[plan.name].id] = said
    return answer


def _start(request: ParsedRequest, plan: RecoveryPlan, operation: Operation, choices: Choices) -> Response:
    actions = actions_for(request, plan.name, operation)
    job = request.vault.start_plan(plan.name, operation, choices, actions=actions)
    return accepted(request, job, request.ids.plan(plan.name))


def _one_now(items: list[ProtectedItem], operations: tuple[Operation, ...]) -> Operation:
    """The one that the first item may do now; where it may do neither, the vault refuses whichever is asked."""
    now = allowed(items[0].architecture, resting_phase(items[0])) if items else ()
    return next((operation for operation in operations if operation in now), operations[0])


def _direction(body: BodyFields, wanted: str) -> None:
    if body.needed_word("failoverDirection", _BOTH) != wanted:
        raise body.refused("failoverDirection", f"has to be {wanted} for this operation.")


def _point(body: BodyFields) -> str:
    entries = body.each("providerSpecificDetails")
    for entry in entries:
        entry.needed_word("instanceType", _PROVIDERS)
    return LATEST_APP if any(entry.maybe("recoveryPointType") in _APP_POINTS for entry in entries) else LATEST


def _refuse(request: ParsedRequest, plan: RecoveryPlan, when: bool, architecture: Architecture, instead: str) -> None:
    if when and any(item.architecture is architecture for item in members(request, plan)):
        raise bad_request(
            f"The plan has {architecture.value} items; use {instead} for their failback.", f"Use {instead}."
        )
