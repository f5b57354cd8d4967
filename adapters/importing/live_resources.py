"""What is in the resource groups of a vault's machines, read live: one list for each kind and group."""

import re
from collections.abc import Iterator
from typing import Final

from failback.adapters.estate_client import EstateClient
from failback.adapters.estate_translation import azure_machine_id
from failback.adapters.site_recovery_client import AccessDenied, OddAnswer, ResourceAbsent
from failback.adapters.translation import Json, part, text
from failback.adapters.translation_reads import is_vmware

from .azure_resources import RESOURCES
from .records import Reading
from .unread import Unread, count

_GROUP: Final = re.compile(r"/subscriptions/[^/?#]+/resourceGroups/[^/?#]+(?=/|$)", re.IGNORECASE)
_NAMED_IN: Final = ("targetResourceGroupId", "recoveryAzureResourceGroupId")


class Resources:
    """Lists them, and notes which kinds it could list in every group."""

    def __init__(self, client: EstateClient, unread: Unread) -> None:
        self._client, self._unread = client, unread
        self._denied: set[str] = set()

    def rows(self, rows: list[Json]) -> Iterator[Json]:
        """All of them in the groups of these items' machines."""
        groups = dict.fromkeys(group for row in rows if is_vmware(row) for group in _groups(row))
        self._denied = set() if groups else set(RESOURCES.values())
        for group in groups:
            for kind in RESOURCES:
                yield from self._listed(group, kind)

    def _listed(self, group: str, kind: str) -> tuple[Json, ...]:
        try:
            return self._client.in_group(group, kind)
        except (AccessDenied, ResourceAbsent):
            count(self._unread.denied, f"lists of {RESOURCES[kind]}s of a resource group")
        except OddAnswer:
            count(self._unread.odd, f"lists of {RESOURCES[kind]}s of a resource group")
        self._denied.add(RESOURCES[kind])
        return ()

    def note(self, reading: Reading) -> None:
        """Say of which kinds the reading has all, be it none, and of which it has not."""
        reading.listed = [kind for kind in RESOURCES.values() if kind not in self._denied]


def _groups(row: Json) -> Iterator[str]:
    details = part(part(row, "properties"), "providerSpecificDetails")
    for id_ in (azure_machine_id(row) or "", *(text(details.get(key)) for key in _NAMED_IN)):
        if found := _GROUP.match(id_):
            yield found[0].casefold()
