"""Exports of an invented estate as RVTools writes them: both dialects, both units, as a workbook or as CSV."""

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook

MIB = 1024
SERVER = "vcenter.site.example"
STAMP = "2026-06-01_10.15.00"


@dataclass(frozen=True)
class Vm:
    name: str
    id: str
    host: str = "esx-1"
    datastore: str = "ds-1"
    os: str = "Microsoft Windows Server 2019 (64-bit)"
    disks_gib: tuple[float, ...] = (40, 100)
    memory_gib: int = 8
    firmware: str = "bios"
    powered_on: bool = False
    template: bool = False
    placeholder: bool = False
    snapshots: tuple[str, ...] = ()
    uuid: str = ""
    tools: str = "toolsOk"
    enable_uuid: bool = True
    adapters: tuple[tuple[str, str, str], ...] = ()
    """MAC, network and addresses of each."""

    @property
    def bios(self) -> str:
        return self.uuid or f"42000000-0000-0000-0000-{int(self.id[3:]):012d}"


@dataclass(frozen=True)
class Site:
    vms: tuple[Vm, ...]
    hosts: tuple[str, ...] = ("esx-1",)
    datastores: tuple[tuple[str, str, int, tuple[str, ...]], ...] = (("ds-1", "VMFS", 2048, ("esx-1",)),)
    without: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dress:
    """How an export looks; the facts are the same."""

    batch: bool = False
    unit: str = "MiB"
    separator: str = ","
    encoding: str = "utf-8"
    xlsx: bool = False
    thousands: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


BATCH = {
    "VM": "VMName",
    "VM ID": "ObjectID",
    "SRM Placeholder": "SRMPlaceHolder",
    "OS according to the configuration file": "OS",
    "OS according to the VMware Tools": "OSTools",
    "VM UUID": "UUID",
    "DNS Name": "GuestHostName",
}
BATCH_OF = {
    "vDisk": {"Disk": "Name", "Disk Key": "Key", "Disk Mode": "Mode"},
    "vNetwork": {"Network": "Name", "IPv4 Address": "IP4Address"},
    "vTools": {"Tools": "Status"},
    "vHost": {
        "Host": "Name",
        "# Memory": "MemorySize",
        "Memory usage %": "OverallMemoryUsage",
        "ESX Version": "FullName",
    },
    "vDatastore": {
        "Capacity MiB": "Capacity",
        "Free MiB": "FreeSpace",
        "Free %": "FreePercentage",
        "# Hosts": "NumHosts",
        "# VMs": "VMs",
        "# VMs total": "VMsTotal",
    },
}
"""Batch exports use other words than the windows: as public programs name the columns that they read from them."""


def sheets(site: Site, dress: Dress = Dress()) -> dict[str, list[list[Any]]]:
    built = {
        "vInfo": _info(site, dress),
        "vDisk": _disk(site, dress),
        "vNetwork": _rows(
            ["VM", "VM ID", "Mac Address", "Network", "IPv4 Address"],
            ([v.name, v.id, *adapter] for v in site.vms for adapter in v.adapters),
        ),
        "vSnapshot": _rows(["VM", "VM ID", "Name"], ([v.name, v.id, s] for v in site.vms for s in v.snapshots)),
        "vTools": _rows(["VM", "VM ID", "Tools"], ([v.name, v.id, v.tools] for v in site.vms)),
        "vHost": _rows(
            ["Host", "# Memory", "Memory usage %", "Assigned License(s)", "ESX Version", "Object ID"],
            (
                [h, 262144, 50, "VMware vSphere 8 Enterprise Plus", "VMware ESXi 8.0.3 build-1", f"host-{n}"]
                for n, h in enumerate(site.hosts)
            ),
        ),
        "vDatastore": _rows(
            [
                *("Name", "Config status", "Address", "Accessible", "Type", "# VMs total", "# VMs"),
                *(f"Capacity {dress.unit}", f"Free {dress.unit}", "Free %", "# Hosts", "Hosts", "Object ID"),
            ],
            (
                [
                    *(n, "green", "naa.6000", "True", kind, 3, 3),
                    *(gib * MIB, gib * MIB // 2, 50, len(hosts), ", ".join(hosts), f"datastore-{i}"),
                ]
                for i, (n, kind, gib, hosts) in enumerate(site.datastores)
            ),
        ),
    }
    kept = {title: rows for title, rows in built.items() if title not in site.without}
    return {title: _dressed(title, rows, dress) for title, rows in kept.items()}


def _rows(header: list[str], rows: Iterable[list[Any]]) -> list[list[Any]]:
    return [header, *rows]


def _info(site: Site, dress: Dress) -> list[list[Any]]:
    header = [
        "VM",
        "Powerstate",
        "DNS Name",
        "Template",
        "SRM Placeholder",
        "Connection state",
        "CPUs",
        "Memory",
        "Firmware",
        "EnableUUID",
        "Path",
        "Datacenter",
        "Host",
        "OS according to the configuration file",
        "VM ID",
        "SMBIOS UUID",
        "VM UUID",
        "VI SDK Server",
    ]
    return _rows(
        header,
        (
            [
                v.name,
                "poweredOn" if v.powered_on else "poweredOff",
                f"{v.name}.site.example" if v.adapters else "",
                str(v.template),
                str(v.placeholder),
                "connected",
                2,
                v.memory_gib * MIB,
                v.firmware,
                str(v.enable_uuid),
                f"[{v.datastore}] {v.name}/{v.name}.vmx",
                "DC",
                v.host,
                v.os,
                v.id,
                v.bios,
                v.bios.replace("4200", "5000", 1),
                SERVER,
            ]
            for v in site.vms
        ),
    )


def _disk(site: Site, dress: Dress) -> list[list[Any]]:
    header = ["VM", "Disk", "Disk Key", "Disk UUID", "Capacity " + dress.unit, "Raw", "Disk Mode", "Path", "VM ID"]
    return _rows(
        [*header, "VI SDK Server"],
        (
            [
                v.name,
                f"Hard disk {n + 1}",
                2000 + n,
                f"6000C29{n}-0000-0000-0000-{int(v.id[3:]):012d}",
                int(size * MIB),
                "False",
                "persistent",
                f"[{v.datastore}] {v.name}/{v.name}_{n}.vmdk",
                v.id,
                SERVER,
            ]
            for v in site.vms
            for n, size in enumerate(v.disks_gib)
        ),
    )


def _dressed(title: str, rows: list[list[Any]], dress: Dress) -> list[list[Any]]:
    if dress.batch:
        words = BATCH | BATCH_OF.get(title, {})
        rows = [[title + words.get(cell, cell.replace(" ", "")) for cell in rows[0]], *rows[1:]]
    if dress.thousands:
        rows = [rows[0], *([_grouped(cell, dress.thousands) for cell in row] for row in rows[1:])]
    return rows


def _grouped(cell: Any, sign: str) -> Any:
    return f"{cell:,}".replace(",", sign) if isinstance(cell, int) else cell


def write(site: Site, folder: Path, dress: Dress = Dress()) -> Path:
    folder.mkdir(exist_ok=True)
    return _xlsx(site, folder, dress) if dress.xlsx else _csv(site, folder, dress)


def _xlsx(site: Site, folder: Path, dress: Dress) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets(site, dress).items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    meta = book.create_sheet("vMetaData")
    meta.append(["RVTools major version", "RVTools version", "xlsx creation datetime", "Server"])
    meta.append(["4.7", "4.7.1.0", datetime(2026, 6, 1, 10, 15), SERVER])
    path = folder / f"RVTools_export_all_{STAMP}.xlsx"
    book.save(path)
    return path


def _csv(site: Site, folder: Path, dress: Dress) -> Path:
    there = folder / f"RVTools_export_{STAMP}"
    there.mkdir()
    for title, rows in sheets(site, dress).items():
        with (there / f"RVTools_tab{title}.csv").open("w", encoding=dress.encoding, newline="") as file:
            csv.writer(file, delimiter=dress.separator).writerows(rows)
    return there


def only(site: Site, keep: Callable[[Vm], bool]) -> Site:
    return replace(site, vms=tuple(v for v in site.vms if keep(v)))
