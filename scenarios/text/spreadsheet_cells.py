"""Text for a cell of a spreadsheet: as text, whatever it begins with."""

from typing import Final

from failback.reprotect import replaced

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What text begins with that a spreadsheet takes for a formula."""
BOM: Final = "\ufeff"
"""What a CSV file begins with so that spreadsheets read it as UTF-8."""
CELL_MAX: Final = 32_000
"""A cell holds no more characters."""


def cell(text: str) -> str:
    """Text that is shown and never run: with an apostrophe where it would be a formula, and cut if too long."""
    clean = shown(text)
    return (f"'{clean}" if clean.startswith(FORMULA) else clean)[:CELL_MAX]


def shown(text: str) -> str:
    """Text as a workbook shows it: its cell says by itself that it is text."""
    return replaced(text)[:CELL_MAX]
