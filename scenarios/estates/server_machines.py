"""Which machine in vCenter a master target or appliance is: the vault and vCenter often have other names for it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from failback.adapters.importing.arm_json import ADDRESSES, BIOS_IDS
from failback.adapters.importing.records import SiteMachine

from .addresses import addresses_on_site
from .unique_names import folded

Marks: TypeAlias = Callable[[str, Mapping[str, Any]], Iterator[str]]
"""By what a server or a machine is known, from its name and its facts."""


def machines_of_server(name: str, facts: Mapping[str, Any], machines: Sequence[SiteMachine]) -> tuple[SiteMachine, ...]:
    """Those that it may be. The first way that finds any decides."""
    for of_server, of_machine in _WAYS:
        marks = set(of_server(name, facts)) - {""}
        there = tuple(each for each in machines if not marks.isdisjoint(of_machine(each.name, each.facts)))
        if there:
            return there
    return ()


def bios_of_server(_: str, facts: Mapping[str, Any]) -> Iterator[str]:
    """As it is, and with the bytes of the first groups turned round, as Windows reads them."""
    for bios in map(folded, facts.get(BIOS_IDS, ())):
        yield bios
        groups = bios.split("-")
        if len(groups) == 5:
            yield "-".join([*("".join(reversed(_bytes(group))) for group in groups[:3]), *groups[3:]])


def _bytes(group: str) -> list[str]:
    return [group[at : at + 2] for at in range(0, len(group), 2)]


def _bios(_: str, facts: Mapping[str, Any]) -> Iterator[str]:
    yield folded(str(facts.get("bios_uuid") or ""))


def _name(name: str, _: Mapping[str, Any]) -> Iterator[str]:
    yield folded(name)


def _full_names(name: str, facts: Mapping[str, Any]) -> Iterator[str]:
    for each in (name, facts.get("fqdn"), facts.get("dns_name")):
        yield folded(str(each or ""))


def _host_parts(name: str, facts: Mapping[str, Any]) -> Iterator[str]:
    """A name without its domain; an address has none."""
    for each in _full_names(name, facts):
        yield "" if each.replace(".", "").isdigit() else each.partition(".")[0]


def _addresses_of_server(_: str, facts: Mapping[str, Any]) -> Iterator[str]:
    yield from facts.get(ADDRESSES, ())


def _addresses(_: str, facts: Mapping[str, Any]) -> Iterator[str]:
    yield from addresses_on_site(facts)


_WAYS: Final[tuple[tuple[Marks, Marks], ...]] = (
    (bios_of_server, _bios),
    (_name, _name),
    (_full_names, _full_names),
    (_host_parts, _host_parts),
    (_addresses_of_server, _addresses),
)
"""By what a server is compared with a machine, the surest first."""
