"""The list of a subscription's resources: the vault and the machines in Azure, by name, type or group, or all."""

from collections.abc import Mapping
from typing import Final

from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.wire.facts import shown_fact
from failback.simulator.arm.wire.response import Json, Response

from .compute import head_of
from .filters import Words, chosen
from .pages import whole
from .vault_reads import vault_head

_FIELDS: Final[Mapping[str, Words[Json]]] = {
    "name": Words(lambda resource: str(resource["name"])),
    "resourcetype": Words(lambda resource: str(resource["type"])),
    "resourcegroup": Words(lambda resource: str(resource["id"]).split("/")[4]),
    "location": Words(lambda resource: str(resource["location"])),
}


def list_resources(request: ParsedRequest) -> Response:
    """GET /subscriptions/{subscription}/resources."""
    there = (name for name in request.vault.items if shown_fact(request.world.site.vm(name).azure.exists) is True)
    every = [vault_head(request), *(head_of(request, name) for name in there)]
    return whole(chosen(every, request.query.get("filter"), _FIELDS))
