"""Questions at a step whose answer decides which steps of a machine are left out, beside those of machines together.

A tick in a box would stand for either answer. So the answers, and the steps that each of them leaves out, are written
at the first of these steps.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from failback.reprotect import ANSWERS, OWN_FILE, Operation, filled
from failback.scenarios.checks.decided_by_answer import decided_by_answer
from failback.scenarios.files.applications import owners_of
from failback.scenarios.files.schema import DoubtBecause, MismatchKind

from .leave_out import leave_out
from .runbook import Runbook

_IDENTITY: Final[Mapping[DoubtBecause, str]] = {
    DoubtBecause.DIFFERS: (
        "identity: {seen}. Ask the VMware administrator: is {item} in vCenter the machine that the vault protects? "
        "Yes: correct its values in the estate file, and go on{firmware}. No, or not settled: {leave}"
    ),
    DoubtBecause.NOT_IN_VCENTER: (
        "identity: {seen}. Ask the VMware administrator: what became of {item} on site? It is gone: go on; it comes "
        "home as a new machine. It is there, or not settled: {leave}, and import the inventory that has it"
    ),
    DoubtBecause.SEVERAL_IN_VCENTER: (
        "identity: several machines in vCenter are called {item}. Ask the VMware administrator: does the estate file "
        "have the values of the right one? Yes: go on. No, or not settled: {leave}"
    ),
    DoubtBecause.SEVERAL_IN_VAULT: (
        "identity: several items in the vault are called {item}. Ask the Azure administrator: which of them has the "
        "disks in the estate file? One has: go on with that one. None or several, or not settled: {leave}"
    ),
}
_FIRMWARE: Final = (
    " (BIOS in both: with `firmware: bios`; EFI on site: with `firmware: efi`, once `failback check {file} --rule G07` "
    "finds nothing)"
)
_OWNER: Final = (
    "{rule}: ask {who}: {question} {goes}: go on, once its steps for that are done. {stays}, or no answer: {leave}"
)


def step_answers(found: Runbook, leg: Operation) -> Mapping[str, str]:
    """Machine -> what is asked before this leg, the possible answers, and the steps that each leaves out."""
    said: dict[str, list[str]] = {}
    for item, text in (*_identities(found, leg), *_answers(found, leg)):
        said.setdefault(item, []).append(text)
    return {item: ". ".join(texts) for item, texts in said.items()}


def answer_words(found: Runbook, rule: str, machines: tuple[str, ...]) -> str:
    """For the box of such a rule: which steps its answer decides; empty where it decides none."""
    if rule not in ANSWERS or not any(decided_by_answer(each) for each in found.told if each.cause.rule == rule):
        return ""
    return (
        f"The answer decides which steps are done: write it {where} too"
        if (where := asked_where(found, rule, machines))
        else ""
    )


def asked_where(found: Runbook, rule: str, machines: tuple[str, ...]) -> str:
    """Before which steps it is asked about these machines."""
    firsts = [_first(found, item, ANSWERS[rule].leg) for item in machines]
    steps = [str(number) for number in firsts if number is not None]
    return f"before step{'s' if steps[1:] else ''} {' and '.join(steps)}" if steps else ""


def _first(found: Runbook, item: str, leg: Operation) -> int | None:
    numbers = (one.number for one in found.requests if item in one.items and one.operation is leg)
    return next(numbers, None)


def _answers(found: Runbook, leg: Operation) -> Iterator[tuple[str, str]]:
    owners = owners_of(found.scenario.applications)
    for told in found.told:
        if not decided_by_answer(told) or ANSWERS[told.cause.rule].leg is not leg:
            continue
        rule, row = told.cause.rule, ANSWERS[told.cause.rule]
        for item in told.cause.items:
            who, question = f"the {owners.get(item, f'owner of {item}')}", filled(row.question, {"machine": item})
            goes, stays = _begun(row.goes), _begun(row.stays)
            leave = leave_out(found, item, leg)
            yield item, _OWNER.format(rule=rule, who=who, question=question, goes=goes, stays=stays, leave=leave)


def _begun(words: str) -> str:
    return words[:1].upper() + words[1:]


def _identities(found: Runbook, leg: Operation) -> Iterator[tuple[str, str]]:
    """At the first step of each machine in doubt, whichever leg that is."""
    firsts = {item: one.operation for one in reversed(found.requests) for item in one.items}
    for one in found.scenario.in_doubt:
        for item in one.machines:
            if firsts.get(item) is leg:
                yield item, _identity(found, one.why, item, leg)


def _identity(found: Runbook, why: DoubtBecause, item: str, leg: Operation) -> str:
    firmware, seen = "", f"the vault and vCenter contradict each other about {item}"
    kind = MismatchKind.NOT_IN_VCENTER if why is DoubtBecause.NOT_IN_VCENTER else MismatchKind.DIFFERS
    if why is DoubtBecause.NOT_IN_VCENTER:
        seen = f"{item} is in no vCenter that was read"
    for one in (each for each in found.scenario.mismatches if each.kind is kind and item in each.parts()):
        seen = f"{one.in_short()}: {one.names[one.parts().index(item)]}"
        firmware = _FIRMWARE.format(file=found.file or OWN_FILE) if "firmware" in one.what else firmware
    return _IDENTITY[why].format(item=item, seen=seen, firmware=firmware, leave=leave_out(found, item, leg))
