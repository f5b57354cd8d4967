"""From paths to one reading: which format each file is, by what is in it and not by its name."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from failback.reprotect import Architecture

from .arm_json import read_arm
from .arm_kinds import APPLIANCES, PLANS
from .arm_kinds import kind_of as arm_kind_of
from .azure_resources import RESOURCES
from .files import OLD_EXCEL, ZIP, Blob, blobs_of
from .json_rows import Json, json_rows, merged_rows
from .machine_lists import is_list, read_list
from .next_pages import JsonFile, half_lists
from .powershell_json import as_arm, is_powershell
from .records import CannotImport, Reading, together
from .rvtools import export_name, read_rvtools
from .rvtools_columns import kind_of
from .saved_objects import is_saved_object, read_saved_objects
from .tables import Sheet, csv_sheet
from .workbooks import sheets_of

_SKIPPED: Final = (".md", ".ps1", ".sh", ".log")
"""What lies beside the exports in a collector's folder."""
_READ: Final = (
    "RVTools (xlsx or CSV), JSON of a vault, a folder of `govc object.save`, or a CSV with a column `machine`; "
    "see `failback docs import`"
)

_LISTS: Final = {PLANS, APPLIANCES, *RESOURCES}
"""How a file is called whose list says of what it is, though it may be empty."""


def read_paths(paths: Iterable[Path], tell: Callable[[str], None] = lambda _: None) -> Reading:
    """All that these paths say. Raises `CannotImport`."""
    blobs = [blob for path in paths for blob in blobs_of(path) if blob.suffix not in _SKIPPED]
    if not blobs:
        raise CannotImport("the paths", f"there is no file in them; expected {_READ}")
    tables: dict[str, list[Sheet]] = {}
    vault: list[Blob] = []
    saved: list[Blob] = []
    readings: list[Reading] = []
    for blob in blobs:
        tell(blob.name)
        if _is_workbook(blob):
            readings.append(_workbook(blob))
        elif is_saved_object(blob):
            saved.append(blob)
        elif _is_json(blob):
            vault.append(blob)
        else:
            _sort_table(blob, tables, readings)
    exports = [read_rvtools(name, sheets) for name, sheets in tables.items()]
    exports += read_saved_objects(saved) if saved else ()
    return together([*exports, *readings, *([_vault(vault)] if vault else [])])


def _is_workbook(blob: Blob) -> bool:
    return blob.content.startswith((ZIP, OLD_EXCEL)) or blob.suffix in (".xls", ".xlsx")


def _is_json(blob: Blob) -> bool:
    start = blob.content[:64].lstrip(b"\xff\xfe\xef\xbb\xbf \r\n\t\0")[:1]
    return blob.suffix == ".json" or start in (b"{", b"[")


def _workbook(blob: Blob) -> Reading:
    """RVTools' sheets, or else a list of machines on the first sheet of another workbook."""
    sheets = sheets_of(blob)
    known = [Sheet(s.title, s.columns, tuple(s.rows)) for s in sheets if kind_of(s)]
    if known:
        return read_rvtools(blob.name, known)
    for sheet in sheets_of(blob):
        if is_list(sheet):
            return read_list(blob.name, sheet)
        break
    raise CannotImport(blob.name, f"it has neither sheets of RVTools nor a list of machines; expected {_READ}")


def _sort_table(blob: Blob, tables: dict[str, list[Sheet]], readings: list[Reading]) -> None:
    sheet = csv_sheet(blob)
    if kind_of(sheet):
        tables.setdefault(export_name(blob.name), []).append(sheet)
    elif is_list(sheet):
        readings.append(read_list(blob.name, sheet))
    elif "rvtools" in blob.name.casefold():
        return
    else:
        raise CannotImport(blob.name, f"its columns are not known; expected {_READ}")


def _vault(blobs: list[Blob]) -> Reading:
    """Several files are one vault: a list in one, single reads in others."""
    rows: list[Json] = []
    files: list[JsonFile] = []
    empty: set[str] = set()
    for blob in blobs:
        found = json_rows(blob)
        these = [as_arm(row) if is_powershell(row) else row for row in found.rows]
        listed = found.pages or (found.plain_lists and Path(blob.name).stem.casefold() in _LISTS)
        if not any(map(arm_kind_of, these)) and (these or not listed):
            raise CannotImport(blob.name, f"it contains no object of a vault; expected {_READ}")
        rows += these
        empty |= set() if these else {Path(blob.name).stem.casefold()}
        files.append(JsonFile(blob.name, these, found.promised, found.pages))
    reading = read_arm([blob.name for blob in blobs], merged_rows(rows))
    reading.notes += half_lists(files)
    _take_empty(reading, empty)
    return reading


def _take_empty(reading: Reading, lists: set[str]) -> None:
    """An empty list says of what it is only by the name that a collector gave its file."""
    reading.has_plans |= PLANS in lists
    reading.listed += [what for kind, what in RESOURCES.items() if kind in lists]
    reading.servers |= {Architecture.MODERNISED.value} if APPLIANCES in lists else set()
