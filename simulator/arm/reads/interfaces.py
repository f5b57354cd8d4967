"""Network interfaces of the machines in Azure: their addresses there. Shapes as published."""

from collections.abc import Iterator
from typing import Final

from failback.simulator import ProtectedItem
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.wire.facts import shown_fact
from failback.simulator.arm.wire.response import Json, Response, not_found, reply

from .item_facts import ItemFacts, facts_of
from .linked import LOCATION, NETWORKS, OWN, SUBNETS
from .nics import azure_nic_id
from .pages import whole

KIND: Final = "Microsoft.Network/networkInterfaces"


def list_interfaces(request: ParsedRequest) -> Response:
    """GET .../Microsoft.Network/networkInterfaces: all are in every resource group, as the vault is."""
    return whole([_body(facts) for facts in _there(request)])


def get_interface(request: ParsedRequest) -> Response:
    """GET .../networkInterfaces/{interface}."""
    wanted = request.params["interface"]
    for facts in _there(request):
        if azure_nic_id(facts).rpartition("/")[2].lower() == wanted.lower():
            return reply(_body(facts))
    raise not_found(f"The resource '{KIND}/{wanted[:100]}'")


def profile_of(request: ParsedRequest, item: ProtectedItem) -> Json:
    """NetworkProfile of a machine in Azure."""
    nic = {"id": azure_nic_id(facts_of(request, item, full=True)), "properties": {"primary": True}}
    return {"networkInterfaces": [nic]}


def _there(request: ParsedRequest) -> Iterator[ItemFacts]:
    for item in request.vault.items.values():
        facts = facts_of(request, item, full=True)
        if shown_fact(facts.vm.azure.exists) is True:
            yield facts


def _body(facts: ItemFacts) -> Json:
    id_ = azure_nic_id(facts)
    config = {
        "name": "ipConfig1",
        "properties": {
            "privateIPAddress": facts.azure_address,
            "privateIPAllocationMethod": "Dynamic",
            "subnet": {"id": _subnet(facts)},
            "primary": True,
        },
    }
    properties = {
        "provisioningState": "Succeeded",
        "ipConfigurations": [config],
        "primary": True,
        "virtualMachine": {"id": facts.azure_machine_id},
    }
    return {"id": id_, "name": id_.rpartition("/")[2], "type": KIND, "location": LOCATION, "properties": properties}


def _subnet(facts: ItemFacts) -> str:
    """What was set for it; else the network that the estate knows, or the first of ours."""
    details, nic = facts.settings.details, facts.settings.nic
    asked = details.get("selectedRecoveryAzureNetworkId") or details.get("targetNetworkId")
    name = shown_fact(facts.vm.azure.network) or OWN[NETWORKS][0]
    network = asked or f"{facts.request.ids.group}/providers/{NETWORKS}/{name}"
    configs = [config.get("recoverySubnetName") for config in nic.get("ipConfigs", ())]
    return f"{network}/subnets/{next(filter(None, [*configs, nic.get('targetSubnetName')]), SUBNETS[0])}"
