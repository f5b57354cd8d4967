"""One vault, read live: the lists, and one GET for each item and plan, since lists leave half of them blank."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Final

from failback.adapters.estate_client import EstateClient
from failback.adapters.foreign import understood
from failback.adapters.pace import BACK_PER_S
from failback.adapters.settings import AzureSettings
from failback.adapters.site_recovery_client import AccessDenied, OddAnswer, ResourceAbsent
from failback.adapters.translation import Json, text
from failback.adapters.translation_reads import is_vmware
from failback.reprotect import Architecture, Unreachable

from .arm_json import vault_reading
from .json_rows import merged_rows
from .live_replicas import replicas_of
from .live_resources import Resources
from .records import READ, Origin, Reading
from .unread import Unread, count

ITEMS: Final = "replicationProtectedItems"
PLANS: Final = "replicationRecoveryPlans"
_SERVERS: Final = {Architecture.MODERNISED: "replicationAppliances", Architecture.CLASSIC: "replicationFabrics"}
"""Which collection has all servers of an architecture."""
_LISTS: Final = (
    "replicationFabrics",
    "replicationRecoveryServicesProviders",
    "replicationvCenters",
    "replicationProtectionContainerMappings",
    "replicationPolicies",
    "replicationAppliances",
    PLANS,
)
"""Collections of a vault besides its items; one that may not be read leaves facts unknown."""
_ONE_BY_ONE: Final = {kind.casefold(): kind for kind in (ITEMS, "replicationFabrics", PLANS)}
"""By the word in an id, whose case differs from answer to answer."""
Tell = Callable[[str], None]


@understood("The vault")
def read_live_vault(
    client: EstateClient, settings: AzureSettings, now: Callable[[], datetime], tell: Tell, *, resources: bool = False
) -> Reading:
    """What the vault says. Raises `Unreachable`, and `BadSettings` where there is no such vault.

    `resources`: also list what is in the resource groups of its machines, whoever it belongs to.
    """
    unread = Unread()
    items = client.below_vault(ITEMS)
    rows = [*items, *(row for kind in _LISTS for row in _listed(client, kind, unread))]
    tell(_announced(settings, sum(map(is_vmware, items))))
    rows += [*_singles(client, rows, unread), *_health(client, unread)]
    rows = [row for row in rows if text(row.get("id")).casefold() not in unread.vanished]
    rows += replicas_of(client, merged_rows(rows), unread)
    lists = Resources(client, unread)
    rows += lists.rows(merged_rows(rows)) if resources else ()
    origin = Origin(f"vault {settings.vault}", "vault", now().replace(microsecond=0), READ)
    reading = vault_reading(merged_rows(rows), origin, client.server_time or datetime.now(UTC), unread.absent)
    reading.has_plans = PLANS not in unread.denied
    reading.servers = frozenset(server.value for server, kind in _SERVERS.items() if kind not in unread.denied)
    if resources:
        lists.note(reading)
    reading.notes += unread.notes(origin.file)
    return reading


def _announced(settings: AzureSettings, items: int) -> str:
    per_s = min(settings.reads_per_s or BACK_PER_S, BACK_PER_S)
    minutes = max(1, round(items / per_s / 60))
    forced = "" if settings.reads_per_s is None else f" (reads_per_s in the settings: {settings.reads_per_s:g})"
    return (
        f"vault {settings.vault}: {items} item{'' if items == 1 else 's'}, one read each, and one more if its machine "
        f"is in Azure, with a list of network interfaces for each resource group. At {per_s:g} reads per "
        f"second{forced}, this takes about {minutes} to {2 * minutes} min."
    )


def _listed(client: EstateClient, kind: str, unread: Unread) -> tuple[Json, ...]:
    try:
        return client.below_vault(kind)
    except AccessDenied:
        unread.denied[kind] = 0
        return ()


def _singles(client: EstateClient, listed: list[Json], unread: Unread) -> Iterator[Json]:
    wanted = list(_wanted(listed))
    answers = client.at_once(_single, [arm_id for arm_id, _ in wanted])
    for (arm_id, kind), answer in zip(wanted, answers, strict=True):
        if not isinstance(answer, Unreachable):
            yield answer
        elif isinstance(answer, ResourceAbsent):
            count(unread.gone, kind)
            unread.vanished.add(arm_id.casefold())
        else:
            count(unread.denied if isinstance(answer, AccessDenied) else unread.odd, kind)


def _wanted(listed: list[Json]) -> Iterator[tuple[str, str]]:
    """What is read one by one: its id and its kind."""
    for row in listed:
        arm_id = text(row.get("id"))
        kind = _ONE_BY_ONE.get(arm_id.rpartition("/")[0].rpartition("/")[2].casefold())
        if kind and (kind != ITEMS or is_vmware(row)):
            yield arm_id, kind


def _single(client: EstateClient, arm_id: str) -> Json | Unreachable:
    """The resource, or why it alone could not be read."""
    try:
        return client.resource(arm_id)
    except (AccessDenied, ResourceAbsent, OddAnswer) as failed:
        return failed


def _health(client: EstateClient, unread: Unread) -> Iterator[Json]:
    try:
        yield client.vault_resource("replicationVaultHealth")
    except (AccessDenied, ResourceAbsent):
        unread.denied["replicationVaultHealth"] = 0
