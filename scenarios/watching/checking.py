"""The checks that the plan names for its applications, made once all machines of one run on site again."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from failback.reprotect import NETWORK
from failback.scenarios.files.applications import Application
from failback.scenarios.files.schema import Scenario

from .blockers import ANYBODY
from .record import CHECKED, Machine, Record
from .recorder import Recorder

if TYPE_CHECKING:
    from failback.adapters.application_checks import Outcome

Check = Callable[[list[tuple[str, str]]], "list[tuple[Outcome, str]]"]
PASSED, UNREACHABLE = "passed", "not reachable"
AGAIN_S: Final = 600.0
"""A check that has passed is made again after this."""


def check_applications(scenario: Scenario, recorder: Recorder, t_s: float, check: Check) -> Iterator[str]:
    """Make those that are due, write down what is new; yields a sentence for each that changed."""
    due = [row for row in _checks(scenario, recorder.record) if _is_due(recorder.record, row[1:], t_s)]
    found = check([(kind, target) for _, kind, target in due]) if due else []
    for (application, kind, target), (outcome, result) in zip(due, found, strict=True):
        before, state = recorder.record.checked.get((kind, target)), outcome.value
        who = who_acts(state, application)
        told = {"application": application.name, "kind": kind, "target": target, "state": state, "who": who}
        if before is None or before["state"] != state or state == PASSED:
            recorder.note(t_s, CHECKED, {**told, "result": result, "at_s": t_s})
        if before is None or before["state"] != state:
            yield f"{application.name}: {kind} {target}: {state}: {result}{who and f'. Who must act: {who}'}"


def who_acts(state: str, application: Application) -> str:
    """Its owner where it answers wrongly, who knows the way there where nothing answers, nobody where all is well."""
    if state == PASSED:
        return ""
    if state == UNREACHABLE:
        return NETWORK
    return ", ".join(filter(None, (application.owner, application.phone))) or ANYBODY


def _checks(scenario: Scenario, record: Record) -> Iterator[tuple[Application, str, str]]:
    for application in scenario.applications:
        if application.checks and _is_back(application, record):
            yield from ((application, check.kind.value, check.target) for check in application.checks)


def _is_back(application: Application, record: Record) -> bool:
    """Whether all of its machines were moved home and run there, also by vCenter where it was asked."""
    machines = [record.machines[name] for name in application.machines if name in record.machines]
    return bool(machines) and all(_runs_at_home(machine) for machine in machines)


def _runs_at_home(machine: Machine) -> bool:
    return machine.is_back and (machine.vm is None or machine.vm.powered_on is True)


def _is_due(record: Record, check: tuple[str, str], t_s: float) -> bool:
    known = record.checked.get(check)
    return known is None or known["state"] != PASSED or t_s - float(known["at_s"]) >= AGAIN_S
