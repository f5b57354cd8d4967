"""Writes a workbook (xlsx) of text: openpyxl does it, with no cell that a spreadsheet would run."""

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from failback.scenarios.extras import needed
from failback.scenarios.text.spreadsheet_cells import cell

from .writing import written_whole

WIDTH_MAX: Final = 60
"""Characters: a wider column pushes the others off the screen."""
Rows = Sequence[Sequence[str]]


def write_workbook(sheets: Mapping[str, Rows], creator: str, file: Path, kind: str) -> None:
    """Write one sheet per name; the first row of each is its heads.

    `creator` stands in the properties, by which the file is recognised later.
    Raises `BadInput` without the extra `excel`, and `CannotWrite`.
    """
    book: Any = needed("openpyxl", "excel", "write xlsx").Workbook()
    book.properties.creator = creator
    book.remove(book.active)
    for name, rows in sheets.items():
        _fill(book.create_sheet(name), rows)
    content = BytesIO()
    book.save(content)
    with written_whole(file, kind) as beside:
        beside.write_bytes(content.getvalue())


def _fill(sheet: Any, rows: Rows) -> None:
    sheet.freeze_panes = "A2"
    for row in rows:
        sheet.append(tuple(map(cell, row)))
    for column, cells in zip(sheet.iter_cols(max_row=1), zip(*rows, strict=True), strict=True):
        sheet.column_dimensions[column[0].column_letter].width = _width(cells)


def _width(cells: Iterable[str]) -> int:
    return min(WIDTH_MAX, max(map(len, cells)) + 2)
