"""What the tasks of jobs do on site: each takes (vault, item, job), acts at its task's end, may raise `TaskFailed`."""

from collections.abc import Generator
from dataclasses import replace
from functools import partial
from typing import Any, Final

import simpy

from failback.reprotect import (
    EFFECTS,
    AzureVm,
    Choices,
    Estate,
    Move,
    Operation,
    Stage,
    VsphereRefused,
    evolved,
    known,
    merged,
    phase_row,
    through,
)

from .enforcement import enforce, first_broken
from .job import Job
from .mobility_agent import register_agent
from .parameters import SlotsHeldUntil
from .protected_disks import homeward_disks
from .protected_item import ProtectedItem
from .resync import resync
from .site import Site
from .vault_record import VaultRecord
from .vsphere import unless_gone

FAILBACK_SNAPSHOT: Final = "asr-failback"
"""Our name for the snapshot that a modernised failback takes before power-on (A12); ASR's own is not documented."""


def nothing(vault: VaultRecord, item: ProtectedItem, job: Job) -> None:
    """Take time only."""


# Failover to Azure


def shutdown_not_asked(item: ProtectedItem, job: Job) -> bool:
    """Recorded: shutdown and sync are skipped when sourceSiteOperations is NotRequired (C15)."""
    return not job.choices.shut_down_source


def shut_down_on_premises(vault: VaultRecord, item: ProtectedItem, job: Job) -> None:
    """Power the on-premises machine off, if it is there."""
    if item.name in vault.site.hands.look([item.name]):
        vault.site.hands.power_off(item.name)
        vault.site.free_memory(item.name)
    vault.site.refresh(item.name)


def start_in_azure(vault: VaultRecord, item: ProtectedItem, job: Job) -> None:
    """The replica runs, unless the file says otherwise of it; its agent has to register anew (R23, A06)."""
    replica = replica_made(vault.site.vm(item.name).azure, is_first=item.failed_over_s is None)
    vault.site.change(item.name, azure=replica)
    vault.site.requested_through.pop(item.name, None)
    item.failed_over_s = vault.env.now
    if replica.running is True and replica.exists is True:
        vault.env.process(register_agent(vault, item))


def replica_made(said: AzureVm, *, is_first: bool) -> AzureVm:
    """What a failover brings about. A file speaks of the first replica (R17, R18, 78093); a later one is a new one."""
    reaches = said.reaches_configuration_server is not False
    holds = said if is_first else AzureVm()
    return replace(
        said,
        running=holds.running is True or not known(holds.running),
        exists=holds.exists is not False,
        moved=holds.moved is True,
        reaches_configuration_server=reaches,
    )


def note_test(vault: VaultRecord, item: ProtectedItem, job: Job) -> None:
    """A test failover leaves its date."""
    item.tested_s = vault.env.now


# Reprotect to on-premises


def already_committed(item: ProtectedItem, job: Job) -> bool:
    """Recorded: the job commits a failover that nobody committed, and skips the task otherwise."""
    return item.move is not None and phase_row(item.move.phase).is_committed


def check_reprotect(vault: VaultRecord, item: ProtectedItem, job: Job) -> None:
    """The prerequisite check of a reprotect."""
    vault.site.refresh(item.name, *_helpers(job))
    for helper in _helpers(job):
        for store in vault.site.vm(item.name).datastores:
            vault.site.refresh_mounts(store, helper)
    enforce(vault.site, item.name, Stage.PREREQUISITE_CHECK, Operation.REPROTECT_TO_ON_PREMISES, job.choices)


def _helpers(job: Job) -> tuple[str, ...]:
    return tuple(name for name in (job.choices.master_target, job.choices.appliance) if name)


def take_disks(vault: VaultRecord, item: ProtectedItem, job: Job) -> None:
    """Turn the on-premises machine off (R32), merge its snapshots (R05), attach its disks to their host (B06, T04)."""
    site, hands = vault.site, vault.site.hands
    enforce(site, item.name, Stage.JOB, Operation.REPROTECT_TO_ON_PREMISES, job.choices)
    disk_host = _helpers(job)[0]
    item.alternate_location = site.vm(item.name).exists_on_premises is False
    item.homeward = homeward_disks(vault, item)
    promise_room(site, item, job.choices.datastore or "")
    if item.alternate_location:
        make_anew(vault, item)
    hands.power_off(item.name)
    hands.remove_snapshots(item.name)
    hands.attach_disks(item.name, disk_host)
    item.disk_host = disk_host
    site.refresh(item.name)


def promise_room(site: Site, item: ProtectedItem, chosen: str, share: float = 1.0) -> None:
    """New disks take their whole size of the chosen datastore, or of the machine's own where that still exists.

    `share`: of that, what is not yet written and counted in what the datastore has free.
    """
    own = site.vm(item.name).datastore
    gib = share * sum(each.disk.size_gib for each in item.homeward if EFFECTS[each.travel].room)
    if gib:
        site.promise_room(item.name, (chosen or own) if item.alternate_location else (own or chosen), gib)


def make_anew(vault: VaultRecord, item: ProtectedItem) -> None:
    """What was said of the machine that is gone does not hold for the new one: where it stands, what is asked of it."""
    site, datastore = vault.site, item.choices.datastore or ""
    host = _host_of(vault, through(item.choices) or "")
    site.hands.create_vm(item.name, host, datastore, [round(each.disk.size_gib * 2**30) for each in item.homeward])
    disks = tuple(replace(disk, attached_on_premises=True, held_by=None) for disk in site.vm(item.name).disks)
    at = {"host": host, "datastore": datastore, "disks": disks}
    site.change(item.name, **at, registered_in_vcenter=True, pending_question=False, autostart=False)


def _host_of(vault: VaultRecord, disk_host: str) -> str:
    estate = vault.site.estate
    return (estate.master_targets.get(disk_host) or estate.appliances[disk_host]).host


def resync_home(vault: VaultRecord, item: ProtectedItem, move: Move) -> Generator[simpy.Event, Any, None]:
    """The resync after the job (C23): each disk as it travels, changed blocks or everything (B01)."""
    yield from _held_up(vault, item, Operation.REPROTECT_TO_ON_PREMISES, item.choices)
    yield from resync(vault, item, move, fraction=None)


def _held_up(
    vault: VaultRecord, item: ProtectedItem, operation: Operation, choices: Choices
) -> Generator[simpy.Event, Any, None]:
    """A rule that bites after success (M13): the job succeeded, nothing is replicated, and the health says why."""
    broken = first_broken(vault.site, item.name, Stage.REPLICATION, operation, choices)
    if broken is None:
        return
    vault.set_health(item, broken)
    rule_holds = partial(_holds, vault, item.name, operation, choices)
    yield vault.site.until(rule_holds)
    vault.set_health(item, None)


def _holds(vault: VaultRecord, item: str, operation: Operation, choices: Choices, _: Estate) -> bool:
    return first_broken(vault.site, item, Stage.REPLICATION, operation, choices) is None


# Failback


def check_failback(vault: VaultRecord, item: ProtectedItem, job: Job) -> None:
    """The prerequisites check of a failback."""
    vault.site.refresh(item.name, *((item.disk_host,) if item.disk_host else ()))
    enforce(vault.site, item.name, Stage.FAILBACK, Operation.FAILBACK, merged(item.choices, job.choices))
    vault.site.take_memory(item.name)


def shut_down_in_azure(vault: VaultRecord, item: ProtectedItem, job: Job) -> None:
    """Turn the Azure machine off (F04): it writes no more."""
    if item.replication is not None:
        item.replication.quiet()
    set_azure(vault, item, running=False)


def last_changes_arrive(vault: VaultRecord, item: ProtectedItem) -> simpy.Event:
    """What the machine wrote last is sent before it starts on site."""
    return vault.env.timeout(0.0) if item.replication is None else item.replication.arrived()


def set_azure(vault: VaultRecord, item: ProtectedItem, **facts: Any) -> None:
    """Change these facts of the replica; what else a scenario says of it stays."""
    vault.site.change(item.name, azure=evolved(vault.site.vm(item.name).azure, **facts))


def give_disks_back(vault: VaultRecord, item: ProtectedItem, job: Job) -> None:
    """Detach the disks from the disk host and attach them to the machine (B08). What has not arrived by now is lost."""
    if item.replication is not None:
        item.replication.note_rpo()
        item.replication.stop()
    if item.disk_host:
        vault.site.hands.return_disks(item.name, item.disk_host)


def give_disks_back_with_snapshot(vault: VaultRecord, item: ProtectedItem, job: Job) -> None:
    """The same, and a snapshot after the detach and before power-on, which a cancel reverts to (A12)."""
    give_disks_back(vault, item, job)
    vault.site.hands.take_snapshot(item.name, FAILBACK_SNAPSHOT)


def start_on_premises(vault: VaultRecord, item: ProtectedItem, job: Job) -> None:
    """Power the on-premises machine on; its agent registers again (R23)."""
    host = vault.site.vm(item.name).host
    if not vault.site.responds(host):
        raise VsphereRefused(f"the host {host} of {item.name} does not respond")
    vault.site.hands.power_on(item.name)
    item.failed_over_s = vault.env.now
    vault.site.refresh(item.name)
    if vault.site.parameters.slots_held_until is SlotsHeldUntil.FAILBACK:
        vault.site.free_slots(item.name)
    vault.env.process(register_agent(vault, item))


def undo_failback(vault: VaultRecord, item: ProtectedItem) -> None:
    """A failback that fails or is cancelled is put right by itself (A12): nothing stray, the Azure machine runs."""
    _undo_on_site(vault, item)
    _resume_in_azure(vault, item)


def _undo_on_site(vault: VaultRecord, item: ProtectedItem) -> None:
    vault.site.free_memory(item.name)
    with unless_gone():  # without the machine or its disk host the disks stay where they are
        _attach_again(vault.site, item)


def _resume_in_azure(vault: VaultRecord, item: ProtectedItem) -> None:
    item.boots += 1
    vault.site.change(item.name, agent_registered=True)
    set_azure(vault, item, running=vault.site.vm(item.name).azure.exists is not False)
    if item.replication is not None:
        item.replication.resume()
    vault.site.refresh(item.name)


def _attach_again(site: Site, item: ProtectedItem) -> None:
    facts = site.hands.look([item.name]).get(item.name)
    if facts is not None and item.disk_host and facts.disks:
        site.hands.power_off(item.name)
        site.hands.remove_snapshots(item.name)
        site.hands.attach_disks(item.name, item.disk_host)
        site.take_slots(item.name, item.disk_host, len(item.homeward))


def cancel_failback(vault: VaultRecord, item: ProtectedItem, job: Job) -> None:
    """The cancel of a failback that was done and not committed: the disks are the replica's again."""
    _undo_on_site(vault, item)


def start_again_in_azure(vault: VaultRecord, item: ProtectedItem, job: Job) -> None:
    """The last step of that cancel: the Azure machine runs, and replicates home again."""
    _resume_in_azure(vault, item)


def delete_azure_vm(vault: VaultRecord, item: ProtectedItem, job: Job) -> None:
    """Commit removes the Azure machine (F05) and frees the disk slots."""
    set_azure(vault, item, running=False, exists=False)
    vault.site.free_slots(item.name)
    item.disk_host, item.alternate_location = None, False


def delete_azure_vm_and_snapshot(vault: VaultRecord, item: ProtectedItem, job: Job) -> None:
    """The same, and the failback snapshot goes (inferred: nothing to revert to any more)."""
    vault.site.hands.remove_snapshots(item.name)
    vault.site.refresh(item.name)
    delete_azure_vm(vault, item, job)


# Reprotect to Azure


def check_reprotect_to_azure(vault: VaultRecord, item: ProtectedItem, job: Job) -> None:
    """The prerequisite check of the last leg (F08)."""
    vault.site.refresh(item.name)
    enforce(vault.site, item.name, Stage.PREREQUISITE_CHECK, Operation.REPROTECT_TO_AZURE, job.choices)


def resync_out(vault: VaultRecord, item: ProtectedItem, move: Move) -> Generator[simpy.Event, Any, None]:
    """The resync to Azure after the last leg's job."""
    yield from _held_up(vault, item, Operation.REPROTECT_TO_AZURE, Choices())
    yield from resync(vault, item, move, fraction=None)
