"""Health errors of items and servers on the wire."""

from typing import Final

from failback.reprotect import Failure, Phase, Unmet, by_id
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


def health_errors(request: ParsedRequest, item: ProtectedItem) -> list[dict[str, Json]]:
    """One entry for every rule that is broken while the item replicates home; the code is the rule's."""
    now_s = request.world.env.now
    return [error_of(request, item.name, broken, now_s) for broken in item.health_errors.values()]


def failover_health(request: ParsedRequest, item: ProtectedItem) -> tuple[str, list[dict[str, Json]]]:
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
        "errorMessage": f"No heartbeat has come from {request.names.shown(server)} for 15 minutes.",
        "possibleCauses": "It is down or cut off, or its services do not run.",
        "recommendedAction": row.remedy,
        "creationTimeUtc": request.when((request.world.last_heartbeat(server) or 0.0) + SILENT_S),
        "entityId": request.names.server_id(server),
        "errorId": f"{request.names.server_id(server)}:{row.code}",
    }
    return [_FIXED | error]


def error_of(request: ParsedRequest, item: str, broken: Unmet, at_s: float) -> dict[str, Json]:
    """A rule that an item breaks, as its health error of that time."""
    words = (broken.code, broken.message, broken.possible_causes, broken.remedy)
    return _error(request, item, words, at_s)


def error_of_failure(request: ParsedRequest, subject: str, failure: Failure, at_s: float) -> Json:
    """Why a job failed, as an event has it."""
    words = (failure.code, failure.message, failure.possible_causes, failure.recommended_action)
    return _error(request, subject, words, at_s)


def _error(request: ParsedRequest, subject: str, words: tuple[str, str, str, str], at_s: float) -> dict[str, Json]:
    guid = request.names.item_guids.get(subject)
    texts = zip(("errorCode", "errorMessage", "possibleCauses", "recommendedAction"), words, strict=True)
    own = {"creationTimeUtc": request.when(at_s), "entityId": guid, "errorId": f"{guid or subject}:{words[0]}"}
    return _FIXED | dict(texts) | own


def issues(request: ParsedRequest) -> list[Json]:
    """The health errors of all items, one entry for each code with those that have it: the vault's own health."""
    found: dict[str, dict[str, Json]] = {}
    for item in request.vault.items.values():
        for error in (*health_errors(request, item), *failover_health(request, item)[1]):
            own = found.setdefault(error["errorCode"], _issue(error))
            own["affectedResourceCorrelationIds"].append(error["entityId"])
    return list(found.values())


def _issue(error: dict[str, Json]) -> dict[str, Json]:
    """The model knows Error and Warning; that a critical error counts as Error is inferred."""
    return {
        "summaryCode": error["errorCode"],
        "category": error["errorCategory"],
        "severity": "Error" if error["errorLevel"] == "Critical" else error["errorLevel"],
        "summaryMessage": error["errorMessage"],
        "affectedResourceType": "VirtualMachine",
        "affectedResourceSubtype": None,
        "affectedResourceCorrelationIds": [],
    }
