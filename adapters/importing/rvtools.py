"""RVTools: an xlsx, or one CSV file for each of its sheets."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any, Final

from .records import CannotImport, Facts, Origin, Part, Reading, SiteMachine
from .rvtools_columns import by_our_words, kind_of, missing_columns
from .tables import Row, Sheet, first, number_of, text_of, truth_of
from .vsphere_words import DATASTORE_KINDS, edition_of, host_version, os_family_of, store_of

FORMAT: Final = "RVTools"
_MIB_PER_GIB: Final = 1024
_BYTES_PER_MIB: Final = 2**20
_NO_HOST_HAS_MIB: Final = 2**30
"""A memory from here on is in bytes, as one reader of batch exports reports of `vHostMemorySize` (inferred)."""
_DATE: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)[_ T](\d\d)[._:-](\d\d)(?:[._:-](\d\d))?")
_CONNECTED: Final = "connected"
_OF_THE_LINE: Final = "fe80:"
"""Addresses that hold on one network segment only, and that nobody sets."""

Key = tuple[str, str]


def read_rvtools(name: str, sheets: Iterable[Sheet]) -> Reading:
    """What an export says. Raises `CannotImport` where it has no vInfo."""
    kept: dict[str, list[Row]] = {}
    for sheet in sheets:
        kind = kind_of(sheet)
        if kind is not None:
            kept.setdefault(kind, []).extend(by_our_words(kind, sheet))
    if not kept.get("vinfo") or "vm" not in kept["vinfo"][0]:
        raise CannotImport(name, "it contains no sheet vInfo with a column VM; export all sheets with RVTools")
    return _reading(kept, _origin(name, kept))


def _reading(sheets: Mapping[str, list[Row]], origin: Origin) -> Reading:
    reading = Reading(origins=[origin])
    told = {kind: _Told(sheets[kind], sheets["vinfo"]) for kind in _OF_MACHINES if kind in sheets}
    names = Counter(text_of(row.get("vm")) for row in sheets["vinfo"])
    for row in sheets["vinfo"]:
        if truth_of(row.get("template")):
            reading.leave_out("templates", 1, text_of(row.get("vm")))
        elif truth_of(row.get("placeholder")):
            reading.leave_out("placeholders of Site Recovery Manager", 1, text_of(row.get("vm")))
        elif text_of(row.get("vm")):
            reading.machines.append(_machine(row, told, origin, single=names[text_of(row["vm"])] == 1))
        else:
            reading.leave_out("rows of vInfo without a name in column VM")
    reading.parts += [*_hosts(sheets, origin), *_datastores(sheets, origin)]
    absent = [_TITLES[kind] for kind in _TITLES if kind not in sheets]
    if absent:
        what = "what it says" if len(absent) == 1 else "what these say"
        reading.notes.append(f"{origin.file} has no {', '.join(absent)}: {what} is unknown.")
    for title, columns in missing_columns(sheets):
        what = "what it says" if len(columns) == 1 else "what these say"
        reading.notes.append(f"{origin.file}: {title} has no column {', '.join(columns)}; {what} is unknown.")
    return reading


_OF_MACHINES: Final = ("vdisk", "vsnapshot", "vtools", "vnetwork")
_TITLES: Final = {
    "vdisk": "vDisk",
    "vsnapshot": "vSnapshot",
    "vtools": "vTools",
    "vnetwork": "vNetwork",
    "vhost": "vHost",
    "vdatastore": "vDatastore",
}


_IDS: Final = ("vmid", "vmuuid")
"""Columns by which a machine is known across sheets, within its vCenter."""


class _Told:
    """A sheet's rows by each thing that names their machine: sheets of older versions have fewer columns."""

    def __init__(self, rows: Iterable[Row], machines: Iterable[Row]) -> None:
        self._rows: dict[Key, list[Row]] = {}
        self._has_server = False
        for row in rows:
            servers = {text_of(row.get("server")), ""}
            self._has_server |= "server" in row
            keys = [(server, id_) for id_ in {text_of(row.get(column)) for column in _IDS} - {""} for server in servers]
            for key in (*keys, ("name", text_of(row.get("vm")))):
                self._rows.setdefault(key, []).append(row)
        known = list(machines)
        self._shared = [one for one in _IDS if any(("", text_of(row.get(one))) in self._rows for row in known)]
        """Columns whose values it has: a `UUID` of this sheet may be something else than the one of vInfo."""

    def rows_of(self, row: Row, *, single: bool) -> list[Row] | None:
        """The machine's rows; None where the sheet cannot tell machines of one name apart."""
        shared = next((column for column in self._shared if text_of(row.get(column))), None)
        if shared is not None:
            server = text_of(row.get("server")) if self._has_server else ""
            return self._rows.get((server, text_of(row[shared])), [])
        return self._rows.get(("name", text_of(row.get("vm"))), []) if single or not self._rows else None


def _machine(row: Row, told: Mapping[str, _Told], origin: Origin, *, single: bool) -> SiteMachine:
    found = {kind: sheet.rows_of(row, single=single) for kind, sheet in told.items()}
    own = {kind: rows for kind, rows in found.items() if rows is not None}
    facts = dict(_primary(row)) | dict(_facts(row)) | dict(_facts_of_sheets(own))
    disks = tuple(map(_disk, sorted(own["vdisk"], key=_disk_order))) if own.get("vdisk") else None
    return SiteMachine(
        name=text_of(row["vm"]),
        origin=origin,
        facts=facts,
        disks=disks,
        id=text_of(first(row, "vmid", "vmuuid")),
        place="/".join(filter(None, (text_of(row.get("datacenter")), text_of(row.get("folder"))))),
    )


def _primary(row: Row) -> Iterator[tuple[str, Any]]:
    """What vInfo says of addresses; vNetwork, if it was exported, says more."""
    if address := text_of(row.get("address")):
        yield "adapters", ({"addresses": (address,)},)


def _facts(row: Row) -> Iterator[tuple[str, Any]]:
    """Facts of one row of vInfo; a cell that is blank gives none."""
    yield "exists_on_premises", True
    if _is_connected(row):
        yield "registered_in_vcenter", True
    if power := text_of(row.get("power")).casefold():
        yield "powered_on", power == "poweredon"
    if (memory := number_of(row.get("memory"))) is not None:
        yield "memory_gib", memory / _MIB_PER_GIB
    if (cpus := number_of(row.get("cpus"))) is not None:
        yield "cores", int(cpus)
    if (firmware := text_of(row.get("firmware")).casefold()) in ("bios", "efi"):
        yield "firmware", firmware
    if (enabled := truth_of(row.get("enable_uuid"))) is not None:
        yield "disk_enable_uuid", enabled
    for words in filter(os_family_of, (text_of(row.get("os_tools")), text_of(row.get("os")))):
        yield "os", os_family_of(words)
        yield "os_version", words
        break
    for fact, column in _TEXTS.items():
        if found := text_of(row.get(column)):
            yield fact, found
    if store := store_of(text_of(row.get("path"))):
        yield "datastore", store


_TEXTS: Final = {"dns_name": "dns", "host": "host", "bios_uuid": "bios", "instance_uuid": "vmuuid", "vcenter": "server"}


def _facts_of_sheets(own: Mapping[str, list[Row]]) -> Iterator[tuple[str, Any]]:
    if "vsnapshot" in own:
        yield "snapshots", tuple(text_of(row.get("name")) or "unnamed" for row in own["vsnapshot"])
    for row in own.get("vtools", [])[:1]:
        if tools := text_of(row.get("tools")):
            yield "tools", None if tools.casefold() in ("toolsnotinstalled", "not installed") else tools
    disks = own.get("vdisk", [])
    if disks and "mode" in disks[0]:
        yield "snapshots_possible", not any(map(_forbids_snapshots, disks))
    if adapters := tuple(filter(None, map(_adapter, own.get("vnetwork", [])))):
        yield "adapters", adapters


def _adapter(row: Row) -> Facts:
    told: Facts = {key: text_of(row.get(key)) for key in ("mac", "network") if text_of(row.get(key))}
    found = [address for column in ("address", "address6") for address in _names(row.get(column))]
    addresses = tuple(address for address in found if not address.casefold().startswith(_OF_THE_LINE))
    return told | ({"addresses": addresses} if addresses else {})


def _forbids_snapshots(row: Row) -> bool:
    """Independent disks and disks that several machines share (A12)."""
    mode, bus = text_of(row.get("mode")).casefold(), text_of(row.get("bus")).casefold()
    sharing = text_of(row.get("sharing")).casefold()
    return mode.startswith("independent") or "multiwriter" in sharing or bus not in ("", "nosharing")


def _disk_order(row: Row) -> tuple[str, float, str]:
    return text_of(row.get("controller")), number_of(row.get("key")) or 0.0, text_of(row.get("disk"))


def _disk(row: Row) -> Facts:
    size = number_of(row.get("capacity"))
    disk: Facts = {} if size is None else {"size_gib": size / _MIB_PER_GIB}
    disk |= {fact: text_of(row.get(column)) for fact, column in _DISK_TEXTS.items() if text_of(row.get(column))}
    if store := store_of(text_of(row.get("path"))):
        disk["datastore"] = store
    raw = truth_of(row.get("raw"))
    return disk | {"attached_on_premises": True} | ({} if raw is None else {"raw_device": raw})


_DISK_TEXTS: Final = {"name": "disk", "uuid": "uuid", "path": "path"}


# Places


def _is_connected(row: Row) -> bool:
    """Whether vCenter reaches the machine, and so its host."""
    return text_of(row.get("state")).casefold() == _CONNECTED


def _hosts(sheets: Mapping[str, list[Row]], origin: Origin) -> Iterator[Part]:
    mounted = _mounted(sheets.get("vdatastore", []))
    answering = {text_of(row.get("host")) for row in sheets.get("vinfo", []) if _is_connected(row)}
    for row in sheets.get("vhost", []):
        if name := text_of(row.get("host")):
            facts = dict(_host(row)) | ({"connected": True} if name in answering else {})
            stores = {} if mounted is None else {"datastores": tuple(mounted.get(name, ()))}
            yield Part("hosts", name, origin, facts | stores, text_of(row.get("objectid")))


def _mounted(rows: Iterable[Row]) -> Mapping[str, list[str]] | None:
    """Host to its datastores; None where the export does not say it: no host is without any."""
    mounted: dict[str, list[str]] = {}
    for row in rows:
        if "hosts" not in row:
            return None
        for host in _names(row["hosts"]):
            mounted.setdefault(host, []).append(text_of(row.get("name")))
    return mounted or None


def _host(row: Row) -> Iterator[tuple[str, Any]]:
    size, used = number_of(row.get("memory")), number_of(row.get("memory_use"))
    if size is not None and used is not None and "memory_use" in row:
        mib = size / _BYTES_PER_MIB if size >= _NO_HOST_HAS_MIB else size
        yield "free_memory_gib", round(mib / _MIB_PER_GIB * (1 - used / 100), 1)
    if version := host_version(text_of(row.get("version"))):
        yield "version", version
    if edition := edition_of(text_of(row.get("licence"))):
        yield "edition", edition


def _datastores(sheets: Mapping[str, list[Row]], origin: Origin) -> Iterator[Part]:
    for row in sheets.get("vdatastore", []):
        if name := text_of(row.get("name")):
            yield Part("datastores", name, origin, dict(_datastore(row)), text_of(first(row, "objectid", "url")))


def _datastore(row: Row) -> Iterator[tuple[str, Any]]:
    if kind := DATASTORE_KINDS.get(text_of(row.get("kind")).casefold()):
        yield "kind", kind
    for fact in ("capacity", "free"):
        if (size := number_of(row.get(fact))) is not None:
            yield f"{fact}_gib", round(size / _MIB_PER_GIB, 1)
    if (accessible := truth_of(row.get("accessible"))) is not None:
        yield "accessible", accessible
    if "hosts" in row:
        yield "hosts", _names(row["hosts"])


def _names(cell: object) -> tuple[str, ...]:
    return tuple(name.strip() for name in re.split(r"[,;]", text_of(cell)) if name.strip())


# Dates


def _origin(name: str, sheets: Mapping[str, list[Row]]) -> Origin:
    """As of when: what the export says of itself, else the file's name; never the date of today or of the file."""
    named = _instant(name)
    for row in sheets.get("vmetadata", []):
        if (said := _instant(row.get("created"))) is not None:
            return Origin(name, FORMAT, said, "vMetaData", named)
    return Origin(name, FORMAT, named, "file name" if named else "")


def _instant(value: object) -> datetime | None:
    """A date of a cell or within a name."""
    if isinstance(value, datetime):
        return value.replace(microsecond=0)
    hit = _DATE.search(text_of(value).replace("/", "-"))
    try:
        return datetime(*(int(part or 0) for part in hit.groups())) if hit else None  # type: ignore[arg-type]
    except ValueError:
        return None


def export_name(name: str) -> str:
    """The name of the export that a CSV file of it stands for: its folder or zip."""
    parent = PurePosixPath(name).parent.as_posix()
    return name if parent == "." else parent
