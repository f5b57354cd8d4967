"""The simulated world: a site, a vault and what goes wrong in them, in SimPy's virtual time."""

from .chance import Chance
from .durations import Duration, Durations
from .faults import Fault, FaultKind, Trigger
from .heartbeats import SILENT_S
from .job import ENDED, Job, JobFault, PlanAction, Progress, Task
from .job_table import JOBS
from .mending import discover, shown_process_server, start_replica, switch_process_server
from .network import Network, fair_rates
from .network.load import Load
from .parameters import SiteParameters
from .protected_disks import leave_out, take_in
from .protected_item import ProtectedItem
from .refusal import Refusal
from .remedies import WorldRemedies
from .replication import Replicated
from .site import Site
from .topology import LINK, LINK_OUT, reachable
from .vault import Vault
from .vsphere import MemoryVsphere
from .world import World, WorldClock, WorldSpec, WorldVault

__all__ = [
    "ENDED",
    "JOBS",
    "LINK",
    "LINK_OUT",
    "SILENT_S",
    "Chance",
    "Duration",
    "Durations",
    "Fault",
    "FaultKind",
    "Job",
    "JobFault",
    "Load",
    "MemoryVsphere",
    "Network",
    "PlanAction",
    "Progress",
    "ProtectedItem",
    "Refusal",
    "Replicated",
    "Site",
    "SiteParameters",
    "Task",
    "Trigger",
    "Vault",
    "World",
    "WorldClock",
    "WorldRemedies",
    "WorldSpec",
    "WorldVault",
    "discover",
    "fair_rates",
    "leave_out",
    "reachable",
    "shown_process_server",
    "start_replica",
    "switch_process_server",
    "take_in",
]
