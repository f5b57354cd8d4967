"""What people and clients may mend in the simulated vault and in Azure, whoever asks: the mock, or the drill itself."""

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from failback.reprotect import Unknown

from .mobility_agent import register_agent

if TYPE_CHECKING:
    from .protected_item import ProtectedItem
    from .site import Site
    from .vault import SimulatedVault


def discover(site: "Site") -> None:
    """A configuration server is refreshed: what was added shows at once (M10, M14, P08; at once is inferred)."""
    estate = site.estate
    site.refresh(*estate.virtual_machines, *estate.master_targets)
    for target in tuple(estate.master_targets.values()):
        drives = tuple(replace(drive, listed=_shown(drive.listed)) for drive in target.retention_drives)
        found = target.discovered if target.physical is True else _shown(target.discovered)
        site.change(target.name, retention_drives=drives, discovered=found)
    for server in tuple(estate.process_servers.values()):
        site.change(server.name, listed=_shown(server.listed))


def _shown(fact: bool | Unknown) -> bool | Unknown:
    """What did not show does now; what nobody knows stays unknown."""
    return True if fact is False else fact


def switch_process_server(vault: "SimulatedVault", names: Collection[str], source: str | None, target: str) -> None:
    """These items, all where none is named, go on through another process server if they went through `source`."""
    for item in vault.items.values():
        if (not names or item.name in names) and item.process_server == source:
            item.process_server = target
            if item.choices.process_server == source:
                item.choices = replace(item.choices, process_server=target)
            vault.record.review_replication(item.name)


def start_replica(vault: "SimulatedVault", name: str) -> None:
    """The Azure machine of an item is started; its agent has to register anew (R23, A06). Nothing where it runs."""
    azure = vault.site.vm(name).azure
    if azure.running is not True:
        vault.site.change(name, azure=replace(azure, running=True), agent_registered=False)
        vault.env.process(register_agent(vault.record, vault.items[name]))


def shown_process_server(vault: "SimulatedVault", item: "ProtectedItem") -> str | None:
    """The process server that the vault shows for an item: what was asked for, else the first that there is."""
    return item.process_server or next(iter(vault.site.estate.process_servers), None)
