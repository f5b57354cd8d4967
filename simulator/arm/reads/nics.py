"""The one NIC of a machine, as each provider shows it, with what a client set of it."""

from collections.abc import Mapping
from typing import Final

from failback.simulator.arm.wire.response import Json

from .item_facts import ItemFacts

NETWORK: Final = "VM Network"
"""The network on site that every machine is in (the estate has none)."""
_CONFIG: Final[Mapping[str, Json]] = {
    "name": "ipConfig1",
    "isPrimary": True,
    "subnetName": None,
    "staticIPAddress": None,
    "ipAddressType": "Dynamic",
    "isSeletedForFailover": True,
    "recoverySubnetName": None,
    "recoveryStaticIPAddress": None,
    "recoveryIPAddressType": "Dynamic",
    "recoveryPublicIPAddressId": None,
    "recoveryLBBackendAddressPoolIds": [],
    "tfoSubnetName": None,
    "tfoStaticIPAddress": None,
    "tfoPublicIPAddressId": None,
    "tfoLBBackendAddressPoolIds": [],
}
_UNSET: Final[dict[str, Json]] = {
    "sourceNicArmId": None,
    "recoveryNetworkSecurityGroupId": None,
    "enableAcceleratedNetworkingOnRecovery": False,
    "tfoNetworkSecurityGroupId": None,
    "enableAcceleratedNetworkingOnTfo": False,
    "recoveryNicName": None,
    "recoveryNicResourceGroupName": None,
    "reuseExistingNic": False,
    "tfoRecoveryNicName": None,
    "tfoRecoveryNicResourceGroupName": None,
    "tfoReuseExistingNic": False,
    "targetNicName": None,
}


def nic_id(facts: ItemFacts) -> str:
    """The NIC's id."""
    return facts.request.names.guid("nic", facts.vm.name)


def classic_nic(facts: ItemFacts) -> Json:
    """One of vmNics[] of a classic item. The NIC in Azure is named once there is one."""
    kept = facts.settings
    shown: dict[str, Json] = {
        "nicId": nic_id(facts),
        "replicaNicId": azure_nic_id(facts) if facts.has_replica else None,
        "vMNetworkName": NETWORK,
        "recoveryVMNetworkId": kept.details.get("selectedRecoveryAzureNetworkId"),
        "tfoVMNetworkId": kept.details.get("selectedTfoAzureNetworkId"),
        "selectionType": "SelectedByDefault",
    }
    configs = [_config(config) for config in kept.nic.get("ipConfigs") or [{}]]
    return shown | _UNSET | kept.nic | {"ipConfigs": configs}


def azure_nic_id(facts: ItemFacts) -> str:
    """The id of the machine's NIC in Azure; `nic` and a number is our name for one that nobody named."""
    set_ = facts.settings.nic
    name = set_.get("recoveryNicName") or set_.get("targetNicName") or f"{facts.azure_name}-nic0"
    return f"{facts.azure_group}/providers/Microsoft.Network/networkInterfaces/{name}"


def _config(kept: Mapping[str, Json]) -> Json:
    config = {**_CONFIG, **kept}
    return config | {"recoveryIPAddressType": _kind(config["recoveryStaticIPAddress"])}


def rcm_nic(facts: ItemFacts) -> Json:
    """One of vmNics[] of a modernised item on its way to Azure."""
    shown: dict[str, Json] = {
        "nicId": nic_id(facts),
        "isPrimaryNic": "true",
        "isSelectedForFailover": "true",
        "sourceIPAddress": facts.site_address,
        "sourceIPAddressType": "Dynamic",
        "sourceNetworkId": NETWORK,
        "sourceSubnetName": None,
        "targetIPAddress": None,
        "targetSubnetName": None,
        "testSubnetName": None,
        "testIPAddress": None,
        "targetNicName": None,
    } | facts.settings.nic
    return shown | {f"{side}IPAddressType": _kind(shown[f"{side}IPAddress"]) for side in ("target", "test")}


def _kind(address: Json) -> str:
    return "Static" if address else "Dynamic"


def rcm_failback_nic(facts: ItemFacts) -> Json:
    """One of vmNics[] on the way home; the MAC comes from the machine's number (ours)."""
    number = facts.request.names.number(facts.item.name)
    return {
        "macAddress": f"00-50-56-00-{number // 256 % 256:02x}-{number % 256:02x}",
        "networkName": NETWORK,
        "adapterType": "VmxNet3",
        "sourceIpAddress": facts.address,
    }
