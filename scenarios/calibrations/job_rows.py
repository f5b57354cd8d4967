"""The rows of a file with jobs or protected items: Resource Manager's JSON, or what PowerShell makes of the objects."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from failback.adapters.importing.files import Blob
from failback.adapters.importing.json_rows import json_rows
from failback.adapters.importing.powershell_json import as_arm, is_powershell
from failback.adapters.importing.records import CannotImport
from failback.adapters.importing.tables import Row, csv_sheet, text_of
from failback.scenarios.files.yaml_source import BadInput, Mistake
from failback.scenarios.outputs.run_folders.reading import bytes_of

ONE_BY_ONE: Final = (
    "a list shows none, so read each job by itself (PowerShell: Get-AzRecoveryServicesAsrJob | ForEach-Object "
    "{ Get-AzRecoveryServicesAsrJob -Job $_ } | ConvertTo-Json -Depth 10), or the live vault with --world azure"
)
"""How to get tasks."""
NO_TASKS: Final = f"Export-Csv writes no tasks: {ONE_BY_ONE}"
EXPECTED: Final = (
    "expected JSON of a vault as Azure Resource Manager returns it: jobs with `properties.tasks`, or protected items; "
    "or PowerShell's ConvertTo-Json of them; an export of the portal as XML or Excel is not read, ask it for JSON"
)
_COLUMNS: Final[Mapping[str, str]] = {
    "jobtype": "scenarioName",
    "displayname": "friendlyName",
    "state": "state",
    "starttime": "startTime",
    "endtime": "endTime",
    "targetobjectname": "targetObjectName",
}
"""Columns of `Get-AzRecoveryServicesAsrJob | Export-Csv`, and what Resource Manager calls them."""
_CULTURES: Final = (
    (re.compile(r"\d+/\d+/\d{4} \d+:\d\d:\d\d [AP]M"), "%m/%d/%Y %I:%M:%S %p"),
    (re.compile(r"\d{4}/\d+/\d+ \d+:\d\d:\d\d"), "%Y/%m/%d %H:%M:%S"),
    (re.compile(r"\d+\.\d+\.\d{4} \d+:\d\d:\d\d"), "%d.%m.%Y %H:%M:%S"),
)
"""Dates that a CSV has by the settings of a computer. 05/06/2026 18:00 is none of them: which is the month?"""


@dataclass(frozen=True, slots=True)
class JobRows:
    """The rows, and what is to be said of the file."""

    rows: tuple[Any, ...]
    notes: tuple[str, ...] = ()


def rows_of(path: Path) -> JobRows:
    """All objects in a file. Raises `BadInput`."""
    blob = Blob(str(path), _content(path))
    try:
        return _of_json(blob) if blob.content.lstrip(b"\xff\xfe\xef\xbb\xbf \r\n\t\0")[:1] in b"{[" else _of_csv(blob)
    except CannotImport as refused:
        raise _bad(path, f"{refused.message}; {EXPECTED}") from None


def _content(path: Path) -> bytes:
    try:
        return bytes_of(path)
    except OSError as broken:
        raise _bad(path, f"the file cannot be read: {broken.strerror}") from broken


def _bad(path: Path, message: str) -> BadInput:
    return BadInput(Mistake("", str(path), 0, message))


def _of_json(blob: Blob) -> JobRows:
    found = json_rows(blob)
    half = len(found.promised) >= max(1, found.pages)
    note = f"{blob.name} ends in the middle of a list: its next page is missing, so jobs may be too."
    rows = (as_arm(row) if is_powershell(row) else row for row in found.rows)
    return JobRows(tuple(rows), (note,) if half else ())


def _of_csv(blob: Blob) -> JobRows:
    sheet = csv_sheet(blob)
    if not {"jobtype", "state", "starttime"} <= sheet.columns:
        raise CannotImport(
            blob.name, "this is neither JSON nor a CSV file with the columns JobType, State and StartTime"
        )
    return JobRows(tuple({"properties": dict(_job(row))} for row in sheet.rows), (f"{blob.name}: {NO_TASKS}.",))


def _job(row: Row) -> Iterator[tuple[str, object]]:
    for column, name in _COLUMNS.items():
        value = text_of(row.get(column))
        yield name, _iso(value) if column.endswith("time") else value


def _iso(value: str) -> str:
    """A date as Resource Manager writes it; what is no date stays as it is."""
    form = next((form for shape, form in _CULTURES if shape.fullmatch(value)), None)
    try:
        return value if form is None else datetime.strptime(value, form).isoformat()
    except ValueError:
        return value
