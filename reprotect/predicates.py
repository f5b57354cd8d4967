"""Whether a requirement holds: one named function of (estate, item, what is asked) for each.

Where nothing was chosen, only the rule that wants the choice is broken (R27, A01); the others have no object and are
met. At failback nobody names the master target or appliance again: it is the one through which the item returns.
"""

from .choices import Choices
from .estate import DISKS_MAX, Appliance, Estate, Fact, Host, MasterTarget, ReplicationGroup, VirtualMachine, known
from .item import Unknown
from .verdict import MET, Verdict, all_of, broken, needs, unsure


def configuration_server_is_connected(estate: Estate, item: str, ask: Choices) -> Verdict:
    """R02."""
    servers = estate.configuration_servers.values()
    if not servers:
        return broken(item, "there is no configuration server")
    up = all_of(needs(s.up, s.name, "the configuration server is down", "look at its console") for s in servers)
    connected = (needs(s.connected, s.name, "it is not connected to Azure", "see its last heartbeat") for s in servers)
    return all_of((up, *connected))


def machine_is_in_configuration_database(estate: Estate, item: str, ask: Choices) -> Verdict:
    """R03."""
    vm = estate.virtual_machines[item]
    sentence = "the configuration server's database does not have the machine"
    return needs(vm.in_configuration_database, item, sentence, "look for it on the configuration server")


def master_target_has_no_snapshot(estate: Estate, item: str, ask: Choices) -> Verdict:
    """R04."""
    target = _master_target(estate, item, ask)
    if target is None:
        return MET
    if not known(target.snapshots):
        return unsure(f"{target.name}: its snapshots", "ask vCenter")
    names = ", ".join(target.snapshots or ())
    return broken(target.name, f"the master target has a snapshot: {names}") if names else MET


def group_is_of_one_family(estate: Estate, item: str, ask: Choices) -> Verdict:
    """R06."""
    mates = [estate.virtual_machines[name] for name in _group_of(estate, item)]
    if len({mate.os for mate in mates}) <= 1:
        return MET
    families = ", ".join(f"{mate.name} is {mate.os.value}" for mate in mates)
    group = estate.virtual_machines[item].replication_group
    return broken(group or item, f"the replication group mixes operating system families: {families}")


def group_uses_one_master_target(estate: Estate, item: str, ask: Choices) -> Verdict:
    """R07. That the check waits for every mate's request is inferred."""
    mates = [name for name in _group_of(estate, item) if name != item]
    if not mates:
        return MET
    returning = estate.returning_through
    if isinstance(returning, Unknown):
        return unsure(f"{item}: the master targets of its group", "choose for every machine of the group")
    ours = ask.master_target or returning.get(item)
    return all_of(_same_target(mate, returning.get(mate), ours) for mate in mates)


def chosen_servers_exist(estate: Estate, item: str, ask: Choices) -> Verdict:
    """R27."""
    target = broken(item, f"no master target is chosen or it is not there: {ask.master_target}")
    server = broken(item, f"no process server is chosen or it is not there: {ask.process_server}")
    has_server = ask.process_server in estate.process_servers
    return all_of((MET if _master_target(estate, item, ask) else target, MET if has_server else server))


def datastore_for_new_disks_is_listed(estate: Estate, item: str, ask: Choices) -> Verdict:
    """R28: ignored where the disks exist, required where they do not (C20)."""
    host, exists = _target_host(estate, item, ask), estate.virtual_machines[item].exists_on_premises
    if not known(exists):
        return unsure(f"{item}: whether the on-premises virtual machine exists", "ask vCenter")
    if exists:
        return MET
    if host is None:
        return unsure(f"{item}: the host of its master target", "ask vCenter")
    listed = ask.datastore in host.datastores
    return MET if listed else broken(item, f"the datastore for its new disks is not listed: {ask.datastore}")


def retention_drive_is_chosen(estate: Estate, item: str, ask: Choices) -> Verdict:
    """R29."""
    target = _master_target(estate, item, ask)
    if target is None or ask.retention_drive in {drive.name for drive in target.retention_drives}:
        return MET
    return broken(target.name, f"the master target has no such retention drive: {ask.retention_drive}")


def retention_drive_is_listed(estate: Estate, item: str, ask: Choices) -> Verdict:
    """M10."""
    target = _master_target(estate, item, ask)
    drives = () if target is None else target.retention_drives
    sentence = "the retention drive is not listed yet"
    return all_of(needs(d.listed, d.name, sentence, "refresh") for d in drives if d.name == ask.retention_drive)


def master_target_sees_the_datastore(estate: Estate, item: str, ask: Choices) -> Verdict:
    """R24: only while the virtual machine still exists on premises."""
    target, host = _master_target(estate, item, ask), _target_host(estate, item, ask)
    vm = estate.virtual_machines[item]
    if target is None or vm.exists_on_premises is False:
        return MET
    if host is None or not known(vm.exists_on_premises):
        return unsure(f"{item}: whether {target.name}'s host mounts its datastore", "ask vCenter")
    sentence = f"it is not mounted read/write on {host.name}, the host of master target {target.name}"
    return MET if vm.datastore in host.datastores else broken(vm.datastore, sentence)


def name_is_free_on_the_host(estate: Estate, item: str, ask: Choices) -> Verdict:
    """T10: bites where a new virtual machine is made."""
    host = _target_host(estate, item, ask)
    if host is None or estate.virtual_machines[item].exists_on_premises is not False:
        return MET
    sentence = f"another virtual machine is called {item} on this host"
    return broken(host.name, sentence) if item in host.other_machines else MET


def master_target_is_of_the_family(estate: Estate, item: str, ask: Choices) -> Verdict:
    """M01."""
    target, vm = _master_target(estate, item, ask), estate.virtual_machines[item]
    if target is None or target.os is vm.os:
        return MET
    return broken(target.name, f"a {target.os.value} master target cannot take the {vm.os.value} machine {item}")


def master_target_has_room(estate: Estate, item: str, ask: Choices) -> Verdict:
    """M03."""
    target = _master_target(estate, item, ask)
    return MET if target is None else _room(estate, item, target)


def appliance_has_room(estate: Estate, item: str, ask: Choices) -> Verdict:
    """A02."""
    box = _appliance(estate, item, ask)
    return MET if box is None else _room(estate, item, box)


def vcenter_is_connected(estate: Estate, item: str, ask: Choices) -> Verdict:
    """R09."""
    servers = estate.configuration_servers.values()
    sentence = "the configuration server does not reach vCenter"
    return all_of(needs(s.vcenter_connected, s.name, sentence, "see the vCenter's last heartbeat") for s in servers)


def agent_is_registered(estate: Estate, item: str, ask: Choices) -> Verdict:
    """R23, A06."""
    vm = estate.virtual_machines[item]
    sentence = "the mobility agent is not installed (it has not registered again)"
    return needs(vm.agent_registered, item, sentence, "wait 15 minutes after the boot")


def target_is_powered_off(estate: Estate, item: str, ask: Choices) -> Verdict:
    """R33: bites only while the machine returns."""
    vm = estate.virtual_machines[item]
    if _through(estate, item) is None or vm.powered_on is False:
        return MET
    if not known(vm.powered_on):
        return unsure(f"{item}: power of the on-premises virtual machine", "ask vCenter")
    return broken(item, "the on-premises virtual machine is powered on while it is a replication target")


def process_server_is_up(estate: Estate, item: str, ask: Choices) -> Verdict:
    """806."""
    server = estate.process_servers.get(ask.process_server or "")
    if server is None:
        return MET
    return needs(server.up, server.name, "no heartbeat from the process server", "see its last heartbeat")


def master_target_is_up(estate: Estate, item: str, ask: Choices) -> Verdict:
    """78022."""
    target = _master_target(estate, item, ask)
    if target is None:
        return MET
    return needs(target.up, target.name, "no heartbeat from the master target", "see its last heartbeat")


def replica_was_not_moved(estate: Estate, item: str, ask: Choices) -> Verdict:
    """R17."""
    moved = estate.virtual_machines[item].azure.moved
    fact: Fact[bool] = not moved if known(moved) else moved
    sentence = "its Azure virtual machine was moved to another resource group"
    return needs(fact, item, sentence, "ask Azure once failed over")


def replica_exists(estate: Estate, item: str, ask: Choices) -> Verdict:
    """R18."""
    exists = estate.virtual_machines[item].azure.exists
    return needs(exists, item, "its Azure virtual machine was deleted", "ask Azure once failed over")


def replica_is_running(estate: Estate, item: str, ask: Choices) -> Verdict:
    """78093: a deleted one is R18."""
    azure = estate.virtual_machines[item].azure
    if azure.exists is False:
        return MET
    return needs(azure.running, item, "its Azure virtual machine is not running, hung or unreachable", "ask Azure")


def replica_reaches_configuration_server(estate: Estate, item: str, ask: Choices) -> Verdict:
    """N04."""
    azure = estate.virtual_machines[item].azure
    sentence = "its Azure virtual machine does not reach the configuration server"
    return needs(azure.reaches_configuration_server, item, sentence, "ping the configuration server from it")


def host_has_memory(estate: Estate, item: str, ask: Choices) -> Verdict:
    """8038."""
    vm = estate.virtual_machines[item]
    host = _target_host(estate, item, ask) if vm.exists_on_premises is False else estate.hosts.get(vm.host)
    if host is None or not known(host.free_memory_gib) or not known(vm.memory_gib):
        return unsure(f"{item}: its memory and what its host has free", "ask vCenter")
    if (vm.memory_gib or 0.0) <= (host.free_memory_gib or 0.0):
        return MET
    return broken(host.name, f"{host.free_memory_gib} GiB are free, {item} needs {vm.memory_gib} GiB")


def appliance_is_healthy(estate: Estate, item: str, ask: Choices) -> Verdict:
    """A01."""
    box = _appliance(estate, item, ask)
    if box is None:
        return broken(item, f"no appliance is chosen or it is not there: {ask.appliance}")
    return needs(box.healthy, box.name, "the appliance is not healthy or not connected", "look at the vault")


def _through(estate: Estate, item: str) -> str | None:
    returning = estate.returning_through
    return None if isinstance(returning, Unknown) else returning.get(item)


def _master_target(estate: Estate, item: str, ask: Choices) -> MasterTarget | None:
    return estate.master_targets.get(ask.master_target or _through(estate, item) or "")


def _appliance(estate: Estate, item: str, ask: Choices) -> Appliance | None:
    return estate.appliances.get(ask.appliance or _through(estate, item) or "")


def _target_host(estate: Estate, item: str, ask: Choices) -> Host | None:
    target = _master_target(estate, item, ask) or _appliance(estate, item, ask)
    return None if target is None else estate.hosts.get(target.host)


def _group_of(estate: Estate, item: str) -> tuple[str, ...]:
    vm: VirtualMachine = estate.virtual_machines[item]
    group: ReplicationGroup | None = estate.replication_groups.get(vm.replication_group or "")
    return () if group is None else group.items


def _same_target(mate: str, theirs: str | None, ours: str | None) -> Verdict:
    if theirs is None:
        return broken(mate, "this group mate was not asked for with a master target")
    return MET if theirs == ours else broken(mate, f"this group mate uses master target {theirs}, not {ours}")


def _room(estate: Estate, item: str, target: MasterTarget | Appliance) -> Verdict:
    ours = len(estate.virtual_machines[item].disks)
    others = estate.disks_in_flight.get(target.name, 0)
    if target.local_disks + others + ours <= DISKS_MAX:
        return MET
    counted = f"{target.local_disks} of its own, {others} in flight and {ours} of {item}"
    return broken(target.name, f"{counted} are more than {DISKS_MAX} disks")
