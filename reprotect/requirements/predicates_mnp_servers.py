"""The predicates about the servers on the way home: master target, process server, link, and who answers."""

from typing import Final

from failback.reprotect.choices import Choices
from failback.reprotect.estate import (
    DISKS_MAX,
    MEMORY,
    Appliance,
    Estate,
    Fact,
    Host,
    Kept,
    MasterTarget,
    ProcessServer,
    RetentionDrive,
    VirtualMachine,
    churn_mib_per_s,
    configuration_server,
    known,
    slots_of,
)
from failback.reprotect.item import OsFamily, Unknown

from .os_release import UBUNTU, OsRelease, not_older, os_release
from .predicates_shared import (
    at_either_location,
    drive_name,
    fits,
    is_gone,
    lacks,
    machine,
    master_target,
    mates,
    mounting_host,
    not_below,
    not_newer,
    own_disks,
    process_server,
    responds,
    retention_drive,
    target_host,
    whose,
)
from .readings import reading
from .verdict import LINK, MET, Verdict, all_of, broken, needs, noted, unsure

DEFAULT_DRIVES: Final = {OsFamily.WINDOWS: "R", OsFamily.LINUX: "/mnt/retention"}
"""Default retention volumes (M09)."""
CORES_MIN, MEMORY_MIN_GIB = 4, 6.0
"""Size of a Linux master target (M16)."""
OS_DISK_MIN_GIB: Final = 100.0
"""Operating system disk of a Linux master target (M21)."""
RETENTION_MIN_GIB: Final = {"warn_under_600": 600.0, "warn_under_1024": 1024.0, "above_zero": 0.0}
"""Size of its retention volume by the reading of C07."""
LINUX_MASTER_TARGETS: Final = {(16, 4): "2018, documented", (18, 4): "2026, inferred", (20, 4): "2026, inferred"}
"""Ubuntu releases of a Linux master target, and since when they are listed here (M15). The later ones are inferred: a
group's master target must not be older than its machines (M02)."""
_RELEASES: Final = ", ".join(f"{major}.{minor:02}" for major, minor in LINUX_MASTER_TARGETS)
CHURN_MAX_TIB_PER_DAY: Final = 2.0
"""Changes that a process server takes in a day (P05)."""
LOAD_MAX_PERCENT: Final = 70.0
"""CPU and memory use that a process server should stay under (P06)."""
PRIVATE: Final = ("vpn", "expressroute_private")
"""Links that replication home may use (N01)."""

_ASK_KERNEL: Final = "on the master target: `apt-mark showhold` lists the kernel packages where updates are off"
_ASK_DISK: Final = (
    "vSphere client > the master target > Edit Settings: the size of the hard disk of its operating system"
)
_ASK_TARGET: Final = "look at the master target"
_ASK_VCENTER: Final = "look in vCenter"


def master_target_is_of_the_family(estate: Estate, item: str, choices: Choices) -> Verdict:
    """M01: in a mixed group it is R06."""
    target, vm = master_target(estate, item, choices), machine(estate, item)
    mixed = len({estate.virtual_machines[mate].os for mate in mates(estate, item)}) > 1
    if target is None or target.os is vm.os or mixed:
        return MET
    return broken(target.name, f"a {target.os.value} master target cannot take {item}, which runs {vm.os.value}")


def master_target_is_not_older_than_the_group(estate: Estate, item: str, choices: Choices) -> Verdict:
    """M02: concerns the machines of a replication group."""
    target = master_target(estate, item, choices)
    members = [estate.virtual_machines[mate] for mate in mates(estate, item)]
    if target is None:
        return MET
    return all_of(_not_older(target, vm) for vm in members if vm.os is target.os)


def _not_older(target: MasterTarget, vm: VirtualMachine) -> Verdict:
    """Releases of one distribution are compared. Of two distributions the pages say nothing: it is told."""
    ours, theirs = _release(target.os_version, target.os), _release(vm.os_version, vm.os)
    if ours is None or theirs is None:
        what, is_open = "operating system release", {target.name: ours is None, vm.name: theirs is None}
        return unsure(whose(what, f"{what}s", is_open), "look at both systems")
    if ours.distribution != theirs.distribution:
        apart = (
            f"it runs {target.os_version}, {vm.name} runs {vm.os_version}: Microsoft's pages ask for the same system"
        )
        return noted(target.name, f"{apart}, and releases of two distributions cannot be compared")
    older = f"{_named(target.os_version, ours)} is older than {_named(vm.os_version, theirs)} of {vm.name}"
    return MET if not_older(ours, theirs) else broken(target.name, older)


def _named(text: Fact[str], release: OsRelease) -> str:
    """With its distribution, where the file gives the number alone."""
    return str(text) if release.distribution.casefold() in str(text).casefold() else f"{release.distribution} {text}"


def _release(text: Fact[str], family: OsFamily) -> OsRelease | None:
    return os_release(text, family) if known(text) else None


def master_target_has_room(estate: Estate, item: str, choices: Choices) -> Verdict:
    """M03."""
    target = master_target(estate, item, choices)
    return MET if target is None else room(estate, item, target)


def one_master_target_is_enough(estate: Estate, item: str, choices: Choices) -> Verdict:
    """M04: concerns machines that do not fit on their master target all at once; one that never fits is M03."""
    target = master_target(estate, item, choices)
    if target is None or together(estate, item) + own_disks(estate, target) > DISKS_MAX:
        return MET
    if (disks := disks_to_return(estate, target)) <= DISKS_MAX:
        return MET
    return broken(target.name, f"{disks} disks are to return through this one master target, {DISKS_MAX} at a time")


def master_target_has_no_paravirtual_controller(estate: Estate, item: str, choices: Choices) -> Verdict:
    """M05."""
    target = master_target(estate, item, choices)
    if target is None:
        return MET
    if not known(target.scsi_controllers):
        return unsure(f"{target.name}: its SCSI controllers", _ASK_VCENTER)
    odd = [kind for kind in target.scsi_controllers or () if not kind.lower().startswith("lsilogic")]
    return broken(target.name, f"it has a SCSI controller of kind {odd[0]}") if odd else MET


def master_target_stayed_on_its_datastore(estate: Estate, item: str, choices: Choices) -> Verdict:
    """M06."""
    target = master_target(estate, item, choices)
    if target is None:
        return MET
    sentence = "Storage vMotion moved the master target and the disks attached to it"
    return lacks(target.storage_vmotion, target.name, sentence, "see its events in vCenter")


def master_target_shows_disk_uuids(estate: Estate, item: str, choices: Choices) -> Verdict:
    """M07."""
    target = master_target(estate, item, choices)
    if target is None:
        return MET
    return needs(
        target.disk_enable_uuid, target.name, "disk.EnableUUID is FALSE or missing on the master target", _ASK_VCENTER
    )


def retention_volume_is_eligible(estate: Estate, item: str, choices: Choices) -> Verdict:
    """M08."""
    drive, name = retention_drive(estate, item, choices), drive_name(estate, item, choices)
    if drive is None:
        return MET
    if drive.capacity_gib <= 0:
        return broken(name, "the retention drive has no capacity")
    used = "the drive is locked, a replication target, or holds the installation or cache"
    return all_of((needs(drive.free_for_retention, name, used, _ASK_TARGET), _filesystem(drive, name)))


def _filesystem(drive: RetentionDrive, name: str) -> Verdict:
    if not known(drive.filesystem):
        return unsure(f"{name}: its filesystem", _ASK_TARGET)
    fat = (drive.filesystem or "").upper() in ("FAT", "FAT32")
    return broken(name, f"its filesystem is {drive.filesystem}") if fat else MET


def retention_drive_is_the_default(estate: Estate, item: str, choices: Choices) -> Verdict:
    """M09: concerns a request for another drive; a master target of the other family is M01."""
    target, drive = master_target(estate, item, choices), retention_drive(estate, item, choices)
    if target is None or drive is None or target.os is not machine(estate, item).os:
        return MET
    if drive.name.rstrip(":\\") == DEFAULT_DRIVES[target.os]:
        return MET
    message = f"the default of {target.name} is {DEFAULT_DRIVES[target.os]}; check that this one is intended"
    return broken(drive_name(estate, item, choices), message)


def retention_drive_is_listed(estate: Estate, item: str, choices: Choices) -> Verdict:
    """M10."""
    drive = retention_drive(estate, item, choices)
    if drive is None:
        return MET
    name, sentence = drive_name(estate, item, choices), "the retention drive is not listed yet"
    return needs(drive.listed, name, sentence, "refresh the configuration server")


def master_target_has_tools(estate: Estate, item: str, choices: Choices) -> Verdict:
    """M11."""
    target = master_target(estate, item, choices)
    if target is None:
        return MET
    if not known(target.tools):
        return unsure(f"{target.name}: whether VMware Tools is running", _ASK_VCENTER)
    return MET if target.tools else broken(target.name, "neither VMware Tools nor open-vm-tools is running on it")


def host_has_a_vmfs_datastore(estate: Estate, item: str, choices: Choices) -> Verdict:
    """M12."""
    target = master_target(estate, item, choices)
    host = mounting_host(estate, target)
    if target is None:
        return MET
    if host is None:
        return unsure(f"{target.name}: the datastores of its host", _ASK_VCENTER)
    kinds = {estate.datastores[name].kind for name in host.mounted if name in estate.datastores}
    if "VMFS" in kinds:
        return MET
    if nameless := [name for name in host.mounted if name not in estate.datastores]:
        return unsure(f"{', '.join(nameless)}: the kind of datastore", _ASK_VCENTER)
    others = ", ".join(f"{name} ({estate.datastores[name].kind})" for name in host.mounted)
    return broken(host.name, "the host has no VMFS datastore" + (f", only {others}" if others else " and no other"))


def master_target_is_not_newer(estate: Estate, item: str, choices: Choices) -> Verdict:
    """M13."""
    target, control = master_target(estate, item, choices), configuration_server(estate, item)
    server = process_server(estate, choices)
    if target is None:
        return MET
    others = [part for part in (control, server) if part is not None]
    return all_of(not_newer(target.version, target.name, o.version, o.name, "see the vault's servers") for o in others)


def master_target_is_discovered(estate: Estate, item: str, choices: Choices) -> Verdict:
    """M14: what vCenter has is discovered in time, a physical server never."""
    target = master_target(estate, item, choices)
    if target is None:
        return MET
    physical = lacks(target.physical, target.name, "the master target is a physical server", _ASK_TARGET, lasts=True)
    sentence = "the configuration server has not discovered the master target in a vCenter yet"
    return all_of((physical, needs(target.discovered, target.name, sentence, "refresh the configuration server")))


def linux_master_target_is_supported(estate: Estate, item: str, choices: Choices) -> Verdict:
    """M15."""
    target = master_target(estate, item, choices)
    if target is None or target.os is not OsFamily.LINUX:
        return MET
    lvm = lacks(target.lvm, target.name, "the Linux master target uses LVM", _ASK_TARGET)
    release = _release(target.os_version, target.os)
    if release is None:
        return all_of((lvm, unsure(f"{target.name}: its Ubuntu release", _ASK_TARGET)))
    fit = release.distribution == UBUNTU and release.numbers[:2] in LINUX_MASTER_TARGETS
    return all_of((lvm, MET if fit else broken(target.name, f"it runs {target.os_version}, not Ubuntu {_RELEASES}")))


def linux_master_target_is_large_enough(estate: Estate, item: str, choices: Choices) -> Verdict:
    """M16, with the reading of C07 for its retention."""
    target, drive = master_target(estate, item, choices), retention_drive(estate, item, choices)
    if target is None or target.os is not OsFamily.LINUX:
        return MET
    least = RETENTION_MIN_GIB[reading(estate, "C07")]
    return all_of(
        (
            not_below(target.cores, CORES_MIN, target.name, "CPU cores", _ASK_VCENTER, field="CPU {}"),
            not_below(
                target.memory_gib, MEMORY_MIN_GIB, target.name, "memory in GB", _ASK_VCENTER, field="Memory {} GB"
            ),
            MET
            if drive is None
            else not_below(
                drive.capacity_gib,
                least,
                target.name,
                f"retention on {drive.name} in GB",
                _ASK_TARGET,
                field="hard disk of the retention drive {} GB",
                holds=("grow_disk",),
            ),
        )
    )


def linux_master_target_keeps_its_kernel(estate: Estate, item: str, choices: Choices) -> Verdict:
    """M21."""
    target = master_target(estate, item, choices)
    if target is None or target.os is not OsFamily.LINUX:
        return MET
    updates = lacks(target.kernel_updates, target.name, "kernel updates are turned on", _ASK_KERNEL)
    size = not_below(
        target.os_disk_gib, OS_DISK_MIN_GIB, target.name, "size of its operating system disk in GiB", _ASK_DISK
    )
    return all_of((updates, size))


def linux_master_target_finds_itself(estate: Estate, item: str, choices: Choices) -> Verdict:
    """M17."""
    target = master_target(estate, item, choices)
    if target is None or target.os is not OsFamily.LINUX:
        return MET
    hosts = "its hosts file does not map its name to the addresses of all its adapters"
    names = needs(target.hosts_file_complete, target.name, hosts, _ASK_TARGET)
    return all_of((names, needs(target.nic_starts_at_boot, target.name, "its adapter does not start", _ASK_TARGET)))


def no_proxy_before_the_master_target(estate: Estate, item: str, choices: Choices) -> Verdict:
    """M18."""
    target = master_target(estate, item, choices)
    if target is None or target.os is not OsFamily.LINUX:
        return MET
    sentence = "there is an authenticating proxy between it and the configuration server"
    return lacks(target.authenticating_proxy, target.name, sentence, _ASK_TARGET)


def master_target_reaches_the_servers(estate: Estate, item: str, choices: Choices) -> Verdict:
    """M19."""
    target = master_target(estate, item, choices)
    if target is None:
        return MET
    sentence = "it does not reach the process server and the configuration server"
    return needs(target.reaches_servers, target.name, sentence, "connect to both from it")


def machine_is_no_management_server(estate: Estate, item: str, choices: Choices) -> Verdict:
    """M20."""
    kind = machine(estate, item).manages_recovery
    if not known(kind):
        return unsure(f"{item}: whether a management server runs in it", "ask its owner")
    return broken(item, f"a {kind} runs in it, and such a server cannot be protected") if kind else MET


def process_server_is_in_azure(estate: Estate, item: str, choices: Choices) -> Verdict:
    """P01: concerns the way home through a process server on site."""
    server = process_server(estate, choices)
    if server is None:
        return MET
    sentence = "it is on site, so every change crosses the link uncompressed"
    return needs(server.in_azure, server.name, sentence, "look in Azure")


def process_server_is_in_the_network(estate: Estate, item: str, choices: Choices) -> Verdict:
    """P02; by the reading azure of C13 it is in Azure at all. Who knows that either place is right need not look."""
    server = process_server(estate, choices)
    if server is None:
        return MET
    wanted = reading(estate, "C13") == "azure"
    on_site = broken(server.name, "it is not in Azure (C13)") if wanted else MET
    in_azure = _in_the_network_of(estate, server, item)
    if not known(server.in_azure):
        nobody_knows = unsure(f"{server.name}: whether it runs in Azure", "look in Azure")
        return MET if on_site is MET and in_azure is MET else nobody_knows
    return in_azure if server.in_azure else on_site


def _in_the_network_of(estate: Estate, server: ProcessServer, item: str) -> Verdict:
    network = machine(estate, item).azure.network
    if not known(server.network) or not known(network):
        is_open = {item: not known(network), server.name: not known(server.network)}
        return unsure(whose("Azure network", "Azure networks", is_open), "look in Azure")
    if server.network == network:
        return MET
    return broken(server.name, f"it is in network {server.network}, but {item} is in {network}")


def process_server_reaches_the_servers(estate: Estate, item: str, choices: Choices) -> Verdict:
    """P03."""
    server = process_server(estate, choices)
    if server is None:
        return MET
    sentence = "it does not reach the configuration server and the master target"
    return needs(server.reaches_servers, server.name, sentence, "connect to both from it, with TCP and not with ping")


def process_server_is_not_newer(estate: Estate, item: str, choices: Choices) -> Verdict:
    """P04."""
    server, control = process_server(estate, choices), configuration_server(estate, item)
    if server is None or control is None:
        return MET
    return not_newer(server.version, server.name, control.version, control.name, "see the vault's servers")


def process_server_keeps_up(estate: Estate, item: str, choices: Choices) -> Verdict:
    """P05: concerns a machine that writes more than one process server takes, alone or with all that use it."""
    tib_per_day = churn_mib_per_s(machine(estate, item)) * 86400 / 2**20
    if tib_per_day > CHURN_MAX_TIB_PER_DAY:
        return broken(
            item, f"it writes {tib_per_day:.1f} TiB a day; a process server handles {CHURN_MAX_TIB_PER_DAY:g}"
        )
    server = process_server(estate, choices)
    load = estate.ledger.load(server.name if server else "")
    together_tib = load.churn_mib_per_s * 86400 / 2**20
    if server is None or together_tib <= CHURN_MAX_TIB_PER_DAY:
        return MET
    who = f"{load.machines} machines that use it write {together_tib:.1f} TiB a day together"
    return broken(server.name, f"{who}; it handles {CHURN_MAX_TIB_PER_DAY:g}")


def process_server_is_sound(estate: Estate, item: str, choices: Choices) -> Verdict:
    """P06."""
    server = process_server(estate, choices)
    if server is None:
        return MET
    how = "look at the process server"
    load = server.load_percent
    busy: Verdict = MET
    if not known(load):
        busy = unsure(f"{server.name}: its CPU and memory use", how)
    elif (load or 0.0) >= LOAD_MAX_PERCENT:
        sentence = f"its CPU or memory use is {load:g} %, not under {LOAD_MAX_PERCENT:g}"
        busy = broken(server.name, sentence, holds=("loaded",))
    nat = lacks(server.behind_nat, server.name, "its address is translated", how, holds=("translated",))
    static = needs(server.static_ip, server.name, "its address is not static", how, holds=("dynamic",))
    return all_of((static, nat, busy))


def process_server_services_run(estate: Estate, item: str, choices: Choices) -> Verdict:
    """P07."""
    server = process_server(estate, choices)
    if server is None:
        return MET
    if not known(server.stopped_services):
        return unsure(f"{server.name}: its services", "look at the process server")
    stopped = ", ".join(server.stopped_services or ())
    return broken(server.name, f"services do not run: {stopped}") if stopped else MET


def process_server_switch_shows(estate: Estate, item: str, choices: Choices) -> Verdict:
    """P08."""
    server = process_server(estate, choices)
    if server is None:
        return MET
    sentence = "the switch of machines to this process server is not visible yet"
    return needs(server.listed, server.name, sentence, "refresh the configuration server")


def way_home_is_private(estate: Estate, item: str, choices: Choices) -> Verdict:
    """N01."""
    kind = estate.link.kind
    if not known(kind):
        return unsure(f"{LINK}: whether it is a VPN or ExpressRoute private peering", "look at the gateway")
    return MET if kind in PRIVATE else broken(LINK, f"the only link is {kind}, which replication home cannot use")


def line_is_up(estate: Estate, item: str, choices: Choices) -> Verdict:
    """N01, of a resync home that runs; before it begins, R01 asks. N02, of one to Azure."""
    return needs(estate.link.up, LINK, "the link between Azure and the site is down", "look at the gateway")


def way_out_is_open(estate: Estate, item: str, choices: Choices) -> Verdict:
    """N02. That a link that is down carries nothing to Azure either is inferred."""
    return all_of((line_is_up(estate, item, choices), _not_through_the_vpn(estate.link.forward)))


def _not_through_the_vpn(forward: str | Unknown) -> Verdict:
    if not known(forward):
        return unsure(f"{LINK}: how replication to Azure is routed", "trace the way to Azure from the site")
    vpn = "replication to Azure is routed through the VPN, which it cannot use"
    return broken(LINK, vpn) if forward == "vpn" else MET


def orchestration_reaches_azure(estate: Estate, item: str, choices: Choices) -> Verdict:
    """N03."""
    server = configuration_server(estate, item)
    if server is None:
        return MET
    how = "look at its routes and proxy"
    line = lacks(server.urls_over_expressroute, server.name, "it reaches the service's URLs through ExpressRoute", how)
    sentence = "there is an authenticating proxy between it and Azure"
    proxy = lacks(server.authenticating_proxy, server.name, sentence, how, holds=("by_proxy",))
    return all_of((line, proxy))


def replica_reaches_configuration_server(estate: Estate, item: str, choices: Choices) -> Verdict:
    """N04, 95226."""
    reaches = machine(estate, item).azure.reaches_configuration_server
    sentence = "its Azure virtual machine does not reach the configuration server"
    return needs(reaches, item, sentence, "connect to the configuration server from it, with TCP and not with ping")


def process_server_is_up(estate: Estate, item: str, choices: Choices) -> Verdict:
    """806."""
    server = process_server(estate, choices)
    if server is None:
        return MET
    return needs(server.up, server.name, "the process server sends no heartbeat", "see its last heartbeat")


def master_target_is_up(estate: Estate, item: str, choices: Choices) -> Verdict:
    """78022."""
    target = master_target(estate, item, choices)
    if target is None:
        return MET
    heard = needs(target.up, target.name, "the master target sends no heartbeat", "see its last heartbeat")
    return all_of((heard, responds(estate.hosts.get(target.host), f"the master target {target.name} runs on it")))


def replica_is_running(estate: Estate, item: str, choices: Choices) -> Verdict:
    """78093: a deleted one is R18."""
    azure = machine(estate, item).azure
    if azure.exists is False:
        return MET
    return needs(azure.running, item, "its Azure virtual machine is not running, hung or unreachable", "look in Azure")


@at_either_location
def host_has_memory(estate: Estate, item: str, choices: Choices) -> Verdict:
    """8038."""
    vm = machine(estate, item)
    host = target_host(estate, item, choices) if is_gone(estate, item) else estate.hosts.get(vm.host)
    if host is None or not known(host.free_memory_gib) or not known(vm.memory_gib):
        return unsure(_open_memory(host, vm), _ASK_VCENTER)
    free = host.free_memory_gib or 0.0
    return fits(vm.memory_gib or 0.0, free, estate.ledger.left(item, MEMORY, host.name), host.name, item, "of memory")


def _open_memory(host: Host | None, vm: VirtualMachine) -> str:
    """Of the host where its part is open: what is accepted of it stays accepted when the machine's part opens too."""
    if host is None:
        return f"{vm.name}: {'' if known(vm.memory_gib) else 'its memory and '}what memory its host has free"
    if known(host.free_memory_gib):
        return f"{vm.name}: its memory"
    if known(vm.memory_gib):
        return f"{host.name}: what memory it has free"
    return f"{host.name} and {vm.name}: the host's free memory and the machine's memory"


def disks_to_return(estate: Estate, target: MasterTarget | Appliance) -> int:
    """Its own disks and those of all machines that are to return through it."""
    return own_disks(estate, target) + estate.ledger.load(target.name).disks


def together(estate: Estate, item: str) -> int:
    """Disks that take slots at one instant: the machine's, and those of its group that use the same target."""
    counted = estate.ledger.together.get(item)
    return slots_of(machine(estate, item)) if counted is None else counted


def room(estate: Estate, item: str, target: MasterTarget | Appliance) -> Verdict:
    """Whether the item's disks, and with them its group's, fit besides the target's own and those of others."""
    own, ours = own_disks(estate, target), together(estate, item)
    others, kept = estate.disks_in_flight.get(target.name, 0), estate.ledger.kept.get(item)
    if own + others + ours <= DISKS_MAX:
        return MET if kept is None else _room_besides(kept, target, item, own + ours)
    whose = item if ours == slots_of(machine(estate, item)) else f"{item} and its replication group"
    counted = f"{own} of its own, {others} of machines on their way home and {ours} of {whose}"
    sentence = f"it would have {own + others + ours} disks ({counted}); at most {DISKS_MAX} are possible"
    return broken(target.name, sentence, holds=("busy",) if others else ())


def _room_besides(kept: Kept, target: MasterTarget | Appliance, item: str, disks: int) -> Verdict:
    """What machines of later waves hold they hold until the wave of this machine is home."""
    if disks + kept.most <= DISKS_MAX:
        return MET
    who, act = ", ".join(kept.holders), f"put them and {item} into one wave, or commit their failback first"
    if disks + kept.disks <= DISKS_MAX:
        fact = f"{target.name}: whether machines of later waves ({who}) leave {item} disk slots"
        return unsure(fact, act, others=kept.holders)
    why = f"machines of later waves ({who}) hold {kept.disks} disk slots until {item} is home"
    return broken(target.name, f"{why}, and it needs some of these: {act}", holds=("busy",))
