"""The aftercare as a page, as Markdown and as JSON."""

from typing import Any, Final

from failback.scenarios.text.page_templates import templates

from .aspects import ASPECTS
from .care import Aftercare, cost_words
from .leftovers import Leftover
from .tasks import Task

LABELS: Final = {
    "files": "Made from files. Nothing was sent anywhere.",
    "lab": "Read from a mock vault: nothing here is real.",
    "azure": "Read live. Only reading requests were sent.",
}
LEFT_HEADS: Final = ("kind", "name", "size", "machine", "why", "cost per month", "id")
TASK_HEADS: Final = ("task", "owner", "due", "what", "how to verify", "machines", "which machines")


def html(care: Aftercare) -> str:
    """The page."""
    return templates(code=True).get_template("aftercare.html").render(_facts(care)).strip() + "\n"


def markdown(care: Aftercare) -> str:
    """The same in Markdown."""
    return templates(markdown=True).get_template("aftercare.md").render(_facts(care)).strip() + "\n"


def _facts(care: Aftercare) -> dict[str, Any]:
    return {
        "care": care,
        "label": LABELS[care.world],
        "summary": list(care.summary()),
        "heads": machine_heads(),
        "rows": [("open" if care.open_of(name) else "", machine_cells(care, name)) for name in care.machines],
        "left_heads": LEFT_HEADS,
        "left": [left_cells(each, care.in_azure.currency) for each in care.in_azure.left],
        "cost": cost_words(care.in_azure),
        "task_heads": TASK_HEADS,
        "tasks": list(map(task_cells, care.tasks)),
    }


def machine_heads() -> tuple[str, ...]:
    """Heads of the table of machines."""
    return ("machine", *(aspect.head for aspect in ASPECTS))


def machine_cells(care: Aftercare, name: str) -> tuple[str, ...]:
    """One machine: how each aspect stands, and what was seen."""
    answers = (care.machines[name].answers[aspect.key] for aspect in ASPECTS)
    return (name, *(f"{answer.mark.value}: {answer.text}" for answer in answers))


def left_cells(each: Leftover, currency: str) -> tuple[str, ...]:
    """One thing that is left in Azure."""
    one = each.resource
    size = " ".join(filter(None, (one.size, "" if one.size_gib is None else f"{one.size_gib:g} GiB")))
    cost = "unknown" if each.per_month is None else f"{each.per_month:.2f} {currency}".strip()
    return (one.kind, one.name, size, each.machine or "unknown", each.why.value, cost, one.id)


def task_cells(task: Task) -> tuple[str, ...]:
    """One task."""
    row = task.row
    count, names = str(len(task.machines)), ", ".join(task.machines)
    return (row.id, row.owner, row.due.value, row.text, row.verify, count, names)


def as_json(care: Aftercare) -> dict[str, Any]:
    """All of it as plain data."""
    return {
        "failback_aftercare": 1,
        "name": care.name,
        "label": LABELS[care.world],
        "read_from": list(care.read_from),
        "complete": care.is_complete,
        "summary": list(care.summary()),
        "machines": [_machine(care, name) for name in care.machines],
        "in_azure": [_left(each) for each in care.in_azure.left],
        "in_azure_counts": [
            {"kind": k.kind, "left": k.left, "needed": k.needed, "of_other_machines": k.others}
            for k in care.in_azure.kinds
        ],
        "cost_per_month": {
            "known": care.in_azure.per_month,
            "currency": care.in_azure.currency,
            "unknown_for": care.in_azure.unpriced,
        },
        "tasks": [dict(zip(TASK_HEADS, task_cells(task), strict=True)) for task in care.tasks],
        "notes": list(care.notes),
    }


def _machine(care: Aftercare, name: str) -> dict[str, Any]:
    one = care.machines[name]
    phase = one.pair.phase
    answers = {key: {"state": answer.mark.value, "seen": answer.text} for key, answer in one.answers.items()}
    return {"name": name, "phase": None if phase is None else phase.value, **answers}


def _left(each: Leftover) -> dict[str, Any]:
    one = each.resource
    return {
        "kind": one.kind,
        "name": one.name,
        "id": one.id,
        "size": one.size,
        "size_gib": one.size_gib,
        "machine": each.machine,
        "why": each.why.value,
        "cost_per_month": each.per_month,
    }
