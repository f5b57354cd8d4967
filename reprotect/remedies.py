"""Remedies that a program can carry out: which act mends which rule, on which object, through whom, and what undoes it.

What is not here has no port: somebody's hand mends it, by the steps of the rule's remedy (vCenter credentials, a
firewall). An act names its object, so that a person can confirm it by name; nothing is carried out here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, unique
from typing import Final, TypeAlias

from .choices import Choices
from .estate import Estate
from .predicates_parts import configuration_server, machine, master_target


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


@dataclass(frozen=True, slots=True)
class Remedy:
    """One row: `undone_by` is what takes it back; empty: nothing does."""

    rule: str
    act: Act
    through: Through
    object_of: ObjectOf
    undone_by: str


def its_master_target(estate: Estate, item: str, ask: Choices) -> str | None:
    """The master target whose snapshots are in the way."""
    target = master_target(estate, item, ask)
    return None if target is None else target.name


def its_datastore(estate: Estate, item: str, ask: Choices) -> str | None:
    """The datastore that is to be mounted on the master target's host."""
    return machine(estate, item).datastore or None


def the_configuration_server(estate: Estate, item: str, ask: Choices) -> str | None:
    """The server whose provider is refreshed."""
    server = configuration_server(estate)
    return None if server is None else server.name


def another_process_server(estate: Estate, item: str, ask: Choices) -> str | None:
    """One that is known to be up, of the same side where there is one."""
    old = estate.process_servers.get(ask.process_server or "")
    up = [s for s in estate.process_servers.values() if s is not old and s.up is True and s.registered is True]
    same_side = [server for server in up if old is not None and server.in_azure is old.in_azure]
    return next((server.name for server in (*same_side, *up)), None)


def its_replica(estate: Estate, item: str, ask: Choices) -> str | None:
    """The Azure virtual machine, while it exists."""
    return None if machine(estate, item).azure.exists is False else item


# fmt: off
REMEDIES: Final[tuple[Remedy, ...]] = (
    #      rule     act                        through          on what                   undone by
    Remedy("R04",   Act.DELETE_SNAPSHOTS,      Through.VSPHERE, its_master_target,        ""),
    Remedy("R24",   Act.MOUNT_DATASTORE,       Through.VSPHERE, its_datastore,            "unmount it from that host"),
    Remedy("M10",   Act.REFRESH_PROVIDER,      Through.VAULT,   the_configuration_server, "nothing to undo"),
    Remedy("M14",   Act.REFRESH_PROVIDER,      Through.VAULT,   the_configuration_server, "nothing to undo"),
    Remedy("P08",   Act.REFRESH_PROVIDER,      Through.VAULT,   the_configuration_server, "nothing to undo"),
    Remedy("P07",   Act.SWITCH_PROCESS_SERVER, Through.VAULT,   another_process_server,   "switch back"),
    Remedy("806",   Act.SWITCH_PROCESS_SERVER, Through.VAULT,   another_process_server,   "switch back"),
    Remedy("78093", Act.START_REPLICA,         Through.AZURE,   its_replica,              "stop it"),
)
# fmt: on

_BY_RULE: Final = {remedy.rule: remedy for remedy in REMEDIES}


def remedy_of(rule: str) -> Remedy | None:
    """The act that mends this rule; None: somebody's hand does."""
    return _BY_RULE.get(rule)
