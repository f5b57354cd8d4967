"""The predicates about the machine on its way: types of failback, guest and disks, the failback run, replication."""

from math import ceil
from typing import Final

from failback.reprotect.choices import Choices
from failback.reprotect.estate import (
    ROOM,
    ConfigurationServer,
    Datastore,
    Disk,
    Estate,
    Fact,
    ProcessServer,
    VirtualMachine,
    churn_mib_per_s,
    configuration_server,
    known,
    room_gib,
    room_left_gib,
    scanned_gib,
    travelling,
)
from failback.reprotect.item import OsFamily

from .os_release import WINDOWS_2008_R2, os_release
from .predicates_shared import (
    at_either_location,
    drive_name,
    fits,
    home_datastores,
    is_gone,
    label,
    lacks,
    machine,
    master_target,
    mates,
    mates_without_points,
    named,
    new_datastore,
    plan_mates,
    process_server,
    retention_drive,
    target_host,
    version,
    whose,
)
from .readings import reading
from .verdict import MET, Verdict, all_of, broken, needs, noted, unsure

APP_CONSISTENT: Final = "latest_app_consistent"
"""The recovery point that applications agreed to (F03)."""
ATTACHED_ONLY: Final = ("vSAN", "RDM")
"""Kinds of datastore that work for the original location alone, with disks that are there (T03)."""
FOR_NEW_DISKS: Final = ("VMFS", "vSAN")
"""Kinds of datastore on which disks can be made anew (T04)."""
UEFI_SINCE: Final = (9, 55)
"""Agent version from which no text forbids UEFI any more (C05)."""
RPO_MAX_S: Final = 900.0
"""RPO threshold of the failback policy (B10)."""
SCAN_MIB_PER_S: Final = 29.9
"""Rate at which a disk was seen compared: 30 GiB in 1026 s (B04)."""
BUSY_MIB_PER_S, BUSIER = 10.0, 10.0
"""One disk that writes this much, and this many times what the next one writes, holds the others up (B13)."""

_ASK_VCENTER: Final = "look in vCenter"
_ASK_OWNER: Final = "ask the application's owner"
_SEE_ITEM: Final = "see the item in the vault"


# Types of failback


@at_either_location
def disks_are_attached(estate: Estate, item: str, choices: Choices) -> Verdict:
    """T01: concerns a machine that exists without all of its disks; where they must exist it is T03."""
    return _attached(estate, item, "comes back in full, not as changes", must=False)


def target_host_is_discovered(estate: Estate, item: str, choices: Choices) -> Verdict:
    """T02: concerns physical sources and machines of a host without vCenter; the datastore is R24."""
    vm, host = machine(estate, item), target_host(estate, item, choices)
    in_vcenter = known(vm.vcenter) and vm.vcenter is not None
    if host is None or (in_vcenter and known(vm.source) and vm.source != "physical"):
        return MET
    found = needs(host.discovered, host.name, "the master target's host is not discovered", "refresh the server")
    if found == MET or vm.source == "physical" or (known(vm.vcenter) and not in_vcenter):
        return found
    return _physical_or_not(item) if in_vcenter else unsure(f"{item}: whether it belonged to a vCenter", _ASK_VCENTER)


def _physical_or_not(item: str) -> Verdict:
    return unsure(f"{item}: whether it was a physical server before the failover", _SEE_ITEM)


@at_either_location
def disks_exist_where_they_must(estate: Estate, item: str, choices: Choices) -> Verdict:
    """T03: concerns machines on vSAN or RDM that still exist."""
    return _attached(estate, item, "cannot be created again there", must=True)


@at_either_location
def new_disks_can_be_made(estate: Estate, item: str, choices: Choices) -> Verdict:
    """T04: concerns machines that are gone; NFS is T09."""
    disks = machine(estate, item).disks
    raw = named(disks, "raw_device")
    if not is_gone(estate, item):
        return MET
    if not raw and not all(known(disk.raw_device) for disk in disks):
        return unsure(f"{item}: whether a disk of it was a raw device mapping", _ASK_VCENTER)
    if raw:
        return broken(
            item,
            f"the machine no longer exists on site, so its disks are created again, but raw device mappings cannot be: {raw}",
        )
    return _takes_new_disks(new_datastore(estate, choices), choices.datastore)


def _takes_new_disks(store: Datastore | None, asked: str | None) -> Verdict:
    if store is None:
        return unsure(f"{asked}: the kind of datastore", _ASK_VCENTER) if asked else MET
    fit = store.kind in FOR_NEW_DISKS or store.kind == "NFS"
    return MET if fit else broken(store.name, f"new disks cannot be created on {store.kind}")


def servers_are_the_original_ones(estate: Estate, item: str, choices: Choices) -> Verdict:
    """T05; that another vCenter is forbidden too is the strict reading of C03."""
    server, target = configuration_server(estate, item), master_target(estate, item, choices)
    if server is None:
        return MET
    sentence = "the configuration server was rebuilt after the failover"
    rebuilt = lacks(server.rebuilt, server.name, sentence, "compare with its backup")
    if reading(estate, "C03") != "strict" or target is None:
        return rebuilt
    ours = machine(estate, item).vcenter
    if not known(ours) or not known(target.vcenter):
        is_open = {item: not known(ours), target.name: not known(target.vcenter)}
        return all_of((rebuilt, unsure(whose("vCenter", "vCenters", is_open), _ASK_VCENTER)))
    other = broken(target.name, f"it belongs to vCenter {target.vcenter}, {item} to {ours} (C03)")
    return all_of((rebuilt, MET if ours == target.vcenter else other))


def configuration_server_kept_its_address(estate: Estate, item: str, choices: Choices) -> Verdict:
    """T11: concerns a configuration server that was restored."""
    server = configuration_server(estate, item)
    if server is None:
        return MET
    sentence = "the restored configuration server has another IP address than before"
    return lacks(server.address_changed, server.name, sentence, "compare its address with the one in the vault")


@at_either_location
def source_shows_disk_uuids(estate: Estate, item: str, choices: Choices) -> Verdict:
    """T06: concerns machines without disk.EnableUUID."""
    if is_gone(estate, item):
        return MET
    sentence = "disk.EnableUUID is FALSE or missing, so a disk may not be recognised, and its data may be written to an extra disk"
    return needs(machine(estate, item).disk_enable_uuid, item, sentence, _ASK_VCENTER)


def physical_source_becomes_a_vm(estate: Estate, item: str, choices: Choices) -> Verdict:
    """T07: concerns physical sources that can come back at all (R14)."""
    vm = machine(estate, item)
    lost = known(vm.os_version) and os_release(vm.os_version, vm.os) == WINDOWS_2008_R2
    if lost or (known(vm.source) and vm.source != "physical"):
        return MET
    if not known(vm.source):
        return _physical_or_not(item)
    return broken(item, "it was a physical server and comes back as a VMware virtual machine")


def machine_still_exists(estate: Estate, item: str, choices: Choices) -> Verdict:
    """T08: concerns machines that are gone, deliberately or not."""
    vm = machine(estate, item)
    if vm.source == "physical" or vm.exists_on_premises is True:
        return MET
    if not known(vm.source):
        return _physical_or_not(item)
    sentence = "it no longer exists on site, so it returns to an alternate location, with all of its data"
    return needs(vm.exists_on_premises, item, sentence, _ASK_VCENTER)


@at_either_location
def datastore_is_not_nfs(estate: Estate, item: str, choices: Choices) -> Verdict:
    """T09."""
    stores = (estate.datastores.get(name) for name in home_datastores(estate, item, choices))
    return all_of(
        broken(store.name, f"it is NFS, and disks of {item} are on it or come to it")
        for store in stores
        if store and store.kind == "NFS"
    )


@at_either_location
def name_is_free_on_the_host(estate: Estate, item: str, choices: Choices) -> Verdict:
    """T10: bites where a new virtual machine is made."""
    host = target_host(estate, item, choices)
    if host is None or not is_gone(estate, item):
        return MET
    if not known(host.other_machines):
        return unsure(f"{host.name}: whether it has another virtual machine with the name {item}", _ASK_VCENTER)
    sentence = f"this host has another virtual machine with the name {item}"
    return broken(host.name, sentence) if item in (host.other_machines or ()) else MET


# Guest and disks


def linux_keeps_its_address(estate: Estate, item: str, choices: Choices) -> Verdict:
    """G01: concerns Linux with a static IP address."""
    vm = machine(estate, item)
    if vm.os is not OsFamily.LINUX:
        return MET
    return lacks(vm.static_ip, item, "it has a static IP address, which is replaced by DHCP", _ASK_OWNER)


def windows_has_tools(estate: Estate, item: str, choices: Choices) -> Verdict:
    """G02: concerns Windows without VMware Tools to enable again."""
    vm = machine(estate, item)
    if vm.os is not OsFamily.WINDOWS:
        return MET
    if not known(vm.tools):
        return unsure(f"{item}: whether it has VMware Tools", _ASK_VCENTER)
    return MET if vm.tools else broken(item, "it has no VMware Tools that failback could enable again")


def no_disk_was_added(estate: Estate, item: str, choices: Choices) -> Verdict:
    """G03: concerns machines that got disks in Azure."""
    vm = machine(estate, item)
    added = named(vm.disks, "added_in_azure")
    if not added:
        return disks_are_as_before(vm)
    if vm.os is OsFamily.WINDOWS:
        return broken(item, f"disks added in Azure stay behind, with their data: {added}")
    return broken(
        item,
        f"disks added in Azure come back too, and cannot be excluded; they are copied whole, so if that goes wrong their data is nowhere "
        f"else: {added}",
    )


def disks_are_as_before(vm: VirtualMachine) -> Verdict:
    """Of a machine whose file says of no disk that this was done to it (A08, B03, G03, G05, G06)."""
    unchanged = vm.azure.disks_unchanged
    said = any(named(vm.disks, flag) for flag in DONE_IN_AZURE)
    if unchanged is True or (known(unchanged) and said):
        return MET
    return unsure(f"{vm.name}: what was done to its disks in Azure", "compare its disks there with those in the vault")


DONE_IN_AZURE: Final = ("added_in_azure", "resized_in_azure", "rewritten_in_azure", "temporary_storage")
"""What may be said of a disk since the failover."""


def no_disk_is_iscsi(estate: Estate, item: str, choices: Choices) -> Verdict:
    """G04, A17: concerns machines with iSCSI disks."""
    return _none_is(machine(estate, item), "iscsi", "iSCSI disks come back as ordinary VMDKs", "an iSCSI disk")


def _none_is(vm: VirtualMachine, flag: str, sentence: str, what: str) -> Verdict:
    if disks := named(vm.disks, flag):
        return broken(vm.name, f"{sentence}: {disks}")
    is_open = [label(disk, n) for n, disk in enumerate(vm.disks) if not known(getattr(disk, flag))]
    return unsure(f"{vm.name}: whether one of its disks is {what}", _ASK_VCENTER) if is_open else MET


def no_disk_was_resized(estate: Estate, item: str, choices: Choices) -> Verdict:
    """G05: concerns machines whose disks were resized in Azure."""
    vm = machine(estate, item)
    disks = named(vm.disks, "resized_in_azure")
    sentence = f"disks were resized in Azure, so failback makes a new machine: {disks}"
    return broken(item, sentence) if disks else disks_are_as_before(vm)


def no_temporary_storage(estate: Estate, item: str, choices: Choices) -> Verdict:
    """G06: concerns machines of which Azure's temporary disk is seen, by the reading of C27."""
    vm = machine(estate, item)
    disks = named(vm.disks, "temporary_storage")
    comes = reading(estate, "C27") == "unless_excluded"
    what = (
        "comes back too unless the request excludes it"
        if comes
        else "is not replicated back, and neither is the data on it"
    )
    return broken(item, f"Azure's temporary disk {what}: {disks}") if disks else disks_are_as_before(vm)


def replica_was_made_by_failover(estate: Estate, item: str, choices: Choices) -> Verdict:
    """G10."""
    made = machine(estate, item).azure.created_by_hand
    return lacks(made, item, "its Azure virtual machine was created by hand and not by a failover", "look in Azure")


def mounts_are_as_they_were(estate: Estate, item: str, choices: Choices) -> Verdict:
    """G11: concerns Linux whose fstab or LVM configuration somebody wrote by hand."""
    vm = machine(estate, item)
    if vm.os is not OsFamily.LINUX:
        return MET
    sentence = (
        "the failover changes /etc/fstab and the LVM configuration, and the machine comes home with the changed files"
    )
    return lacks(vm.mounts_by_hand, item, sentence, _ASK_OWNER)


def network_manager_is_back(estate: Estate, item: str, choices: Choices) -> Verdict:
    """G12: concerns Linux that uses NetworkManager."""
    vm = machine(estate, item)
    if vm.os is not OsFamily.LINUX:
        return MET
    sentence = "the failover to Azure removes NetworkManager, and it stays removed on the way home"
    return lacks(vm.network_manager, item, sentence, _ASK_OWNER)


def no_disk_was_excluded(estate: Estate, item: str, choices: Choices) -> Verdict:
    """G09: concerns machines with disks that are not replicated; at the original location they are gone."""
    lost = "disks excluded from the replication are not on it after the failback, so their data is lost"
    return _none_is(machine(estate, item), "excluded", lost, "excluded from the replication")


def firmware_can_fail_back(estate: Estate, item: str, choices: Choices) -> Verdict:
    """G07, by the reading of C05."""
    vm, choice = machine(estate, item), reading(estate, "C05")
    if not known(vm.firmware):
        return unsure(f"{item}: its firmware", _ASK_VCENTER)
    if vm.firmware != "efi" or choice == "allowed":
        return MET
    if choice == "forbidden":
        return broken(item, "it boots with UEFI, for which failback is unsupported (C05)")
    if not known(vm.agent_version):
        return unsure(f"{item}: the version of its agent", _SEE_ITEM)
    old = version(vm.agent_version or "") < UEFI_SINCE
    return (
        broken(item, f"it boots with UEFI and agent {vm.agent_version}; older articles forbid its failback")
        if old
        else MET
    )


def retained_address_has_its_adapters(estate: Estate, item: str, choices: Choices) -> Verdict:
    """G08: concerns machines that keep their IP address in Azure, or may."""
    vm, server, through = machine(estate, item), configuration_server(estate, item), process_server(estate, choices)
    if server is None or (known(vm.retains_ip) and not vm.retains_ip):
        return MET
    found = _serves_retained_addresses(server, through, item)
    if known(vm.retains_ip) or found is MET:
        return found
    return unsure(f"{item}: whether it keeps its IP address in Azure", "see its network settings in the vault")


def _serves_retained_addresses(server: ConfigurationServer, through: ProcessServer | None, item: str) -> Verdict:
    if through is not None and not known(through.in_azure):
        return unsure(f"{through.name}: whether it runs in Azure", "look in Azure")
    if through is not None and not through.in_azure:
        return broken(through.name, f"{item} keeps its IP address, so the process server must be in Azure")
    if not known(server.nics):
        return unsure(f"{server.name}: its network adapters", _ASK_VCENTER)
    return MET if (server.nics or 0) >= 2 else broken(server.name, f"it has one adapter; {item} keeps its IP address")


# The failback run


def item_is_healthy(estate: Estate, item: str, choices: Choices) -> Verdict:
    """F01: a warning is told, and by the strict reading of C24 it stops the failback as critical does."""
    health = machine(estate, item).replication_health
    if not known(health):
        return unsure(f"{item}: its replication health", _SEE_ITEM)
    if health == "critical" or (health == "warning" and reading(estate, "C24") == "strict"):
        return broken(item, f"its replication health is {health}")
    warning = "its replication health is warning, but Microsoft's pages ask for a healthy machine"
    return noted(item, warning) if health == "warning" else MET


def item_has_a_recovery_point(estate: Estate, item: str, choices: Choices) -> Verdict:
    """F02: in a recovery plan no machine fails back while one that is on its way home with it has no point."""
    points = machine(estate, item).recovery_points
    if not known(points):
        return unsure(f"{item}: its recovery points", _SEE_ITEM)
    return broken(item, "it has no recovery point on site") if not points else _plan_has_points(estate, item)


def _plan_has_points(estate: Estate, item: str) -> Verdict:
    """Mates of whose points nobody knows make one gap: their names are their own findings'."""
    met = mates_without_points(estate, item)
    if lacking := [meeting.mate for meeting in met if meeting.sure]:
        return all_of(
            broken(mate, "it has no recovery point on site, and its whole recovery plan waits for it")
            for mate in lacking
        )
    if met:
        names = tuple(meeting.mate for meeting in met)
        how = "put them into a later wave, or find what is unknown of them"
        fact = f"{item}: whether {', '.join(names)}, without a recovery point, is on its way home before it"
        return unsure(fact, how, others=names)
    if all(known(machine(estate, mate).recovery_points) for mate in plan_mates(estate, item)):
        return MET
    return unsure("the recovery points of the other machines of its recovery plan", _SEE_ITEM)


def asked_point_exists(estate: Estate, item: str, choices: Choices) -> Verdict:
    """F03: concerns a failback to the latest application-consistent point; what a point costs is told of each."""
    points = machine(estate, item).app_consistent_points
    if choices.recovery_point != APP_CONSISTENT:
        return what_the_point_costs(estate, item, choices)
    if not known(points):
        return unsure(f"{item}: its application-consistent points", _SEE_ITEM)
    if not points:
        return broken(item, "it has no application-consistent recovery point", holds=("no_point",))
    return what_the_point_costs(estate, item, choices)


def what_the_point_costs(estate: Estate, item: str, choices: Choices) -> Verdict:
    """F03, A11: the latest point breaks a group apart in time, and an application-consistent one is older."""
    if choices.recovery_point == APP_CONSISTENT:
        sentence = "its application-consistent point is older than its latest one, and the changes in between are lost"
        return noted(item, sentence, holds=("older",))
    group = machine(estate, item).replication_group
    if choices.recovery_point != "latest" or group is None or len(mates(estate, item)) < 2:
        return MET
    common = f"not one that is common to all machines of group {group}"
    return noted(item, f"the failback uses the machine's own latest recovery point, {common}")


def replica_is_shut_down(estate: Estate, item: str, choices: Choices) -> Verdict:
    """F04: concerns a failback that leaves the Azure virtual machine on (C15)."""
    if choices.shut_down_source is not False:
        return MET
    return broken(item, "the Azure virtual machine is not shut down: two copies will run until one is off")


def replica_is_not_needed(estate: Estate, item: str, choices: Choices) -> Verdict:
    """F05: concerns a machine whose replica somebody still needs."""
    sentence = "its Azure virtual machine is still needed, but the commit deletes it"
    return lacks(machine(estate, item).azure.needed_after_return, item, sentence, _ASK_OWNER)


def boot_is_tested(estate: Estate, item: str, choices: Choices) -> Verdict:
    """F06: concerns machines whose boot on site is untested."""
    sentence = "its boot on site is untested, and this failback cannot be cancelled"
    return needs(machine(estate, item).boot_tested, item, sentence, _ASK_OWNER)


def failover_was_not_cancelled(estate: Estate, item: str, choices: Choices) -> Verdict:
    """F07."""
    sentence = "a running failover to Azure was cancelled, so its replication is stopped"
    return lacks(machine(estate, item).failover_cancelled, item, sentence, "see the vault's jobs")


def process_server_for_azure_is_there(estate: Estate, item: str, choices: Choices) -> Verdict:
    """F08."""
    server, control = process_server(estate, choices), configuration_server(estate, item)
    if server is None:
        return broken(item, f"no process server is chosen, or it does not exist: {choices.process_server}")
    offered = needs(server.registered, server.name, "the vault does not know it", "list the vault's servers")
    if choices.account is None or control is None or choices.account in control.accounts:
        return offered
    return all_of(
        (offered, broken(control.name, f"the account {choices.account} is not stored in it", holds=("no_account",)))
    )


def way_home_is_rehearsed(estate: Estate, item: str, choices: Choices) -> Verdict:
    """F09: concerns machines whose way home nobody rehearsed."""
    sentence = "its way home was not rehearsed, and no test failover exists in this direction"
    return needs(machine(estate, item).way_home_rehearsed, item, sentence, _ASK_OWNER)


# Replication


@at_either_location
def only_changes_are_sent(estate: Estate, item: str, choices: Choices) -> Verdict:
    """B01: concerns machines that exist and whose blocks all differ."""
    disks = machine(estate, item).disks
    if is_gone(estate, item) or not disks or any((disk.changed_fraction or 0.0) < 1 for disk in disks):
        return MET
    return broken(item, "every block of it differs, so the original location saves nothing")


def all_data_is_sent_in_time(estate: Estate, item: str, choices: Choices) -> Verdict:
    """B02: concerns a promise that the upper bound, all disks that come home, would break."""
    vm, promised = machine(estate, item), machine(estate, item).return_within_h
    if not known(promised):
        return unsure(f"{item}: the promised hours", _ASK_OWNER)
    if promised is None:
        return MET
    hours = sum(scanned_gib(vm)) * 2**30 * 8 / (estate.link.bandwidth_mbit_per_s * 1e6) / 3600
    if hours <= promised:
        return MET
    return broken(
        item,
        f"copying all of its data would take {hours:.1f} h, and how much of it differs cannot be calculated; {promised:g} h are promised",
    )


def no_disk_was_rewritten(estate: Estate, item: str, choices: Choices) -> Verdict:
    """B03: concerns disks whose blocks were all written anew in Azure."""
    vm = machine(estate, item)
    disks = named(vm.disks, "rewritten_in_azure")
    sentence = f"every block was rewritten in Azure, so no checksum matches: {disks}"
    return broken(item, sentence) if disks else disks_are_as_before(vm)


def disks_are_scanned_in_time(estate: Estate, item: str, choices: Choices) -> Verdict:
    """B04: concerns a promise that comparing the largest disk would break."""
    vm, promised = machine(estate, item), machine(estate, item).return_within_h
    if not known(promised):
        return unsure(f"{item}: the promised hours", _ASK_OWNER)
    if promised is None:
        return MET
    hours = max(scanned_gib(vm), default=0.0) * 1024 / SCAN_MIB_PER_S / 3600
    return (
        MET
        if hours <= promised
        else broken(item, f"comparing its largest disk takes {hours:.1f} h; {promised:g} h are promised")
    )


def nothing_waits_on_the_way(estate: Estate, item: str, choices: Choices) -> Verdict:
    """B05: concerns a failback while data waits at source, process server or master target."""
    backlog = machine(estate, item).backlog_mib
    if not known(backlog):
        return unsure(f"{item}: the data that is still being sent", _SEE_ITEM)
    return broken(item, f"{backlog:g} MiB are still being sent and have not arrived on site") if backlog else MET


@at_either_location
def disks_are_not_held(estate: Estate, item: str, choices: Choices) -> Verdict:
    """B06: the master target writes to disks attached to it; this is the fact that contradicts it."""
    if is_gone(estate, item):
        return MET
    disks = enumerate(machine(estate, item).disks)
    return all_of(_free(item, label(disk, n), disk.held_by) for n, disk in disks if disk.held_by is not None)


def retention_holds_a_day(estate: Estate, item: str, choices: Choices) -> Verdict:
    """B07: concerns machines that together write more in a day than the retention drive holds."""
    drive = retention_drive(estate, item, choices)
    target = master_target(estate, item, choices)
    if drive is None or target is None:
        return MET
    load, alone = (
        estate.ledger.load(target.name, drive.name),
        churn_mib_per_s(machine(estate, item)),
    )
    written_gib = max(load.churn_mib_per_s, alone) * 86400 / 1024
    if written_gib <= drive.capacity_gib:
        return MET
    who = f"{load.machines} machines write" if load.machines > 1 else f"{item} writes"
    message = f"{who} {written_gib:.0f} GiB a day, but the drive holds only {drive.capacity_gib:g} GiB"
    size = f"drive_size={max(1024, 1024 * ceil(written_gib * 1.2 / 1024))} GB"
    return broken(drive_name(estate, item, choices), message, holds=(size,))


@at_either_location
def machine_is_in_the_inventory(estate: Estate, item: str, choices: Choices) -> Verdict:
    """B08: the disks are attached to the machine again; this is the fact that contradicts it."""
    if is_gone(estate, item):
        return MET
    sentence = (
        "the on-premises virtual machine is not in vCenter's inventory, so there is nothing to attach its disks to"
    )
    return needs(machine(estate, item).registered_in_vcenter, item, sentence, _ASK_VCENTER)


def data_can_be_compressed(estate: Estate, item: str, choices: Choices) -> Verdict:
    """B09: concerns machines whose data does not shrink."""
    sentence = "its data is already compressed or encrypted, so do not expect a compression of ten to one"
    return lacks(machine(estate, item).holds_compressed_data, item, sentence, _ASK_OWNER)


def rpo_is_within_the_threshold(estate: Estate, item: str, choices: Choices) -> Verdict:
    """B10: concerns machines that lag behind the policy's threshold."""
    rpo_s = machine(estate, item).rpo_s
    if not known(rpo_s):
        return unsure(f"{item}: its RPO", _SEE_ITEM)
    return MET if (rpo_s or 0.0) <= RPO_MAX_S else broken(item, f"its RPO is {rpo_s:g} s, over {RPO_MAX_S:g}")


def no_resync_is_required(estate: Estate, item: str, choices: Choices) -> Verdict:
    """B11."""
    sentence = "it is marked for a resync, which runs automatically only outside office hours"
    return lacks(machine(estate, item).resync_required, item, sentence, _SEE_ITEM)


@at_either_location
def nothing_starts_the_machine(estate: Estate, item: str, choices: Choices) -> Verdict:
    """B12: concerns machines that their host starts by itself."""
    if is_gone(estate, item):
        return MET
    sentence = "its host starts it automatically after a restart, but it must stay off"
    return lacks(machine(estate, item).autostart, item, sentence, _ASK_VCENTER)


def no_disk_holds_the_others_up(estate: Estate, item: str, choices: Choices) -> Verdict:
    """B13: concerns machines with one disk far busier than the others."""
    disks = machine(estate, item).disks
    every = travelling(machine(estate, item))
    rates = sorted(((each.disk.churn_mib_per_s or 0.0, each.number) for each in every), reverse=True)
    if len(rates) < 2:
        return MET
    (most, n), (next_most, _) = rates[0], rates[1]
    if most < BUSY_MIB_PER_S or most < BUSIER * next_most:
        return MET
    return broken(
        item, f"{label(disks[n], n)} writes {most:g} MiB/s, so common recovery points of all its disks wait for it"
    )


@at_either_location
def new_disks_fit_thick(estate: Estate, item: str, choices: Choices) -> Verdict:
    """B14: concerns disks that are made anew; that they take all of their size is inferred (thin is not documented)."""
    store, wanted = _written_to(estate, item, choices), room_gib(machine(estate, item))
    if store is None or not wanted:
        return MET
    if not known(store.free_gib):
        return unsure(f"{store.name}: its free space", _ASK_VCENTER)
    left = estate.ledger.left(item, ROOM, store.name)
    free = (store.free_gib or 0.0) - estate.room_promised.get(store.name, 0.0)
    return fits(wanted, free, left, store.name, item, "of room for new disks")


@at_either_location
def datastore_is_not_full(estate: Estate, item: str, choices: Choices) -> Verdict:
    """B16: concerns all data sent home. One of which nobody knows what is free is taken to have room [assumed].

    New disks that were being written when the plan began may fill it: whose data arrive before that is open.
    """
    store = _written_to(estate, item, choices)
    if store is None or not known(store.free_gib):
        return MET
    free, promised = store.free_gib or 0.0, estate.room_promised.get(store.name, 0.0)
    if free <= 0.0:
        of = "" if store.capacity_gib == Datastore.capacity_gib else f" of {store.capacity_gib:g}"
        return broken(store.name, f"0{of} GiB are free, so nothing that is sent home for {item} is written")
    if promised <= free:
        return _is_nearly_full(store, free)
    fact = f"{store.name}: whether the data of {item} are written before new disks fill it"
    return unsure(fact, f"new disks of {promised:g} GiB are being written there, {free:g} GiB are free: free the rest")


LOW: Final = 0.15
"""Share of a datastore below which its free space is told: vCenter's own alarm for it turns red at 85 % used [default]."""


def _is_nearly_full(store: Datastore, free_gib: float) -> Verdict:
    """How much a return writes is not known before: changes grow thin disks and snapshots [inferred].

    Of a capacity that a file leaves out, which is the default, no share is told.
    """
    if store.capacity_gib == Datastore.capacity_gib or free_gib >= LOW * store.capacity_gib:
        return MET
    sentence = (
        f"{free_gib:g} of {store.capacity_gib:g} GiB are free, less than {LOW * 100:g} %: thin disks and snapshots grow while "
        "data is sent home, and a full datastore takes none (inferred)"
    )
    return noted(store.name, sentence, holds=("nearly_full",))


@at_either_location
def datastore_stays_below_full(estate: Estate, item: str, choices: Choices) -> Verdict:
    """B16 of a resync that runs: its own new disks fill the datastore."""
    store, wanted = _written_to(estate, item, choices), room_left_gib(machine(estate, item))
    free = 0.0 if store is None or not known(store.free_gib) else store.free_gib or 0.0
    if store is None or not 0.0 < free < wanted:
        return datastore_is_not_full(estate, item, choices)
    sentence = f"{free:g} GiB are free, and the new disks of {item}, which are being written, need {wanted:g} GiB more"
    return broken(store.name, sentence)


def _written_to(estate: Estate, item: str, choices: Choices) -> Datastore | None:
    """Its own datastore, or the chosen one where it is made anew."""
    old = None if is_gone(estate, item) else estate.datastores.get(machine(estate, item).datastore)
    return old or new_datastore(estate, choices)


def group_reaches_itself(estate: Estate, item: str, choices: Choices) -> Verdict:
    """B15: concerns a replication group whose machines do not reach each other in Azure."""
    if len(mates(estate, item)) < 2:
        return MET
    sentence = (
        "it does not reach its group on TCP 20004, so there are no common recovery points, whatever the master target"
    )
    return needs(machine(estate, item).azure.reaches_group, item, sentence, "connect from one to the other")


def move_waits_for_the_return(estate: Estate, item: str, choices: Choices) -> Verdict:
    """A13: concerns machines that are to be moved to the modernised architecture meanwhile."""
    planned = machine(estate, item).move_to_modernised_planned
    sentence = "its move to the modernised architecture is planned and would be refused"
    return lacks(planned, item, sentence, "ask who administers the vault")


def _free(item: str, disk: str, holder: Fact[str]) -> Verdict:
    if not known(holder):
        return unsure(f"{item}: whether another machine has {disk} attached", _ASK_VCENTER)
    return broken(item, f"{disk} is attached to {holder}") if holder else MET


def _must_exist(estate: Estate, vm: VirtualMachine, disk: Disk) -> Fact[bool]:
    """Whether this disk works for the original location alone, and only if it is there."""
    store = estate.datastores.get(disk.datastore or vm.datastore)
    return True if store is not None and store.kind in ATTACHED_ONLY else disk.raw_device


def _attached(estate: Estate, item: str, what: str, *, must: bool) -> Verdict:
    """The disks that must exist (T03), or those that need not (T01)."""
    vm = machine(estate, item)
    if vm.exists_on_premises is False:
        return MET
    away = [(n, disk) for n, disk in enumerate(vm.disks) if disk.attached_on_premises is not True]
    return all_of(_is_attached(vm, n, disk, what, _must_exist(estate, vm, disk), must) for n, disk in away)


def _is_attached(vm: VirtualMachine, n: int, disk: Disk, what: str, exists: Fact[bool], must: bool) -> Verdict:
    if known(exists) and exists is not must:
        return MET
    name = label(disk, n)
    if not known(exists) and known(disk.attached_on_premises):
        return unsure(f"{vm.name}: whether {name} is a raw device mapping", _ASK_VCENTER)
    return needs(disk.attached_on_premises, vm.name, f"{name} is not attached on site: it {what}", _ASK_VCENTER)
