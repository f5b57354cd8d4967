"""Real endpoints behind the ports: vSphere, Azure Site Recovery, clocks, settings. Nothing is imported before use."""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from .clock import ControlPlaneClock, WallClock
    from .consent_client import ConsentClient, LoggedWrite, SignedIn
    from .estate_client import EstateClient
    from .estate_facts import EstateReading, SourceFacts, disks_not_written, joined, merged
    from .estate_vault import read_vault
    from .estate_vsphere import read_vsphere
    from .liveness import Endpoint, Guard, ReadOnly, is_loopback
    from .pace import Pace
    from .patience import LastingFailure, Patience, PatientVault, PatientVsphere
    from .remedies import NotFixed, RemedySteps, ReplyLost, SiteRemedies
    from .remedy_client import RemedyClient
    from .settings import AzureSettings, Settings, load_settings
    from .settings_file import BadSettings
    from .site_recovery import SiteRecoveryVault
    from .soap_overrides import PROXIED, needs_proxy, overrides_for
    from .soap_proxy import Override, SoapProxy, open_proxy
    from .translation import ITEM_STATES, POSTS, MissingChoice, NotUnderstood, instant
    from .translation_fabric import Directory, directory_from_sdk
    from .translation_reads import item_from_sdk, job_from_sdk, plan_children
    from .translation_requests import BodyInputs, Request, item_request, plan_request
    from .vault_remedies import VaultActs, vault_steps
    from .vcsim import RunningVcsim, VcsimDied, VcsimMissing, VcsimSource, find_vcsim, open_vcsim, start_vcsim
    from .vcsim_build import VcsimNotBuilt, cached_vcsim, install_vcsim
    from .vcsim_estate import DATACENTER, build_estate, reset_estate
    from .vcsim_hardware import MADE
    from .vsphere import VsphereInventory
    from .vsphere_hands import VsphereHands
    from .vsphere_remedies import vsphere_steps
    from .vsphere_session import VsphereSession
    from .vsphere_settings import VsphereSettings, settings_from_url
    from .watched_jobs import WatchedJob
    from .watched_vault import VaultLook, WatchedVault

_HOMES: Final = {
    "clock": (
        "ControlPlaneClock",
        "WallClock",
        "WatchedJob",
        "WatchedVault",
    ),
    "consent_client": (
        "ConsentClient",
        "LoggedWrite",
        "SignedIn",
    ),
    "estate_client": ("EstateClient",),
    "pace": ("Pace",),
    "estate_facts": (
        "SourceFacts",
        "EstateReading",
        "joined",
        "disks_not_written",
        "merged",
    ),
    "estate_vault": ("read_vault",),
    "estate_vsphere": ("read_vsphere",),
    "vsphere_hands": ("VsphereHands",),
    "liveness": ("Endpoint", "Guard", "ReadOnly", "is_loopback"),
    "patience": ("LastingFailure", "Patience", "PatientVault", "PatientVsphere"),
    "remedies": ("RemedySteps", "NotFixed", "ReplyLost", "SiteRemedies"),
    "remedy_client": ("RemedyClient",),
    "settings": (
        "AzureSettings",
        "Settings",
        "load_settings",
    ),
    "settings_file": ("BadSettings",),
    "site_recovery": ("SiteRecoveryVault",),
    "soap_overrides": (
        "PROXIED",
        "needs_proxy",
        "overrides_for",
    ),
    "soap_proxy": (
        "Override",
        "SoapProxy",
        "open_proxy",
    ),
    "translation": (
        "ITEM_STATES",
        "POSTS",
        "MissingChoice",
        "NotUnderstood",
        "instant",
    ),
    "translation_fabric": (
        "Directory",
        "directory_from_sdk",
    ),
    "translation_reads": (
        "item_from_sdk",
        "job_from_sdk",
        "plan_children",
    ),
    "translation_requests": (
        "BodyInputs",
        "Request",
        "item_request",
        "plan_request",
    ),
    "vault_remedies": ("VaultActs", "vault_steps"),
    "vcsim": (
        "RunningVcsim",
        "VcsimDied",
        "VcsimMissing",
        "VcsimSource",
        "find_vcsim",
        "open_vcsim",
        "start_vcsim",
    ),
    "vcsim_build": (
        "VcsimNotBuilt",
        "cached_vcsim",
        "install_vcsim",
    ),
    "vcsim_estate": (
        "DATACENTER",
        "build_estate",
        "reset_estate",
    ),
    "vcsim_hardware": ("MADE",),
    "vsphere": ("VsphereInventory",),
    "vsphere_remedies": ("vsphere_steps",),
    "vsphere_session": ("VsphereSession",),
    "vsphere_settings": (
        "VsphereSettings",
        "settings_from_url",
    ),
    "watched_jobs": ("WatchedJob",),
    "watched_vault": ("VaultLook", "WatchedVault"),
}
"""Module by module, the names that it gives to the front door."""
_MODULE_OF: Final = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "DATACENTER",
    "ITEM_STATES",
    "MADE",
    "POSTS",
    "PROXIED",
    "AzureSettings",
    "BadSettings",
    "BodyInputs",
    "ConsentClient",
    "ControlPlaneClock",
    "Directory",
    "Endpoint",
    "EstateClient",
    "EstateReading",
    "Guard",
    "LastingFailure",
    "LoggedWrite",
    "MissingChoice",
    "NotFixed",
    "NotUnderstood",
    "Override",
    "Pace",
    "Patience",
    "PatientVault",
    "PatientVsphere",
    "ReadOnly",
    "RemedyClient",
    "RemedySteps",
    "ReplyLost",
    "Request",
    "RunningVcsim",
    "Settings",
    "SignedIn",
    "SiteRecoveryVault",
    "SiteRemedies",
    "SoapProxy",
    "SourceFacts",
    "VaultActs",
    "VaultLook",
    "VcsimDied",
    "VcsimMissing",
    "VcsimNotBuilt",
    "VcsimSource",
    "VsphereHands",
    "VsphereInventory",
    "VsphereSession",
    "VsphereSettings",
    "WallClock",
    "WatchedJob",
    "WatchedVault",
    "build_estate",
    "cached_vcsim",
    "directory_from_sdk",
    "disks_not_written",
    "find_vcsim",
    "install_vcsim",
    "instant",
    "is_loopback",
    "item_from_sdk",
    "item_request",
    "job_from_sdk",
    "joined",
    "load_settings",
    "merged",
    "needs_proxy",
    "open_proxy",
    "open_vcsim",
    "overrides_for",
    "plan_children",
    "plan_request",
    "read_vault",
    "read_vsphere",
    "reset_estate",
    "settings_from_url",
    "start_vcsim",
    "vault_steps",
    "vsphere_steps",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_MODULE_OF[name]}", __name__), name)


def __dir__() -> list[str]:
    return __all__
