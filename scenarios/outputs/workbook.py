"""Writes a workbook (xlsx) of text: openpyxl does it, with no cell that a spreadsheet would run."""

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from math import ceil
from pathlib import Path
from textwrap import wrap
from typing import Any, Final

from failback.scenarios.extras import needed
from failback.scenarios.text.spreadsheet_cells import FORMULA, shown

from .writing import written_whole

WIDTH_MAX: Final = 40
"""Characters: a wider column pushes the others off the screen; longer text is wrapped."""
WIDTH_TO_FILL: Final = 14
"""Characters of a column that is empty below its head: somebody writes there."""
PAGE_WIDTH: Final = 170
"""Characters that can be read side by side on a printed page: about 8 points on A4."""
LINE_HEIGHT_PT: Final = 15
MARGIN_INCHES: Final = 0.4
FIRST_COLUMNS: Final = "A:D"
"""Columns that each printed page repeats where a sheet is wider than one: they say of what a row is."""
Rows = Sequence[Sequence[str]]


def write_workbook(sheets: Mapping[str, Rows], creator: str, file: Path, kind: str) -> None:
    """Write one sheet per name; the first row of each is its heads.

    `creator` stands in the properties, by which the file is recognised later.
    Raises `BadInput` without the extra `excel`, and `CannotWrite`.
    """
    library: Any = needed("openpyxl", "excel", "write xlsx")
    book = library.Workbook()
    book.properties.creator = creator
    book.remove(book.active)
    for name, rows in sheets.items():
        _fill(book.create_sheet(name), rows, library.styles)
    content = BytesIO()
    book.save(content)
    with written_whole(file, kind) as beside:
        beside.write_bytes(content.getvalue())


def _fill(sheet: Any, rows: Rows, styles: Any) -> None:
    sheet.freeze_panes = "A2"
    widths = [_width(cells) for cells in zip(*rows, strict=True)]
    for row in rows:
        texts = list(map(shown, row))
        sheet.append(texts)
        lines = max(map(_lines, texts, widths), default=1)
        sheet.row_dimensions[sheet.max_row].height = LINE_HEIGHT_PT * lines
    for written in sheet.iter_rows():
        for each in written:
            _as_text(each)
            each.alignment = styles.Alignment(wrap_text=True, vertical="top")
    for column, width in zip(sheet.iter_cols(max_row=1), widths, strict=True):
        column[0].font = styles.Font(bold=True)
        sheet.column_dimensions[column[0].column_letter].width = width
    _set_up_print(sheet, sum(widths))


def _as_text(each: Any) -> None:
    """A cell that begins as a formula does is text, and stays so when somebody edits it."""
    if isinstance(each.value, str) and each.value.startswith(FORMULA):
        each.data_type = "s"
        each.quotePrefix = True


def _lines(text: str, width: int) -> int:
    """Lines that the text needs in a column of this width: not every program measures them when it opens the file."""
    return sum(len(wrap(line, width - 1)) or 1 for line in text.split("\n"))


def _set_up_print(sheet: Any, width: int) -> None:
    """Landscape, as many pages wide as can be read, with the heads and the first columns on each."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth = ceil(width / PAGE_WIDTH)
    sheet.page_setup.fitToHeight = 0
    sheet.print_title_rows = "1:1"
    sheet.print_options.gridLines = True
    sheet.page_margins.left = sheet.page_margins.right = MARGIN_INCHES
    if width > PAGE_WIDTH:
        sheet.print_title_cols = FIRST_COLUMNS


def _width(cells: Iterable[str]) -> int:
    head, *below = cells
    least = 0 if any(below) else WIDTH_TO_FILL
    return min(WIDTH_MAX, max(least, *map(len, (head, *below))) + 2)
