"""Names and ids of the simulated vault, the same for the same seed: GUIDs, hexadecimal fabrics, host ids, ARM ids."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from failback.reprotect import Architecture, configuration_server, datastores_in_vsphere, names_in_the_vault
from failback.simulator import World

from .kinds import KINDS, FabricKind

RCM_FABRIC: Final = "replication appliances"
NO_SERVER: Final = "configuration server"


@dataclass(frozen=True, slots=True)
class FabricName:
    """One fabric. Recorded: 64 hexadecimal digits; its only container and its provider are named by one GUID.

    `title` is what the vault calls it; `server` the name of its configuration server in the estate.
    """

    architecture: Architecture
    title: str
    server: str
    name: str
    guid: str

    @property
    def kind(self) -> FabricKind:
        """What the service says and has for its architecture."""
        return KINDS[self.architecture]

    @property
    def container(self) -> str:
        """Its container's resource name."""
        return f"cloud_{self.guid}"


class Names:
    """Names of one world's parts and the way back from them. Derived from the seed and the estate; items may join."""

    def __init__(self, world: World) -> None:
        self._chance, estate = world.site.chance, world.site.estate
        self._guids: dict[tuple[str | int, ...], str] = {}
        self._shown, self._stores = names_in_the_vault(estate), datastores_in_vsphere(estate)
        self.fabrics = tuple(self._fabric(a, title) for a, title in _fabric_titles(world))
        self.item_guids = {name: self.guid("item", name) for name in world.vault.items}
        self.items = {guid: name for name, guid in self.item_guids.items()}
        self.item_numbers = {name: number for number, name in enumerate(world.vault.items, 1)}
        servers = {name: configuration_server(estate, name) for name in estate.virtual_machines}
        self._servers = {name: server.name for name, server in servers.items() if server is not None}
        self._accounts: dict[str, str] = {}
        for server in estate.configuration_servers.values():
            self.account_ids(server.accounts)
        self.agents = self._components(estate.appliances, "reprotect-agent")
        self.appliance_servers = self._components(estate.appliances, "process-server")

    def account_ids(self, accounts: Iterable[str]) -> dict[str, str]:
        """Ids of these accounts and of all that were ever there: a small number each, never given twice."""
        for name in accounts:
            self._accounts.setdefault(name, str(len(self._accounts) + 1))
        return self._accounts

    def number(self, name: str) -> int:
        """A machine's number, from which its addresses come."""
        return self.item_numbers.setdefault(name, len(self.item_numbers) + 1)

    def adopt(self, name: str, resource_name: str) -> None:
        """An item that a client protects is called in the vault as the client says."""
        self.number(name)
        self.item_guids[name] = resource_name
        self.items[resource_name.lower()] = name

    def guid(self, *key: str | int) -> str:
        """A GUID for this key."""
        known = self._guids.get(key)
        if known is None:
            known = self._guids[key] = self._chance.guid("arm", *key)
        return known

    def server_id(self, name: str) -> str:
        """A classic server's host id (recorded: 8-4-4-16 digits; two roles on one machine share it)."""
        digits = self.guid("server", self.shown(name)).replace("-", "").upper()
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:]}"

    def shown(self, name: str) -> str:
        """What this vault calls a server of the estate."""
        return self._shown.get(name, name)

    def store(self, name: str) -> str:
        """What vSphere, and so this vault, calls a datastore of the estate."""
        return self._stores.get(name, name)

    def component(self, appliance: str, component: str) -> str:
        """The id of one component of an appliance."""
        return self.guid("component", appliance, component)

    def fabric_of(self, name: str, architecture: Architecture) -> FabricName:
        """The fabric that holds this machine's item: that of its configuration server, or that of all appliances."""
        of_kind = [fabric for fabric in self.fabrics if fabric.architecture is architecture]
        return next((fabric for fabric in of_kind if fabric.server == self._servers.get(name)), of_kind[0])

    def _fabric(self, architecture: Architecture, server: str) -> FabricName:
        digits = sha256(self.guid("fabric name", server).encode()).hexdigest()
        return FabricName(architecture, self.shown(server), server, digits, self.guid("fabric", server))

    def _components(self, appliances: Iterable[str], component: str) -> dict[str, str]:
        return {self.component(name, component): name for name in appliances}


def vcenter_name(number: int) -> str:
    """The resource name of a fabric's vCenter by its place in the list."""
    return f"vcenter-{number + 1}" if number else "vcenter"


def _fabric_titles(world: World) -> list[tuple[Architecture, str]]:
    estate, items = world.site.estate, world.vault.items.values()
    architectures = {item.architecture for item in items}
    titles = [(Architecture.CLASSIC, name) for name in estate.configuration_servers]
    if not titles and Architecture.CLASSIC in architectures:
        titles.append((Architecture.CLASSIC, NO_SERVER))
    if estate.appliances or Architecture.MODERNISED in architectures:
        titles.append((Architecture.MODERNISED, RCM_FABRIC))
    return titles


@dataclass(frozen=True, slots=True)
class Addresses:
    """ARM ids below one vault, as a request names it. Recorded: they begin with a capital S."""

    names: Names
    subscription: str
    resource_group: str
    vault_name: str

    @property
    def group(self) -> str:
        """The resource group's id."""
        return f"/Subscriptions/{self.subscription}/resourceGroups/{self.resource_group}"

    @property
    def vault(self) -> str:
        """The vault's id."""
        return f"{self.group}/providers/Microsoft.RecoveryServices/vaults/{self.vault_name}"

    def child(self, *path: str) -> str:
        """The id of something below the vault."""
        return "/".join((self.vault, *path))

    def fabric(self, fabric: FabricName) -> str:
        """A fabric's id."""
        return self.child("replicationFabrics", fabric.name)

    def container(self, fabric: FabricName) -> str:
        """The id of a fabric's container."""
        return f"{self.fabric(fabric)}/replicationProtectionContainers/{fabric.container}"

    def item(self, name: str, architecture: Architecture) -> str:
        """A protected item's id."""
        container = self.container(self.names.fabric_of(name, architecture))
        return f"{container}/replicationProtectedItems/{self.names.item_guids[name]}"

    def provider(self, fabric: FabricName) -> str:
        """The id of a fabric's provider."""
        return f"{self.fabric(fabric)}/replicationRecoveryServicesProviders/{fabric.guid}"

    def vcenter(self, fabric: FabricName, number: int) -> str:
        """The id of one of a fabric's vCenters."""
        return f"{self.fabric(fabric)}/replicationvCenters/{vcenter_name(number)}"

    def job(self, job_id: str) -> str:
        """A job's id."""
        return self.child("replicationJobs", job_id)

    def policy(self, name: str) -> str:
        """A policy's id."""
        return self.child("replicationPolicies", name)

    def plan(self, name: str) -> str:
        """A recovery plan's id."""
        return self.child("replicationRecoveryPlans", name)

    def storage(self, name: str) -> str:
        """A storage account's id."""
        return f"{self.group}/providers/Microsoft.Storage/storageAccounts/{name}"
