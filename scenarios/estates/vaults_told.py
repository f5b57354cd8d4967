"""Which vaults the protected items of an import are in, as their ids say."""

import re
from collections.abc import Iterator
from typing import Final

from failback.adapters.importing.records import Reading

from .unique_names import fit

_VAULT: Final = re.compile(
    r"/subscriptions/([^/]+)/resourceGroups/([^/]+)/providers/Microsoft\.RecoveryServices/vaults/([^/]+)/",
    re.IGNORECASE,
)


def vaults_told(reading: Reading) -> list[dict[str, str]]:
    """Name, resource group and subscription of each vault, once. Azure writes them in changing case."""
    found = {tuple(part.casefold() for part in vault): vault for vault in _vaults(reading)}
    return [
        {"name": fit(name), "resource_group": fit(group), "subscription": fit(subscription)}
        for _, (subscription, group, name) in sorted(found.items())
    ]


def _vaults(reading: Reading) -> Iterator[tuple[str, str, str]]:
    for item in reading.items:
        if (hit := _VAULT.match(item.id)) is not None:
            yield hit[1], hit[2], hit[3]
