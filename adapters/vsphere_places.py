"""Where a new virtual machine can go: the folder, hosts and datastores of one datacenter."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyVmomi import vim

from failback.reprotect import VsphereRefused

from .vsphere import container
from .vsphere_properties import PropertyReader
from .vsphere_session import VsphereSession


@dataclass(frozen=True, slots=True)
class Places:
    """What a datacenter offers, by name."""

    datacenter: str
    vm_folder: Any
    host_folder: Any
    hosts: Mapping[str, Any]
    pools: Mapping[str, Any]
    """Host's name to the resource pool of its compute resource."""
    datastores: Mapping[str, Any]

    def must_have(self, host: str, datastore: str) -> None:
        """Raise `VsphereRefused` unless both are there."""
        for kind, name, present in (("host", host, self.hosts), ("datastore", datastore, self.datastores)):
            if name not in present:
                there = ", ".join(sorted(present)) or "none"
                raise VsphereRefused(
                    f"The datacenter {self.datacenter} has no {kind} named {name!r}; it has {there}. "
                    f"Correct the name, or add the {kind}."
                )


def read_places(session: VsphereSession) -> Places:
    """The places of the datacenter that `settings.within` names. Raises `Unreachable` and `VsphereRefused`."""
    return session.read("reading hosts and datastores", lambda content: _read(content, session.settings.within))


def datastores_seen_by(session: VsphereSession, host: Any) -> frozenset[str]:
    """Names of the datastores that a host mounts. Raises `Unreachable` and `VsphereRefused`."""

    def read(content: Any) -> frozenset[str]:
        reader = PropertyReader(content)
        [row] = reader.of([host], "datastore")
        return frozenset(each.get("name") for each in reader.of(row.get("datastore") or (), "name"))

    return session.read("reading the datastores of a host", read)


def _read(content: Any, within: str | None) -> Places:
    datacenter, reader = container(content, within), PropertyReader(content)
    if not isinstance(datacenter, vim.Datacenter):
        raise VsphereRefused(
            f"{within or 'The root of vSphere'} is not a datacenter. Name the datacenter in the settings (within)."
        )
    [itself] = reader.of([datacenter], "name", "vmFolder", "hostFolder")
    hosts = {row.ref: row.get("name") for row in reader.below(datacenter, vim.HostSystem, "name")}
    rows = reader.below(datacenter, vim.ComputeResource, "host", "resourcePool")
    return Places(
        datacenter=itself.get("name"),
        vm_folder=itself.get("vmFolder"),
        host_folder=itself.get("hostFolder"),
        hosts={name: ref for ref, name in hosts.items()},
        pools={hosts[ref]: row.get("resourcePool") for row in rows for ref in row.get("host") or () if ref in hosts},
        datastores={row.get("name"): row.ref for row in reader.below(datacenter, vim.Datastore, "name")},
    )
