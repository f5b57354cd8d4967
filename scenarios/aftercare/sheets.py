"""The handover as sheets to fill in: the tasks as CSV, or everything as one workbook."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from failback.scenarios.outputs.kinds import AFTERCARE_CREATOR
from failback.scenarios.outputs.workbook import write_workbook
from failback.scenarios.text.spreadsheet_cells import BOM, cell

from .care import Aftercare
from .page import LEFT_HEADS, TASK_HEADS, left_cells, machine_cells, machine_heads, task_cells

WORKBOOK: Final = "aftercare workbook"
"""The kind of output that it is."""
TO_FILL: Final = ("done by", "done on", "remarks")

Row = tuple[str, ...]


def csv_text(care: Aftercare) -> str:
    """One row a task, with empty columns for those who do it."""
    file = io.StringIO(newline="")
    csv.writer(file).writerows(tuple(map(cell, row)) for row in _tasks(care))
    return BOM + file.getvalue()


def write_aftercare_workbook(care: Aftercare, file: Path) -> None:
    """The tasks, the machines, and what is left in Azure. Raises `BadInput`, `CannotWrite`."""
    machines = [machine_heads(), *(machine_cells(care, name) for name in care.machines)]
    left = [LEFT_HEADS, *(left_cells(each, care.in_azure.currency) for each in care.in_azure.left)]
    sheets = {"tasks": list(_tasks(care)), "machines": machines, "left in Azure": left}
    write_workbook(sheets, AFTERCARE_CREATOR, file, WORKBOOK)


def _tasks(care: Aftercare) -> Iterator[Row]:
    yield (*TASK_HEADS, *TO_FILL)
    for task in care.tasks:
        yield (*task_cells(task), *("" for _ in TO_FILL))
