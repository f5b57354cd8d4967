"""The estate: everything on both sides that a prerequisite asks about, as three-valued facts.

A fact is known (a value), known absent (`None`) or unknown (`UNKNOWN`, written `unknown` in a scenario). A fact with
a plain type is part of the object's identity and always known. The values are frozen; the mappings that hold them may
be live ones (the simulated site replaces a part when it changes), so that a rule reads a running world and a file
with the same code.
"""

from .facts import Fact, known
from .groups import RecoveryPlan, ReplicationGroup
from .identities import Identity, Matched, Outside, identities, items_in_the_vault, matched, outside_of
from .ledger import MEMORY, ROOM, Kept, Ledger, Left, Load, Meeting
from .link import DAYS, Link, Throttle, WorkingHours
from .machine import Adapter, AzureVm, Disk, ReplicationPolicy, VirtualMachine
from .own_servers import configuration_server
from .place import Datastore, Host
from .server_names import (
    as_the_vault_says,
    datastore_here,
    datastores_in_vsphere,
    named_as_here,
    names_in_requests,
    names_in_the_vault,
)
from .servers import (
    Appliance,
    AppliancePart,
    ConfigurationServer,
    MasterTarget,
    ProcessServer,
    RetentionDrive,
    VcenterAccount,
)
from .travel import (
    EFFECTS,
    Effect,
    Travel,
    TravellingDisk,
    churn_mib_per_s,
    room_gib,
    room_left_gib,
    scanned_gib,
    slots_of,
    travel_of,
    travelling,
)
from .uuids import same_bios_uuids, same_uuids
from .whole import DISKS_MAX, PLAN_INSTANCES_MAX, Estate

__all__ = [
    "DAYS",
    "DISKS_MAX",
    "EFFECTS",
    "MEMORY",
    "PLAN_INSTANCES_MAX",
    "ROOM",
    "Adapter",
    "Appliance",
    "AppliancePart",
    "AzureVm",
    "ConfigurationServer",
    "Datastore",
    "Disk",
    "Effect",
    "Estate",
    "Fact",
    "Host",
    "Identity",
    "Kept",
    "Ledger",
    "Left",
    "Link",
    "Load",
    "MasterTarget",
    "Matched",
    "Meeting",
    "Outside",
    "ProcessServer",
    "RecoveryPlan",
    "ReplicationGroup",
    "ReplicationPolicy",
    "RetentionDrive",
    "Throttle",
    "Travel",
    "TravellingDisk",
    "VcenterAccount",
    "VirtualMachine",
    "WorkingHours",
    "as_the_vault_says",
    "churn_mib_per_s",
    "configuration_server",
    "datastore_here",
    "datastores_in_vsphere",
    "identities",
    "items_in_the_vault",
    "known",
    "matched",
    "named_as_here",
    "names_in_requests",
    "names_in_the_vault",
    "outside_of",
    "room_gib",
    "room_left_gib",
    "same_bios_uuids",
    "same_uuids",
    "scanned_gib",
    "slots_of",
    "travel_of",
    "travelling",
]
