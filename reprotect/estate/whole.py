"""The estate as a whole."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Final

from failback.reprotect.item import UNKNOWN, Unknown

from .groups import RecoveryPlan, ReplicationGroup
from .ledger import Ledger
from .link import Link
from .machine import VirtualMachine
from .place import Datastore, Host
from .servers import Appliance, ConfigurationServer, MasterTarget, ProcessServer

PLAN_INSTANCES_MAX: Final = 100
"""Instances in one recovery plan [documented]."""
DISKS_MAX: Final = 60
"""Disks of one master target (M03) or appliance (A02)."""


@dataclass(frozen=True)
class Estate:
    """All parts by name, in the scenario's order."""

    virtual_machines: Mapping[str, VirtualMachine]
    link: Link
    hosts: Mapping[str, Host] = field(default_factory=dict)
    datastores: Mapping[str, Datastore] = field(default_factory=dict)
    configuration_servers: Mapping[str, ConfigurationServer] = field(default_factory=dict)
    process_servers: Mapping[str, ProcessServer] = field(default_factory=dict)
    master_targets: Mapping[str, MasterTarget] = field(default_factory=dict)
    appliances: Mapping[str, Appliance] = field(default_factory=dict)
    replication_groups: Mapping[str, ReplicationGroup] = field(default_factory=dict)
    recovery_plans: Mapping[str, RecoveryPlan] = field(default_factory=dict)
    recovery_plans_known: bool = True
    """Whether these are all; otherwise it is unknown whether a plan has a machine that none of these has."""
    servers_known: bool = True
    """Whether these are all servers of the vault; otherwise one that is absent here may be there (R01, R02, A01)."""
    reachable: Set[tuple[str, str, int]] = frozenset()
    """(from, to, TCP port) of parts that reach each other; computed outside by the topology."""
    returning_through: Mapping[str, str] | Unknown = UNKNOWN
    """Items on their way home and the master target or appliance each was asked with, from the request for the
    reprotect to the failback commit (R04, R07, R33). A vault keeps it live; in a file it is unknown."""
    requested_through: Mapping[str, str] = field(default_factory=dict)
    """Items that a reprotect home was requested for since they last failed over, and with which master target or
    appliance: also where that failed, or the item is home by now (R07). Only a vault keeps it."""
    room_promised: Mapping[str, float] = field(default_factory=dict)
    """GiB per datastore of new disks that were made and are not counted in what it has free (B14)."""
    ledger: Ledger = Ledger()
    """What machines ask together of what they share; empty where nobody has asked anything yet."""
    same_uuid: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Machines that have a disk whose UUID is also that of a disk of another one, and which (R11)."""
    same_bios_uuid: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Machines that have the UUID of another one that returns or may be on site, and which (R11)."""
    disks_in_flight: Mapping[str, int] = field(default_factory=dict)
    """Disks of such items per master target or appliance (M03, A02), the judged item's own not counted."""
    readings: Mapping[str, str] = field(default_factory=dict)
    """Readings of the articles' conflicts that differ from the default (C03: strict), see `readings`."""
