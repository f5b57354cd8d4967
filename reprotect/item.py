"""The words for one replication protected item: architecture, phase, operation."""

from enum import Enum, unique


class Word(Enum):
    """One of a few words. Each is there once, so it hashes by what it is, not by its name: twice as fast."""

    __hash__ = object.__hash__


@unique
class Architecture(Word):
    """Which of ASR's two VMware architectures protects the item."""

    CLASSIC = "classic"
    MODERNISED = "modernised"


@unique
class Phase(Word):
    """The phase of an item. These names are ours; two other tables map them to Azure's names."""

    REPLICATING_TO_AZURE = "replicating_to_azure"
    FAILING_OVER = "failing_over"
    FAILED_OVER = "failed_over"
    COMMITTING_FAILOVER = "committing_failover"
    FAILOVER_COMMITTED = "failover_committed"
    REPROTECTING_TO_ON_PREMISES = "reprotecting_to_on_premises"
    RESYNCING_TO_ON_PREMISES = "resyncing_to_on_premises"
    REPLICATING_TO_ON_PREMISES = "replicating_to_on_premises"
    FAILING_BACK = "failing_back"
    FAILED_BACK = "failed_back"
    CANCELLING_FAILBACK = "cancelling_failback"
    COMMITTING_FAILBACK = "committing_failback"
    FAILBACK_COMMITTED = "failback_committed"
    REPROTECTING_TO_AZURE = "reprotecting_to_azure"
    RESYNCING_TO_AZURE = "resyncing_to_azure"
    TESTING_FAILOVER = "testing_failover"
    FAILOVER_TESTED = "failover_tested"
    CLEANING_UP_TEST = "cleaning_up_test"


@unique
class Operation(Word):
    """An operation of the vault on an item. The first six are the legs, in order."""

    FAILOVER = "failover"
    COMMIT_FAILOVER = "commit_failover"
    REPROTECT_TO_ON_PREMISES = "reprotect_to_on_premises"
    FAILBACK = "failback"
    COMMIT_FAILBACK = "commit_failback"
    REPROTECT_TO_AZURE = "reprotect_to_azure"
    CANCEL_FAILBACK = "cancel_failback"
    TEST_FAILOVER = "test_failover"
    CLEAN_UP_TEST = "clean_up_test"


LEGS: tuple[Operation, ...] = tuple(Operation)[:6]


@unique
class OsFamily(Enum):
    """Operating system family, which decides the master target (R06, M01)."""

    WINDOWS = "windows"
    LINUX = "linux"


@unique
class Unknown(Enum):
    """The value of an estate fact that is unknown."""

    UNKNOWN = "unknown"

    def __bool__(self) -> bool:
        raise TypeError("an unknown fact is neither true nor false: ask `known(fact)` first")


UNKNOWN = Unknown.UNKNOWN
