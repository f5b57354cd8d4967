"""Lists of machines that people keep: the at-scale CSV of Azure Site Recovery, and a plain one from a CMDB."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from .durations import HOME_WITHIN, seconds_of
from .records import CannotImport, Facts, MachineRow, Origin, Reading
from .tables import Row, Sheet, first, number_of, text_of, truth_of
from .vsphere_words import os_family_of

AT_SCALE, CMDB = "at-scale CSV", "CMDB list"
_AT_SCALE: Final = {"sourcemachinename", "targetmachinename"}
_NAMES: Final = ("machine", "name", "vmname", "vm", "friendlyname", "servername")
_DISKS: Final = ("disksgib", "disksgb", "disks")
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "os": ("os", "ostype", "operatingsystem"),
    "os_version": ("osversion",),
    "architecture": ("architecture",),
    "tier": ("tier", "application"),
    "host": ("host",),
    "datastore": ("datastore",),
    "vcenter": ("vcenter",),
    "memory_gib": ("memorygib", "memorygb"),
    "firmware": ("firmware",),
    "replication_group": ("replicationgroup",),
    "static_ip": ("staticip",),
    "retains_ip": ("retainsip",),
    "downtime_agreed": ("downtimeagreed",),
    "bios_uuid": ("biosuuid",),
    "instance_uuid": ("instanceuuid",),
    "dns_name": ("dnsname",),
}
"""Facts of a machine and the columns that may hold them; docs/import.md says so too."""
_NUMBERS: Final = {"memory_gib"}
_TRUTHS: Final = {"static_ip", "retains_ip", "downtime_agreed"}
_WORDS: Final = {"architecture", "firmware"}


def is_list(sheet: Sheet) -> bool:
    """Whether it is a list of machines."""
    return sheet.columns >= _AT_SCALE or not sheet.columns.isdisjoint(_NAMES)


def read_list(name: str, sheet: Sheet) -> Reading:
    """Its rows; those without a machine's name are counted."""
    at_scale = sheet.columns >= _AT_SCALE
    origin = Origin(name, AT_SCALE if at_scale else CMDB)
    reading = Reading(origins=[origin])
    for row in sheet.rows:
        machine = text_of(first(row, "sourcemachinename") if at_scale else first(row, *_NAMES))
        if machine:
            facts = _planned(row) if at_scale else _facts(row) | _home_within(row, machine, name)
            reading.rows.append(MachineRow(machine, origin, facts))
        else:
            reading.leave_out("rows without a machine's name")
    return reading


def _facts(row: Row) -> Facts:
    told = {fact: first(row, *columns) for fact, columns in COLUMNS.items()}
    facts = {fact: _value(fact, cell) for fact, cell in told.items() if cell is not None}
    sizes = _sizes(text_of(first(row, *_DISKS)))
    told = {k: v for k, v in facts.items() if v not in (None, "")} | ({"disks": sizes} if sizes else {})
    return told | dict(_addresses(row))


def _home_within(row: Row, machine: str, name: str) -> Facts:
    """In hours. Raises `CannotImport` where it is no duration."""
    column = next((each for each in HOME_WITHIN if text_of(row.get(each))), "")
    if not column:
        return {}
    within_s = seconds_of(text_of(row[column]), column)
    if within_s is None:
        text = f"the time until {machine} must be home is '{text_of(row[column])}'; write it as 2 h or 30 min"
        raise CannotImport(name, text)
    return {"return_within_h": within_s / 3600}


def _addresses(row: Row) -> Iterator[tuple[str, object]]:
    """One adapter: its addresses on site, its port group; and the replica's addresses in Azure."""
    texts = {fact: text_of(first(row, *columns)) for fact, columns in _ADAPTER.items()}
    adapter = {fact: value for fact, value in texts.items() if value}
    if addresses := _several(first(row, "address", "ipaddress")):
        yield "adapters", ({**adapter, "addresses": addresses},)
    elif adapter:
        yield "adapters", (adapter,)
    if addresses := _several(first(row, "addressinazure", "azureaddress")):
        yield "azure", {"addresses": addresses}


_ADAPTER: Final = {"mac": ("mac", "macaddress"), "network": ("portgroup", "network")}


def _planned(row: Row) -> Facts:
    """Of the at-scale CSV: the address and the network that the replica was given in Azure."""
    told = {"addresses": _several(first(row, "privateip")), "network": text_of(first(row, "targetvnet"))}
    planned = {fact: value for fact, value in told.items() if value}
    return {"azure": planned} if planned else {}


def _several(cell: object) -> tuple[str, ...]:
    return tuple(filter(None, re.split(r"[;,\s]+", text_of(cell))))


def _value(fact: str, cell: object) -> object:
    if fact == "os":
        return os_family_of(text_of(cell))
    if fact in _NUMBERS:
        return number_of(cell)
    if fact in _TRUTHS:
        return truth_of(cell)
    return text_of(cell).casefold() if fact in _WORDS else text_of(cell)


def _sizes(cell: str) -> tuple[float, ...]:
    """`40; 200` are two disks of so many GiB."""
    found: Iterable[float | None] = map(number_of, filter(None, cell.replace("+", ";").replace(" ", ";").split(";")))
    return tuple(size for size in found if size)
