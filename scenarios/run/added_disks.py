"""Disks that somebody attached in a vcsim that runs already, and of which the file says nothing (R24, A03)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from failback.reprotect import Estate

if TYPE_CHECKING:
    from failback.adapters import VsphereSession

Facts = Mapping[str, Any]


def added(disks: tuple[Facts, ...], written: int) -> Iterator[Facts]:
    """Of disks that somebody added in a vcsim, size and place: the vcsim makes up the rest, and all of the others."""
    for number, disk in enumerate(disks):
        yield {fact: disk[fact] for fact in ("size_gib", "datastore") if fact in disk} if number >= written else {}


def with_added_disks(estate: Estate, session: "VsphereSession") -> Estate:
    """The estate with the disks that vCenter shows besides those of the file."""
    from failback.adapters import merged, read_vsphere

    reading, machines = read_vsphere(session, estate).only({("virtual_machines", "disks")}), estate.virtual_machines
    shown = [(each, len(machines[each.name].disks)) for each in reading.found if each.facts]
    more = (
        replace(each, facts={"disks": tuple(added(each.facts["disks"], written))})
        for each, written in shown
        if len(each.facts["disks"]) > written
    )
    return merged(estate, replace(reading, found=tuple(more)))
