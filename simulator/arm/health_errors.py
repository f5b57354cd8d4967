"""Health errors of an item on the wire."""

from typing import Final

from failback.simulator import ProtectedItem

from .response import Json
from .surroundings import Ask

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
