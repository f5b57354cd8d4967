"""Disks of an item by their ids: added ones get an initial replication of their own, removed ones are left out.

Published for VMware machines is the adding alone, and of modernised ones; all else here is guessed and says so.
"""

from typing import Final

from failback.reprotect import Phase
from failback.simulator import ProtectedItem, leave_out, take_in
from failback.simulator.arm.reads.item_facts import disk_name
from failback.simulator.arm.reads.looking_up import item
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.state.long_running import accepted
from failback.simulator.arm.wire.body_fields import BodyFields, properties_of
from failback.simulator.arm.wire.kinds import KINDS
from failback.simulator.arm.wire.response import Response, bad_request
from failback.simulator.arm.wire.wire import RCM, resting_phase

from .disk_numbers import numbers_of
from .instant_jobs import conflict
from .item_settings_in_bodies import disks_with, keep_settings

_A2A: Final = "A2A"
"""Its body is the only published one for removing disks."""
_NOT_ADDED: Final = {_A2A: "A2A is for Azure VMs.", RCM: "No body is published that adds disks to a classic item."}
"""Why a body of this provider adds no disks to an item to which another body, or none, would."""


def add_disks(request: ParsedRequest) -> Response:
    """POST I/addDisks: disks of unprotectedDisks are protected; the item stays so while they are copied (inferred)."""
    found, details = item(request), properties_of(request.body).inner("providerSpecificDetails")
    sent, own = details.needed_word("instanceType", tuple(_NOT_ADDED)), KINDS[found.architecture]
    if not own.adds_disks or sent != own.to_azure:
        raise bad_request(
            f"{_NOT_ADDED[sent]} Disks can be added to modernised items only.", "Use InMageRcm for a modernised item."
        )
    named = details.each("disks")
    for disk in named:
        for name in ("logStorageAccountId", "diskType"):
            disk.text(name)
    wanted = numbers_of(request, found.name, [(disk.text("diskId"), f"{disk.path}.diskId") for disk in named])
    _check(found, wanted)
    if wanted - found.left_out:
        raise conflict("DiskAlreadyProtected", f"Item '{found.name}': {_names(request, found, wanted)} is protected.")
    settings = disks_with(request, found.name, named)
    job = request.vault.instant_job(found.name, "AddDisks", "Add disks")
    take_in(request.vault.record, found, wanted)
    keep_settings(request, found.name, settings)
    return accepted(request, job, request.ids.item(found.name, found.architecture))


def remove_disks(request: ParsedRequest) -> Response:
    """POST I/removeDisks: the disks replicate no more. Guessed: the published body is of A2A, with our disks' ids."""
    found, details = item(request), properties_of(request.body).inner("providerSpecificDetails")
    details.needed_word("instanceType", (_A2A, KINDS[found.architecture].to_azure))
    fields = ("vmManagedDisksIds", "vmDisksUris")
    named = [(value, f"{details.path}.{name}") for name in fields for value in details.words(name)]
    wanted = numbers_of(request, found.name, named)
    _check(found, wanted)
    if 0 in wanted:
        raise bad_request(f"Item '{found.name}': the disk with the operating system cannot be left out (inferred).")
    job = request.vault.instant_job(found.name, "RemoveDisks", "Remove disks")
    leave_out(request.vault.record, found, wanted)
    return accepted(request, job, request.ids.item(found.name, found.architecture))


def left_out_of(request: ParsedRequest, machine: str, details: BodyFields) -> frozenset[int]:
    """Numbers of the disks that an enabling body leaves out: all but those in disksToInclude, if there are any."""
    named = [(disk.text("diskId"), f"{disk.path}.diskId") for disk in details.each("disksToInclude")]
    every = frozenset(range(len(request.world.site.vm(machine).disks)))
    return every - numbers_of(request, machine, named) if named else frozenset()


def _check(found: ProtectedItem, wanted: frozenset[int]) -> None:
    if not wanted:
        raise bad_request("No disk is named.")
    if resting_phase(found) is not Phase.REPLICATING_TO_AZURE:
        why = "disks can be added and removed while it replicates to Azure only (inferred)"
        raise conflict("OperationNotAllowed", f"Item '{found.name}': {why}.")


def _names(request: ParsedRequest, found: ProtectedItem, wanted: frozenset[int]) -> str:
    disks = request.world.site.vm(found.name).disks
    return ", ".join(disk_name(n, disks[n]) for n in sorted(wanted - found.left_out))
