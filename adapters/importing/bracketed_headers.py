"""Columns with something in brackets behind their name: `Allowed downtime (h)` is the column `Allowed downtime`."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from .tables import Row, Sheet, plain, text_of

_BRACKET: Final = re.compile(r"(.+?)\s*[(\[]([^()\[\]]*)[)\]]")
_UNITS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "h"),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), "min"),
    **dict.fromkeys(("d", "day", "days"), "d"),
}
"""What may stand in the brackets of a duration."""
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)?")


def without_brackets(sheet: Sheet, known: Collection[str], durations: Collection[str]) -> Sheet:
    """The sheet with such columns under the name that is `known`, where no other column has it.

    Bare numbers of the columns in `durations` get the unit of the brackets.
    """
    found = {column: hit for column, hit in _bracketed(sheet) if column not in known}
    names = {column: name for column, (name, _) in found.items() if name in known and name not in sheet.columns}
    units = {column: found[column][1] for column, name in names.items() if name in durations}
    headers = {names.get(column, column): header for column, header in sheet.headers.items()}
    rows = ({names.get(key, key): _measured(row, key, units) for key in row} for row in sheet.rows)
    return Sheet(sheet.title, frozenset(names.get(each, each) for each in sheet.columns), rows, headers)


def _bracketed(sheet: Sheet) -> Iterator[tuple[str, tuple[str, str]]]:
    """Each such column with its name without the brackets, and the unit in them."""
    for column, header in sheet.headers.items():
        if hit := _BRACKET.fullmatch(header):
            yield column, (plain(hit[1]), _UNITS.get(plain(hit[2]), ""))


def _measured(row: Row, column: str, units: Mapping[str, str]) -> object:
    value, unit = row[column], units.get(column, "")
    return f"{text_of(value)} {unit}" if unit and _NUMBER.fullmatch(text_of(value)) else value
