"""The simulated world: a site, a vault and what goes wrong in them, in SimPy's virtual time.

Its names are imported when they are asked for: who reads a scenario's faults needs no SimPy.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .chance import Chance
    from .durations import Duration, Durations
    from .fault import Fault, FaultKind, Trigger
    from .fixes import discover, shown_process_server, start_replica, switch_process_server
    from .heartbeats import SILENT_S
    from .job import ENDED, Job, JobFault, PlanAction, Progress, Task
    from .job_tasks import ENABLE, JOBS, TASK_IDS
    from .link import LINK, LINK_OUT
    from .network import Load, Network, fair_rates
    from .parameters import SiteParameters
    from .protected_disks import leave_out, take_in
    from .protected_item import ProtectedItem
    from .refusal import Refusal
    from .remedies import WorldRemedies
    from .replication import Replicated
    from .site import Site
    from .topology import reachable
    from .vault import SimulatedVault
    from .vault_record import HealthSeen, RequestSeen
    from .vsphere import MemoryVsphere
    from .world import World, WorldClock, WorldSpec, WorldVault

_HOMES = {
    "chance": ("Chance",),
    "durations": ("Duration", "Durations"),
    "fault": ("Fault", "FaultKind", "Trigger"),
    "heartbeats": ("SILENT_S",),
    "job": ("ENDED", "Job", "JobFault", "PlanAction", "Progress", "Task"),
    "job_tasks": ("ENABLE", "JOBS", "TASK_IDS"),
    "link": ("LINK", "LINK_OUT"),
    "fixes": ("discover", "shown_process_server", "start_replica", "switch_process_server"),
    "network": ("Load", "Network", "fair_rates"),
    "parameters": ("SiteParameters",),
    "protected_disks": ("leave_out", "take_in"),
    "protected_item": ("ProtectedItem",),
    "refusal": ("Refusal",),
    "remedies": ("WorldRemedies",),
    "replication": ("Replicated",),
    "site": ("Site",),
    "topology": ("reachable",),
    "vault": ("SimulatedVault",),
    "vsphere": ("MemoryVsphere",),
    "vault_record": ("HealthSeen", "RequestSeen"),
    "world": ("World", "WorldClock", "WorldSpec", "WorldVault"),
}
_MODULE_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "ENABLE",
    "ENDED",
    "JOBS",
    "LINK",
    "LINK_OUT",
    "SILENT_S",
    "TASK_IDS",
    "Chance",
    "Duration",
    "Durations",
    "Fault",
    "FaultKind",
    "HealthSeen",
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
    "RequestSeen",
    "SimulatedVault",
    "Site",
    "SiteParameters",
    "Task",
    "Trigger",
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


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_MODULE_OF[name]}", __name__), name)
