"""What may be asked of one item: each verb reads its body, asks the vault, and answers 202 with the job."""

from failback.reprotect import Choices, Operation
from failback.simulator import ProtectedItem
from failback.simulator.arm.reads.looking_up import item
from failback.simulator.arm.state.long_running import accepted
from failback.simulator.arm.state.surroundings import Ask
from failback.simulator.arm.wire.body_fields import properties_of
from failback.simulator.arm.wire.response import Response
from failback.simulator.arm.wire.wire import INMAGE, RCM_BACK, shown

from .bodies import asked


def unplanned_failover(ask: Ask) -> Response:
    """POST I/unplannedFailover: failover to Azure, and the classic failback."""
    return _asked(ask, "unplannedFailover")


def planned_failover(ask: Ask) -> Response:
    """POST I/plannedFailover: the modernised failback."""
    return _asked(ask, "plannedFailover")


def reprotect(ask: Ask) -> Response:
    """POST I/reProtect, in both directions."""
    return _asked(ask, "reProtect")


def test_failover(ask: Ask) -> Response:
    """POST I/testFailover."""
    return _asked(ask, "testFailover")


def test_failover_cleanup(ask: Ask) -> Response:
    """POST I/testFailoverCleanup."""
    properties_of(ask.body).maybe("comments")
    return _start(ask, item(ask), Operation.CLEAN_UP_TEST, Choices())


def failover_commit(ask: Ask) -> Response:
    """POST I/failoverCommit: of the failover or of the failback, whichever the item's provider says was done."""
    found = item(ask)
    return _start(ask, found, commit_of(found), Choices())


def failover_cancel(ask: Ask) -> Response:
    """POST I/failoverCancel: the modernised failback that was not committed (A12)."""
    return _start(ask, item(ask), Operation.CANCEL_FAILBACK, Choices())


def repair_replication(ask: Ask) -> Response:
    """POST I/repairReplication: taken, with a job that ends at once; no resync is modelled (ours)."""
    found = item(ask)
    job = ask.vault.errand(found.name, "RepairReplication", "Resynchronize")
    return accepted(ask, job, ask.ids.item(found.name, found.architecture))


def commit_of(found: ProtectedItem) -> Operation:
    """Which commit this item would take."""
    home = shown(found).provider in (INMAGE, RCM_BACK)
    return Operation.COMMIT_FAILBACK if home else Operation.COMMIT_FAILOVER


def _asked(ask: Ask, verb: str) -> Response:
    found = item(ask)
    return _start(ask, found, *asked(ask, found, verb))


def _start(ask: Ask, found: ProtectedItem, operation: Operation, choices: Choices) -> Response:
    job = ask.vault.start(found.name, operation, choices)
    return accepted(ask, job, ask.ids.item(found.name, found.architecture))
