"""Through which servers items come home, by the names that their vault has for them."""

from collections.abc import Mapping
from typing import Final

from failback.reprotect import Phase, Unreachable, phase_row

from .estate_client import EstateClient
from .estate_translation import process_server, returns_through
from .site_recovery_client import ResourceAbsent
from .translation import INMAGE, RCM_FAILBACK, Json, part, parts, text

_CONTAINER: Final = "/replicationProtectionContainers/"


class WatchedServers:
    """Tells them from the single reads of items; reads each classic fabric once, since an item has ids alone."""

    def __init__(self, client: EstateClient) -> None:
        self._client = client
        self._targets: dict[str, str] = {}
        self._servers: dict[str, str] = {}
        self._fabrics: set[str] = set()

    def of(self, item: Json, phase: Phase) -> Mapping[str, str]:
        """Names by the choices of a reprotect home; nothing for an item that is not on its way home.

        Once it is home, a classic item names its process server as its master target (recorded).
        """
        if not phase_row(phase).holds_slots:
            return {}
        details = part(part(item, "properties"), "providerSpecificDetails")
        readers = {RCM_FAILBACK: self._appliance, INMAGE: self._classic_servers}
        read = readers.get(text(details.get("instanceType")))
        found = read(item, details) if read else {}
        return {choice: text(name) for choice, name in found.items() if text(name)}

    @staticmethod
    def _appliance(_: Json, details: Json) -> dict[str, object]:
        return {"appliance": details.get("reprotectAgentName"), "datastore": details.get("targetDataStoreName")}

    def _classic_servers(self, item: Json, _: Json) -> dict[str, object]:
        self._read_fabric(text(item.get("id")).partition(_CONTAINER)[0])
        target, server = returns_through(item, self._targets), process_server(item, self._servers)
        return {"master_target": target, "process_server": server}

    def _read_fabric(self, fabric: str) -> None:
        """Once, also where it may not be read: its servers then stay unnamed."""
        if not fabric or fabric.casefold() in self._fabrics:
            return
        self._fabrics.add(fabric.casefold())
        try:
            details = part(part(self._client.resource(fabric), "properties"), "customDetails")
        except (ResourceAbsent, Unreachable):
            return
        lists = (self._servers, "processServers", "friendlyName"), (self._targets, "masterTargetServers", "name")
        for names, key, name in lists:
            names |= {text(each.get("id")).casefold(): text(each.get(name)) for each in parts(details, key)}
