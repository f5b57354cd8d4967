"""One vCenter, read live: pages of the property collector, and no call that changes anything."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pyVmomi import vim

from failback.adapters.estate_vsphere import editions, privileges_of
from failback.adapters.foreign import understood
from failback.adapters.vsphere import container
from failback.adapters.vsphere_properties import PropertyReader
from failback.adapters.vsphere_session import VsphereSession

from .records import READ, Origin, Part, Reading
from .vsphere_records import PATHS, Inventory, reading_of

FORMAT: Final = "vCenter"
_WITH_PRIVILEGES: Final = ("configuration_servers", "appliances")


@dataclass(frozen=True, slots=True)
class _Look:
    """What one look brought home; `privileges` are those of the stored account."""

    inventory: Inventory
    privileges: tuple[str, ...] | None


@understood("The vCenter")
def read_live_vsphere(session: VsphereSession, now: Callable[[], datetime], servers: list[Part]) -> Reading:
    """The whole inventory below `within`. `servers` get the privileges of the account that the settings name.

    Raises `Unreachable` and `VsphereRefused`.
    """
    settings = session.settings
    look = session.read("reading the inventory", lambda content: _look(content, settings))
    origin = Origin(f"vCenter {settings.host}", FORMAT, now().replace(microsecond=0), READ)
    reading = reading_of(look.inventory, origin)
    if look.privileges is not None:
        told = {"privileges": look.privileges}
        owners = [server for server in servers if server.section in _WITH_PRIVILEGES]
        reading.parts += [Part(server.section, server.name, origin, told) for server in owners]
    return reading


def _look(content: Any, settings: Any) -> _Look:
    reader, place = PropertyReader(content), container(content, settings.within)
    machines = reader.below(place, vim.VirtualMachine, *PATHS[vim.VirtualMachine])
    kinds = (vim.HostSystem, vim.Datastore, vim.Network)
    hosts, stores, networks = (reader.below(content.rootFolder, kind, *PATHS[kind]) for kind in kinds)
    licensed = dict(editions(content, reader, [row.ref for row in hosts]))
    whole = "/" not in (settings.within or "")  # a datacenter shares its disks with no other
    inventory = Inventory(machines, hosts, stores, networks, settings.host, licensed, whole)
    return _Look(inventory, privileges_of(content, place, settings.site_recovery_account))
