"""The Azure machines of a vault's items, read live: a GET for each that ought to be there, and their adapters."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from failback.adapters.estate_client import EstateClient
from failback.adapters.estate_translation import azure_machine_id
from failback.adapters.site_recovery_client import AccessDenied, OddAnswer, ResourceAbsent
from failback.adapters.translation import Json, NotUnderstood, last_segment, part, parts, text
from failback.adapters.translation_reads import is_vmware, phase_of
from failback.reprotect import Replica, Unreachable, phase_row

from .unread import Unread, count

MACHINES: Final = "virtual machines in Azure"
INTERFACES: Final = "network interfaces in Azure"
_GROUP: Final = re.compile(r"(/subscriptions/[^/?#]+/resourceGroups/[^/?#]+)/providers/", re.IGNORECASE)


def replicas_of(client: EstateClient, rows: list[Json], unread: Unread) -> Iterator[Json]:
    """The machines of these items and their network interfaces.

    A machine that is not where its item says is looked for by its name.
    """
    wanted = [arm_id for row in rows if is_vmware(row) and _is_there(row) and (arm_id := azure_machine_id(row))]
    machines = list(_machines(client, wanted, unread))
    yield from machines
    yield from _interfaces(client, machines, unread)


def _interfaces(client: EstateClient, machines: list[Json], unread: Unread) -> Iterator[Json]:
    """Those of these machines: each resource group is listed once, since a read of each would double the GETs."""
    ids = dict.fromkeys(nic_id for machine in machines for nic_id in _interface_ids(machine))
    groups = Counter(found[1] for nic_id in ids if (found := _GROUP.match(nic_id)))
    for group, number in groups.items():
        try:
            yield from (row for row in client.interfaces(group) if text(row.get("id")).casefold() in ids)
        except (AccessDenied, ResourceAbsent):
            unread.denied[INTERFACES] = unread.denied.get(INTERFACES, 0) + number
        except OddAnswer:
            unread.odd[INTERFACES] = unread.odd.get(INTERFACES, 0) + number


def _interface_ids(machine: Json) -> Iterator[str]:
    for nic in parts(part(part(machine, "properties"), "networkProfile"), "networkInterfaces"):
        yield text(nic.get("id")).casefold()


def _is_there(item: Json) -> bool:
    try:
        return phase_row(phase_of(item)).replica is Replica.PRESENT
    except NotUnderstood:
        return False


def _machines(client: EstateClient, wanted: list[str], unread: Unread) -> Iterator[Json]:
    answers = dict(zip(wanted, client.at_once(_machine, wanted), strict=True))
    gone = [arm_id for arm_id, answer in answers.items() if isinstance(answer, ResourceAbsent)]
    elsewhere = dict(zip(gone, client.at_once(_elsewhere, gone), strict=True))
    for arm_id in wanted:
        answer = elsewhere.get(arm_id, answers[arm_id])
        if isinstance(answer, Unreachable):
            count(unread.odd if isinstance(answer, OddAnswer) else unread.denied, MACHINES)
        else:
            unread.absent |= elsewhere.keys() & {arm_id}
            yield from answer


def _machine(client: EstateClient, arm_id: str) -> tuple[Json, ...] | Unreachable:
    """The machine, or why it could not be read."""
    try:
        return (client.machine(arm_id),)
    except (AccessDenied, ResourceAbsent, OddAnswer) as failed:
        return failed


def _elsewhere(client: EstateClient, arm_id: str) -> tuple[Json, ...] | Unreachable:
    """The machines of its name; where they cannot be read, it was moved or deleted, and nobody knows which."""
    try:
        return client.machines_named(last_segment(arm_id))
    except (AccessDenied, ResourceAbsent, OddAnswer) as failed:
        return AccessDenied(str(failed))
