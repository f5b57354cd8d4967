"""Remedies that a program can carry out: which act fixes which rule, on which object, through whom.

What is not here has no port: somebody's hand fixes it, by the steps of the rule's remedy (vCenter credentials, a
firewall). An act names its object, so that a person can confirm it by name; nothing is carried out here. No act is
undone by an operation that fails or is cancelled afterwards: `undone_by` and `lasts` say what does undo it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, unique
from typing import Final, TypeAlias

from failback.reprotect.choices import Choices
from failback.reprotect.estate import Estate, configuration_server, known

from .predicates_mnp_servers import (
    process_server_is_in_the_network,
    process_server_is_not_newer,
    process_server_reaches_the_servers,
    process_server_services_run,
)
from .predicates_r_article import ports_are_open
from .predicates_shared import appliance, home_datastores, machine, master_target, mounting_host, target_host
from .readings import reading
from .row import Predicate
from .verdict import Broken


@unique
class Act(Enum):
    """What is done."""

    DELETE_SNAPSHOTS = "delete_snapshots"
    MOUNT_DATASTORE = "mount_datastore"
    REFRESH_PROVIDER = "refresh_provider"
    SWITCH_PROCESS_SERVER = "switch_process_server"
    START_REPLICA = "start_replica"


@unique
class Through(Enum):
    """Who carries it out."""

    VSPHERE = "vsphere"
    VAULT = "vault"
    AZURE = "azure"


ObjectOf: TypeAlias = Callable[[Estate, str, Choices], str | None]
"""(estate, item, what is asked) -> the object's name; None: there is nothing to act on."""


_PROCESS_SERVER_RULES: Final[tuple[Predicate, ...]] = (
    process_server_is_in_the_network,
    process_server_reaches_the_servers,
    process_server_is_not_newer,
    process_server_services_run,
    ports_are_open,
)
"""What another process server must not break: P02, P03, P04, P07 and R08. One that is not listed yet (P08) soon is."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """One row: `beside_of` names what else the act needs, `undone_by` what takes it back; empty: nothing does."""

    rule: str
    act: Act
    through: Through
    object_of: ObjectOf
    beside_of: ObjectOf
    undone_by: str
    lasts: str


@dataclass(frozen=True, slots=True)
class RemedyTarget:
    """A row of the table for one item: what would be acted on, and what besides."""

    remedy: Remedy
    object: str
    beside: str | None


def whose_snapshots(estate: Estate, item: str, choices: Choices) -> str | None:
    """The master target whose snapshots are in the way; by the strict reading of C01 it may be the machine's alone."""
    target, ours = master_target(estate, item, choices), machine(estate, item).snapshots
    if target is None:
        return None
    strict = reading(estate, "C01") == "strict" and target.snapshots == ()
    return item if strict and known(ours) and ours else target.name


def its_datastore(estate: Estate, item: str, choices: Choices) -> str | None:
    """The datastore that is to be mounted on the host of the master target or appliance: the first that is not."""
    server = master_target(estate, item, choices) or appliance(estate, item, choices)
    host, names = mounting_host(estate, server), home_datastores(estate, item, choices)
    if host is None:
        return None
    missing = (name for name in names if name not in host.mounted or name in host.only_reads)
    return next(missing, names[0]) or None


def the_configuration_server(estate: Estate, item: str, choices: Choices) -> str | None:
    """The server whose provider is refreshed."""
    server = configuration_server(estate, item)
    return None if server is None else server.name


def another_process_server(estate: Estate, item: str, choices: Choices) -> str | None:
    """One that is up and breaks no rule that would stop the machine next, of the same side where there is one."""
    old = estate.process_servers.get(choices.process_server or "")
    others = [s for s in estate.process_servers.values() if s is not old and s.up is True and s.registered is True]
    up = [server for server in others if _fits(estate, item, replace(choices, process_server=server.name))]
    same_side = [server for server in up if old is not None and server.in_azure is old.in_azure]
    return next((server.name for server in (*same_side, *up)), None)


def _fits(estate: Estate, item: str, choices: Choices) -> bool:
    return not any(isinstance(rule(estate, item, choices), Broken) for rule in _PROCESS_SERVER_RULES)


def its_replica(estate: Estate, item: str, choices: Choices) -> str | None:
    """The Azure virtual machine, while it exists."""
    return None if machine(estate, item).azure.exists is False else item


def nothing_else(estate: Estate, item: str, choices: Choices) -> str | None:
    """The act needs its object alone."""
    return None


def its_targets_host(estate: Estate, item: str, choices: Choices) -> str | None:
    """The host of the master target or appliance."""
    host = target_host(estate, item, choices)
    return None if host is None else host.name


def the_server_before(estate: Estate, item: str, choices: Choices) -> str | None:
    """The process server that is left."""
    return choices.process_server


_STAYS = "permanent: deleted snapshots do not come back"
_MOUNTED = "until somebody unmounts the datastore; a run does not do this"
_SEEN = "permanent: the refreshed list stays"
_SWITCHED = "until the machine's next reprotect, which uses the plan's process server again (a retry of the same reprotect keeps the new one)"
_STARTED = "until the failback shuts it down"

# fmt: off
REMEDIES: Final[tuple[Remedy, ...]] = (
    #      rule     act                        through          on what                   and what besides    undone by                       lasts
    Remedy("R04",   Act.DELETE_SNAPSHOTS,      Through.VSPHERE, whose_snapshots,          nothing_else,       "",                             _STAYS),
    Remedy("R24",   Act.MOUNT_DATASTORE,       Through.VSPHERE, its_datastore,            its_targets_host,   "unmount it from that host",    _MOUNTED),
    Remedy("A03",   Act.MOUNT_DATASTORE,       Through.VSPHERE, its_datastore,            its_targets_host,   "unmount it from that host",    _MOUNTED),
    Remedy("M10",   Act.REFRESH_PROVIDER,      Through.VAULT,   the_configuration_server, nothing_else,       "nothing to undo",              _SEEN),
    Remedy("M14",   Act.REFRESH_PROVIDER,      Through.VAULT,   the_configuration_server, nothing_else,       "nothing to undo",              _SEEN),
    Remedy("P08",   Act.REFRESH_PROVIDER,      Through.VAULT,   the_configuration_server, nothing_else,       "nothing to undo",              _SEEN),
    Remedy("P07",   Act.SWITCH_PROCESS_SERVER, Through.VAULT,   another_process_server,   the_server_before,  "switch the machine back",                  _SWITCHED),
    Remedy("806",   Act.SWITCH_PROCESS_SERVER, Through.VAULT,   another_process_server,   the_server_before,  "switch the machine back",                  _SWITCHED),
    Remedy("78093", Act.START_REPLICA,         Through.AZURE,   its_replica,              nothing_else,       "stop it",                      _STARTED),
)

_DOES: Final[dict[Act, str]] = {
    Act.DELETE_SNAPSHOTS:      "delete all snapshots of {object}",
    Act.MOUNT_DATASTORE:       "mount the datastore {object} on the host {beside}",
    Act.REFRESH_PROVIDER:      "refresh the configuration server {object}",
    Act.SWITCH_PROCESS_SERVER: "switch the machine to the process server {object}",
    Act.START_REPLICA:         "start the Azure virtual machine {object}",
}
_DID: Final[dict[Act, str]] = {
    Act.DELETE_SNAPSHOTS:      "deleted all snapshots of {object}",
    Act.MOUNT_DATASTORE:       "mounted the datastore {object} on the host {beside}",
    Act.REFRESH_PROVIDER:      "refreshed the configuration server {object}",
    Act.SWITCH_PROCESS_SERVER: "switched the machine to the process server {object}",
    Act.START_REPLICA:         "started the Azure virtual machine {object}",
}
_IN_GENERAL: Final[dict[Act, str]] = {
    Act.DELETE_SNAPSHOTS:      "delete all snapshots of the master target or, if those of the machine break the rule (reading C01=strict), of the machine",
    Act.MOUNT_DATASTORE:       "mount the datastore on the host of the master target or appliance",
    Act.REFRESH_PROVIDER:      "refresh the configuration server",
    Act.SWITCH_PROCESS_SERVER: "switch the machine to another process server, instead of fixing this one",
    Act.START_REPLICA:         "start the Azure virtual machine",
}
# fmt: on
THROUGH_WORDS: Final = {Through.VSPHERE: "vSphere", Through.VAULT: "the vault", Through.AZURE: "Azure"}
"""Who carries it out, for people."""

_BY_RULE: Final = {remedy.rule: remedy for remedy in REMEDIES}


def remedy_of(rule: str) -> Remedy | None:
    """The act that fixes this rule; None: somebody's hand does."""
    return _BY_RULE.get(rule)


def remedy_target_of(rule: str, estate: Estate, item: str, choices: Choices) -> RemedyTarget | None:
    """What would be done for this item; None where no act fixes the rule, or there is nothing to act on."""
    remedy = remedy_of(rule)
    name = remedy.object_of(estate, item, choices) if remedy else None
    return RemedyTarget(remedy, name, remedy.beside_of(estate, item, choices)) if remedy and name else None


def does(act: Act, thing: str, beside: str | None = None) -> str:
    """What an act does, as people say it: delete all snapshots of mt-01."""
    return _DOES[act].format(object=thing, beside=beside)


def did(act: Act, thing: str, beside: str | None = None) -> str:
    """The same when it is done: deleted all snapshots of mt-01."""
    return _DID[act].format(object=thing, beside=beside)


def does_in_general(act: Act) -> str:
    """What an act does, on a page about the rule, which knows no names."""
    return _IN_GENERAL[act]
