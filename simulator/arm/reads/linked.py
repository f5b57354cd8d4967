"""Networks and storage accounts that items name, outside the vault: the mock's own and those that a client PUT."""

from collections.abc import Mapping
from typing import Final

from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.wire.response import ArmError

NETWORKS: Final = "Microsoft.Network/virtualNetworks"
ACCOUNTS: Final = "Microsoft.Storage/storageAccounts"
LOCATION: Final = "westeurope"
"""Where everything is."""
OWN: Final[Mapping[str, tuple[str, ...]]] = {
    NETWORKS: ("failover-network", "test-network"),
    ACCOUNTS: ("cache", "logs"),
}
"""Names that are there in every resource group."""
SUBNETS: Final = ("default", "app")
"""Subnets of each of those networks."""


def check_linked(
    request: ParsedRequest, id_: str | None, kind: str, where: str, also: tuple[str, ...] = ()
) -> str | None:
    """The id, if it names such a resource that is there, or one of `also`.

    Raises a 400 with ARM's codes (which of them is inferred).
    """
    if id_ is None:
        return None
    parts = id_.strip("/").split("/")
    if not _is_id(parts, kind):
        why = f"{where} '{id_[:200]}' is not the id of a resource of type '{kind}'."
        raise ArmError(400, "LinkedInvalidPropertyId", why, target=where)
    if parts[-1].lower() not in (*OWN[kind], *also) and id_.lower() not in request.context.resources.neighbours:
        why = f"The resource '{id_[:200]}' that {where} refers to was not found; PUT it first, or take one of the list."
        raise ArmError(400, "InvalidResourceReference", why, target=where)
    return id_


def _is_id(parts: list[str], kind: str) -> bool:
    """/subscriptions/S/resourceGroups/G/providers/NAMESPACE/TYPE/NAME."""
    fixed = [part.lower() for part in (*parts[0:1], *parts[2:3], *parts[4:7])]
    return len(parts) == 8 and fixed == ["subscriptions", "resourcegroups", "providers", *kind.lower().split("/")]
