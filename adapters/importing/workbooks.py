"""Sheets of an xlsx, read row by row. Formulas are never evaluated: what was last saved of them counts."""

from collections.abc import Iterator
from contextlib import closing
from importlib import import_module
from io import BytesIO
from typing import Any, Final

from .files import OLD_EXCEL, Blob, opened
from .records import CannotImport
from .tables import Row, Sheet, plain, spelled

_ROWS_MAX: Final = 1_048_576


def sheets_of(blob: Blob) -> Iterator[Sheet]:
    """Its sheets, one by one: read the rows of each before the next is asked for. Raises `CannotImport`."""
    if blob.content.startswith(OLD_EXCEL) or blob.suffix == ".xls":
        raise CannotImport(blob.name, "this is the old .xls format; save it as .xlsx in Excel, or export CSV")
    opened(blob).close()
    with closing(_workbook(blob)) as book:
        for sheet in book.worksheets:
            rows = sheet.iter_rows(values_only=True, max_row=_ROWS_MAX)
            cells = _next(rows, blob.name) or ()
            header = [plain(cell) for cell in cells]
            yield Sheet(sheet.title, frozenset(header) - {""}, _rows(header, rows, blob.name), spelled(cells))


def formulas_without_value(blob: Blob) -> tuple[str, ...]:
    """Cells of the first sheet with a formula of which the file keeps no value, such as `E2`: they are read as empty.

    A program that writes workbooks and calculates nothing leaves such cells; a spreadsheet program fills them.
    """
    with closing(_workbook(blob, values=False)) as formulas, closing(_workbook(blob)) as values:
        rows = zip(_first_rows(formulas), _first_rows(values), strict=False)
        return tuple(
            cell.coordinate
            for cells, kept in iter(lambda: _next(rows, blob.name), None)
            for cell, value in zip(cells, kept, strict=False)
            if cell.data_type == "f" and value.value is None
        )


def _first_rows(book: Any) -> Iterator[Any]:
    rows: Iterator[Any] = book.worksheets[0].iter_rows(max_row=_ROWS_MAX)
    return rows


def _workbook(blob: Blob, *, values: bool = True) -> Any:
    try:
        library = import_module("openpyxl")
    except ModuleNotFoundError:
        how = "in failback's source folder, install the extra `excel`: pip install '.[excel]', or export CSV"
        raise CannotImport(blob.name, f"openpyxl is needed to read xlsx but is not installed; {how}") from None
    try:
        return library.load_workbook(BytesIO(blob.content), read_only=True, data_only=values, keep_links=False)
    except Exception as broken:  # whatever a damaged workbook makes of the library
        raise _damaged(blob.name, broken) from None


def _rows(header: list[str], rows: Iterator[Any], name: str) -> Iterator[Row]:
    while (cells := _next(rows, name)) is not None:
        if any(cell is not None for cell in cells):
            yield dict(zip(header, cells, strict=False))


def _next(rows: Iterator[Any], name: str) -> tuple[Any, ...] | None:
    try:
        return next(rows, None)
    except Exception as broken:
        raise _damaged(name, broken) from None


def _damaged(name: str, broken: Exception) -> CannotImport:
    why = f"{type(broken).__name__}: {' '.join(str(broken).split())}"
    return CannotImport(name, f"this is not a workbook that can be read ({why}); save it again")
