"""What a client sets of an item, and under which key the item shows it.

The names on both sides are those of the SDK's models. Where they differ, their descriptions say what belongs together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from .wire import RCM, V2A


@dataclass(frozen=True, slots=True)
class Setting:
    """One row: the field of the request, the key that shows it, and what kind of value it is.

    `below` says that the field stands in providerSpecificDetails, else in the properties.
    """

    sent: str
    shown: str
    kind: str = "text"
    below: bool = True


LICENCES: Final[Mapping[str, tuple[str, ...]]] = {
    "licenseType": ("NotSpecified", "NoLicenseType", "WindowsServer"),
    "sqlServerLicenseType": ("NotSpecified", "NoLicenseType", "PAYG", "AHUB"),
    "linuxLicenseType": ("NotSpecified", "NoLicenseType", "LinuxServer"),
}
"""The SDK's words, by field."""
DISK_TYPES: Final = (
    "Standard_LRS",
    "Premium_LRS",
    "StandardSSD_LRS",
    "PremiumV2_LRS",
    "UltraSSD_LRS",
    "StandardSSD_ZRS",
    "Premium_ZRS",
)


def _same(*names: str, kind: str = "text", below: bool = True) -> tuple[Setting, ...]:
    return tuple(Setting(name, name, kind, below) for name in names)


_TAGS: Final = ("targetVmTags", "seedManagedDiskTags", "targetManagedDiskTags", "targetNicTags")
_PLACE: Final = ("targetAvailabilityZone", "targetProximityPlacementGroupId")
_RCM_BOTH: Final = (
    *_same("targetVmName", kind="machine name"),
    *_same("targetVmSize", "targetResourceGroupId", "targetAvailabilitySetId", *_PLACE),
    *_same("targetBootDiagnosticsStorageAccountId", kind="storage"),
    *_same("targetNetworkId", "testNetworkId", kind="network"),
    *_same("licenseType", "sqlServerLicenseType", "linuxLicenseType", kind="licence"),
    Setting("userSelectedOSName", "osName"),
    *_same("targetCapacityReservationGroupId"),
)
ENABLING: Final[Mapping[str, tuple[Setting, ...]]] = {
    V2A: (
        Setting("storageAccountId", "recoveryAzureStorageAccount", "storage"),
        Setting("logStorageAccountId", "recoveryAzureLogStorageAccountId", "storage"),
        *_same("multiVmGroupId", "multiVmGroupName", "enableRdpOnTargetOption", *_PLACE),
        Setting("targetAzureNetworkId", "selectedRecoveryAzureNetworkId", "network"),
        Setting("targetAzureVmName", "recoveryAzureVMName", "machine name"),
        Setting("targetAzureV1ResourceGroupId", "recoveryAzureResourceGroupId"),
        Setting("targetAzureV2ResourceGroupId", "recoveryAzureResourceGroupId"),
        Setting("targetAvailabilitySetId", "recoveryAvailabilitySetId"),
        Setting("targetVmSize", "recoveryAzureVMSize"),
        *_same("licenseType", "sqlServerLicenseType", kind="licence"),
        *_same(*_TAGS, kind="tags"),
    ),
    RCM: (
        *_RCM_BOTH,
        *_same("runAsAccountId", "multiVmGroupName"),
        *_same("targetVmSecurityProfile", kind="security"),
        *_same(*_TAGS, kind="tag list"),
    ),
}
UPDATING: Final[Mapping[str, tuple[Setting, ...]]] = {
    V2A: (
        *_same("recoveryAzureVMName", kind="machine name", below=False),
        *_same("recoveryAzureVMSize", "selectedSourceNicId", below=False),
        *_same("selectedRecoveryAzureNetworkId", "selectedTfoAzureNetworkId", kind="network", below=False),
        *_same("enableRdpOnTargetOption", "recoveryAvailabilitySetId", below=False),
        *_same("licenseType", kind="licence", below=False),
        Setting("recoveryAzureV1ResourceGroupId", "recoveryAzureResourceGroupId"),
        Setting("recoveryAzureV2ResourceGroupId", "recoveryAzureResourceGroupId"),
        *_same("useManagedDisks", *_PLACE),
        *_same("sqlServerLicenseType", kind="licence"),
        *_same(*(tag for tag in _TAGS if tag != "seedManagedDiskTags"), kind="tags"),
    ),
    RCM: (
        # Outside providerSpecificDetails the same things have other names; a client may send both (the inner one wins).
        Setting("recoveryAzureVMName", "targetVmName", "machine name", below=False),
        Setting("recoveryAzureVMSize", "targetVmSize", below=False),
        Setting("selectedRecoveryAzureNetworkId", "targetNetworkId", "network", below=False),
        Setting("selectedTfoAzureNetworkId", "testNetworkId", "network", below=False),
        Setting("recoveryAvailabilitySetId", "targetAvailabilitySetId", below=False),
        *_same("licenseType", kind="licence", below=False),
        *_RCM_BOTH,
        *_same(*(tag for tag in _TAGS if tag != "seedManagedDiskTags"), kind="tag list"),
    ),
}
NOT_TAKEN: Final[Mapping[str, tuple[str, ...]]] = {V2A: (), RCM: ("selectedSourceNicId", "enableRdpOnTargetOption")}
"""Fields outside providerSpecificDetails that such an item cannot show: a request with one is refused."""
SECURITY: Final = (
    "targetVmSecurityType",
    "targetVmSecureBoot",
    "targetVmTpm",
    "targetVmMonitoring",
    "targetVmConfidentialEncryption",
)
"""Fields of targetVmSecurityProfile."""

NIC: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    V2A: {
        "selectionType": ("selectionType", "text"),
        "recoveryNetworkSecurityGroupId": ("recoveryNetworkSecurityGroupId", "text"),
        "enableAcceleratedNetworkingOnRecovery": ("enableAcceleratedNetworkingOnRecovery", "flag"),
        "tfoNetworkSecurityGroupId": ("tfoNetworkSecurityGroupId", "text"),
        "enableAcceleratedNetworkingOnTfo": ("enableAcceleratedNetworkingOnTfo", "flag"),
        "recoveryNicName": ("recoveryNicName", "NIC name"),
        "recoveryNicResourceGroupName": ("recoveryNicResourceGroupName", "text"),
        "reuseExistingNic": ("reuseExistingNic", "flag"),
        "tfoNicName": ("tfoRecoveryNicName", "NIC name"),
        "tfoNicResourceGroupName": ("tfoRecoveryNicResourceGroupName", "text"),
        "tfoReuseExistingNic": ("tfoReuseExistingNic", "flag"),
        "targetNicName": ("targetNicName", "NIC name"),
    },
    RCM: {
        "isPrimaryNic": ("isPrimaryNic", "text"),
        "isSelectedForFailover": ("isSelectedForFailover", "text"),
        "targetSubnetName": ("targetSubnetName", "text"),
        "targetStaticIPAddress": ("targetIPAddress", "address"),
        "testSubnetName": ("testSubnetName", "text"),
        "testStaticIPAddress": ("testIPAddress", "address"),
        "targetNicName": ("targetNicName", "NIC name"),
    },
}
"""Fields of one vmNics[] of an update, with the key that shows each and its kind."""
IP_CONFIG: Final[Mapping[str, tuple[str, str]]] = {
    "ipConfigName": ("name", "text"),
    "isPrimary": ("isPrimary", "flag"),
    "isSeletedForFailover": ("isSeletedForFailover", "flag"),  # misspelt on the wire
    "recoverySubnetName": ("recoverySubnetName", "text"),
    "recoveryStaticIPAddress": ("recoveryStaticIPAddress", "address"),
    "recoveryPublicIPAddressId": ("recoveryPublicIPAddressId", "text"),
    "recoveryLBBackendAddressPoolIds": ("recoveryLBBackendAddressPoolIds", "words"),
    "tfoSubnetName": ("tfoSubnetName", "text"),
    "tfoStaticIPAddress": ("tfoStaticIPAddress", "address"),
    "tfoPublicIPAddressId": ("tfoPublicIPAddressId", "text"),
    "tfoLBBackendAddressPoolIds": ("tfoLBBackendAddressPoolIds", "words"),
}
"""Fields of one ipConfigs[] of a classic NIC."""
OLD_NIC: Final[Mapping[str, str]] = {
    "recoveryVMSubnetName": "recoverySubnetName",
    "replicaNicStaticIPAddress": "recoveryStaticIPAddress",
    "tfoVMSubnetName": "tfoSubnetName",
}
"""Fields of a NIC in versions before ipConfigs, and the field of its primary configuration that each became."""
DISK: Final[Mapping[str, tuple[str, str]]] = {
    "logStorageAccountId": ("logStorageAccountId", "storage"),
    "diskType": ("diskType", "disk type"),
    "diskEncryptionSetId": ("diskEncryptionSetId", "text"),
    "sectorSizeInBytes": ("sectorSizeInBytes", "number"),
    "iops": ("iops", "number"),
    "throughputInMbps": ("throughputInMbps", "number"),
    "diskSizeInGB": ("diskSizeInGB", "number"),
    "targetDiskName": ("customTargetDiskName", "disk name"),
}
"""Fields of one disk of a modernised item, wherever it is set."""
CLASSIC_DISK: Final[Mapping[str, tuple[str, str]]] = {
    "diskType": ("replicaDiskType", "disk type"),
    "diskEncryptionSetId": ("diskEncryptionSetId", "text"),
    "targetDiskName": ("targetDiskName", "disk name"),
    "logStorageAccountId": ("", "storage"),
    "iops": ("", "number"),
    "throughputInMbps": ("", "number"),
    "diskSizeInGB": ("", "number"),
}
"""The same of a classic item. An empty key: no key of the answer's model shows it (InMageAzureV2ManagedDiskDetails)."""
