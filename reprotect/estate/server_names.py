"""What the vault calls a server that an import had to rename: dialogs, scripts and requests know only that name."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, Final

from failback.reprotect.choices import Choices

from .whole import Estate

_SECTIONS: Final = ("configuration_servers", "process_servers", "master_targets", "appliances")
_CHOSEN: Final = ("process_server", "master_target", "appliance", "datastore")
"""Choices that name a server or a datastore."""


def names_in_the_vault(estate: Estate) -> Mapping[str, str]:
    """The vault's name by the name in the estate, of the servers for which they differ."""
    servers = (server for section in _SECTIONS for server in getattr(estate, section).values())
    return {server.name: server.vault_name for server in servers if server.vault_name}


def datastores_in_vsphere(estate: Estate) -> Mapping[str, str]:
    """VSphere's name by the name in the estate, of the datastores for which they differ: dialogs show that name."""
    return {store.name: store.vsphere_name for store in estate.datastores.values() if store.vsphere_name}


def names_in_requests(estate: Estate) -> Mapping[str, str]:
    """Both: what a request calls the servers and datastores that have another name in the estate."""
    return {**datastores_in_vsphere(estate), **names_in_the_vault(estate)}


def datastore_here(estate: Estate, name: str, hosts: Collection[str] = ()) -> str:
    """The name in the estate of what vSphere calls `name`; of several the one that one of these hosts mounts.

    `name` itself where that does not tell.
    """
    same = [store.name for store in estate.datastores.values() if (store.vsphere_name or store.name) == name]
    mounted = {each for host in hosts if host in estate.hosts for each in estate.hosts[host].mounted}
    seen = [each for each in same if each in mounted]
    return next((found[0] for found in (seen, same) if len(found) == 1), name)


def named_as_here(estate: Estate, section: str, name: str) -> str:
    """The name in the estate of what the vault calls `name`; `name` itself where nothing was renamed to it."""
    parts = getattr(estate, section)
    return next((part.name for part in parts.values() if getattr(part, "vault_name", None) == name), name)


def as_the_vault_says(choices: Choices, names: Mapping[str, str]) -> Choices:
    """The choices with the names that the vault has; `names`: see `names_in_requests`."""
    told: dict[str, Any] = {field: getattr(choices, field) for field in _CHOSEN}
    return replace(choices, **{field: names.get(name, name) for field, name in told.items() if name in names})
