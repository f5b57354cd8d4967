"""What a person does for one leg, per architecture: where in the portal, which direction, until when it can be undone.

The portal's words are those of the vendor's pages on failback [documented]; nobody of us has looked at a live portal.
"""

import re
from dataclasses import dataclass
from typing import Final

from failback.reprotect import Architecture, Operation

_C, _M, _O = Architecture.CLASSIC, Architecture.MODERNISED, Operation
_ITEM: Final = "Recovery Services vault > Replicated items > {subject}"
_PLAN: Final = "Recovery Services vault > Recovery Plans (Site Recovery) > {subject}"
_HOME, _OUT = "Azure to on-premises", "on-premises to Azure"


@dataclass(frozen=True, slots=True)
class LegCost:
    """What a leg costs, in words; `loses`: whether data or machines are lost by it."""

    words: str
    loses: bool = True


@dataclass(frozen=True, slots=True)
class LegGuide:
    """One leg for a person. `action` is the portal's button; `direction` the value to confirm, or empty.

    `job` is the job that appears, `undo` until when the leg can be taken back and how, `costs` what the leg costs or
    loses, `decides` who says go. `policy` is what to do about the policy in the dialog, empty where it has none.
    """

    action: str
    direction: str
    job: str
    proof: str
    undo: str
    costs: LegCost
    decides: str
    policy: str = ""


_RECORD: Final = " The network team then puts its DNS record to its address in Azure."
_NEW_RECORD: Final = " The network team then puts its DNS record to the address of the new machine in Azure."
_CANCEL: Final = (
    "Until Commit: Cancel failover. The machine starts in Azure again; the one on site goes back to its snapshot, so "
    f"what was written there since the failback is lost (rule A12).{_RECORD}"
)
_NO_CANCEL: Final = (
    "Never: the classic failback has no cancel. The only way back is Commit, Re-protect to Azure with its resync, and "
    f"a new failover.{_NEW_RECORD}"
)
_STAYS: Final = (
    "Until Failback: ask for nothing more; the machine keeps running in Azure. Do not disable the replication "
    "(rule R19)."
)
_DELETED: Final = (
    "Never: the machine in Azure is deleted. The only way back is Re-protect to Azure with its resync, and a new "
    f"failover.{_NEW_RECORD}"
)
_UNPROTECT: Final = (
    "Disable replication. This costs the protection of the machine: it can no longer be failed over to Azure. To have "
    "that again, somebody enables replication anew, with a full initial replication."
)
_DOWNTIME: Final = LegCost(
    "The application is down from the shutdown in Azure until it is checked on site. What was written after "
    "the recovery point is lost, unless the machine in Azure shuts down cleanly and the latest point is taken."
)
_POLICY_HOME: Final = (
    "leave the failback policy that the dialog shows: it belongs to the configuration server or appliance (rule R30)"
)
_POLICY_OUT: Final = "leave the replication policy that the dialog shows: the one before the failover (inferred)"
_RESYNC: Final = LegCost("The link and the servers are busy until the resync has ended.", loses=False)
_LEAD: Final = "the lead of the return"
_DOWN: Final = "the lead of the return, once the owners have agreed to the downtime (rule R34)"
_OWNERS: Final = "the owners of the applications, once their checks on site have passed (rule F05)"
_OUT_OWNERS: Final = "the owners of the applications, who know whether they work in Azure"
_SITE: Final = "Healthy and Protected on the item's page, and 100 % of the resync"

_COMMIT_FAILOVER: Final = LegGuide(
    "Commit",
    "",
    "Commit",
    "the item shows Failover committed",
    "Never: no other recovery point can be chosen afterwards. The machine keeps running in Azure.",
    LegCost("The other recovery points in Azure. First ask the owner whether the application works in Azure."),
    _OUT_OWNERS,
)
_REPROTECT_HOME: Final = LegGuide("Re-protect", _HOME, "Reprotect", _SITE, _STAYS, _RESYNC, _LEAD, _POLICY_HOME)
_REPROTECT_OUT: Final = LegGuide(
    "Re-protect",
    _OUT,
    "Reprotect",
    "Healthy and Protected on the item's page",
    _UNPROTECT,
    _RESYNC,
    _LEAD,
    _POLICY_OUT,
)

GUIDE: Final = {
    (_C, _O.COMMIT_FAILOVER): _COMMIT_FAILOVER,
    (_M, _O.COMMIT_FAILOVER): _COMMIT_FAILOVER,
    (_C, _O.REPROTECT_TO_ON_PREMISES): _REPROTECT_HOME,
    (_M, _O.REPROTECT_TO_ON_PREMISES): _REPROTECT_HOME,
    (_C, _O.FAILBACK): LegGuide(
        "Failover",
        _HOME,
        "Failover",
        "the machine runs on site and its checks pass; it does not run in Azure",
        _NO_CANCEL,
        _DOWNTIME,
        _DOWN,
    ),
    (_M, _O.FAILBACK): LegGuide(
        "Planned failover",
        _HOME,
        "Planned failover",
        "the machine runs on site and its checks pass; it does not run in Azure",
        _CANCEL,
        _DOWNTIME,
        _DOWN,
    ),
    (_C, _O.COMMIT_FAILBACK): LegGuide(
        "Commit",
        "",
        "Commit",
        "the item shows Failback committed; the machine in Azure is gone",
        _DELETED,
        LegCost("The machine in Azure and its recovery points."),
        _OWNERS,
    ),
    (_M, _O.COMMIT_FAILBACK): LegGuide(
        "Commit",
        "",
        "Commit",
        "the item shows Failback committed; the machine in Azure is gone",
        _DELETED,
        LegCost("The machine in Azure, its recovery points, and the snapshot that a cancel needs."),
        _OWNERS,
    ),
    (_C, _O.REPROTECT_TO_AZURE): _REPROTECT_OUT,
    (_M, _O.REPROTECT_TO_AZURE): _REPROTECT_OUT,
}
"""What a person does, per architecture and leg."""

FIELD_WORDS: Final = {
    "master_target": "Master target server",
    "process_server": "Process server",
    "appliance": "Replication appliance",
    "datastore": "Datastore",
    "retention_drive": "Retention drive",
    "log_storage_account": "Cache storage account",
    "policy": "Replication policy",
    "account": "Account",
    "recovery_point": "Recovery point",
    "shut_down_source": "Shut down the machine in Azure first",
}
"""Fields of the dialogs, by the names that requests have."""
TO_BE_CHOSEN: Final = "to be chosen"
"""What stands for a value that nobody told."""
LOOK_UP: Final = {
    "master_target": "no file names a master target of the machine's family: vault > Site Recovery infrastructure",
    "process_server": "no file names a process server: vault > Site Recovery infrastructure",
    "appliance": "no file names a replication appliance: vault > Site Recovery infrastructure > ASR replication "
    "appliances",
    "datastore": "no file names the machine's datastore: look at it in vCenter, or leave it as the dialog shows it",
    "retention_drive": "the dialog lists the drives of the master target (rules R29 and M08)",
    "log_storage_account": "the dialog lists the storage accounts of the vault's region; take one that the appliance "
    "can use (rule A04)",
    "account": "one that the configuration server keeps (rule F08), if the dialog asks for it",
}
"""Where a person finds a value that nobody told."""
_ACCOUNT: Final = re.compile(r"/subscriptions/[^/]+/resourceGroups/([^/]+)/.+/([^/]+)", re.IGNORECASE)
_WORDS: Final = {True: "yes", False: "no", "latest": "Latest", "latest_app_consistent": "Latest app-consistent"}


def path_words(subject: str, operation: Operation, architecture: Architecture, *, by_plan: bool) -> str:
    """Where to click."""
    place = (_PLAN if by_plan else _ITEM).format(subject=subject)
    return f"{place} > {GUIDE[architecture, operation].action}"


def value_words(value: object) -> str:
    """A value as the dialog shows it; what is named by its ARM id, with its resource group."""
    if isinstance(value, str) and (found := _ACCOUNT.fullmatch(value)):
        return f"{found[2]} (resource group {found[1]})"
    return str(_WORDS.get(value, value)) if isinstance(value, bool | str) else str(value)
