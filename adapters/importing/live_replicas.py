"""The Azure machines of a vault's items, read live: one GET for each that ought to be there."""

from collections.abc import Iterator

from failback.adapters.estate_client import EstateClient
from failback.adapters.estate_translation import azure_machine_id
from failback.adapters.site_recovery_client import AccessDenied, OddAnswer, ResourceAbsent
from failback.adapters.translation import Json, NotUnderstood, last_segment
from failback.adapters.translation_reads import is_vmware, phase_of
from failback.reprotect import Replica, phase_row

from .unread import Unread, count

KIND = "virtual machines in Azure"


def replicas_of(client: EstateClient, rows: list[Json], unread: Unread) -> Iterator[Json]:
    """The machines of these items. One that is not where its item says is looked for by its name."""
    for row in rows:
        if is_vmware(row) and _is_there(row) and (arm_id := azure_machine_id(row)):
            yield from _replica(client, arm_id, unread)


def _is_there(item: Json) -> bool:
    try:
        return phase_row(phase_of(item)).replica is Replica.PRESENT
    except NotUnderstood:
        return False


def _replica(client: EstateClient, arm_id: str, unread: Unread) -> Iterator[Json]:
    try:
        yield client.machine(arm_id)
    except ResourceAbsent:
        yield from _elsewhere(client, arm_id, unread)
    except AccessDenied:
        count(unread.denied, KIND)
    except OddAnswer:
        count(unread.odd, KIND)


def _elsewhere(client: EstateClient, arm_id: str, unread: Unread) -> Iterator[Json]:
    try:
        found = client.machines_named(last_segment(arm_id))
    except (AccessDenied, ResourceAbsent, OddAnswer):  # moved or deleted: nobody knows
        count(unread.denied, KIND)
        return
    unread.absent |= {arm_id}
    yield from found
