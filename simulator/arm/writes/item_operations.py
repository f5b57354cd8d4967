"""What may be asked of one item: each verb reads its body, asks the vault, and answers 202 with the job."""

from failback.reprotect import Choices, Operation
from failback.simulator import Progress, ProtectedItem
from failback.simulator.arm.reads.looking_up import item
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.state.long_running import accepted
from failback.simulator.arm.wire.body_fields import properties_of
from failback.simulator.arm.wire.response import Json, Response
from failback.simulator.arm.wire.wire import shown

from .bodies import asked
from .choices_in_bodies import point_id
from .item_settings_in_bodies import keep_settings
from .reprotect_settings import reprotect_settings
from .tests_asked import network_of_test


def unplanned_failover(request: ParsedRequest) -> Response:
    """POST I/unplannedFailover: failover to Azure, and the classic failback."""
    return _asked(request, "unplannedFailover")


def planned_failover(request: ParsedRequest) -> Response:
    """POST I/plannedFailover: the modernised failback."""
    return _asked(request, "plannedFailover")


def reprotect(request: ParsedRequest) -> Response:
    """POST I/reProtect, in both directions."""
    return _asked(request, "reProtect")


def test_failover(request: ParsedRequest) -> Response:
    """POST I/testFailover."""
    body = properties_of(request.body)
    network = network_of_test(request, (body, body.inner("providerSpecificDetails")))
    return _noting(request, network, _asked(request, "testFailover"))


def test_failover_cleanup(request: ParsedRequest) -> Response:
    """POST I/testFailoverCleanup."""
    comments = properties_of(request.body).maybe("comments")
    return _noting(request, {"comments": comments}, _start(request, item(request), Operation.CLEAN_UP_TEST, Choices()))


def _noting(request: ParsedRequest, said: dict[str, Json], answer: Response) -> Response:
    job = item(request).last_job
    if job is not None:
        request.context.resources.tests[job.id] = said
    return answer


def failover_commit(request: ParsedRequest) -> Response:
    """POST I/failoverCommit: of the failover or of the failback, whichever the item's provider says was done."""
    found = item(request)
    return _start(request, found, commit_of(found), Choices())


def failover_cancel(request: ParsedRequest) -> Response:
    """POST I/failoverCancel: the modernised failback that was not committed (A12)."""
    return _start(request, item(request), Operation.CANCEL_FAILBACK, Choices())


def repair_replication(request: ParsedRequest) -> Response:
    """POST I/repairReplication: taken, with a job that ends at once; no resync is modelled (ours)."""
    found = item(request)
    job = request.vault.instant_job(found.name, "RepairVMReplication", "Resynchronize the virtual machine")
    return accepted(request, job, request.ids.item(found.name, found.architecture))


def commit_of(found: ProtectedItem) -> Operation:
    """Which commit this item would take."""
    return Operation.COMMIT_FAILBACK if shown(found).home else Operation.COMMIT_FAILOVER


def _asked(request: ParsedRequest, verb: str) -> Response:
    found = item(request)
    operation, choices = asked(request, found, verb)
    settings = reprotect_settings(request, found, operation)
    answer = _start(request, found, operation, choices)
    kept = request.context.resources.of_item(found.name)
    if operation is Operation.FAILOVER:
        kept.recovery_point = point_id(request, found, choices.recovery_point)
    if settings is not None:
        keep_settings(request, found.name, settings)
    if verb == "reProtect":
        kept.recovery_point = ""  # recorded
    return answer


def _start(request: ParsedRequest, found: ProtectedItem, operation: Operation, choices: Choices) -> Response:
    if _is_tried_again(found, operation):
        request.context.wait()
    job = request.vault.start(found.name, operation, choices)
    return accepted(request, job, request.ids.item(found.name, found.architecture))


def _is_tried_again(found: ProtectedItem, operation: Operation) -> bool:
    """Mode `poll`: who asks again for what has failed has waited meanwhile, which no other request shows (ours)."""
    last = found.last_job
    return last is not None and last.operation is operation and last.state is Progress.FAILED
