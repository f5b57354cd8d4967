"""What a file says of the estate holds in the run too: what `check` calls blocked does not come home, all else does."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Any, Final

import pytest

from failback.reprotect import (
    UNKNOWN,
    Appliance,
    AppliancePart,
    Architecture,
    AzureVm,
    ConfigurationServer,
    Datastore,
    Disk,
    Estate,
    Host,
    Line,
    Link,
    MasterTarget,
    OsFamily,
    Plan,
    ProcessServer,
    RemedyPolicy,
    RetentionDrive,
    Stage,
    VcenterAccount,
    VirtualMachine,
    by_id,
)
from failback.scenarios import Scenario, load_scenario, play, resolve
from failback.scenarios.judging.check import Status, check_estate

AZURE = AzureVm(
    running=True,
    exists=True,
    moved=False,
    reaches_configuration_server=True,
    reaches_service_urls=True,
    reaches_group=True,
    network="vnet",
    needed_after_return=False,
)
WEB = VirtualMachine(
    "web",
    OsFamily.LINUX,
    (Disk(30, "Disk0", uuid="d0"), Disk(40, "Disk1", uuid="d1")),
    host="esx1",
    datastore="ds1",
    azure=AZURE,
    memory_gib=8.0,
    static_ip=False,
    os_version="16.04",
    agent_version="9.60",
    firmware="bios",
    bios_uuid="1",
    template=None,
    vcenter="vc",
    disk_enable_uuid=True,
    autostart=False,
    snapshots_possible=True,
    tools="open-vm-tools",
    retains_ip=False,
    replication_health="normal",
    resync_required=False,
    recovery_points=3,
    app_consistent_points=1,
    rpo_s=242.0,
    backlog_mib=0.0,
    downtime_agreed=True,
)
TARGET = MasterTarget(
    "mt1",
    OsFamily.LINUX,
    "esx1",
    "ds1",
    retention_drives=(RetentionDrive("/mnt/retention", filesystem="ext4"),),
    version="9.4",
    os_version="16.04",
    vcenter="vc",
    bios_uuid="2",
    disk_uuids=(),
    template=None,
    disk_enable_uuid=True,
    scsi_controllers=("lsilogic",),
    tools="open-vm-tools",
    lvm=False,
    cores=4,
    memory_gib=8.0,
    hosts_file_complete=True,
    nic_starts_at_boot=True,
    authenticating_proxy=False,
    reaches_servers=True,
)
PROCESS_SERVER = ProcessServer(
    "ps1",
    version="9.4",
    network="vnet",
    reaches_servers=True,
    stopped_services=(),
    static_ip=True,
    behind_nat=False,
    load_percent=30.0,
)
SERVER = ConfigurationServer(
    "cs1",
    version="9.4",
    privileges=("*",),
    vcenters=("vc",),
    vcenter_accounts=(VcenterAccount("vc", ("*",)),),
    nics=2,
    urls_over_expressroute=False,
    authenticating_proxy=False,
)
BOX = Appliance(
    "app1",
    "esx1",
    "ds1",
    log_storage_accounts=("logs",),
    fqdn="app1.local",
    cores=8,
    memory_gib=16.0,
    disk_gib=700.0,
    parts=(AppliancePart("proxy"),),
)
HOST = Host("esx1", ("ds1",), free_memory_gib=64.0, edition="licensed")
CLASSIC = Estate(
    virtual_machines={"web": replace(WEB, architecture=Architecture.CLASSIC, configuration_server="cs1")},
    link=Link(1000),
    hosts={"esx1": HOST},
    datastores={"ds1": Datastore("ds1", free_gib=1000.0)},
    configuration_servers={"cs1": SERVER},
    process_servers={"ps1": PROCESS_SERVER},
    master_targets={"mt1": TARGET},
)
MODERNISED = Estate(
    virtual_machines={"web": WEB},
    link=Link(1000),
    hosts=CLASSIC.hosts,
    datastores=CLASSIC.datastores,
    appliances={"app1": BOX},
)
ODD: Final[Mapping[type, Mapping[str, Any]]] = {
    VirtualMachine: {
        "host": "nowhere",
        "datastore": "nowhere",
        "exists_on_premises": False,
        "powered_on": False,
        "snapshots": ("one",),
        "configuration_server": "another",
        "in_configuration_database": False,
        "agent_registered": False,
        "static_ip": True,
        "memory_gib": 1e6,
        "source": "physical",
        "target": "hyper-v",
        "os_version": "22.04",
        "agent_version": "9.1",
        "firmware": "efi",
        "bios_uuid": "2",
        "disk_enable_uuid": False,
        "vcenter": "another",
        "registered_in_vcenter": False,
        "pending_question": True,
        "autostart": True,
        "snapshots_possible": False,
        "tools": None,
        "retains_ip": True,
        "manages_recovery": "configuration server",
        "migration_completed": True,
        "protection_disabled": True,
        "failover_cancelled": True,
        "direction_shown": "on_premises_to_azure",
        "replication_starts": False,
        "replication_health": "critical",
        "resync_required": True,
        "recovery_points": 0,
        "app_consistent_points": 0,
        "rpo_s": 1e6,
        "backlog_mib": 5.0,
        "holds_compressed_data": True,
        "return_within_h": 0.001,
        "downtime_agreed": False,
        "boot_tested": False,
        "way_home_rehearsed": False,
        "move_to_modernised_planned": True,
        "mounts_by_hand": True,
        "network_manager": True,
    },
    AzureVm: {
        "running": False,
        "created_by_hand": True,
        "stopped_services": ("svagents",),
        "exists": False,
        "moved": True,
        "reaches_configuration_server": False,
        "reaches_service_urls": False,
        "reaches_group": False,
        "network": "another",
        "needed_after_return": True,
    },
    Disk: {
        "uuid": "d1",
        "excluded": True,
        "added_in_azure": True,
        "iscsi": True,
        "resized_in_azure": True,
        "rewritten_in_azure": True,
        "temporary_storage": True,
        "raw_device": True,
        "attached_on_premises": False,
        "held_by": "backup proxy",
        "datastore": "elsewhere",
    },
    Host: {
        "datastores": (),
        "connected": False,
        "free_memory_gib": 1.0,
        "other_machines": ("web",),
        "read_only_datastores": ("ds1",),
        "edition": "free",
        "discovered": False,
    },
    Datastore: {"kind": "NFS", "accessible": False, "vcenter": "another"},
    ConfigurationServer: {
        "up": False,
        "connected": False,
        "vcenter_connected": False,
        "version": "9.1",
        "accounts": (),
        "privileges": (),
        "vcenters": ("another",),
        "lost_vcenters": ("vc",),
        "rebuilt": True,
        "address_changed": True,
        "failback_policy": False,
        "nics": 1,
        "closed_ports": (443,),
        "urls_over_expressroute": True,
        "authenticating_proxy": True,
    },
    ProcessServer: {
        "in_azure": False,
        "up": False,
        "version": "9.9",
        "registered": False,
        "listed": False,
        "network": "another",
        "reaches_servers": False,
        "stopped_services": ("cxprocessserver",),
        "static_ip": False,
        "behind_nat": True,
        "load_percent": 99.0,
        "closed_ports": (9443,),
    },
    RetentionDrive: {"capacity_gib": 0.0, "listed": False, "filesystem": "FAT", "free_for_retention": False},
    MasterTarget: {
        "os": OsFamily.WINDOWS,
        "host": "nowhere",
        "up": False,
        "snapshots": ("one",),
        "local_disks": 59,
        "retention_drives": (),
        "version": "9.9",
        "os_version": "14.04",
        "registered": False,
        "discovered": False,
        "vcenter": "another",
        "bios_uuid": "1",
        "disk_uuids": ("d0",),
        "disk_enable_uuid": False,
        "scsi_controllers": ("pvscsi",),
        "tools": None,
        "storage_vmotion": True,
        "lvm": True,
        "os_disk_gib": 10.0,
        "kernel_updates": True,
        "cores": 1,
        "memory_gib": 1.0,
        "hosts_file_complete": False,
        "nic_starts_at_boot": False,
        "authenticating_proxy": True,
        "reaches_servers": False,
        "closed_ports": (9443,),
    },
    AppliancePart: {"healthy": False},
    VcenterAccount: {"privileges": ("Datastore.*",)},
    Appliance: {
        "host": "nowhere",
        "healthy": False,
        "local_disks": 59,
        "storage_vmotion": True,
        "vcenter": "vc",
        "vcenter_connected": False,
        "privileges": (),
        "log_storage_accounts": (),
        "authenticating_proxy": True,
        "reaches_service_urls": False,
        "forbidden_software": ("FIPS mode",),
        "fqdn": None,
        "closed_ports": (443,),
        "cores": 1,
        "memory_gib": 1.0,
        "disk_gib": 1.0,
    },
    Link: {"kind": "internet", "up": False, "forward": "vpn"},
}
"""One value of each fact with which a rule may break."""
SAID_ELSEWHERE: Final[Mapping[type, frozenset[str]]] = {
    VirtualMachine: frozenset({"name", "os", "disks", "architecture", "tier", "replication_group", "azure"})
    | {
        "instance_uuid",
        "template",
        "id",
        "vsphere_name",
        "vault_id",
        "at",
        "returns_through",
        "process_server",
        "resync_done_fraction",
        "job_running_s",
    }
    | {"adapters", "dns_name", "policy", "failback_policy", "log_storage_account"},
    AzureVm: frozenset({"addresses", "disks_unchanged"}),
    Disk: frozenset({"size_gib", "name", "changed_fraction", "churn_mib_per_s"}),
    Host: frozenset({"name", "version"}),
    Datastore: frozenset({"name", "vsphere_name", "vcenter", "capacity_gib", "free_gib", "write_mib_per_s"}),
    ConfigurationServer: frozenset({"name", "vault_name", "vcenter_accounts"}),
    ProcessServer: frozenset({"name", "vault_name", "upload_mib_per_s", "cache_gib"}),
    RetentionDrive: frozenset({"name"}),
    MasterTarget: frozenset({"name", "vault_name", "datastore", "template", "physical", "receive_mib_per_s"})
    | {"accessible_datastores"},
    AppliancePart: frozenset({"name"}),
    VcenterAccount: frozenset({"name"}),
    Appliance: frozenset({"name", "vault_name", "vcenter", "datastore", "parts", "receive_mib_per_s", "cache_gib"})
    | {"accessible_datastores"},
    Link: frozenset({"bandwidth_mbit_per_s", "schedule", "working_hours", "bandwidth_to_azure_mbit_per_s"}),
}
"""Who it is, how much, and what concerns more than one object."""
_MAPPINGS: Final = {
    VirtualMachine: "virtual_machines",
    Host: "hosts",
    Datastore: "datastores",
    ConfigurationServer: "configuration_servers",
    ProcessServer: "process_servers",
    MasterTarget: "master_targets",
    Appliance: "appliances",
}
_INSIDE: Final = {
    AzureVm: (VirtualMachine, "azure"),
    Disk: (VirtualMachine, "disks"),
    RetentionDrive: (MasterTarget, "retention_drives"),
    AppliancePart: (Appliance, "parts"),
    VcenterAccount: (ConfigurationServer, "vcenter_accounts"),
}


def _with(estate: Estate, kind: type, fact: str, value: Any) -> Estate | None:
    """The estate with this fact of its first object of the kind; None where it has no such object."""
    if kind is Link:
        return replace(estate, link=replace(estate.link, **{fact: value}))
    owner, within = _INSIDE.get(kind, (kind, ""))
    parts = dict(getattr(estate, _MAPPINGS[owner]))
    if not parts:
        return None
    name = next(iter(parts))
    parts[name] = replace(parts[name], **_changed(parts[name], within, fact, value))
    changed: dict[str, Any] = {_MAPPINGS[owner]: parts}
    return replace(estate, **changed)


def _changed(part: Any, within: str, fact: str, value: Any) -> dict[str, Any]:
    inner: Any = getattr(part, within) if within else None
    if isinstance(inner, tuple):
        return {within: (replace(inner[0], **{fact: value}), *inner[1:])}
    return {within: replace(inner, **{fact: value})} if within else {fact: value}


def _cases() -> Iterator[Any]:
    for architecture, sound in (("classic", CLASSIC), ("modernised", MODERNISED)):
        for place in (True, False):
            estate = _with(sound, VirtualMachine, "exists_on_premises", place)
            assert estate is not None
            for kind, facts in ODD.items():
                for fact, value in facts.items():
                    odd = _with(estate, kind, fact, value)
                    if odd is not None:
                        yield pytest.param(
                            odd, id=f"{architecture}-{'there' if place else 'gone'}-{kind.__name__}.{fact}"
                        )


@pytest.fixture(scope="module")
def story() -> Scenario:
    """Durations and all else that is no estate."""
    return replace(load_scenario(resolve("one_modernised_vm")), faults=(), operator=(), plan=Plan())


@pytest.mark.parametrize("estate", list(_cases()))
def test_a_machine_comes_home_exactly_if_nothing_lasting_blocks_it_in_check(story: Scenario, estate: Estate) -> None:
    (machine,) = check_estate(estate, story.plan).items
    rows = [row for finding in machine.of(Status.BLOCKS) if (row := by_id(finding.rule)) is not None]
    lasting = {row.id for row in rows if row.waits_s is None}
    never_ends = {"gave_up"} if any(row.stage is Stage.REPLICATION for row in rows) else set()
    (item,) = play(replace(story, estate=estate)).items
    assert (item.stopped_by in lasting | never_ends) if lasting else item.stopped_by == ""


@pytest.mark.parametrize("kind", list(ODD))
def test_every_fact_is_in_the_table_or_said_elsewhere(kind: type) -> None:
    assert ODD[kind].keys() | SAID_ELSEWHERE.get(kind, set()) == {f.name for f in fields(kind)}


def test_a_machine_made_anew_asks_nothing_of_the_host_that_it_left(story: Scenario) -> None:
    web = replace(WEB, host="esx0", exists_on_premises=False)
    left = Host("esx0", ("ds1",), connected=False, free_memory_gib=0.0, edition="free")
    estate = replace(MODERNISED, virtual_machines={"web": web}, hosts={"esx0": left, "esx1": HOST})
    assert not any(check_estate(estate, story.plan).of(Status.BLOCKS))
    assert [item.stopped_by for item in play(replace(story, estate=estate)).items] == [""]


def test_a_second_failover_makes_a_replica_of_which_the_file_says_nothing(story: Scenario) -> None:
    """A replica that is off is started by a remedy; the one of the next round runs by itself."""
    web = replace(WEB, azure=AzureVm(running=False, exists=True, moved=UNKNOWN, reaches_service_urls=True))
    plan = Plan(goals=Plan().goals * 2, remedies={"78093": RemedyPolicy.APPLY})
    lines: list[Line] = []
    result = play(
        replace(story, estate=replace(MODERNISED, virtual_machines={"web": web}), plan=plan), on_line=lines.append
    )
    assert [item.stopped_by for item in result.items] == [""]
    assert [line.name for line in lines].count("ApplyRemedy") == 1
