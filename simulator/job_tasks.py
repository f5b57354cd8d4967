"""Which job and which tasks an operation runs, in the recorded order, and what each task does on site."""

from collections.abc import Collection
from typing import Final

from failback.reprotect import Architecture, Operation

from . import actions as do
from .enabling import note_failed_enabling, replicate_first
from .job_kinds import Act, JobKind, TaskKind, Until

_ENABLE, _ENABLE_SHOWN = "EnableDr", "Enable replication"
_CHILD_ENDS: Final = 67 / 128
"""Recorded on the way to Azure: of the 128 s of that task, its child job took 67 s."""


def _failover(check: Act, shut_down: Act, move: Act, start: Act, synced: Until | None = None) -> tuple[TaskKind, ...]:
    return (
        TaskKind(
            "VmUfoPrerequisitesCheck",
            "Prerequisites check for failover",
            check,
            id="UnplannedFailoverPreflightChecksTask",
        ),
        TaskKind(
            "VmShutdownVmOnPrimary",
            "Shut down the virtual machine",
            shut_down,
            do.shutdown_not_asked,
            id="ShutdownVmOnPrimaryForUFO",
        ),
        TaskKind(
            "VmPrepareForUnPlannedFailover",
            "Synchronizing the latest changes",
            None,
            do.shutdown_not_asked,
            until=synced,
            id="PrepareForUnPlannedFailoverTask",
        ),
        TaskKind("VmFailover", "Start failover", move, id="FailoverTask"),
        TaskKind("VmFoStartVmOnSecondary", "Start the replica virtual machine", start, id="StartVmOnSecondary"),
    )


def _planned_failover() -> tuple[TaskKind, ...]:
    """The modernised failback. What each task does on site is inferred from its name; the last changes go with the second."""
    return (
        TaskKind(
            "VmPfoPrerequisitesCheck",
            "Prerequisites check for planned failover",
            do.check_failback,
            id="PlannedFailoverPreflightChecksTask",
        ),
        TaskKind("VmPrepareForFailover", "Start failover", id="PrepareForFailoverTask"),
        TaskKind(
            "VmFailover", "Shut down the Azure virtual machine", do.shut_down_in_azure, until=None, id="FailoverTask"
        ),
        TaskKind(
            "VmPrepareProtectedEntitiesTask",
            "Preparing on-premise virtual machine",
            do.give_disks_back_with_snapshot,
            until=do.last_changes_arrive,
            id="PrepareProtectedEntitiesTask",
        ),
        TaskKind(
            "VmFoStartVmOnSecondary",
            "Starting on-premise virtual machine",
            do.start_on_premises,
            id="StartVmOnSecondary",
        ),
    )


def _cancel_failback() -> tuple[TaskKind, ...]:
    return (
        TaskKind("CancelFailoverPreflightChecksTask", "Prerequisites check for cancel failover"),
        TaskKind("CancelFailoverRecovery", "Cancel failover recovery", do.cancel_failback),
        TaskKind("CancelFailoverPrimaryTask", "Cancel failover primary", id="CancelFailoverPrimary"),
        TaskKind("StartVmOnPrimary", "Starting the virtual machine", do.start_again_in_azure),
    )


def _commit(act: Act) -> tuple[TaskKind, ...]:
    return (TaskKind("VmCommitPrerequisitesCheck", "Prerequisite check"), TaskKind("VmCommit", "Commit", act))


def _reprotect(check: Act, protect: Act, *, known_replica: bool, commit: Act | None = None) -> tuple[TaskKind, ...]:
    discovery = None if known_replica else ("DiscoverReplica", "Discover replica")
    return (
        TaskKind("SwitchReplicationGroupProtectionPreflightTask", "Prerequisite check", check),
        TaskKind("VmCommitFailover", "Committing failover", commit, do.already_committed, id="CommitFailoverTask"),
        TaskKind("DiscoverReplicaTask", "Discovering replica virtual machine", child=discovery),
        TaskKind("GetSwitchProtectionRequirementsTask", "Getting reprotection requirements"),
        TaskKind(
            "ProtectReplicaTask",
            "Reprotecting virtual machine",
            protect,
            child=(_ENABLE, _ENABLE_SHOWN),
            child_ends=_CHILD_ENDS,
        ),
    )


_C, _M, _O = Architecture.CLASSIC, Architecture.MODERNISED, Operation
_TO_AZURE = _failover(do.nothing, do.shut_down_on_premises, do.nothing, do.start_in_azure)
_HOME = _failover(
    do.check_failback, do.shut_down_in_azure, do.give_disks_back, do.start_on_premises, do.last_changes_arrive
)
_OUT_AGAIN = _reprotect(do.check_reprotect_to_azure, do.nothing, known_replica=True)
_OUT_AND_COMMIT = _reprotect(
    do.check_reprotect_to_azure, do.nothing, known_replica=True, commit=do.delete_azure_vm_and_snapshot
)
_BACK = _reprotect(do.check_reprotect, do.take_disks, known_replica=False)

# Recorded: all but the test failovers, and the tasks of a modernised failover and commit, which are inferred from classic.
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
    (_M, _O.FAILBACK):                 JobKind("PlannedFailover", "Planned failover", _planned_failover(), undo=do.undo_failback),
    (_M, _O.CANCEL_FAILBACK):          JobKind("CancelFailover", "Cancel failover and resume replication", _cancel_failback()),
    (_M, _O.COMMIT_FAILBACK):          JobKind("CommitFailover", "Commit", _commit(do.delete_azure_vm_and_snapshot)),
    (_M, _O.REPROTECT_TO_AZURE):       JobKind("SwitchReplicationGroupProtection", "Reprotect", _OUT_AND_COMMIT, do.resync_out),
}
for _who in (_C, _M):
    JOBS[_who, _O.TEST_FAILOVER] =     JobKind("TestFailover", "Test failover", (TaskKind("VmTestFailover", "Test failover", do.note_test),))
    JOBS[_who, _O.CLEAN_UP_TEST] =     JobKind("TestFailoverCleanup", "Test failover cleanup", (TaskKind("VmTestFailoverCleanup", "Test failover cleanup"),))
# fmt: on

ENABLE: Final = JobKind(
    _ENABLE, _ENABLE_SHOWN, (TaskKind(_ENABLE, _ENABLE_SHOWN),), replicate_first, note_failed_enabling
)
"""How an item comes to be. Its tasks were not seen: one stands for all of them."""

_PLAN_NAMES: Final = {
    Operation.FAILOVER: ("UnplannedFailover", "Failover"),
    Operation.FAILBACK: ("UnplannedFailover", "Failover"),
    Operation.COMMIT_FAILOVER: ("CommitFailover", "Commit"),
    Operation.COMMIT_FAILBACK: ("CommitFailover", "Commit"),
    Operation.REPROTECT_TO_ON_PREMISES: ("SwitchReplicationGroupProtection", "Reprotect"),
    Operation.REPROTECT_TO_AZURE: ("SwitchReplicationGroupProtection", "Reprotect"),
    Operation.CANCEL_FAILBACK: ("CancelFailover", "Cancel failover and resume replication"),
    Operation.TEST_FAILOVER: ("TestFailover", "Test failover"),
    Operation.CLEAN_UP_TEST: ("TestFailoverCleanup", "Test failover cleanup"),
}
_PLANS_OF: Final = {(Architecture.MODERNISED, Operation.FAILBACK): ("PlannedFailover", "Planned failover")}
"""Where the job of a plan is called otherwise when its items are of one architecture: as the job of its items."""


def job_kind(architecture: Architecture, operation: Operation) -> JobKind:
    """The job of an item's operation."""
    return JOBS[architecture, operation]


def plan_job_names(architectures: Collection[Architecture], operation: Operation) -> tuple[str, str]:
    """How the job of a recovery plan with items of these architectures is called, and how it is shown."""
    names = {_PLANS_OF.get((found, operation), _PLAN_NAMES[operation]) for found in architectures}
    return names.pop() if len(names) == 1 else _PLAN_NAMES[operation]


TASK_IDS: Final = {task.name: task.id for kind in JOBS.values() for task in kind.tasks if task.id}
"""What the service calls a task in taskId, where that is not its name (recorded)."""
