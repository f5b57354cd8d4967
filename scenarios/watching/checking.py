"""The checks that the plan names for its applications, made once all machines of one run on site again."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from failback.reprotect import LEGS, Operation, Side, phase_row
from failback.scenarios.files.applications import Application
from failback.scenarios.files.schema import Scenario

from .record import CHECKED, Record
from .recorder import Recorder

Check = Callable[[list[tuple[str, str]]], list[tuple[bool, str]]]
AGAIN_S: Final = 600.0
"""A check that was met is made again after this."""
_BACK: Final = LEGS.index(Operation.FAILBACK)


def check_applications(scenario: Scenario, recorder: Recorder, t_s: float, check: Check) -> Iterator[str]:
    """Make those that are due, write down what is new; yields a sentence for each that changed."""
    due = [row for row in _checks(scenario, recorder.record) if _is_due(recorder.record, row[2], t_s)]
    found = check([(kind, target) for _, kind, target in due]) if due else []
    for (name, kind, target), (ok, result) in zip(due, found, strict=True):
        before = recorder.record.checked.get(target)
        data: dict[str, Any] = {"application": name, "kind": kind, "target": target, "ok": ok, "result": result}
        if before is None or before["ok"] is not ok or ok:
            recorder.note(t_s, CHECKED, {**data, "at_s": t_s})
        if before is None or before["ok"] is not ok:
            yield f"{name}: {kind} {target}: {result}"


def _checks(scenario: Scenario, record: Record) -> Iterator[tuple[str, str, str]]:
    for application in scenario.applications:
        if application.checks and _is_back(application, record):
            yield from ((application.name, check.kind.value, check.target) for check in application.checks)


def _is_back(application: Application, record: Record) -> bool:
    """Whether all of its machines were moved home and run there."""
    machines = [record.machines[name] for name in application.machines if name in record.machines]
    rows = [None if machine.phase is None else phase_row(machine.phase) for machine in machines]
    return bool(rows) and all(r is not None and r.runs is Side.SITE and r.legs_behind > _BACK for r in rows)


def _is_due(record: Record, target: str, t_s: float) -> bool:
    known = record.checked.get(target)
    return known is None or not known["ok"] or t_s - float(known["at_s"]) >= AGAIN_S
