"""Facts of a drawn estate made unknown: what is left could be completed to the drawn one again, among others."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import fields
from typing import Any, Final, get_args, get_type_hints

from hypothesis import strategies as st

from failback.reprotect import Estate, Unknown
from failback.reprotect.estate import AzureVm, Disk, Link, VirtualMachine

SECTIONS: Final = ("hosts", "datastores", "configuration_servers", "process_servers", "master_targets", "appliances")
OPEN: Final = "unknown"
HIDDEN: Final = (1, 1, 2, 3, 5, 8)
"""How many facts are hidden."""
Drawn = dict[str, Any]


def _may_be_unknown(kind: type[Any]) -> tuple[str, ...]:
    hints = get_type_hints(kind)
    return tuple(field.name for field in fields(kind) if Unknown in get_args(hints[field.name]))


def _kind(section: str) -> type[Any]:
    kind: type[Any] = get_args(get_type_hints(Estate)[section])[1]
    return kind


_OF_SECTION: Final = {section: _may_be_unknown(_kind(section)) for section in SECTIONS}
_OF_MACHINE, _OF_AZURE, _OF_DISK, _OF_LINK = map(_may_be_unknown, (VirtualMachine, AzureVm, Disk, Link))


def hide(draw: st.DrawFn, drawn: Drawn) -> Drawn:
    """A copy in which nobody knows some of the facts."""
    hidden = deepcopy(drawn)
    places = [*_places(hidden["estate"])]
    for _ in range(draw(st.sampled_from(HIDDEN))):
        part, keys = draw(st.sampled_from(places))
        part[draw(st.sampled_from(keys))] = OPEN
    return hidden


def _places(estate: Drawn) -> Iterator[tuple[Drawn, tuple[str, ...]]]:
    yield estate["link"], _OF_LINK
    for section in SECTIONS:
        yield from ((part, _OF_SECTION[section]) for part in estate.get(section, ()) if _OF_SECTION[section])
    for vm in estate["virtual_machines"]:
        yield from ((vm, _OF_MACHINE), (vm["azure"], _OF_AZURE))
        yield from ((disk, _OF_DISK) for disk in vm["disks"][:1])
