"""What is in Azure, whoever it belongs to: virtual machines, disks, network interfaces, public addresses."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from failback.adapters.translation import Json, last_segment, part, text

from .records import AzureResource

RESOURCES: Final[Mapping[str, str]] = {
    "virtualmachines": "virtual machine",
    "disks": "disk",
    "networkinterfaces": "network interface",
    "publicipaddresses": "public address",
}
"""By the word of their ids, in lower case, what people call them."""


def resources_of(rows: Mapping[str, Sequence[Json]]) -> Iterator[AzureResource]:
    """The resources of these kinds, each with what it is attached to and what its price depends on."""
    for kind, found in rows.items():
        for row in found:
            if id_ := text(row.get("id")):
                name = text(row.get("name")) or last_segment(id_)
                yield AzureResource(RESOURCES[kind], name, id_, _PART_OF[kind](row), _size(kind, row), _gib(row))


def _properties(row: Json) -> Json:
    """Its properties; the Azure CLI writes them beside the name."""
    return part(row, "properties") or row


_PART_OF: Final[Mapping[str, Callable[[Json], str]]] = {
    "virtualmachines": lambda _: "",
    "disks": lambda row: text(row.get("managedBy")),
    "networkinterfaces": lambda row: text(part(_properties(row), "virtualMachine").get("id")),
    "publicipaddresses": lambda row: text(part(_properties(row), "ipConfiguration").get("id")),
}


def _size(kind: str, row: Json) -> str:
    if kind == "virtualmachines":
        return text(part(_properties(row), "hardwareProfile").get("vmSize"))
    return text(part(row, "sku").get("name"))


def _gib(row: Json) -> float | None:
    own = _properties(row)
    size = own.get("diskSizeGB", own.get("diskSizeGb"))
    return float(size) if isinstance(size, int | float) and not isinstance(size, bool) else None
