"""The one table of ASR's words on this side: what the wire says, and what we call it.

Nothing else in this folder spells a state, a scenario or a provider. Everything here works on plain mappings with wire
names, so that it needs no SDK. Rows without a note are recorded or published, *inferred* ones never seen on a wire.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from failback.reprotect import Architecture, JobState, Operation, Phase

Json: TypeAlias = Mapping[str, Any]
"""A JSON object of the wire, as it came."""

LATEST, LATEST_APP_CONSISTENT = "latest", "latest_app_consistent"


class NotUnderstood(Exception):
    """The vault shows something for which there is no row here. The message names what was seen."""


class MissingChoice(Exception):
    """A request cannot be put together: a value is missing, or a name is not known to the vault. Nothing was sent."""


@dataclass(frozen=True, slots=True)
class AtRest:
    """One row: what a protected item shows while no job runs on it. `active_location` None: any."""

    provider: str
    protection_state: str
    active_location: str | None
    phase: Phase


@dataclass(frozen=True, slots=True)
class Running:
    """One row: `scenario` runs on an item that shows one of `over`."""

    scenario: str
    over: frozenset[Phase]
    phase: Phase


@dataclass(frozen=True, slots=True)
class Post:
    """How an operation is asked: the method after `begin_`, the direction and the provider that its body names."""

    verb: str
    direction: str | None = None
    provider: str | None = None


V2A, INMAGE, RCM, RCM_FAILBACK = "InMageAzureV2", "InMage", "InMageRcm", "InMageRcmFailback"
ARCHITECTURES: Final = {
    V2A: Architecture.CLASSIC,
    INMAGE: Architecture.CLASSIC,
    RCM: Architecture.MODERNISED,
    RCM_FAILBACK: Architecture.MODERNISED,
}
TO_RECOVERY, TO_PRIMARY = "PrimaryToRecovery", "RecoveryToPrimary"

_C, _M = Architecture.CLASSIC, Architecture.MODERNISED
_P, _O = Phase, Operation

_AWAY = frozenset({_P.REPLICATING_TO_AZURE, _P.FAILED_OVER})
_HOME = frozenset({_P.REPLICATING_TO_ON_PREMISES, _P.FAILED_BACK})
_COMMITS_AWAY = frozenset({_P.FAILED_OVER, _P.FAILOVER_COMMITTED})
_COMMITS_HOME = frozenset({_P.FAILED_BACK, _P.FAILBACK_COMMITTED})
_TURNS_HOME = _COMMITS_AWAY | {_P.RESYNCING_TO_ON_PREMISES, _P.REPLICATING_TO_ON_PREMISES}
_TURNS_AWAY = _COMMITS_HOME | {_P.RESYNCING_TO_AZURE, _P.REPLICATING_TO_AZURE}
_TESTS = frozenset({_P.REPLICATING_TO_AZURE, _P.FAILOVER_TESTED})

# The first row that fits is taken. A failed failover leaves the item where it was (recorded for InMageRcm).
# inf: inferred. Classic items that wait for a commit or are resynchronised home were recorded as modernised ones only.
# fmt: off
ITEM_STATES: Final[tuple[AtRest, ...]] = (
    #     provider,     protectionState,                             activeLocation
    AtRest(V2A,          "UnprotectedStatesBegin",                    None,       _P.RESYNCING_TO_AZURE),
    AtRest(V2A,          "InitialReplicationStartInProgress",         "Primary",  _P.RESYNCING_TO_AZURE),  # inf
    AtRest(V2A,          "InitialReplicationInProgress",              "Primary",  _P.RESYNCING_TO_AZURE),
    AtRest(V2A,          "Protected",                                 "Primary",  _P.REPLICATING_TO_AZURE),
    AtRest(V2A,          "UnplannedFailoverFailed",                   "Primary",  _P.REPLICATING_TO_AZURE),
    AtRest(V2A,          "UnplannedFailoverCommitPendingStatesBegin", "Recovery", _P.FAILED_OVER),         # inf
    AtRest(V2A,          "UnplannedFailoverCommitted",                "Recovery", _P.FAILOVER_COMMITTED),
    AtRest(INMAGE,       "InitialReplicationInProgress",              None,       _P.RESYNCING_TO_ON_PREMISES),  # inf
    AtRest(INMAGE,       "Protected",                                 "Primary",  _P.REPLICATING_TO_ON_PREMISES),
    AtRest(INMAGE,       "UnplannedFailoverFailed",                   None,       _P.REPLICATING_TO_ON_PREMISES),  # inf
    AtRest(INMAGE,       "UnplannedFailoverCommitPendingStatesBegin", None,       _P.FAILED_BACK),         # inf
    AtRest(INMAGE,       "UnplannedFailoverCommitted",                "Recovery", _P.FAILBACK_COMMITTED),
    AtRest(RCM,          "UnprotectedStatesBegin",                    None,       _P.RESYNCING_TO_AZURE),
    AtRest(RCM,          "InitialReplicationStartInProgress",         "Primary",  _P.RESYNCING_TO_AZURE),
    AtRest(RCM,          "InitialReplicationInProgress",              "Primary",  _P.RESYNCING_TO_AZURE),
    AtRest(RCM,          "Protected",                                 "Primary",  _P.REPLICATING_TO_AZURE),
    AtRest(RCM,          "UnplannedFailoverFailed",                   "Primary",  _P.REPLICATING_TO_AZURE),
    AtRest(RCM,          "UnplannedFailoverCommitPendingStatesBegin", "Recovery", _P.FAILED_OVER),
    AtRest(RCM,          "UnplannedFailoverCommitted",                "Recovery", _P.FAILOVER_COMMITTED),
    AtRest(RCM_FAILBACK, "InitialReplicationInProgress",              None,       _P.RESYNCING_TO_ON_PREMISES),
    AtRest(RCM_FAILBACK, "Protected",                                 None,       _P.REPLICATING_TO_ON_PREMISES),
    AtRest(RCM_FAILBACK, "PlannedFailoverFailed",                     None,       _P.REPLICATING_TO_ON_PREMISES),  # inf
    AtRest(RCM_FAILBACK, "CommitPendingStatesBegin",                  None,       _P.FAILED_BACK),
    AtRest(RCM_FAILBACK, "PlannedFailoverCommitPendingStatesBegin",   None,       _P.FAILED_BACK),         # inf
    AtRest(RCM_FAILBACK, "PlannedFailoverCommitted",                  None,       _P.FAILBACK_COMMITTED),  # inf
    AtRest(RCM_FAILBACK, "UnplannedFailoverCommitted",                None,       _P.FAILBACK_COMMITTED),  # inf
)

# Inferred throughout: no item was recorded while its job ran. The job may have moved the item's state already, so that
# each row takes what the item shows before and after.
RUNNING: Final[tuple[Running, ...]] = (
    Running("UnplannedFailover",                _AWAY,         _P.FAILING_OVER),
    Running("UnplannedFailover",                _HOME,         _P.FAILING_BACK),
    Running("PlannedFailover",                  _HOME,         _P.FAILING_BACK),
    Running("CommitFailover",                   _COMMITS_AWAY, _P.COMMITTING_FAILOVER),
    Running("CommitFailover",                   _COMMITS_HOME, _P.COMMITTING_FAILBACK),
    Running("CancelFailover",                   _HOME,         _P.CANCELLING_FAILBACK),
    Running("SwitchReplicationGroupProtection", _TURNS_HOME,   _P.REPROTECTING_TO_ON_PREMISES),
    Running("SwitchReplicationGroupProtection", _TURNS_AWAY,   _P.REPROTECTING_TO_AZURE),
    Running("EnableProtection",                 frozenset({_P.RESYNCING_TO_AZURE}), _P.RESYNCING_TO_AZURE),  # recorded
    Running("TestFailover",                     _TESTS,        _P.TESTING_FAILOVER),
    Running("TestFailoverCleanup",              _TESTS,        _P.CLEANING_UP_TEST),
)

POSTS: Final[dict[tuple[Architecture, Operation], Post]] = {
    # As recorded: reprotect says RecoveryToPrimary both ways, failback PrimaryToRecovery, two modernised ones nothing.
    (_C, _O.FAILOVER):                 Post("unplanned_failover", TO_RECOVERY, V2A),
    (_C, _O.COMMIT_FAILOVER):          Post("failover_commit"),
    (_C, _O.REPROTECT_TO_ON_PREMISES): Post("reprotect",          TO_PRIMARY,  INMAGE),
    (_C, _O.FAILBACK):                 Post("unplanned_failover", TO_RECOVERY, INMAGE),
    (_C, _O.COMMIT_FAILBACK):          Post("failover_commit"),
    (_C, _O.REPROTECT_TO_AZURE):       Post("reprotect",          TO_PRIMARY,  V2A),
    (_C, _O.CANCEL_FAILBACK):          Post("failover_cancel"),
    (_C, _O.TEST_FAILOVER):            Post("test_failover",      TO_RECOVERY, V2A),
    (_C, _O.CLEAN_UP_TEST):            Post("test_failover_cleanup"),
    (_M, _O.FAILOVER):                 Post("unplanned_failover", TO_RECOVERY, RCM),
    (_M, _O.COMMIT_FAILOVER):          Post("failover_commit"),
    (_M, _O.REPROTECT_TO_ON_PREMISES): Post("reprotect",          TO_PRIMARY,  RCM),
    (_M, _O.FAILBACK):                 Post("planned_failover",   None,        RCM_FAILBACK),
    (_M, _O.COMMIT_FAILBACK):          Post("failover_commit"),
    (_M, _O.REPROTECT_TO_AZURE):       Post("reprotect",          None,        RCM_FAILBACK),
    (_M, _O.CANCEL_FAILBACK):          Post("failover_cancel"),
    (_M, _O.TEST_FAILOVER):            Post("test_failover",      TO_RECOVERY, RCM),
    (_M, _O.CLEAN_UP_TEST):            Post("test_failover_cleanup"),
}

ACTIONS: Final = {
    "reprotect": "reProtect",
    "planned_failover": "plannedFailover",
    "unplanned_failover": "unplannedFailover",
    "failover_commit": "failoverCommit",
}
"""Last segment of a request's path, by the SDK's method: for scripts, which have no SDK."""

SCENARIOS: Final[dict[Operation, tuple[str, ...]]] = {
    _O.FAILOVER:                 ("UnplannedFailover",),
    _O.COMMIT_FAILOVER:          ("CommitFailover",),
    _O.REPROTECT_TO_ON_PREMISES: ("SwitchReplicationGroupProtection",),
    _O.FAILBACK:                 ("UnplannedFailover", "PlannedFailover"),
    _O.COMMIT_FAILBACK:          ("CommitFailover",),
    _O.REPROTECT_TO_AZURE:       ("SwitchReplicationGroupProtection",),
    _O.CANCEL_FAILBACK:          ("CancelFailover",),
    _O.TEST_FAILOVER:            ("TestFailover",),
    _O.CLEAN_UP_TEST:            ("TestFailoverCleanup",),
}
"""Scenario names of the jobs that an operation starts; PlannedFailover, CancelFailover and the test's are inferred."""

JOB_STATES: Final[dict[str, JobState]] = {
    "NotStarted":               JobState.RUNNING,
    "InProgress":               JobState.RUNNING,
    "Succeeded":                JobState.SUCCEEDED,
    "Completed":                JobState.SUCCEEDED,
    "CompletedWithInformation": JobState.SUCCEEDED,
    "PartiallySucceeded":       JobState.SUCCEEDED,
    "Skipped":                  JobState.SUCCEEDED,
    "Failed":                   JobState.FAILED,
    "Cancelled":                JobState.CANCELLED,
    "Canceled":                 JobState.CANCELLED,
    "Suspended":                JobState.SUSPENDED,
}

RECOVERY_POINT_TYPES: Final[dict[str, dict[str, str]]] = {
    INMAGE:       {LATEST: "LatestTime",      LATEST_APP_CONSISTENT: "LatestTag"},
    RCM_FAILBACK: {LATEST: "CrashConsistent", LATEST_APP_CONSISTENT: "ApplicationConsistent"},
    V2A:          {LATEST: "Latest",          LATEST_APP_CONSISTENT: "LatestApplicationConsistent"},
    RCM:          {LATEST: "Latest",          LATEST_APP_CONSISTENT: "LatestApplicationConsistent"},
}
"""Recovery points by type. An item's failover to Azure names a point by id instead; a plan's names these."""
# fmt: on

CUSTOM_POINT: Final = "Custom"
OTHER_STATE: Final = "Other"
"""A job or task whose `stateDescription` says more (recorded: Skipped)."""
NO_SCENARIO: Final = "None"
HOUSEKEEPING: Final = frozenset(
    {
        "DiscoverReplica",
        "EnableDr",
        "IrCompletion",
        "PrimaryIrCompletion",
        "SecondaryIrCompletion",
        "UpdateVmProperties",
    }
)
"""Scenarios that leave an item's phase as it is."""
TEST_IDLE: Final = frozenset({"", "None", "MarkedForDeletion"})
"""Test failover states that mean: no test. MarkedForDeletion was recorded an hour after a cleanup."""
TEST_CLEANUP: Final = "TestFailoverCleanup"
TEST_CATEGORY: Final = "TestFailover"
"""Category of the health errors about test failovers."""
RESYNC_STAGES: Final = ("Initial", "Resync")
"""How the protection stages begin in which a protected item is synchronised anew (inferred)."""
RESYNC_STARTED: Final = "StartedResynchronization"
SHUT_DOWN: Final = {True: "Required", False: "NotRequired"}
NO_TEST_NETWORK: Final = "NoNetworkAttachAsInput"
TEMPORARY_STORAGE: Final = {"volumeLabel": "Temporary Storage", "onlyExcludeIfSingleVolume": "Yes"}
"""The disk exclusion that the recorded reprotect carried: Azure's temporary disk stays behind."""
SENTINEL_YEARS: Final = frozenset({1, 1753, 9999})
"""Years of the instants that mean: none."""


def text(value: object) -> str:
    """A string of the wire; empty for null."""
    return value if isinstance(value, str) else ""


def part(of: Json | None, key: str) -> Json:
    """An object within an object; empty where it is absent or null."""
    value = (of or {}).get(key)
    return value if isinstance(value, Mapping) else {}


def parts(of: Json | None, key: str) -> tuple[Json, ...]:
    """The objects of a list; none where it is absent or null."""
    return tuple(entry for entry in ((of or {}).get(key) or ()) if isinstance(entry, Mapping))


def last_segment(arm_id: str) -> str:
    """The name at the end of an ARM id or address."""
    return arm_id.split("?")[0].rstrip("/").rpartition("/")[2]


def instant(value: object) -> datetime | None:
    """An instant of the wire in UTC; None for null, for the sentinels, and for what is no instant."""
    if not isinstance(value, str) or not value:
        return None
    try:
        seen = datetime.fromisoformat(value)
    except ValueError:
        return None
    if seen.year in SENTINEL_YEARS:
        return None
    return seen.replace(tzinfo=UTC) if seen.tzinfo is None else seen.astimezone(UTC)


def current_job(resource: Json) -> tuple[str, str] | None:
    """(scenario, job id) that an item or a plan says is running, None when it is idle."""
    scenario = part(part(resource, "properties"), "currentScenario")
    name, job_id = text(scenario.get("scenarioName")), last_segment(text(scenario.get("jobId")))
    return None if name in ("", NO_SCENARIO) or job_id in ("", NO_SCENARIO) else (name, job_id)
