"""What the mock names and serves for each architecture: a row each, so that no request branches on one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from failback.reprotect import Architecture

from .response import Json
from .wire import INMAGE, RCM, V2A


@dataclass(frozen=True, slots=True)
class FabricKind:
    """The words of one architecture's fabrics and items, and what their resources have."""

    to_azure: str
    """The provider of items that replicate to Azure."""
    fabric_type: str
    """Of its fabrics, containers, networks and providers."""
    item_fabric: str
    """What an item calls the provider of its primary fabric."""
    protectable_by: tuple[str, ...]
    """The providers that can protect a discovered machine."""
    mapping_details: Mapping[str, Json] | None
    """Of a mapping of a policy; recorded for classic: None."""
    has_appliances: bool
    """Whether the fabric's servers are replication appliances; else it is one configuration server."""
    lists_protectable: bool
    """Seen at a customer's: a modernised container lists no machines; they come from the VMware site."""
    plan_names_machine: bool
    """Whether an entry of a recovery plan carries the virtualMachineId (PowerShell sends none for modernised items)."""
    adds_disks: bool
    """Whether a body is published that adds disks to an item."""


KINDS: Final[Mapping[Architecture, FabricKind]] = {
    Architecture.CLASSIC: FabricKind(
        to_azure=V2A,
        fabric_type="VMware",
        item_fabric="VMware",
        protectable_by=(V2A, INMAGE),
        mapping_details=None,
        has_appliances=False,
        lists_protectable=True,
        plan_names_machine=True,
        adds_disks=False,
    ),
    Architecture.MODERNISED: FabricKind(
        to_azure=RCM,
        fabric_type="InMageRcm",
        item_fabric="InMageRcmFabric",
        protectable_by=(RCM,),
        mapping_details={"instanceType": RCM, "enableAgentAutoUpgrade": "false"},
        has_appliances=True,
        lists_protectable=False,
        plan_names_machine=False,
        adds_disks=True,
    ),
}
