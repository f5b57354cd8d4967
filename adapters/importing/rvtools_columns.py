"""The columns of RVTools that matter, under every name that a version or dialect gives them.

Two dialects: the windows of the program (`Powerstate`) and its batch export (`vInfoPowerstate`), whose names are not
always the same words: `vDatastoreFreeSpace` is `Free MiB`, `vHostFullName` is `ESX Version` (as public programs that
read such exports name them). Sizes are called MB by older versions and MiB by newer ones and are 2**20 bytes in both
[inferred: the columns were renamed, not converted].
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from .tables import Row, Sheet, plain

SHEETS: Final = ("vinfo", "vdisk", "vsnapshot", "vtools", "vnetwork", "vhost", "vdatastore", "vmetadata", "vsource")
"""Sheets that are read, in this order of use."""
_UNITS: Final = ("", "mib", "mb")
_TAIL: Final = {
    "vm": ("vm", "vmname"),
    "vmid": ("vmid", "vmobjectid"),
    "vmuuid": ("vmuuid", "instanceuuid", "uuid"),
    "server": ("visdkserver", "visdkservername"),
    "template": ("template",),
    "placeholder": ("srmplaceholder",),
}
COLUMNS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "vinfo": _TAIL
    | {
        "power": ("powerstate",),
        "state": ("connectionstate",),
        "memory": tuple(f"memory{unit}" for unit in _UNITS),
        "firmware": ("firmware",),
        "path": ("path", "vmpath"),
        "datacenter": ("datacenter",),
        "folder": ("folder",),
        "host": ("host", "esxhost"),
        "os": ("osaccordingtotheconfigurationfile", "os"),
        "os_tools": ("osaccordingtothevmwaretools", "ostools"),
        "bios": ("smbiosuuid", "biosuuid"),
        "enable_uuid": ("enableuuid",),
        "cpus": ("cpus", "numcpu"),
        "dns": ("dnsname", "guesthostname"),
        "address": ("primaryipaddress",),
    },
    "vdisk": _TAIL
    | {
        "disk": ("disk", "label"),
        "key": ("diskkey",),
        "uuid": ("diskuuid",),
        "path": ("path", "diskpath"),
        "capacity": tuple(f"capacity{unit}" for unit in _UNITS),
        "raw": ("raw",),
        "mode": ("diskmode",),
        "sharing": ("sharingmode", "sharing"),
        "bus": ("sharedbus",),
        "controller": ("controller",),
    },
    "vsnapshot": _TAIL | {"name": ("name", "snapshotname")},
    "vtools": _TAIL | {"tools": ("tools", "toolsstatus")},
    "vnetwork": _TAIL
    | {
        "mac": ("macaddress", "mac"),
        "network": ("network",),
        "address": ("ipv4address", "ip4address", "ipaddress"),
        "address6": ("ipv6address", "ip6address"),
        "adapter": ("adapter", "niclabel"),
    },
    "vhost": {
        "host": ("host", "name"),
        "maintenance": ("inmaintenancemode", "maintenancemode"),
        "memory": tuple(f"{head}{unit}" for head in ("#memory", "memory", "memorysize") for unit in _UNITS),
        "memory_use": ("memoryusage", "memoryusage%", "overallmemoryusage"),
        "licence": ("assignedlicenses", "assignedlicense"),
        "version": ("esxversion",),
        "objectid": ("objectid",),
    },
    "vdatastore": {
        "name": ("name",),
        "accessible": ("accessible",),
        "kind": ("type",),
        "capacity": tuple(f"capacity{unit}" for unit in _UNITS),
        "free": tuple(f"{head}{unit}" for head in ("free", "freespace") for unit in _UNITS),
        "hosts": ("hosts",),
        "objectid": ("objectid",),
        "url": ("url",),
    },
    "vmetadata": {"created": ("xlsxcreationdatetime",), "version": ("rvtoolsversion",), "server": ("server",)},
    "vsource": {"server": ("visdkserver", "name")},
}


_BATCH: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "vinfo": {"vmid": ("objectid",)},
    "vdisk": {"disk": ("name",), "key": ("key",), "mode": ("mode",), "vmid": ("objectid",)},
    "vsnapshot": {"vmid": ("objectid",)},
    "vtools": {"tools": ("status",), "vmid": ("objectid",)},
    "vnetwork": {"network": ("name",), "vmid": ("objectid",)},
    "vhost": {"version": ("fullname",)},
}
"""Words that mean these only behind the sheet's name: `vNetworkName` is the network, `Name` alone could be anything."""


def kind_of(sheet: Sheet) -> str | None:
    """Which of the sheets this is, by its title or else by its columns."""
    title = plain(sheet.title.removesuffix(".csv"))
    titled = next((kind for kind in SHEETS if title.endswith(kind)), None)
    if titled:
        return titled
    by_columns = (kind for kind in SHEETS if any(column.startswith(f"{kind}vm") for column in sheet.columns))
    return next(by_columns, "vinfo" if {"vm", "powerstate", "cpus"} <= sheet.columns else None)


def known_columns(kind: str, sheet: Sheet) -> Mapping[str, str]:
    """Our word for a column to its name in this sheet; the batch dialect puts the sheet's name before it."""
    found: dict[str, str] = {}
    for ours, names in COLUMNS[kind].items():
        batch = (*_BATCH.get(kind, {}).get(ours, ()), *names)
        for name in (*names, *(f"{kind}{name}" for name in batch)):
            if name in sheet.columns:
                found.setdefault(ours, name)
    return found


def by_our_words(kind: str, sheet: Sheet) -> Iterator[Row]:
    """The sheet's rows under our words; a column that is not there is not in them."""
    columns = known_columns(kind, sheet)
    for row in sheet.rows:
        cells: dict[str, Any] = {ours: row.get(name) for ours, name in columns.items()}
        yield cells


_WANTED: Final[Mapping[str, Mapping[str, str]]] = {
    "vinfo": {"template": "Template", "power": "Powerstate", "host": "Host", "path": "Path", "memory": "Memory"},
    "vdisk": {"vm": "VM", "capacity": "Capacity MiB", "path": "Path"},
    "vsnapshot": {"vm": "VM", "name": "Name"},
    "vtools": {"vm": "VM", "tools": "Tools"},
    "vnetwork": {"vm": "VM", "mac": "Mac Address", "network": "Network"},
    "vhost": {"host": "Host"},
    "vdatastore": {
        "name": "Name",
        "kind": "Type",
        "capacity": "Capacity MiB",
        "free": "Free MiB",
        "hosts": "Hosts",
    },
}
"""Columns that every version has and whose absence a person should know of, as RVTools calls them."""


def missing_columns(sheets: Mapping[str, Sequence[Row]]) -> Iterator[tuple[str, list[str]]]:
    """Sheets that have rows, and which of their usual columns they lack."""
    for kind, wanted in _WANTED.items():
        there = next(iter(sheets.get(kind, ())), None)
        if there is None:
            continue
        found = {*there, *(("vm",) if {"vmid", "vmuuid"} & there.keys() else ())}  # by its id, a row needs no name
        lacking = [name for ours, name in wanted.items() if ours not in found]
        if lacking:
            yield f"{kind[0]}{kind[1:].capitalize()}", lacking
