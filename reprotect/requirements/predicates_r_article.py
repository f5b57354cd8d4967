"""Whether a requirement holds: one named function of (estate, item, what is asked) for each. Here those of the article.

Where nothing was chosen, only the rule that wants the choice is broken (R27, A01); the others have no object and are
met. At failback nobody names the master target or appliance again: it is the one through which the item returns. A
rule that is advice or an effect is broken for the machines that it concerns.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from failback.reprotect.choices import Choices
from failback.reprotect.estate import (
    Appliance,
    ConfigurationServer,
    Datastore,
    Estate,
    Fact,
    Host,
    MasterTarget,
    ProcessServer,
    VirtualMachine,
    configuration_server,
    known,
)
from failback.reprotect.item import OsFamily, Unknown
from failback.reprotect.phases import Side, phase_row

from .os_release import WINDOWS_2008_R2, os_release
from .predicates_shared import (
    LEGS_TO_REPROTECT,
    SEE_CLASSIC_SERVERS,
    appliance,
    at_either_location,
    home_datastores,
    in_a_recovery_plan,
    is_gone,
    label,
    lacks,
    machine,
    master_target,
    mates,
    missing_in,
    mounting_host,
    process_server,
    recovery_plans_of,
    responds,
    retention_drive,
    target_host,
    through,
    whose,
)
from .readings import reading
from .verdict import LINK, MET, Broken, Verdict, all_of, broken, needs, noted, unsure

DATA_PORT: Final = 9443
"""The port for data (C11)."""
CONTROL_PORT: Final = 443
"""The port for control."""
TO_PROCESS_SERVER: Final = (DATA_PORT,)
TO_MASTER_TARGET: Final = (DATA_PORT,)
TO_CONFIGURATION_SERVER: Final = (CONTROL_PORT,)

# fmt: off
PRIVILEGES: Final = (
    "Datastore.AllocateSpace", "Datastore.Browse", "Datastore.FileManagement", "Datastore.DeleteFile", "Datastore.UpdateVirtualMachineFiles",
    "Network.Assign",
    "Resource.AssignVMToPool", "Resource.ColdMigrate", "Resource.HotMigrate",
    "Task.Create", "Task.Update",
    "VirtualMachine.Config.AddExistingDisk", "VirtualMachine.Config.AddNewDisk", "VirtualMachine.Config.RemoveDisk", "VirtualMachine.Config.AddRemoveDevice",
    "VirtualMachine.Config.AdvancedConfig", "VirtualMachine.Config.EditDevice", "VirtualMachine.Config.Settings",
    "VirtualMachine.Interact.AnswerQuestion", "VirtualMachine.Interact.DeviceConnection", "VirtualMachine.Interact.SetCDMedia", "VirtualMachine.Interact.SetFloppyMedia",
    "VirtualMachine.Interact.PowerOff", "VirtualMachine.Interact.PowerOn", "VirtualMachine.Interact.ToolsInstall",
    "VirtualMachine.Inventory.Create", "VirtualMachine.Inventory.Register", "VirtualMachine.Inventory.Unregister",
    "VirtualMachine.Provisioning.GetVmFiles", "VirtualMachine.Provisioning.PutVmFiles",
    "VirtualMachine.State.CreateSnapshot", "VirtualMachine.State.RemoveSnapshot",
)
# fmt: on
"""The documented role for failback by vSphere's ids (ours to map); of the configuration group, documented as "all",
those that disks and devices need."""
_NO_CONFIGURATION_SERVER: Final = "there is no configuration server, or not the one that protects it"
_SEE_PLANS: Final = "list the vault's recovery plans"


def servers_for_the_way_home_exist(estate: Estate, item: str, choices: Choices) -> Verdict:
    """R01."""
    link = needs(estate.link.up, LINK, "no VPN or private peering to Azure is up", "look at the gateway")
    servers = _any_registered(estate, estate.process_servers, item, "process server")
    return all_of((_any_registered(estate, estate.master_targets, item, "master target"), servers, link))


def configuration_server_is_connected(estate: Estate, item: str, choices: Choices) -> Verdict:
    """R02."""
    server = configuration_server(estate, item)
    if server is None and not estate.servers_known:
        return unsure(
            f"{item}: which configuration servers the vault has, since no file lists them", SEE_CLASSIC_SERVERS
        )
    if server is None:
        return broken(item, _NO_CONFIGURATION_SERVER)
    up = needs(server.up, server.name, "the configuration server is down", "look at its console")
    return all_of((up, needs(server.connected, server.name, "it is not connected to Azure", "see its last heartbeat")))


def machine_is_in_configuration_database(estate: Estate, item: str, choices: Choices) -> Verdict:
    """R03."""
    sentence = "the configuration server's database does not have the machine"
    how = "look for it on the configuration server"
    return needs(machine(estate, item).in_configuration_database, item, sentence, how)


def master_target_has_no_snapshot(estate: Estate, item: str, choices: Choices) -> Verdict:
    """R04, and by the strict reading of C01 the machine has none either."""
    target = master_target(estate, item, choices)
    if target is None:
        return MET
    ours = _no_snapshot(target.snapshots, target.name, "the master target has a snapshot")
    if reading(estate, "C01") != "strict":
        return ours
    return all_of((ours, _no_snapshot(machine(estate, item).snapshots, item, "the machine has a snapshot (C01)")))


def snapshots_are_merged(estate: Estate, item: str, choices: Choices) -> Verdict:
    """R05: concerns a machine that has snapshots."""
    snapshots = machine(estate, item).snapshots
    return _no_snapshot(snapshots, item, "the reprotect job will merge its snapshots")


def group_is_of_one_family(estate: Estate, item: str, choices: Choices) -> Verdict:
    """R06."""
    members = [estate.virtual_machines[name] for name in mates(estate, item)]
    if len({member.os for member in members}) <= 1:
        return MET
    families = ", ".join(f"{member.name} is {member.os.value}" for member in members)
    group = machine(estate, item).replication_group
    return broken(group or item, f"the replication group mixes operating system families: {families}")


def group_uses_one_master_target(estate: Estate, item: str, choices: Choices) -> Verdict:
    """R07. That the check waits for every mate's request is inferred; of appliances nobody knows it at all (C26)."""
    others = [name for name in mates(estate, item) if name != item]
    if not others:
        return MET
    if apart := estate.ledger.apart.get(item):
        sentence = f"the plan has {', '.join(sorted((item, *apart)))} in different waves"
        return broken(_group_of(estate, item), sentence, holds=("waves",))
    returning = estate.returning_through
    if isinstance(returning, Unknown):
        return unsure(f"{item}: the master targets of its group", "choose for every machine of the group")
    ours = choices.master_target or choices.appliance or returning.get(item)
    theirs = {mate: returning.get(mate) or estate.requested_through.get(mate) for mate in others}
    uneven = (_asked_meanwhile(item, mate) for mate in estate.ledger.uneven.get(item, ()))
    through = {name: ours if name == item else theirs[name] for name in mates(estate, item)}
    return all_of((_same_target(_group_of(estate, item), through), *uneven))


def _group_of(estate: Estate, item: str) -> str:
    return machine(estate, item).replication_group or item


def _asked_meanwhile(item: str, mate: str) -> Verdict:
    fact = f"{mate}: whether it is requested by the time that {item} is checked, since they begin in different phases"
    return unsure(fact, "bring the machines of the group into one phase before the plan begins")


def ports_are_open(estate: Estate, item: str, choices: Choices) -> Verdict:
    """R08."""
    server, target = process_server(estate, choices), master_target(estate, item, choices)
    control = configuration_server(estate, item)
    wanted = (control, TO_CONFIGURATION_SERVER), (server, TO_PROCESS_SERVER), (target, TO_MASTER_TARGET)
    verdicts = [_open(part, ports) for part, ports in wanted if part is not None]
    blocked = [verdict for verdict in verdicts if isinstance(verdict, Broken)]
    return all_of(blocked or (_routes(estate, item, server, target), *verdicts))


def _open(part: ConfigurationServer | ProcessServer | MasterTarget, ports: tuple[int, ...]) -> Verdict:
    """Towards this server."""
    if not known(part.closed_ports):
        wanted = ", ".join(map(str, ports))
        return unsure(f"{part.name}: whether TCP {wanted} towards it is open", "connect to it from its counterpart")
    closed = sorted(set(part.closed_ports or ()).intersection(ports))
    return broken(part.name, f"TCP {', '.join(map(str, closed))} towards it is closed") if closed else MET


def vcenter_is_connected(estate: Estate, item: str, choices: Choices) -> Verdict:
    """R09."""
    server = configuration_server(estate, item)
    if server is None:
        return MET
    sentence, how = "the configuration server does not reach vCenter", "see the vCenter's last heartbeat"
    return all_of(
        (
            needs(server.vcenter_connected, server.name, sentence, how),
            _reaches_own_vcenter(server, machine(estate, item), how),
        )
    )


def _reaches_own_vcenter(server: ConfigurationServer, vm: VirtualMachine, how: str) -> Verdict:
    """Of several vCenters it is the machine's that counts."""
    if not known(server.lost_vcenters):
        return unsure(f"{server.name}: which of its vCenters it reaches", how)
    if not server.lost_vcenters:
        return MET
    if not known(vm.vcenter):
        return unsure(f"{vm.name}: its vCenter", "look in each vCenter")
    named = not known(server.vcenters) or vm.vcenter in (server.vcenters or ())
    if vm.vcenter not in server.lost_vcenters and not named:
        return unsure(f"{vm.name}: under which name {server.name} knows its vCenter", "ask the vault for its vCenters")
    lost = vm.vcenter in server.lost_vcenters
    return broken(server.name, f"it does not reach {vm.vcenter}, the vCenter of {vm.name}") if lost else MET


def vcenter_account_has_the_role(estate: Estate, item: str, choices: Choices) -> Verdict:
    """R10: the account that the configuration server keeps for the machine's vCenter, not the one that looks."""
    server = configuration_server(estate, item)
    if server is None:
        return MET
    vcenter, own = machine(estate, item).vcenter, server.vcenter_accounts
    if own and not known(vcenter):
        held = {server.privileges, *(account.privileges for account in own)}
        verdicts = {has_the_role(each, server.name) for each in held}
        return verdicts.pop() if len(verdicts) == 1 else unsure(f"{item}: its vCenter", "look in each vCenter")
    for account in own:
        if account.name == vcenter:
            return has_the_role(account.privileges, server.name, f"its account for vCenter {vcenter}")
    return has_the_role(server.privileges, server.name)


def has_the_role(privileges: Fact[tuple[str, ...]], name: str, whose: str = "its vCenter account") -> Verdict:
    """Whether the vCenter account that this server keeps may do what failback needs (R10, A20)."""
    if not known(privileges):
        return unsure(f"{name}: the privileges of {whose}", "look in vCenter for the account's role")
    missing = _missing(privileges or ())
    message = f"{whose} lacks {', '.join(missing)}"
    return broken(name, message) if missing else MET


_SERVER_CLASH: Final = ("server_clash",)
"""The case of a UUID that the machine shares with its master target."""
_MACHINE_CLASH: Final = ("machine_clash",)
"""The case of a BIOS UUID that two machines share."""


def uuids_differ(estate: Estate, item: str, choices: Choices) -> Verdict:
    """R11: those of the machine, its disks, and the master target to which its disks are attached.

    The page asks for disks of their own UUIDs and for a master target with another one than the machine's. Of two
    machines with one BIOS UUID it says nothing: that is told, and does not block [inferred].
    """
    vm, target = machine(estate, item), master_target(estate, item, choices)
    disks = [_folded(disk.uuid) for disk in vm.disks if _folded(disk.uuid)]
    if len(set(disks)) < len(disks):
        twice = next(str(disk.uuid) for disk in vm.disks if disks.count(_folded(disk.uuid)) > 1)
        return broken(item, f"its {_with(vm, twice)} have the same UUID {twice}", holds=("own_clash",))
    if others := estate.same_uuid.get(item):
        return _same_as_others(estate, vm, others)
    twins = _no_twins(estate, vm)
    if target is None:
        return twins
    theirs = {_folded(uuid) for uuid in target.disk_uuids or ()} if known(target.disk_uuids) else set[str]()
    if both := [str(disk.uuid) for disk in vm.disks if _folded(disk.uuid) in theirs]:
        sentence = f"its {_with(vm, min(both))} has UUID {min(both)}, which a disk of {target.name} has too"
        return broken(item, sentence, holds=_SERVER_CLASH)
    return all_of((_uuids(vm.bios_uuid, vm.template, item, target), _all_disks_seen(vm, target), twins))


def _folded(uuid: Fact[str]) -> str:
    """As UUIDs are compared: one source writes capitals, another does not. Empty where none is known."""
    return uuid.casefold() if known(uuid) and uuid else ""


def _no_twins(estate: Estate, vm: VirtualMachine) -> Verdict:
    """Of machines with one BIOS UUID the first by name is named, with the others in its sentence."""
    others = estate.same_bios_uuid.get(vm.name)
    if not others:
        return MET
    first, *rest = sorted((vm.name, *others))
    sentence = (
        f"it has BIOS UUID {machine(estate, first).bios_uuid}, which {', '.join(rest)} {'has' if len(rest) == 1 else 'have'} too: "
        "Site Recovery may take one for the other (inferred)"
    )
    return noted(first, sentence, holds=_MACHINE_CLASH, others=rest)


def _same_as_others(estate: Estate, vm: VirtualMachine, others: Sequence[str]) -> Verdict:
    """Of machines with one UUID the first by name is blamed: who mends a pair changes one of it, not both."""
    first = min((vm.name, *(other for other in others if other in estate.virtual_machines)))
    blamed, rest = (vm, others) if first == vm.name else (estate.virtual_machines[first], (vm.name,))
    sentences = (_one_uuid(blamed, estate.virtual_machines.get(other), other) for other in rest)
    return broken(first, "; ".join(sentences), others=rest)


def _one_uuid(vm: VirtualMachine, other: VirtualMachine | None, name: str) -> str:
    """Which disk of the other machine has the UUID of which of this one."""
    theirs = {_folded(disk.uuid) for disk in other.disks} - {""} if other else set[str]()
    same = next((str(disk.uuid) for disk in vm.disks if _folded(disk.uuid) in theirs), "")
    if other is None or not same:
        return f"a disk of it has the UUID of a disk of {name}"
    return f"its {_with(vm, same)} has UUID {same}, which {_with(other, same)} of {name} has too"


def _with(vm: VirtualMachine, uuid: str) -> str:
    return " and ".join(label(disk, n) for n, disk in enumerate(vm.disks) if _folded(disk.uuid) == _folded(uuid))


def other_vcenter_is_discovered(estate: Estate, item: str, choices: Choices) -> Verdict:
    """R12: concerns a machine whose master target belongs to another vCenter than it did."""
    vm, target, server = machine(estate, item), master_target(estate, item, choices), configuration_server(estate, item)
    if target is None or server is None:
        return MET
    if not known(target.vcenter):
        return unsure(f"{target.name}: its vCenter", "look in each vCenter")
    if target.vcenter is None or target.vcenter == vm.vcenter:
        return MET
    if not known(server.vcenters):
        return unsure(f"{server.name}: the vCenters that it has discovered", "ask the vault for its vCenters")
    if target.vcenter in (server.vcenters or ()):
        return _in_another_vcenter(estate, vm, target)
    if not known(vm.vcenter):
        return unsure(f"{item}: its vCenter", "look in each vCenter")
    return broken(target.name, f"it belongs to vCenter {target.vcenter}, which {server.name} has not discovered")


def _in_another_vcenter(estate: Estate, vm: VirtualMachine, target: MasterTarget) -> Verdict:
    """What the pages contradict each other about is told, unless the strict reading makes it T05's."""
    if not known(vm.vcenter) or vm.vcenter is None or reading(estate, "C03") == "strict":
        return MET
    words = f"it belongs to vCenter {target.vcenter}, {vm.name} to {vm.vcenter}"
    return noted(target.name, f"{words}: one page allows that once it is discovered, another forbids it (C03)")


@at_either_location
def host_is_licensed(estate: Estate, item: str, choices: Choices) -> Verdict:
    """R13: the host on which the machine will run, and the master target's or appliance's [inferred]."""
    own, target = estate.hosts.get(machine(estate, item).host), target_host(estate, item, choices)
    box = master_target(estate, item, choices) or appliance(estate, item, choices)
    home, receives = (
        f"{item} comes home to it",
        f"{box.name if box else 'the target'}, which receives the data, runs on it",
    )
    if is_gone(estate, item):
        return _licensed(target, "the target's host", f"{receives}, and {home}")
    if own is not None and own is target:
        return _licensed(own, f"the host of {item}", f"{receives}, and {home}")
    return all_of((_licensed(own, f"the host of {item}", home), _licensed(target, "the target's host", receives)))


def _licensed(host: Host | None, whose: str, serves: str) -> Verdict:
    if host is None or not known(host.edition):
        return unsure(f"{whose if host is None else host.name}: its edition", "look in vCenter for the host's licence")
    why = f"the host has the free edition of ESXi, which cannot take part in a failback: {serves}"
    return broken(host.name, why) if host.edition == "free" else MET


def source_can_come_back(estate: Estate, item: str, choices: Choices) -> Verdict:
    """R14."""
    vm = machine(estate, item)
    release = os_release(vm.os_version, vm.os) if known(vm.os_version) else None
    harmless = vm.os is not OsFamily.WINDOWS or (release is not None and release != WINDOWS_2008_R2)
    if harmless or (known(vm.source) and vm.source != "physical"):
        return MET
    if not known(vm.source):
        return unsure(f"{item}: whether it was a physical server before the failover", "see the item in the vault")
    if release is None:
        return unsure(f"{item}: the Windows version of the physical server", "ask its owner")
    return broken(item, "a physical Windows Server 2008 R2 SP1 cannot fail back")


def target_is_vmware(estate: Estate, item: str, choices: Choices) -> Verdict:
    """R15."""
    target = machine(estate, item).target
    if not known(target):
        return unsure(f"{item}: the platform to which it returns", "see the dialog of its reprotect")
    return MET if target == "vmware" else broken(item, f"it can come home only to VMware, not to {target}")


def migration_is_not_completed(estate: Estate, item: str, choices: Choices) -> Verdict:
    """R16."""
    completed = machine(estate, item).migration_completed
    return lacks(completed, item, "its migration to Azure was completed", "look for the item in the vault")


def replica_was_not_moved(estate: Estate, item: str, choices: Choices) -> Verdict:
    """R17."""
    sentence = "its Azure virtual machine was moved to another resource group"
    return lacks(machine(estate, item).azure.moved, item, sentence, "look in Azure after the failover")


def replica_exists(estate: Estate, item: str, choices: Choices) -> Verdict:
    """R18."""
    exists = machine(estate, item).azure.exists
    return needs(exists, item, "its Azure virtual machine was deleted", "look in Azure after the failover")


def protection_is_not_disabled(estate: Estate, item: str, choices: Choices) -> Verdict:
    """R19."""
    disabled = machine(estate, item).protection_disabled
    return lacks(disabled, item, "its protection was disabled while it ran in Azure", "look for the item in the vault")


@at_either_location
def location_is_as_asked(estate: Estate, item: str, choices: Choices) -> Verdict:
    """R20: concerns a machine that is there, and for which another datastore was asked."""
    vm = machine(estate, item)
    if is_gone(estate, item) or choices.datastore in (None, vm.datastore):
        return MET
    message = f"the machine exists, so it returns to its original location; the chosen datastore {choices.datastore} is ignored"
    return broken(item, message)


def plan_has_all_values(estate: Estate, item: str, choices: Choices) -> Verdict:
    """R21: concerns a machine of a recovery plan."""
    wanted = {
        "master target": choices.master_target or through(estate, item),
        "process server": choices.process_server,
        "retention drive": choices.retention_drive,
    }
    missing = ", ".join(name for name, value in wanted.items() if value is None)
    if not missing or not in_a_recovery_plan(estate, item):
        return MET
    return broken(item, f"the recovery plan sets no {missing} for it")


def group_has_a_recovery_plan(estate: Estate, item: str, choices: Choices) -> Verdict:
    """R22: concerns a machine of a replication group."""
    group = machine(estate, item).replication_group
    if group is None:
        return MET
    ours = recovery_plans_of(estate, item)
    if not estate.recovery_plans_known and (not ours or missing_in(ours, mates(estate, item))):
        return unsure(f"{item}: whether a recovery plan has all of replication group {group}", _SEE_PLANS)
    if ours and not missing_in(ours, mates(estate, item)):
        return MET
    only = "a group can be reprotected only through a recovery plan"
    return broken(group, f"{_plans_of_the_group(estate, mates(estate, item))}; {only} that has all of its machines")


def _plans_of_the_group(estate: Estate, items: Iterable[str]) -> str:
    """Which recovery plan has which of them, in one sentence for the whole group."""
    found: dict[str, list[str]] = {}
    for name in items:
        plans = ", ".join(plan.name for plan in recovery_plans_of(estate, name))
        found.setdefault(f"recovery plan {plans} has" if plans else "no recovery plan has", []).append(name)
    return ", ".join(f"{plan} {' and '.join(names)}" for plan, names in found.items())


def agent_is_registered(estate: Estate, item: str, choices: Choices) -> Verdict:
    """R23, A06."""
    sentence = "the mobility agent is not installed or has not registered again"
    return needs(machine(estate, item).agent_registered, item, sentence, "wait 15 minutes after the boot")


@at_either_location
def master_target_sees_the_datastore(estate: Estate, item: str, choices: Choices) -> Verdict:
    """R24: those of all its disks where it exists; where it is gone the chosen one [inferred], if listed (R28)."""
    target = master_target(estate, item, choices)
    host, names = mounting_host(estate, target), home_datastores(estate, item, choices)
    if target is None or (is_gone(estate, item) and (host is None or names[0] not in host.mounted)):
        return MET
    if not all(names):
        return unsure(f"{item}: the datastores of its disks", "look in vCenter")
    if host is None:
        sentence = f"the vault does not list it for master target {target.name}"
        return reported_by(target, names, sentence, f"{target.name}: the datastores that its host mounts")
    sentence = f"it is not mounted read/write on {host.name}, the host of master target {target.name}"
    return all_of(usable_from(estate, host, name, sentence) for name in names)


def reported_by(server: MasterTarget | Appliance, names: Iterable[str], sentence: str, what: str) -> Verdict:
    """By what the vault says of a server, where nobody knows its host or what that mounts (R24 [inferred], A03)."""
    if not known(server.accessible_datastores):
        return unsure(what, "look at its host in vCenter")
    return all_of(broken(name, sentence) for name in names if name not in (server.accessible_datastores or ()))


def usable_from(estate: Estate, host: Host, name: str, sentence: str) -> Verdict:
    """Whether this host reads and writes the datastore, and the datastore is accessible at all (R24, A03)."""
    if name not in host.mounted or name in host.only_reads:
        return broken(name, sentence)
    store = estate.datastores.get(name)
    written: Verdict = MET
    if not known(host.read_only_datastores):
        written = unsure(f"{host.name}: which datastores it has mounted read-only", "look in vCenter")
    return all_of((written, MET if store is None else _accessible(store)))


@at_either_location
def datastores_are_accessible(estate: Estate, item: str, choices: Choices) -> Verdict:
    """R24, A03, of a resync that runs: whoever began it had them mounted, and nobody asks for that again [inferred]."""
    stores = (estate.datastores.get(name) for name in home_datastores(estate, item, choices))
    return all_of(_accessible(store) for store in stores if store is not None)


def _accessible(store: Datastore) -> Verdict:
    return needs(store.accessible, store.name, "it is not accessible", "look in vCenter")


@at_either_location
def datastore_is_the_master_targets(estate: Estate, item: str, choices: Choices) -> Verdict:
    """R25: concerns a machine that is made anew; C22 makes it a condition. What is not listed at all is R28."""
    target = master_target(estate, item, choices)
    host = mounting_host(estate, target)
    if target is None or not is_gone(estate, item) or choices.datastore in (None, target.datastore):
        return MET
    if host is not None and choices.datastore not in host.mounted and reading(estate, "C22") == "chosen":
        return MET
    message = (
        f"its new disks go to {choices.datastore}; the datastore configured for {target.name} is {target.datastore}"
    )
    return broken(item, message)


def direction_is_home(estate: Estate, item: str, choices: Choices) -> Verdict:
    """R26."""
    shown = machine(estate, item).direction_shown
    if not known(shown):
        return unsure(f"{item}: the direction that the dialog of its reprotect shows", "open the dialog, and close it")
    return MET if shown == "azure_to_on_premises" else broken(item, f"the dialog shows the direction {shown}")


def chosen_servers_exist(estate: Estate, item: str, choices: Choices) -> Verdict:
    """R27: where there is none at all it is R01, where a recovery plan names none it is R21."""
    chosen = choices.master_target or through(estate, item)
    target = _offered(estate, estate.master_targets, chosen, item, "master target")
    return all_of((target, _offered(estate, estate.process_servers, choices.process_server, item, "process server")))


@at_either_location
def datastore_for_new_disks_is_listed(estate: Estate, item: str, choices: Choices) -> Verdict:
    """R28: ignored where the disks exist, required where they do not (C20); C22 may want the master target's own."""
    host = target_host(estate, item, choices)
    if not is_gone(estate, item):
        wanted = reading(estate, "C20") == "always" and choices.datastore is None
        return broken(item, "no datastore is chosen (C20)") if wanted else MET
    if host is None:
        return unsure(f"{item}: the host of its master target", "look in vCenter")
    if reading(estate, "C22") == "master_target":
        return datastore_is_the_master_targets(estate, item, choices)
    if not known(host.datastores):
        return unsure(f"{host.name}: the datastores that it mounts", "look in vCenter")
    listed = choices.datastore in host.mounted
    return MET if listed else broken(item, f"the datastore for its new disks is not listed: {choices.datastore}")


def retention_drive_is_chosen(estate: Estate, item: str, choices: Choices) -> Verdict:
    """R29: a recovery plan without the value is R21."""
    target = master_target(estate, item, choices)
    if target is None or retention_drive(estate, item, choices) is not None:
        return MET
    if choices.retention_drive is None and in_a_recovery_plan(estate, item):
        return MET
    if choices.retention_drive is None:
        return broken(target.name, "none of its retention drives is chosen, or it has none")
    return broken(target.name, f"the master target has no such retention drive: {choices.retention_drive}")


def failback_policy_is_there(estate: Estate, item: str, choices: Choices) -> Verdict:
    """R30: it is made and associated by itself; this is the fact that contradicts it."""
    server = configuration_server(estate, item)
    if server is None:
        return MET
    sentence = "no failback policy is associated with the configuration server"
    return needs(server.failback_policy, server.name, sentence, "look at its replication policies")


def replication_starts(estate: Estate, item: str, choices: Choices) -> Verdict:
    """R31: the job's success makes the machine protected; this is the fact that contradicts it (C23, 78169)."""
    sentence = "the initial replication does not begin after the reprotect job"
    return needs(machine(estate, item).replication_starts, item, sentence, "see its progress on the Jobs page")


@at_either_location
def machine_can_be_turned_off(estate: Estate, item: str, choices: Choices) -> Verdict:
    """R32: a reprotect turns it off by itself, and a failback on; these are the facts that contradict it.

    That a question keeps a machine from being turned on is inferred.
    """
    vm, registered = machine(estate, item), f"{item} is registered on it"
    if is_gone(estate, item):  # made anew by its reprotect, on the host of its master target or appliance
        made_anew = phase_row(vm.at).legs_behind > LEGS_TO_REPROTECT
        return responds(target_host(estate, item, choices), registered) if made_anew else MET
    sentence = "vSphere is waiting for an answer to a question about it, so no job can turn it off or on"
    asked = lacks(vm.pending_question, item, sentence, "look in vCenter")
    twice = noted(item, _RUNS_TWICE, holds=("runs_twice",)) if _runs_twice(vm) else MET
    return all_of((asked, twice, responds(estate.hosts.get(vm.host), registered)))


_RUNS_TWICE: Final = (
    "it is powered on while its copy runs in Azure; the reprotect turns it off, and what was written on site since the "
    "failover is lost"
)


def _runs_twice(vm: VirtualMachine) -> bool:
    """A replication target that is on is R33."""
    row = phase_row(vm.at)
    return vm.powered_on is True and row.runs is Side.AZURE and not row.is_target


def target_is_powered_off(estate: Estate, item: str, choices: Choices) -> Verdict:
    """R33: bites only while the machine returns."""
    vm = machine(estate, item)
    if through(estate, item) is None or vm.powered_on is False:
        return MET
    if not known(vm.powered_on):
        return unsure(f"{item}: the power state of the on-premises virtual machine", "look in vCenter")
    return broken(item, "the on-premises virtual machine is powered on while it is a replication target")


def downtime_is_agreed(estate: Estate, item: str, choices: Choices) -> Verdict:
    """R34: concerns a machine for whose downtime nobody has agreed."""
    sentence = "its owner has not agreed to the downtime of the failback"
    return needs(machine(estate, item).downtime_agreed, item, sentence, "ask the application's owner")


@lru_cache(maxsize=64)
def _missing(held: tuple[str, ...]) -> tuple[str, ...]:
    """Those that none of these covers. A server keeps one account, and all of its machines ask about that."""
    return tuple(wanted for wanted in PRIVILEGES if not any(covers(pattern, wanted) for pattern in held))


def covers(pattern: str, privilege: str) -> bool:
    """Whether this privilege, or pattern such as Datastore.*, is or includes that one."""
    return privilege == pattern or (pattern.endswith("*") and privilege.startswith(pattern[:-1]))


def _no_snapshot(snapshots: Fact[tuple[str, ...]], name: str, sentence: str) -> Verdict:
    if not known(snapshots):
        return unsure(f"{name}: its snapshots", "look in vCenter")
    return broken(name, f"{sentence}: {', '.join(snapshots)}") if snapshots else MET


def _same_target(group: str, through: Mapping[str, str | None]) -> Verdict:
    """Said in the same words for each machine of the group."""
    if len(set(through.values())) == 1 and None not in through.values():
        return MET
    servers = dict.fromkeys(through.values())
    by = {server: ", ".join(name for name, theirs in through.items() if theirs == server) for server in servers}
    ways = (f"{names} through {server}" if server else f"{names} through none yet" for server, names in by.items())
    common = max((server for server in servers if server), key=lambda each: by[each].count(","), default="")
    sentence = f"its machines are requested with different servers: {'; '.join(ways)}"
    return broken(group, sentence, holds=(f"common_server={common}",) if common else ())


_Server = ProcessServer | MasterTarget


def _any_registered(estate: Estate, servers: Mapping[str, _Server], item: str, kind: str) -> Verdict:
    """One is enough."""
    own = configuration_server(estate, item)
    at = item if own is None else own.name
    if any(server.registered is True for server in servers.values()):
        return MET
    if any(not known(server.registered) for server in servers.values()):
        return unsure(f"{at}: whether any {kind} is registered with it in the vault", "list the vault's servers")
    if not estate.servers_known:
        return unsure(f"{at}: which {kind}s the vault has, since no file lists them", SEE_CLASSIC_SERVERS)
    return broken(at, f"no {kind} is registered with it in the vault")


def _offered(estate: Estate, there: Mapping[str, _Server], name: str | None, item: str, kind: str) -> Verdict:
    server = there.get(name or "")
    if server is not None and server.registered is not False:
        return needs(server.registered, server.name, "it is not registered in the vault", "list the vault's servers")
    if all(other.registered is False for other in there.values()) or (
        name is None and in_a_recovery_plan(estate, item)
    ):
        return MET
    return broken(item, f"no {kind} is chosen, or it does not exist: {name}")


def _routes(estate: Estate, item: str, server: ProcessServer | None, target: MasterTarget | None) -> Verdict:
    if not estate.reachable:
        return unsure(f"{item}: which servers reach each other", "compute it from the topology")
    missing = [way for way in _ways(estate, item, server, target) if way not in estate.reachable]
    return all_of(broken(end, f"{start} does not reach it on TCP {port}") for start, end, port in missing)


def _ways(
    estate: Estate, item: str, server: ProcessServer | None, target: MasterTarget | None
) -> Iterable[tuple[str, str, int]]:
    control = configuration_server(estate, item)
    if control is not None:
        yield f"azure:{item}", control.name, CONTROL_PORT
    if server is not None:
        yield f"azure:{item}", server.name, DATA_PORT
    if server is not None and target is not None:
        yield server.name, target.name, DATA_PORT


def _all_disks_seen(vm: VirtualMachine, target: MasterTarget) -> Verdict:
    """A disk whose UUID nobody knows may clash with another of its machine or of the master target."""
    theirs = target.disk_uuids
    alone = known(theirs) and not theirs and len(vm.disks) < 2
    if alone or (known(theirs) and all(known(disk.uuid) for disk in vm.disks)):
        return MET
    is_open = {vm.name: not all(known(disk.uuid) for disk in vm.disks), target.name: not known(theirs)}
    return unsure(whose("disks' UUIDs", "disks' UUIDs", is_open), "look in vCenter", holds=_SERVER_CLASH)


def _uuids(ours: Fact[str], template: Fact[str], item: str, target: MasterTarget) -> Verdict:
    if known(ours) and known(target.bios_uuid):
        clash = bool(_folded(ours)) and _folded(ours) == _folded(target.bios_uuid)
        sentence = f"it has the UUID of master target {target.name} ({ours})"
        return broken(item, sentence, holds=_SERVER_CLASH) if clash else MET
    same = known(template) and known(target.template) and template is not None and template == target.template
    hint = f"; both come from template {template}" if same else ""
    is_open = {item: not known(ours), target.name: not known(target.bios_uuid)}
    return unsure(whose("BIOS UUID", "BIOS UUIDs", is_open) + hint, "look in vCenter", holds=_SERVER_CLASH)
