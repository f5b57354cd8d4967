"""The list of tasks: one row per cause, for a spreadsheet or an issue tracker. CSV, or xlsx with the extra `excel`."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Final

from failback.scenarios.judging.check import Report, Status
from failback.scenarios.outputs.kinds import TASKS_CREATOR
from failback.scenarios.outputs.workbook import write_workbook
from failback.scenarios.outputs.writing import write_text
from failback.scenarios.text.spreadsheet_cells import BOM, cell

from .accept import Accepted
from .finding_words import numbered, object_words, what_to_do
from .import_tasks import ImportTask
from .page import AFTER_REPROTECT
from .shared_beginnings import said_once
from .summary import accepted_lines
from .told import ToldCause, told_causes

TASKS: Final = "tasks"
"""The kind of output that it is."""
HEADS: Final = (
    "id",
    "effect",
    "rule",
    "object",
    "found",
    "wanted",
    "remedy",
    "do",
    "careful",
    "owner",
    "due",
    "how to verify",
    "how certain",
    "machines",
    "which machines",
    "accepted",
    "done by",
    "remarks",
)
_STATUS: Final = {
    Status.BLOCKS.value: "blocks",
    Status.UNKNOWN.value: "unknown, may block",
    Status.BEFORE_RETURN.value: "fix before the return: data is lost otherwise",
    Status.AFTER_RETURN.value: "work after the failback",
}
"""What makes a task; advice makes none, nor what is unknown and cannot block."""


def task_rows(report: Report, due: date | None, accepted: Accepted | None = None) -> Iterator[tuple[str, ...]]:
    """The rows under `HEADS`, what blocks first."""
    for told in told_causes(report):
        if told.cause.status in _STATUS and (told.can_block or told.cause.status != Status.UNKNOWN.value):
            yield _row(told, due, "; ".join(text for _, text in accepted_lines(told, accepted)))


def import_row(task: ImportTask, n: int, due: date | None) -> tuple[str, ...]:
    """What the import could not settle, under the same heads."""
    told = {
        "id": f"import-{n}",
        "effect": "to clear up",
        "rule": f"import: {task.title}",
        "object": ", ".join(task.names),
        "found": task.seen,
        "do": numbered(task.steps),
        "owner": task.who,
        "due": "" if due is None else due.isoformat(),
        "how to verify": "`failback import` no longer lists it",
        "machines": str(len(task.names)),
        "which machines": ", ".join(task.names),
    }
    return tuple(told.get(head, "") for head in HEADS)


def write_tasks(
    report: Report, due: date | None, file: Path, accepted: Accepted | None = None, imported: Iterable[ImportTask] = ()
) -> None:
    """Write them, as the file's name ends: .xlsx or CSV. Raises `BadInput`, `CannotWrite`.

    What the import could not settle comes first, since other tasks may change an object that is in doubt.
    """
    others = (import_row(task, n, due) for n, task in enumerate(imported, 1))
    rows = [HEADS, *others, *task_rows(report, due, accepted)]
    if file.suffix.lower() == ".xlsx":
        write_workbook({TASKS: rows}, TASKS_CREATOR, file, TASKS)
    else:
        write_text(file, _csv(rows), TASKS)


def _row(told: ToldCause, due: date | None, accepted: str) -> tuple[str, ...]:
    cause, row = told.cause, told.requirement
    return (
        cause.id,
        AFTER_REPROTECT.lower() if told.not_yet else _STATUS[cause.status],
        f"{cause.rule} {row.title}",
        "; ".join((told.link or object_words(cause), *told.called)),
        "; ".join((said_once(cause.sentences), *told.noted.found)),
        told.proof.wanted,
        row.remedy,
        numbered(what_to_do(told)),
        told.careful,
        told.person,
        "" if due is None else due.isoformat(),
        told.proof.seen_by,
        ", ".join(told.sure),
        str(len(cause.items)),
        ", ".join(cause.items),
        accepted,
        "",
        "",
    )


def _csv(rows: list[tuple[str, ...]]) -> str:
    file = io.StringIO(newline="")
    csv.writer(file).writerows(tuple(map(cell, row)) for row in rows)
    return BOM + file.getvalue()
