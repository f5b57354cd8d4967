"""What becomes of each text of a scenario in a pseudonymised copy. A test holds that none of the schema is missing."""

from collections.abc import Mapping
from enum import Enum, unique
from typing import Final


@unique
class Kind(Enum):
    """What a text is, and so what becomes of it."""

    NAME = "name"
    """Gets a pseudonym that keeps its place in the order of all names."""
    UUID = "uuid"
    """Gets another one, from the key of the copy."""
    TEXT = "text"
    """Is dropped."""
    WORD = "word"
    """Stays if it is a word of failback's own; otherwise it is a name."""
    RULE = "rule"
    """Stays if it is a rule's id or another reason to stop; otherwise it is a name."""
    VERSION = "version"
    """Keeps its numbers and the names of systems."""
    DRIVE = "drive"
    """Stays if it is a drive letter or the default mount point; otherwise it is a name."""
    ACCOUNT = "account"
    """Is a name; the family of systems in it stays."""
    PRIVILEGE = "privilege"
    """Stays if it covers a privilege that a rule asks for; otherwise it is dropped."""
    CODE = "code"
    """Stays if it is a code that failback knows; otherwise it is dropped."""
    ZONE = "zone"
    """Stays if it is a time zone, on which the hours of shifts depend; otherwise it is dropped."""
    MISMATCH = "mismatch"
    """Is part of a mismatch, which is copied as a whole: what an import says stays, names get pseudonyms."""


Kinds = Kind | tuple[Kind, ...]
"""Of a mapping: the kind of its keys, of the keys below, and at last of the values."""
_N, _T, _V, _W, _R = Kind.NAME, Kind.TEXT, Kind.VERSION, Kind.WORD, Kind.RULE

FIELDS: Final[Mapping[str, Mapping[str, Kinds]]] = {
    "ScenarioFile": {
        "name": _N,
        "estate_file": _T,
        "title": _T,
        "description": _T,
        "durations": (_W,),
        "time_zone": Kind.ZONE,
    },
    "Duration": {"source": _T},
    "Application": {
        "name": _N,
        "machines": _N,
        "tier": _N,
        "owner": _T,
        "phone": _T,
        "depends_on": _N,
        "checks": _T,
        "tiers": (_N, _N),
    },
    "ApplicationCheck": {"target": _T},
    "OperatorAnswer": {"gate": _R, "items": _N},
    "Expectation": {"items": (_N,), "stopped_by": (_N, _R), "findings": _R, "violations": _W},
    "ManualStep": {"name": _N, "tiers": _N},
    "Shift": {"name": _N},
    "Prices": {"currency": _W},
    "Target": {"tier": _N},
    "Lever": {"name": _N, "leaves_tiers": _N},
    "Homecoming": {"calibration": _T},
    "Plan": {"recovery_plans": _N, "item_choices": (_N,), "remedies": (_R,)},
    "Wave": {"name": _N, "items": _N},
    "Together": {"name": _N, "order": _N},
    "Freeze": {"name": _N},
    "Gate": {"name": _R, "question": _T, "items": _N},
    "Choices": {
        "master_target": _N,
        "process_server": _N,
        "appliance": _N,
        "datastore": _N,
        "retention_drive": Kind.DRIVE,
        "log_storage_account": _N,
        "account": Kind.ACCOUNT,
        "recovery_point": _W,
    },
    "Fault": {"object": _N, "snapshot": _N, "task": _W, "code": Kind.CODE, "message": _T, "facts": (_W,)},
    "Trigger": {"item": _N},
    "SourceFile": {"file": _N, "format": _W, "dated": _V, "dated_by": _T},
    "EstateSources": {
        "facts": (_W, _W, _N),
        "exceptions": (_N, _W, _N),
        "assumed": (_W, _N),
        "policies": (_N,),
        "left_out": _T,
        "names_left_out": _T,
        "notes": _T,
        "phases": _T,
    },
    "Mismatch": dict.fromkeys(("what", "objects", "names"), Kind.MISMATCH),
    "LeftOut": {"machines": _N, "not_in_vcenter": _N},
    "SourceVault": {"name": _N, "resource_group": _N, "subscription": _N},
    "InDoubt": {"machines": _N},
    "ReplicationGroup": {"name": _N, "items": _N},
    "RecoveryPlan": {"name": _N, "groups": _N},
    "Link": {"kind": _W, "forward": _W},
    "WorkingHours": {"days": _W},
    "Host": {
        "name": _N,
        "datastores": _N,
        "other_machines": _N,
        "read_only_datastores": _N,
        "edition": _W,
        "version": _V,
    },
    "Datastore": {"name": _N, "vsphere_name": _N, "kind": _W, "vcenter": _N},
    "ConfigurationServer": {
        "name": _N,
        "vault_name": _N,
        "version": _V,
        "accounts": Kind.ACCOUNT,
        "privileges": Kind.PRIVILEGE,
        "vcenters": _N,
        "lost_vcenters": _N,
    },
    "VcenterAccount": {"name": _N, "privileges": Kind.PRIVILEGE},
    "ProcessServer": {"name": _N, "vault_name": _N, "version": _V, "network": _N, "stopped_services": _N},
    "RetentionDrive": {"name": Kind.DRIVE, "filesystem": _V},
    "MasterTarget": {
        "name": _N,
        "vault_name": _N,
        "host": _N,
        "datastore": _N,
        "snapshots": _N,
        "version": _V,
        "os_version": _V,
        "vcenter": _N,
        "bios_uuid": Kind.UUID,
        "template": _N,
        "disk_uuids": Kind.UUID,
        "scsi_controllers": _W,
        "tools": _V,
        "accessible_datastores": _N,
    },
    "AppliancePart": {"name": _W},
    "Appliance": {
        "name": _N,
        "vault_name": _N,
        "host": _N,
        "datastore": _N,
        "vcenter": _N,
        "privileges": Kind.PRIVILEGE,
        "log_storage_accounts": _N,
        "accessible_datastores": _N,
        "fqdn": _N,
        "forbidden_software": _N,
    },
    "Disk": {"name": _N, "uuid": Kind.UUID, "datastore": _N, "held_by": _N},
    "ReplicationPolicy": {"name": _N},
    "Adapter": {"mac": Kind.UUID, "network": _N, "addresses": _N},
    "AzureVm": {"stopped_services": _N, "network": _N, "addresses": _N},
    "VirtualMachine": {
        "name": _N,
        "host": _N,
        "datastore": _N,
        "tier": _N,
        "returns_through": _N,
        "process_server": _N,
        "snapshots": _N,
        "replication_group": _N,
        "configuration_server": _N,
        "source": _W,
        "target": _W,
        "os_version": _V,
        "agent_version": _V,
        "firmware": _W,
        "bios_uuid": Kind.UUID,
        "instance_uuid": Kind.UUID,
        "template": _N,
        "vcenter": _N,
        "tools": _V,
        "manages_recovery": _W,
        "direction_shown": _W,
        "replication_health": _W,
        "id": Kind.UUID,
        "vsphere_name": _N,
        "vault_id": Kind.UUID,
        "dns_name": _N,
        "log_storage_account": _N,
    },
}
