"""Health errors of items and servers on the wire."""

from typing import Final

from failback.reprotect import Phase, by_id
from failback.simulator import SILENT_S, ProtectedItem
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.wire.response import Json
from failback.simulator.arm.wire.wire import resting_phase

_FIXED: Final[dict[str, Json]] = {
    "innerHealthErrors": [],
    "errorSource": "Service",
    "errorType": "Replication",
    "errorLevel": "Critical",
    "errorCategory": "Replication",
    "summaryMessage": "",
    "recoveryProviderErrorMessage": None,
    "customerResolvability": "NotAllowed",
}


def health_errors(request: ParsedRequest, item: ProtectedItem) -> list[Json]:
    """One entry for every rule that is broken while the item replicates home; the code is the rule's."""
    return [_entry(request, item, code) for code in item.health_errors]


def failover_health(request: ParsedRequest, item: ProtectedItem) -> tuple[str, list[Json]]:
    """Recorded: a warning 161011 while an item that could be tested never was."""
    if item.tested_s is not None or resting_phase(item) is not Phase.REPLICATING_TO_AZURE:
        return "Normal", []
    error: dict[str, Json] = {
        "errorType": "8010",
        "errorLevel": "Warning",
        "errorCategory": "TestFailover",
        "errorCode": "161011",
        "errorMessage": "No test failover of this machine has succeeded so far.",
        "possibleCauses": "No test failover was done.",
        "recommendedAction": "Do a test failover and clean it up.",
        "creationTimeUtc": request.when(0.0),
        "entityId": request.names.item_guids[item.name],
        "errorId": "6:8010",
    }
    return "Warning", [_FIXED | error]


def health(item: ProtectedItem) -> str:
    """ReplicationHealth. A warning while a disk that was added is copied for the first time (guess)."""
    if item.health_errors:
        return "Critical"
    return "Warning" if item.first_syncs else "Normal"


def silence(request: ParsedRequest, server: str, rule: str) -> list[Json]:
    """The error of a server that has not been heard for 15 minutes; nothing before that."""
    row = by_id(rule) if request.vault.record.heartbeats.is_silent(server) else None
    if row is None:
        return []
    error: dict[str, Json] = {
        "errorCode": row.code,
        "errorMessage": f"No heartbeat has come from {server} for 15 minutes.",
        "possibleCauses": "It is down or cut off, or its services do not run.",
        "recommendedAction": row.remedy,
        "creationTimeUtc": request.when((request.world.last_heartbeat(server) or 0.0) + SILENT_S),
        "entityId": request.names.server_id(server),
        "errorId": f"{request.names.server_id(server)}:{row.code}",
    }
    return [_FIXED | error]


def _entry(request: ParsedRequest, item: ProtectedItem, code: str) -> Json:
    error = item.health_errors[code]
    return _FIXED | {
        "errorCode": code,
        "errorMessage": error.message,
        "possibleCauses": error.possible_causes,
        "recommendedAction": error.remedy,
        "creationTimeUtc": request.now,
        "entityId": request.names.item_guids[item.name],
        "errorId": f"{request.names.item_guids[item.name]}:{code}",
    }
