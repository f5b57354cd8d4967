"""Folders of `govc object.save`: vSphere's objects as XML, one file for each, read by pyvmomi."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any, Final
from xml.parsers.expat import ExpatError

from .files import Blob
from .records import CannotImport, Origin, Reading

FORMAT: Final = "govc object.save"
_ROOT: Final = b"<ObjectContent>"
_PLACES: Final = "HostSystem|Datastore|Network|DistributedVirtualPortgroup"
_KIND: Final = re.compile(f'<obj type="(VirtualMachine|{_PLACES}|ServiceInstance|SessionManager)">'.encode())
_IN_NAMESPACE: Final = b'<ObjectContent xmlns="urn:vim25">'
_START: Final = 400
"""Bytes within which a file says what it is."""
_PREFIX: Final = "vcsim-"
"""How govc begins the name of a folder; the vCenter's address follows."""
_CLOCKS: Final = ("serverClock", "currentSession.lastActiveTime")
"""What says when a folder was saved."""
_LEFT_OUT_IF_NONE: Final = "snapshot"
"""The one structure that vSphere leaves out where there is none; another that is absent could not be read."""
_ODD: Final = (ExpatError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


def is_saved_object(blob: Blob) -> bool:
    """Whether a file is of such a folder, the answers of methods among them."""
    return blob.suffix == ".xml"


def read_saved_objects(blobs: Iterable[Blob]) -> Iterator[Reading]:
    """What the folders say, one vCenter for each folder. Raises `CannotImport`."""
    folders: dict[str, list[Blob]] = {}
    for blob in blobs:
        if blob.content.lstrip()[:_START].startswith(_ROOT):
            folders.setdefault(PurePosixPath(blob.name).parent.as_posix(), []).append(blob)
    if not folders:
        raise CannotImport("the XML files", "none was saved by `govc object.save`; give its folder")
    for folder, files in folders.items():
        yield _folder(folder, files)


def _folder(folder: str, files: list[Blob]) -> Reading:
    from failback.adapters.vsphere_properties import ObjectValues

    from .vsphere_records import Inventory, reading_of

    found: dict[str, list[ObjectValues]] = {}
    odd: Counter[str] = Counter()
    dated: list[Any] = []
    for blob in files:
        kind = _KIND.search(blob.content[:_START])
        if kind is None:
            continue
        try:
            row = _row(blob.content)
        except _ODD:
            odd[kind[1].decode()] += 1
            continue
        found.setdefault(kind[1].decode(), []).append(row)
        dated += [row.get(clock) for clock in _CLOCKS if row.get(clock)]
    _refuse_what_has_no_machines(folder, found, odd)
    origin = Origin(folder, FORMAT, max(dated, default=None), "vCenter's clock" if dated else "")
    kinds = ("VirtualMachine", "HostSystem", "Datastore", "Network", "DistributedVirtualPortgroup")
    machines, hosts, stores, *networks = (found.get(kind, []) for kind in kinds)
    seen = Inventory(machines, hosts, stores, [row for rows in networks for row in rows], _vcenter_of(folder))
    reading = reading_of(seen, origin)
    for name, count in sorted(odd.items()):
        reading.leave_out(f"objects {name} that could not be understood", count)
    return reading


def _refuse_what_has_no_machines(folder: str, found: Any, odd: Counter[str]) -> None:
    if found.get("VirtualMachine"):
        return
    if odd["VirtualMachine"]:
        raise CannotImport(
            folder, f"none of its {odd['VirtualMachine']} virtual machines can be understood; save again"
        )
    raise CannotImport(folder, "there is no virtual machine in it; save the whole vCenter (without -dc)")


def _vcenter_of(folder: str) -> str:
    name = PurePosixPath(folder).name
    return name.removeprefix(_PREFIX) if name.startswith(_PREFIX) else ""


def _row(content: bytes) -> Any:
    """The object's values by the paths that a live import reads; a path leads into a saved structure."""
    from pyVmomi import vim, vmodl
    from pyVmomi.SoapAdapter import Deserialize

    from failback.adapters.vsphere_properties import ObjectValues

    from .vsphere_records import PATHS

    whole = content.lstrip().replace(_ROOT, _IN_NAMESPACE, 1)
    saved: Any = Deserialize(whole, vmodl.query.PropertyCollector.ObjectContent)
    values = {each.name: each.val for each in saved.propSet}
    kind = vim.Network if isinstance(saved.obj, vim.Network) else type(saved.obj)
    paths = PATHS.get(kind, _CLOCKS)
    read = {path: value for path in paths if (value := _at(values, path)) is not None}
    firsts = {path: path.partition(".")[0] for path in paths}
    hidden = (path for path, first in firsts.items() if first not in values and first != _LEFT_OUT_IF_NONE)
    return ObjectValues(saved.obj, read, tuple(hidden))


def _at(values: dict[str, Any], path: str) -> Any:
    first, *rest = path.split(".")
    value = values.get(first)
    for step in rest:
        value = getattr(value, step, None)
    return value
