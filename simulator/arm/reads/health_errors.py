"""Health errors of items and servers on the wire."""

from typing import Final

from failback.reprotect import by_id
from failback.simulator import SILENT_S, ProtectedItem
from failback.simulator.arm.state.surroundings import Ask
from failback.simulator.arm.wire.response import Json

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


def health_errors(ask: Ask, item: ProtectedItem) -> list[Json]:
    """One entry for every rule that is broken while the item replicates home; the code is the rule's."""
    return [_entry(ask, item, code) for code in item.health_errors]


def health(item: ProtectedItem) -> str:
    """ReplicationHealth. A warning while a disk that was added is copied for the first time (guess)."""
    if item.health_errors:
        return "Critical"
    return "Warning" if item.first_syncs else "Normal"


def silence(ask: Ask, server: str, rule: str) -> list[Json]:
    """The error of a server that has not been heard for 15 minutes; nothing before that."""
    row = by_id(rule) if ask.vault.record.heartbeats.is_silent(server) else None
    if row is None:
        return []
    said: dict[str, Json] = {
        "errorCode": row.code,
        "errorMessage": f"No heartbeat has come from {server} for 15 minutes.",
        "possibleCauses": "It is down or cut off, or its services do not run.",
        "recommendedAction": row.remedy,
        "creationTimeUtc": ask.when((ask.world.last_heartbeat(server) or 0.0) + SILENT_S),
        "entityId": ask.names.server_id(server),
        "errorId": f"{ask.names.server_id(server)}:{row.code}",
    }
    return [_FIXED | said]


def _entry(ask: Ask, item: ProtectedItem, code: str) -> Json:
    said = item.health_errors[code]
    return _FIXED | {
        "errorCode": code,
        "errorMessage": said.message,
        "possibleCauses": said.possible_causes,
        "recommendedAction": said.remedy,
        "creationTimeUtc": ask.now,
        "entityId": ask.names.item_guids[item.name],
        "errorId": f"{ask.names.item_guids[item.name]}:{code}",
    }
