"""Which job and which tasks an operation runs, in the recorded order, and what each task does on site."""

from typing import Final

from failback.reprotect import Architecture, Operation

from . import actions as do
from .job_kinds import Act, JobKind, TaskKind, Until


def _failover(check: Act, shut_down: Act, move: Act, start: Act, synced: Until | None = None) -> tuple[TaskKind, ...]:
    return (
        TaskKind("VmUfoPrerequisitesCheck", "Prerequisites check for failover", check),
        TaskKind("VmShutdownVmOnPrimary", "Shut down the virtual machine", shut_down, do.shutdown_not_asked),
        TaskKind(
            "VmPrepareForUnPlannedFailover",
            "Synchronizing the latest changes",
            None,
            do.shutdown_not_asked,
            until=synced,
        ),
        TaskKind("VmFailover", "Start failover", move),
        TaskKind("VmFoStartVmOnSecondary", "Start the replica virtual machine", start),
    )


def _commit(act: Act) -> tuple[TaskKind, ...]:
    return (TaskKind("VmCommitPrerequisitesCheck", "Prerequisite check"), TaskKind("VmCommit", "Commit", act))


def _reprotect(check: Act, protect: Act, *, known_replica: bool) -> tuple[TaskKind, ...]:
    discovery = None if known_replica else ("DiscoverReplica", "Discover replica")
    return (
        TaskKind("SwitchReplicationGroupProtectionPreflightTask", "Prerequisite check", check),
        TaskKind("VmCommitFailover", "Committing failover", None, do.already_committed),
        TaskKind("DiscoverReplicaTask", "Discovering replica virtual machine", child=discovery),
        TaskKind("GetSwitchProtectionRequirementsTask", "Getting reprotection requirements"),
        TaskKind(
            "ProtectReplicaTask", "Reprotecting virtual machine", protect, child=("EnableDr", "Enable replication")
        ),
    )


_C, _M, _O = Architecture.CLASSIC, Architecture.MODERNISED, Operation
_TO_AZURE = _failover(do.nothing, do.shut_down_on_premises, do.nothing, do.start_in_azure)
_HOME = _failover(
    do.check_failback, do.shut_down_in_azure, do.give_disks_back, do.start_on_premises, do.last_changes_arrive
)
_HOME_UNDOABLE = _failover(
    do.check_failback,
    do.shut_down_in_azure,
    do.give_disks_back_with_snapshot,
    do.start_on_premises,
    do.last_changes_arrive,
)
_OUT_AGAIN = _reprotect(do.check_reprotect_to_azure, do.nothing, known_replica=True)
_BACK = _reprotect(do.check_reprotect, do.take_disks, known_replica=False)

# Recorded for classic; the modernised job names and their tasks are inferred from it, except the shown names of its tutorial.
# fmt: off
JOBS: Final[dict[tuple[Architecture, Operation], JobKind]] = {
    (_C, _O.FAILOVER):                 JobKind("UnplannedFailover", "Failover", _TO_AZURE),
    (_C, _O.COMMIT_FAILOVER):          JobKind("CommitFailover", "Commit", _commit(do.nothing)),
    (_C, _O.REPROTECT_TO_ON_PREMISES): JobKind("SwitchReplicationGroupProtection", "Reprotect", _BACK, do.resync_home),
    (_C, _O.FAILBACK):                 JobKind("UnplannedFailover", "Failover", _HOME),
    (_C, _O.COMMIT_FAILBACK):          JobKind("CommitFailover", "Commit", _commit(do.delete_azure_vm)),
    (_C, _O.REPROTECT_TO_AZURE):       JobKind("SwitchReplicationGroupProtection", "Reprotect", _OUT_AGAIN, do.resync_out),
    (_M, _O.FAILOVER):                 JobKind("UnplannedFailover", "Failover", _TO_AZURE),
    (_M, _O.COMMIT_FAILOVER):          JobKind("CommitFailover", "Commit", _commit(do.nothing)),
    (_M, _O.REPROTECT_TO_ON_PREMISES): JobKind("SwitchReplicationGroupProtection", "Reprotect", _BACK, do.resync_home),
    (_M, _O.FAILBACK):                 JobKind("PlannedFailover", "Planned failover", _HOME_UNDOABLE, undo=do.undo_failback),
    (_M, _O.CANCEL_FAILBACK):          JobKind("CancelFailover", "Cancel failover", (TaskKind("VmFailoverCancel", "Cancel failover", do.cancel_failback),)),
    (_M, _O.COMMIT_FAILBACK):          JobKind("CommitFailover", "Commit", _commit(do.delete_azure_vm_and_snapshot)),
    (_M, _O.REPROTECT_TO_AZURE):       JobKind("SwitchReplicationGroupProtection", "Reprotect", _OUT_AGAIN, do.resync_out),
}
for _who in (_C, _M):
    JOBS[_who, _O.TEST_FAILOVER] =     JobKind("TestFailover", "Test failover", (TaskKind("VmTestFailover", "Test failover"),))
    JOBS[_who, _O.CLEAN_UP_TEST] =     JobKind("TestFailoverCleanup", "Test failover cleanup", (TaskKind("VmTestFailoverCleanup", "Test failover cleanup"),))
# fmt: on

_PLAN_NAMES: Final = {
    Operation.FAILOVER: ("UnplannedFailover", "Failover"),
    Operation.FAILBACK: ("UnplannedFailover", "Failover"),
    Operation.COMMIT_FAILOVER: ("CommitFailover", "Commit"),
    Operation.COMMIT_FAILBACK: ("CommitFailover", "Commit"),
    Operation.REPROTECT_TO_ON_PREMISES: ("SwitchReplicationGroupProtection", "Reprotect"),
    Operation.REPROTECT_TO_AZURE: ("SwitchReplicationGroupProtection", "Reprotect"),
    Operation.CANCEL_FAILBACK: ("CancelFailover", "Cancel failover"),
    Operation.TEST_FAILOVER: ("TestFailover", "Test failover"),
    Operation.CLEAN_UP_TEST: ("TestFailoverCleanup", "Test failover cleanup"),
}


def job_kind(architecture: Architecture | None, operation: Operation) -> JobKind:
    """The job of an item's operation; of a recovery plan's where `architecture` is None."""
    if architecture is None:
        return JobKind(*_PLAN_NAMES[operation])
    return JOBS[architecture, operation]
