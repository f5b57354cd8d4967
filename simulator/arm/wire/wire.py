"""The mock's wire table: what the service says for a phase and for a job's progress. Shared with nobody, so that it can be wrong alone.

`rec` rows were recorded, `inf` rows are inferred from their recorded neighbours, `guess` rows have no neighbour. While a job runs an item
shows the row of the phase that it came from, locked by its currentScenario (inferred).
"""

# ruff: noqa: E501  (a row of a table is one line)

import re
from dataclasses import dataclass
from typing import Final

from failback.reprotect import Architecture, Phase
from failback.simulator import Progress, ProtectedItem

V2A, INMAGE, RCM, RCM_BACK = "InMageAzureV2", "InMage", "InMageRcm", "InMageRcmFailback"
HOMEWARD: Final = frozenset({INMAGE, RCM_BACK})
"""Providers of items on the way home; a reprotect makes them."""
TO_RECOVERY, TO_PRIMARY = "PrimaryToRecovery", "RecoveryToPrimary"
AZURE: Final = "Microsoft Azure"
"""Recorded: the recovery fabric and container of items that replicate to Azure is this literal, not an id."""


@dataclass(frozen=True, slots=True)
class WireState:
    """One row: how the service shows an item at rest in a phase."""

    provider: str
    state: str
    description: str
    active: str
    allowed: tuple[str, ...]
    evidence: str

    @property
    def home(self) -> bool:
        """Whether the provider is one of the way home."""
        return self.provider in HOMEWARD


_C, _M, _P = Architecture.CLASSIC, Architecture.MODERNISED, Phase
_PENDING, _COMMITTED, _IR = (
    "UnplannedFailoverCommitPendingStatesBegin",
    "UnplannedFailoverCommitted",
    "InitialReplicationInProgress",
)
_IR_TEXT = "Initial replication is in progress"
_OUT = ("UnplannedFailover", "DisableProtection", "TestFailover")
_OVER = ("CompleteMigration", "Commit", "DisableProtection", "ChangePit", "SwitchProtection")
_DONE = ("CompleteMigration", "DisableProtection", "SwitchProtection")
_TESTED = ("TestFailoverCleanup", "DisableProtection")

# fmt: off
ITEMS: Final[dict[tuple[Architecture, Phase], WireState]] = {
    (_C, _P.REPLICATING_TO_AZURE):       WireState(V2A,      "Protected", "Protected",                "Primary",  _OUT,                                        "rec"),
    (_C, _P.FAILED_OVER):                WireState(V2A,      _PENDING,    "Failover completed",       "Recovery", _OVER,                                       "inf"),
    (_C, _P.FAILOVER_COMMITTED):         WireState(V2A,      _COMMITTED,  "Failover committed",       "Recovery", _DONE,                                       "rec"),
    (_C, _P.RESYNCING_TO_ON_PREMISES):   WireState(INMAGE,   _IR,         _IR_TEXT,                   "Primary",  ("DisableProtection",),                      "inf"),
    (_C, _P.REPLICATING_TO_ON_PREMISES): WireState(INMAGE,   "Protected", "Protected",                "Primary",  ("UnplannedFailover", "DisableProtection"),  "rec"),
    (_C, _P.FAILED_BACK):                WireState(INMAGE,   _PENDING,    "Failover completed",       "Recovery", ("Commit", "DisableProtection"),             "inf"),
    (_C, _P.FAILBACK_COMMITTED):         WireState(INMAGE,   _COMMITTED,  "Failover committed",       "Recovery", _DONE,                                       "rec"),
    (_C, _P.RESYNCING_TO_AZURE):         WireState(V2A,      _IR,         _IR_TEXT,                   "Primary",  ("DisableProtection",),                      "inf"),
    (_C, _P.FAILOVER_TESTED):            WireState(V2A,      "Protected", "Protected",                "Primary",  _TESTED,                                     "inf"),
    (_M, _P.REPLICATING_TO_AZURE):       WireState(RCM,      "Protected", "Protected",                "Primary",  _OUT,                                        "rec"),
    (_M, _P.FAILED_OVER):                WireState(RCM,      _PENDING,    "Failover completed",       "Recovery", _OVER,                                       "rec"),
    (_M, _P.FAILOVER_COMMITTED):         WireState(RCM,      _COMMITTED,  "Failover committed",       "Recovery", _DONE,                                       "rec"),
    (_M, _P.RESYNCING_TO_ON_PREMISES):   WireState(RCM_BACK, _IR,         _IR_TEXT,                   "Primary",  ("DisableProtection",),                      "rec"),
    (_M, _P.REPLICATING_TO_ON_PREMISES): WireState(RCM_BACK, "Protected", "Protected",                "Primary",  ("PlannedFailover", "DisableProtection"),    "rec"),
    (_M, _P.FAILED_BACK):                WireState(RCM_BACK, "CommitPendingStatesBegin", "Planned failover finished", "Recovery", ("CompleteMigration", "Commit", "DisableProtection", "SwitchProtection", "CancelFailover"), "rec"),
    (_M, _P.FAILBACK_COMMITTED):         WireState(RCM_BACK, "PlannedFailoverCommitted", "Failover committed", "Recovery", _DONE, "guess"),
    (_M, _P.RESYNCING_TO_AZURE):         WireState(RCM,      _IR,         _IR_TEXT,                   "Primary",  ("DisableProtection",),                      "inf"),
    (_M, _P.FAILOVER_TESTED):            WireState(RCM,      "Protected", "Protected",                "Primary",  _TESTED,                                     "inf"),
}
# fmt: on

ENABLING: Final = {
    _C: WireState(V2A, "InitialReplicationStartInProgress", _IR_TEXT, "Primary", (), "inf"),
    _M: WireState(RCM, "InitialReplicationStartInProgress", _IR_TEXT, "Primary", (), "rec"),
}
"""While the job runs that protects a machine for the first time: initial replication has not begun."""
ENABLE_FAILED: Final = {
    _C: WireState(V2A, "EnablingFailed", "Protection couldn't be enabled", "Primary", ("DisableProtection",), "inf"),
    _M: WireState(RCM, "EnablingFailed", "Protection couldn't be enabled", "Primary", ("DisableProtection",), "rec"),
}
"""After that job has failed."""
SCENARIOS: Final = {"EnableDr": "EnableProtection"}
"""How an item's currentScenario calls a job, where that is not the job's own scenarioName (recorded)."""

TEST_STATES: Final = {Phase.FAILOVER_TESTED: ("TestFailoverCompleted", "Test failover completed")}
"""testFailoverState and its description (guess); None elsewhere."""

PROGRESS: Final = {
    Progress.NOT_STARTED: ("NotStarted", "NotStarted"),
    Progress.IN_PROGRESS: ("InProgress", "InProgress"),
    Progress.SUCCEEDED: ("Succeeded", "Completed"),
    Progress.SKIPPED: ("Other", "Skipped"),
    Progress.FAILED: ("Failed", "Failed"),
    Progress.CANCELLED: ("Cancelled", "Cancelled"),
    Progress.SUSPENDED: ("Suspended", "Suspended"),
}
"""state and stateDescription of jobs and tasks."""

ASYNC_STATUS: Final = {
    Progress.SUCCEEDED: "Succeeded",
    Progress.FAILED: "Failed",
    Progress.CANCELLED: "Canceled",
}
"""Status of a long-running operation; InProgress otherwise. One l in Canceled: pollers know no other terminal spelling."""

TARGETS: Final = {
    "item": "ProtectionEntity",
    "plan": "RecoveryPlan",
    "fabric": "Fabric",
    "vcenter": "VCenter",
    "container": "ProtectionContainer",
    "mapping": "ProtectionContainerMapping",
    "provider": "Server",
    "policy": "ProtectionProfile",
    "server": "Server",
    "network mapping": "NetworkMapping",
    "vault": "Vault",
    "export": "Vault",
}
"""targetInstanceType of jobs; the first was recorded, the others are guessed."""


def resting_phase(item: ProtectedItem) -> Phase:
    """The phase whose row the item shows: that which it came from while a job runs."""
    return item.phase if item.move is None else item.move.phase


def shown(item: ProtectedItem) -> WireState:
    """How the service shows this item now."""
    if item.enabling is not None:
        return (ENABLE_FAILED if item.job is None else ENABLING)[item.architecture]
    return ITEMS[item.architecture, resting_phase(item)]


def error_number(code: str) -> int:
    """providerErrorDetails.errorCode is a number: published codes are their own, ours are 900000 + 1000 x letter + number."""
    if _PUBLISHED.fullmatch(code):
        return int(code)
    rule = _RULE.fullmatch(code)
    return 900_000 + ((ord(rule[1]) - 64) * 1000 + int(rule[2]) if rule else 0)


_PUBLISHED: Final = re.compile("[0-9]{1,9}")
_RULE: Final = re.compile("(?:FB-)?([A-Z])([0-9]{1,3})")
