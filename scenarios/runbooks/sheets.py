"""The steps of a runbook as a sheet to fill in: CSV with a byte-order mark, by which spreadsheets know UTF-8."""

import csv
import io

from failback.scenarios.text.spreadsheet_cells import BOM, cell

from .rows import HEADS, TO_FILL, all_steps
from .runbook import Runbook


def csv_text(found: Runbook) -> str:
    """One row a request, with empty columns for the night."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow((*HEADS, *TO_FILL))
    writer.writerows((*map(cell, step.cells()), *("" for _ in TO_FILL)) for step in all_steps(found))
    return BOM + file.getvalue()
