"""What a person does about a finding that no fact of its own object answers.

Either no page of Microsoft's says whether the rule holds: then its support says so, and a reading carries the answer.
Or it hangs on other machines: then their own findings say what is to be found out.
"""

from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import Final

from failback.reprotect import OWN_FILE, READINGS, Blocker, Broken, Choices, Estate, Requirement
from failback.scenarios.judging.check import CheckFinding, Report, Status
from failback.scenarios.text.name_lists import listed

_MOST: Final = 6
"""Findings of others that are named one by one."""
_MACHINES: Final = 40
_SUBJECTS: Final = {reading.id: reading.subject for reading in READINGS}


def asked_of_support(row: Requirement, reading: str) -> tuple[str, ...]:
    """Who is asked what, what is done until the answer, and which answer is which choice of the reading."""
    both = (row.architectures.classic, row.architectures.modernised)
    why = next(each.source for each in both if each.reading == reading)
    check = f"`failback check {OWN_FILE} --rule {row.id} --reading {reading}=holds`"
    return (
        f"Azure portal > Help + support > Create a support request: Can Site Recovery bring home {_SUBJECTS[reading]}? "
        f"We found no answer in the documentation ({why})",
        f"until the answer act as if it were no: {check} says how",
        f"with the answer: no is `--reading {reading}=holds`, yes is `--reading {reading}=does_not_hold`; each later "
        "command needs it too",
    )


def proof_of_answer(rule: str, reading: str) -> str:
    """What is seen once support has answered."""
    check = f"`failback check {OWN_FILE} --rule {rule} --reading {reading}=holds`"
    return (
        f"support's written answer; with it {check} (it says no) or `--reading {reading}=does_not_hold` (it says yes) "
        "no longer lists it as not known"
    )


def seen_of(row: Requirement, estate: Estate, item: str, choices: Choices) -> str:
    """What breaks the rule, if it holds."""
    verdict = row.predicate(estate, item, choices)
    blockers: tuple[Blocker, ...] = verdict.blockers if isinstance(verdict, Broken) else ()
    return "; ".join(each.sentence for each in blockers)


def awaited(report: Report, row: Requirement, findings: Sequence[CheckFinding]) -> str:
    """The findings of others on which it hangs: F02 of app-01, 8038 of app-02; empty where none is found.

    Where they are many, whose they are.
    """
    found = tuple(dict.fromkeys(_open_of_others(report, row, findings)))
    if len(found) <= _MOST:
        return ", ".join(f"{rule} of {item}" for rule, item in found)
    return f"{len(found)} findings of {listed(tuple(dict.fromkeys(item for _, item in found)), _MACHINES)}"


def _open_of_others(report: Report, row: Requirement, findings: Sequence[CheckFinding]) -> Iterator[tuple[str, str]]:
    """What is open of machines on which the findings hang, or that share with theirs what is allotted."""
    items = {finding.item for finding in findings}
    others = {name for finding in findings for gap in finding.gaps for name in gap.others}
    if row.allotted:
        place = attrgetter(row.kind_of_object.value)
        machines = report.estate.virtual_machines
        shared = {place(machines[item]) for item in items}
        others |= {name for name, vm in machines.items() if place(vm) in shared}
    for each in report.of(Status.UNKNOWN):
        if each.can_block and each.item in others - items:
            yield each.rule, each.item
