"""A list of machines with their applications, for a plan: who owns them, what they need first, how they are checked."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from .bracketed_headers import without_brackets
from .durations import HOME_WITHIN, is_duration, seconds_of
from .files import ZIP, Blob, blobs_of
from .records import CannotImport
from .tables import Row, Sheet, csv_sheet, first, text_of
from .workbooks import formulas_without_value, sheets_of

_MACHINE: Final = ("machine", "name", "vmname", "vm", "friendlyname", "servername")
_CHECK: Final = re.compile(r"(tcp|http|dns)\s+(\S+)", re.IGNORECASE)
_SEVERAL: Final = re.compile(r"[;|]")


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """One row. `depends_on` names applications; `checks` are pairs of kind and target.

    `downtime_s`, and `home_within_s` from the start of the way home: None where the row does not say it.
    """

    machine: str
    application: str
    tier: str = ""
    depends_on: tuple[str, ...] = ()
    owner: str = ""
    phone: str = ""
    downtime_s: float | None = None
    checks: tuple[tuple[str, str], ...] = ()
    home_within_s: float | None = None


@dataclass(frozen=True, slots=True)
class ApplicationList:
    """The rows, the columns with something in them of which nothing is taken, and the cells that could not be read."""

    rows: tuple[ApplicationRow, ...]
    ignored: tuple[str, ...] = ()
    without_value: tuple[str, ...] = ()
    """Cells with a formula of which the file keeps no value, such as `E2`."""


def read_applications(path: Path) -> ApplicationList:
    """A CSV or xlsx file with the columns machine and application. Raises `CannotImport`."""
    blobs = blobs_of(path)
    if len(blobs) != 1:
        raise CannotImport(str(path), "this is no single file; give one CSV or xlsx file with a row per machine")
    sheet = without_brackets(_sheet(blobs[0]), _KNOWN, _DURATIONS)
    if sheet.columns.isdisjoint(_MACHINE) or "application" not in sheet.columns:
        raise CannotImport(blobs[0].name, "it needs the columns `machine` and `application`; add them to its first row")
    rows = tuple(sheet.rows)
    ignored = dict.fromkeys(
        column for row in rows for column, cell in row.items() if _is_ignored(column, text_of(cell))
    )
    without_value = formulas_without_value(blobs[0]) if _is_workbook(blobs[0]) else ()
    return ApplicationList(
        tuple(_rows(rows, blobs[0].name)), tuple(sheet.headers.get(each, each) for each in ignored), without_value
    )


def _is_workbook(blob: Blob) -> bool:
    return blob.content.startswith(ZIP) or blob.suffix in (".xls", ".xlsx")


def _is_ignored(column: str, text: str) -> bool:
    """Whether nothing is taken of a cell with something in it."""
    return bool(column and text) and (column not in _KNOWN or (column == _WITHOUT_UNIT and not is_duration(text)))


_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "application": ("application",),
    "tier": ("tier",),
    "depends_on": ("dependson",),
    "owner": ("owner", "businessowner", "applicationowner"),
    "phone": ("phone", "telephone"),
    "downtime": ("alloweddowntime", "downtime", "rto", "rtoh", "rtohours", "rtomin", "rtominutes"),
    "checks": ("checks",),
    "home_within": HOME_WITHIN,
}
"""What a row says, and the columns that may say it."""
_KNOWN: Final = frozenset(_MACHINE).union(*_COLUMNS.values())
_DURATIONS: Final = (*_COLUMNS["downtime"], *_COLUMNS["home_within"])
_WITHOUT_UNIT: Final = "rto"
"""A column whose numbers may be of any unit: only what says it is taken."""


def _sheet(blob: Blob) -> Sheet:
    if not _is_workbook(blob):
        return csv_sheet(blob)
    for sheet in sheets_of(blob):
        return Sheet(sheet.title, sheet.columns, tuple(sheet.rows), sheet.headers)
    raise CannotImport(blob.name, "it has no sheet; give one with a row per machine")


def _rows(rows: Iterable[Row], name: str) -> Iterator[ApplicationRow]:
    for row in rows:
        machine, application = text_of(first(row, *_MACHINE)), _line(row, "application")
        if machine and application:
            yield ApplicationRow(
                machine,
                application,
                _line(row, "tier"),
                _names(row, "dependson"),
                _line(row, *_COLUMNS["owner"]),
                _line(row, *_COLUMNS["phone"]),
                _duration_s(row, "downtime", f"the allowed downtime of {machine}", name),
                tuple(_checks(row, machine, name)),
                _duration_s(row, "home_within", f"the time until {machine} must be home", name),
            )


def _line(row: Row, *columns: str) -> str:
    """A cell in one line: line breaks of a spreadsheet are blanks."""
    return " ".join(text_of(first(row, *columns)).split())


def _names(row: Row, column: str) -> tuple[str, ...]:
    parts = (" ".join(part.split()) for part in _SEVERAL.split(text_of(first(row, column))))
    return tuple(filter(None, parts))


def _duration_s(row: Row, key: str, what: str, name: str) -> float | None:
    column = next((each for each in _COLUMNS[key] if text_of(row.get(each))), "")
    text = text_of(row.get(column))
    if not text or _is_ignored(column, text):
        return None
    found_s = seconds_of(text, column)
    if found_s is None:
        raise CannotImport(name, f"{what} is '{text}'; write it as 2 h or 30 min")
    return found_s


def _checks(row: Row, machine: str, name: str) -> Iterator[tuple[str, str]]:
    for text in _names(row, "checks"):
        found = _CHECK.fullmatch(text)
        if found is None:
            how = "write tcp host:port, http URL or dns name, with ; between several"
            raise CannotImport(name, f"a check of {machine} is '{text}'; {how}")
        yield found[1].casefold(), found[2]
