"""What holds a machine up now, and who has to act: health errors, failed jobs, a machine on site that must stay off."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from failback.reprotect import CODES, VSPHERE, JobState, Phase, Requirement, by_id, phase_row, rule_behind, stands_at
from failback.scenarios.files.schema import Scenario
from failback.scenarios.judging.check import Status, check_estate
from failback.simulator import reachable

from .record import Machine

ANYBODY: Final = "whoever runs the plan"
_STAYS_OFF: Final = "R33"
_GONE: Final = "it was moved home, but the vCenter shows no machine of this name"


@dataclass(frozen=True, slots=True)
class Holds:
    """One thing that holds a machine up: a rule or a code, the sentence, who must act and what helps.

    `by_file`: the estate file says so, and nobody has seen it tonight.
    """

    id: str
    text: str
    who: str
    remedy: str = ""
    by_file: bool = False


def holds_of(machine: Machine) -> tuple[Holds, ...]:
    """What was seen tonight."""
    return tuple(_seen(machine))


def _seen(machine: Machine) -> Iterator[Holds]:
    if machine.not_seen:
        yield Holds("", machine.not_seen, ANYBODY)
    if machine.seen is None:
        return
    for code in machine.seen.health_errors:
        yield _of_code(code, f"health error {code}")
    job = machine.job
    if job is not None and job.state is JobState.FAILED and job.failure is not None:
        what = f"{job.operation.value.replace('_', ' ')} failed at {job.failure.task}: {job.failure.message}"
        yield _of_code(job.failure.code, what, job.failure.recommended_action, job.failure.possible_causes)
    row = phase_row(machine.seen.phase)
    if row.is_target and machine.vm is not None and machine.vm.powered_on and (rule := by_id(_STAYS_OFF)):
        yield _of_rule(rule, rule.id, "the machine on site is on while data is written to its disks")
    if machine.is_back and machine.vm is not None and machine.vm.powered_on is False:
        yield Holds("", "it was moved home, but is powered off there", VSPHERE, "power it on, or ask its owner first")
    if machine.is_back and machine.vm is not None and machine.vm.powered_on is None:
        yield Holds(
            "", _GONE, VSPHERE, "look in vCenter who has deleted, moved or renamed it, and do not commit before"
        )


def _of_code(code: str, text: str, action: str = "", causes: str = "") -> Holds:
    rule = rule_behind(code, causes)
    if rule is not None:
        return _of_rule(rule, rule.id, f"{text} ({rule.title})")
    known = CODES.get(code)
    if known is not None:
        return Holds(code, f"{text} ({known.meaning})", ANYBODY, action or known.action)
    return Holds(code, text, ANYBODY, action)


def _of_rule(rule: Requirement, id_: str, text: str) -> Holds:
    return Holds(id_, text, rule.who, rule.remedy)


def by_file(scenario: Scenario, phases: Mapping[str, Phase]) -> Mapping[str, tuple[Holds, ...]]:
    """What the estate file says will stop each machine on the rest of its way; nobody has seen it tonight."""
    machines = {
        name: stands_at(vm, phases[name]) if name in phases else vm
        for name, vm in scenario.estate.virtual_machines.items()
    }  # the file may be of a time when they were on
    estate = replace(scenario.estate, virtual_machines=machines, reachable=reachable(scenario.estate))
    report = check_estate(estate, scenario.plan, phases)
    found: dict[str, tuple[Holds, ...]] = {}
    for finding in report.of(Status.BLOCKS):
        row = finding.requirement
        text = finding.blockers[0].sentence if finding.blockers else row.title
        found[finding.item] = (*found.get(finding.item, ()), Holds(row.id, text, row.who, row.remedy, by_file=True))
    return found
