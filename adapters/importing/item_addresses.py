"""Addresses of a machine as its protected item shows them: on site, and in Azure.

Which of an item's addresses belongs to which side was never recorded: all of it is inferred from the fields' names.
Those of the target are configuration: the failover gives them to the adapter in Azure. Those of the source are
observations. `ipAddress`, `primaryNicIpAddress` and what discovery saw name no side.
"""

from collections.abc import Iterator
from typing import Final

from failback.adapters.translation import INMAGE, RCM_FAILBACK, Json, parts, text
from failback.reprotect import Phase, Side, phase_row

from .records import Facts

_FROM_AZURE: Final = frozenset({INMAGE, RCM_FAILBACK})
"""Providers of items that replicate home: the source of their adapters is in Azure."""
_SHOWN: Final = ("ipAddress", "primaryNicIpAddress")


def adapters_of(details: Json, phase: Phase | None) -> tuple[Facts, ...]:
    """The adapters on site: MAC, network and addresses, as far as the item shows them."""
    found = [dict(_adapter(nic, details)) for nic in parts(details, "vmNics")]
    shown = tuple(_shown(details)) if phase is not None and phase_row(phase).runs is Side.SITE else ()
    if shown and not any(adapter.get("addresses") for adapter in found):
        found = [(found[0] if found else {}) | {"addresses": shown}, *found[1:]]
    return tuple(filter(None, found))


def azure_addresses(details: Json, phase: Phase | None) -> tuple[str, ...]:
    """The addresses in Azure, while the machine runs there; none where the item does not say it of that side."""
    if phase is None or phase_row(phase).runs is not Side.AZURE:
        return ()
    nics = [nic for nic in parts(details, "vmNics") if text(nic.get("isSelectedForFailover")).casefold() != "false"]
    return tuple(dict.fromkeys(filter(None, (address for nic in nics for address in _in_azure(nic)))))


def _in_azure(nic: Json) -> Iterator[str]:
    """Of an item of the way to Azure the target's; of one that replicates home the source's."""
    yield text(nic.get("targetIPAddress"))
    yield from (text(config.get("recoveryStaticIPAddress")) for config in parts(nic, "ipConfigs"))
    yield text(nic.get("sourceIpAddress"))


def _adapter(nic: Json, details: Json) -> Iterator[tuple[str, object]]:
    if mac := text(nic.get("macAddress")):
        yield "mac", mac
    named = (text(nic.get(key)) for key in ("networkName", "vMNetworkName", "sourceNetworkId"))
    if network := next((name for name in named if name and "/" not in name), ""):
        yield "network", network
    if details.get("instanceType") not in _FROM_AZURE:
        configs = [text(config.get("staticIPAddress")) for config in parts(nic, "ipConfigs")]
        if addresses := tuple(filter(None, [text(nic.get("sourceIPAddress")), *configs])):
            yield "addresses", addresses


def _shown(details: Json) -> Iterator[str]:
    """The machine's own address, while it runs on site."""
    return filter(None, (text(details.get(key)) for key in _SHOWN))
