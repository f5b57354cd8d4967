"""One vault, read live: the lists, and one GET for each item and plan, since lists leave half of them blank."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from failback.adapters.estate_client import EstateClient
from failback.adapters.foreign import understood
from failback.adapters.settings import AzureSettings
from failback.adapters.site_recovery_client import AccessDenied, OddAnswer, ResourceAbsent
from failback.adapters.translation import Json, text
from failback.adapters.translation_reads import is_vmware

from .arm_json import vault_reading
from .json_rows import merged_rows
from .live_vsphere import READ
from .records import Origin, Reading

ITEMS: Final = "replicationProtectedItems"
_LISTS: Final = (
    "replicationFabrics",
    "replicationRecoveryServicesProviders",
    "replicationvCenters",
    "replicationProtectionContainerMappings",
    "replicationAppliances",
    "replicationRecoveryPlans",
)
"""Collections of a vault besides its items; one that may not be read leaves facts unknown."""
_ALSO_ONE_BY_ONE: Final = ("replicationFabrics", "replicationRecoveryPlans")
Tell = Callable[[str], None]


@dataclass(slots=True)
class _Unread:
    """What could not be read, by kind: how many the account may not read, and how many gave no answer that fits."""

    denied: dict[str, int] = field(default_factory=dict)
    gone: dict[str, int] = field(default_factory=dict)
    odd: dict[str, int] = field(default_factory=dict)

    def notes(self, where: str) -> Iterator[str]:
        for found, why in (
            (self.denied, "may not be read by this account, so what they say is unknown"),
            (self.gone, "were gone when they were read one by one"),
            (self.odd, "gave an answer that cannot be understood, so only what the list says is known"),
        ):
            for kind, count in sorted(found.items()):
                yield f"{where}: {count or 'the list of'} {kind} {why}."


@understood("The vault")
def read_live_vault(client: EstateClient, settings: AzureSettings, now: Callable[[], datetime], tell: Tell) -> Reading:
    """What the vault says. Raises `Unreachable`, and `BadSettings` where there is no such vault."""
    unread = _Unread()
    items = client.below_vault(ITEMS)
    rows = [*items, *(row for kind in _LISTS for row in _listed(client, kind, unread))]
    tell(_announced(settings, sum(map(is_vmware, items))))
    rows += [*_singles(client, rows, unread), *_health(client, unread)]
    origin = Origin(f"vault {settings.vault}", "vault", now().replace(microsecond=0), READ)
    reading = vault_reading(merged_rows(rows), origin, client.server_time or datetime.now(UTC))
    reading.notes += unread.notes(origin.file)
    return reading


def _announced(settings: AzureSettings, items: int) -> str:
    minutes = max(1, round(items / settings.reads_per_s / 60))
    return (
        f"vault {settings.vault}: {items} items, one read each, at most {settings.reads_per_s:g} per second "
        f"(reads_per_s in the settings): about {minutes} min."
    )


def _listed(client: EstateClient, kind: str, unread: _Unread) -> tuple[Json, ...]:
    try:
        return client.below_vault(kind)
    except AccessDenied:
        unread.denied[kind] = 0
        return ()


def _singles(client: EstateClient, listed: list[Json], unread: _Unread) -> Iterator[Json]:
    for row in listed:
        kind = text(row.get("id")).rpartition("/")[0].rpartition("/")[2]
        if (kind == ITEMS and is_vmware(row)) or kind in _ALSO_ONE_BY_ONE:
            yield from _single(client, text(row.get("id")), kind, unread)


def _single(client: EstateClient, arm_id: str, kind: str, unread: _Unread) -> Iterator[Json]:
    try:
        yield client.resource(arm_id)
    except AccessDenied:
        unread.denied[kind] = unread.denied.get(kind, 0) + 1
    except ResourceAbsent:
        unread.gone[kind] = unread.gone.get(kind, 0) + 1
    except OddAnswer:
        unread.odd[kind] = unread.odd.get(kind, 0) + 1


def _health(client: EstateClient, unread: _Unread) -> Iterator[Json]:
    try:
        yield client.vault_resource("replicationVaultHealth")
    except (AccessDenied, ResourceAbsent):
        unread.denied["replicationVaultHealth"] = 0
