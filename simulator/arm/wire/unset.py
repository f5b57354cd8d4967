"""Keys of an item's details that the service sends when nothing was set of them, by provider.

Recorded for the target fields of modernised items: they are present. Null or empty is inferred from the kind of each:
tags and lists are empty, everything else is null.
"""

from collections.abc import Mapping
from typing import Final

from .response import Json
from .wire import INMAGE, RCM, RCM_BACK, V2A

_TEXTS: Final[Mapping[str, tuple[str, ...]]] = {
    V2A: (
        "selectedRecoveryAzureNetworkId",
        "selectedTfoAzureNetworkId",
        "selectedSourceNicId",
        "recoveryAvailabilitySetId",
        "targetAvailabilityZone",
        "targetProximityPlacementGroupId",
        "sqlServerLicenseType",
        "osName",
    ),
    RCM: (
        "runAsAccountId",
        "failoverRecoveryPointId",
        "lastRecoveryPointId",
        "linuxLicenseType",
        "sqlServerLicenseType",
        "targetAvailabilitySetId",
        "targetAvailabilityZone",
        "targetProximityPlacementGroupId",
        "targetBootDiagnosticsStorageAccountId",
        "targetNetworkId",
        "testNetworkId",
        "lastAgentUpgradeType",
        "agentUpgradeJobId",
        "agentUpgradeAttemptToVersion",
        "osName",
        "targetVmSecurityProfile",
        "targetCapacityReservationGroupId",
    ),
}
_TAGS: Final = ("targetVmTags", "seedManagedDiskTags", "targetManagedDiskTags", "targetNicTags")
_LISTS: Final[Mapping[str, tuple[str, ...]]] = {
    V2A: ("supportedOSVersions", "allAvailableOSUpgradeConfigurations"),
    RCM: ("supportedOSVersions", "lastAgentUpgradeErrorDetails", "agentUpgradeBlockingErrorDetails", *_TAGS),
}

_OBJECTS: Final[Mapping[str, tuple[str, ...]]] = {V2A: _TAGS}


def unset_keys(provider: str) -> dict[str, Json]:
    """Those of one provider; classic tags are an object."""
    texts: dict[str, Json] = dict.fromkeys(_TEXTS.get(provider, ()))
    lists: dict[str, Json] = {name: [] for name in _LISTS.get(provider, ())}
    objects: dict[str, Json] = {name: {} for name in _OBJECTS.get(provider, ())}
    return texts | lists | objects


UNSET: Final[Mapping[str, dict[str, Json]]] = {kind: unset_keys(kind) for kind in (V2A, INMAGE, RCM, RCM_BACK)}
