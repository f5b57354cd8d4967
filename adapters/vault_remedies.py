"""What a drill fixes in a vault and in Azure: a refresh, another process server, a machine that is started."""

import time
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final

from failback.reprotect import Act, ApplyRemedy, Identity

from .estate_client import COMPUTE_VERSION
from .estate_translation import azure_machine_id, machine_facts
from .foreign import understood
from .remedies import NotFixed, RemedySteps, ReplyLost
from .remedy_client import RemedyClient
from .site_recovery_client import API_VERSION, ResourceAbsent, item_path
from .translation import Json, part, parts, text
from .translation_fabric import look_up
from .vault_names import NOBODY, called_outside, vault_names

LOOKS_MAX: Final = 60
"""Looks until the vault or Azure shows what an act brings about: five minutes."""
PAUSE_S: Final = 5.0
"""Seconds of wall time between two looks."""


def vault_steps(
    client: RemedyClient,
    sleep: Callable[[float], None] = time.sleep,
    servers: Mapping[str, str] = MappingProxyType({}),
    machines: Mapping[str, Identity] = NOBODY,
) -> Mapping[Act, RemedySteps]:
    """The acts that one vault and the machines of its subscription take; `sleep` passes wall time between two looks.

    `servers`: the vault's names of servers that have another one here, see `names_in_the_vault`; `machines`:
    what the items of machines are called, see `items_in_the_vault`.
    """
    acts, plainly = VaultActs(client, sleep, servers, machines), understood("The vault")
    return {
        Act.REFRESH_PROVIDER: RemedySteps(_nobody_sees, plainly(acts.refresh)),
        Act.SWITCH_PROCESS_SERVER: RemedySteps(plainly(acts.shows_that_server), plainly(acts.switch)),
        Act.START_REPLICA: RemedySteps(plainly(acts.runs), plainly(acts.start)),
    }


class VaultActs:
    """The acts, and how each is looked at."""

    def __init__(
        self,
        client: RemedyClient,
        sleep: Callable[[float], None] = time.sleep,
        servers: Mapping[str, str] = MappingProxyType({}),
        machines: Mapping[str, Identity] = NOBODY,
    ) -> None:
        self._client, self._sleep, self._names, self._machines = client, sleep, servers, machines

    # Refresh

    def refresh(self, command: ApplyRemedy) -> None:
        """Refresh the provider of a configuration server."""
        fabrics = self._client.below_vault("replicationFabrics")
        fabric = next((f for f in fabrics if _friendly(f) == self._in_vault(command.object)), None)
        if fabric is None:
            raise NotFixed(f"the vault has no configuration server {command.object}")
        providers = self._client.below(text(fabric.get("id")), "replicationRecoveryServicesProviders")
        if not providers:
            raise NotFixed(f"the configuration server {command.object} has no provider to refresh")
        self._client.post(_what(command), f"{text(providers[0].get('id'))}/refreshProvider", API_VERSION)

    # Another process server

    def shows_that_server(self, command: ApplyRemedy) -> bool:
        """Whether the item shows that process server."""
        item = self._item(command.item)
        details = part(part(item, "properties"), "providerSpecificDetails")
        shown = text(details.get("processServerId"))
        return (
            bool(shown) and shown.casefold() == self._servers(item).get(self._in_vault(command.object), "").casefold()
        )

    def switch(self, command: ApplyRemedy) -> None:
        """Switch this one item to it."""
        item = self._item(command.item)
        servers, where = self._servers(item), item_path(text(item.get("id")))
        source, target = (
            look_up(servers, self._in_vault(name or ""), "process server", where.fabric) for name in _both(command)
        )
        properties = {
            "containerName": where.container,
            "sourceProcessServerId": source,
            "targetProcessServerId": target,
            "vmsToMigrate": [where.name],
            "updateType": "ServerLevel",
        }
        fabric = where.id[: where.id.lower().index("/replicationprotectioncontainers/")]
        path, body = f"{fabric}/reassociateGateway", {"properties": properties}
        self._until(
            self.shows_that_server, command, partial(self._client.post, _what(command), path, API_VERSION, body)
        )

    # The Azure machine

    def runs(self, command: ApplyRemedy) -> bool:
        """Whether Azure shows it running, with an agent that answers."""
        return machine_facts(self._client.machine(self._machine(command))).get("running") is True

    def start(self, command: ApplyRemedy) -> None:
        """Start it, and wait until it runs."""
        path = f"{self._machine(command)}/start"
        self._until(self.runs, command, partial(self._client.post, _what(command), path, COMPUTE_VERSION))

    def _machine(self, command: ApplyRemedy) -> str:
        arm_id = azure_machine_id(self._item(command.item))
        if arm_id is None:
            raise NotFixed(f"the vault names no Azure virtual machine of {command.item}")
        return arm_id

    # The vault

    def _item(self, name: str) -> Json:
        listed = self._client.below_vault("replicationProtectedItems")
        names = vault_names(listed, self._machines)
        for unclear in names.unclear([name]):
            raise NotFixed(f"the vault has {unclear}, and it is unknown which one is meant")
        found = names.one(name)
        if found is None:
            called = called_outside(name, self._machines)
            raise ResourceAbsent(f"There is no replication protected item '{name}'{called} in this vault.")
        return self._client.resource(item_path(text(found.get("id"))).id)

    def _servers(self, item: Json) -> Mapping[str, str]:
        where = item_path(text(item.get("id")))
        fabric = self._client.fabric(where.fabric)
        listed = parts(part(part(fabric, "properties"), "customDetails"), "processServers")
        return {text(server.get("friendlyName")).casefold(): text(server.get("id")) for server in listed}

    def _in_vault(self, name: str) -> str:
        return self._names.get(name, name).casefold()

    def _until(self, holds: Callable[[ApplyRemedy], bool], command: ApplyRemedy, send: Callable[[], None]) -> None:
        """Send, and look until it shows or long enough, though no answer came back; the caller looks once more."""
        try:
            send()
        except ReplyLost:
            self._wait_for(holds, command)
            raise
        self._wait_for(holds, command)

    def _wait_for(self, holds: Callable[[ApplyRemedy], bool], command: ApplyRemedy) -> None:
        for _ in range(LOOKS_MAX):
            if holds(command):
                return
            self._sleep(PAUSE_S)


def _nobody_sees(_: ApplyRemedy) -> bool | None:
    """A refresh leaves no trace that a read shows."""
    return None


def _what(command: ApplyRemedy) -> str:
    return f"{command.act.value} of {command.object}"


def _both(command: ApplyRemedy) -> tuple[str | None, str]:
    return command.beside, command.object


def _friendly(fabric: Json) -> str:
    return text(part(fabric, "properties").get("friendlyName")).casefold()
