"""The network team's table: where each machine is reached in Azure and at home, who sets it, how it is verified."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from failback.reprotect import Adapter, VirtualMachine, by_id, known
from failback.scenarios.files.applications import Application
from failback.scenarios.files.schema import Scenario

NETWORK_HEADS: Final = (
    "machine",
    "what is known",
    "address in Azure",
    "address at home",
    "port group at home",
    "DNS record",
    "who sets it",
    "how it is verified",
)
_LOST: Final = "A07"
"""The rule by which a static address does not come home; G01 says the same of classic machines."""


class NetworkRow(NamedTuple):
    """One adapter of one machine, under `NETWORK_HEADS`. What is empty, people write in."""

    machine: str
    known: str
    in_azure: str
    at_home: str
    port_group: str
    dns: str
    who: str
    verified: str


def network_rows(scenario: Scenario) -> Iterator[NetworkRow]:
    """The rows, in the order of the machines and of their adapters."""
    for vm in scenario.estate.virtual_machines.values():
        served = [one for one in scenario.applications if vm.name in one.machines]
        first, *others = vm.adapters or (Adapter(),)
        yield _row(vm, first, served)
        for adapter in others:
            yield _row(vm, adapter, [])._replace(known="", in_azure="", dns="", verified="")


def _row(vm: VirtualMachine, adapter: Adapter, served: list[Application]) -> NetworkRow:
    at_home = ", ".join(adapter.addresses)
    return NetworkRow(
        vm.name,
        address_words(vm),
        ", ".join(vm.azure.addresses),
        at_home,
        adapter.network,
        " = ".join(filter(None, (vm.dns_name, at_home))) if vm.dns_name else "",
        _who(vm, served),
        _verified(vm, at_home, served),
    )


def address_words(vm: VirtualMachine) -> str:
    """What the estate knows of how the machine gets its address."""
    told = []
    if known(vm.static_ip):
        told.append("static in the guest" if vm.static_ip else "by DHCP")
    if known(vm.retains_ip):
        told.append("kept in Azure" if vm.retains_ip else "another one in Azure")
    return ", ".join(told)


def _who(vm: VirtualMachine, served: list[Application]) -> str:
    """A static address is set by hand after the return; whether it is one, the same person knows."""
    if vm.static_ip is False:
        return "DHCP"
    rule, owners = by_id(_LOST), [one.owner for one in served if one.owner]
    return ", ".join(dict.fromkeys(owners)) or (rule.who if rule else "")


def _verified(vm: VirtualMachine, at_home: str, served: list[Application]) -> str:
    looks = [f"nslookup {vm.dns_name}"] if vm.dns_name else [f"ping {at_home}"] if at_home else []
    checks = [f"{check.kind.value.upper()} {check.target}" for one in served for check in one.checks]
    return "; ".join(dict.fromkeys([*looks, *checks]))
