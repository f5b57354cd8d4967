"""What the first screen of a report says besides the verdict: who is left where, and what was warned of."""

from collections.abc import Iterator
from typing import Final

from failback.reprotect import PHASES, Side, by_id, is_of_limit
from failback.scenarios.checks.own_codes import OWN_CODES
from failback.scenarios.run.result import ItemResult, Result
from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.plain_words import has_arrived, machines, phase_words

from .rule_words import named
from .run_causes import RunCause, run_causes

NAMED_MAX: Final = 6
WARNINGS_MAX: Final = 3
"""Warnings that are told on the first screen; the findings have all."""
WARNING: Final = "noticed"
_ROWS: Final = {row.phase.value: row for row in PHASES}


def is_unprotected(item: ItemResult) -> bool:
    """Whether no recovery point of it is kept up to date where it ended."""
    row = _ROWS.get(item.phase)
    return row is not None and not row.replicates


def is_in_azure(item: ItemResult) -> bool:
    """Whether it runs in Azure where it ended."""
    row = _ROWS.get(item.phase)
    return row is not None and row.runs is Side.AZURE


def tone(result: Result) -> str:
    """The verdict's colour: nothing is green that leaves a machine unprotected, or where the plan did not want it."""
    return "interrupted" if result.verdict == "as_expected" and any(left_words(result)) else result.verdict


def left_words(result: Result) -> Iterator[str]:
    """Machines that nothing protects at the end, or that did not reach the end of the plan, by where they ended."""
    groups: dict[tuple[bool, str, bool, str, str], list[str]] = {}
    begun = {leg.item for leg in result.legs}
    for item in result.items:
        if is_unprotected(item) or not has_arrived(result, item):
            how = item.name not in begun, _stop_words(result, item), item.who
            groups.setdefault((not is_unprotected(item), item.phase, *how), []).append(item.name)
    for (protected, phase, idle, stop, who), names in sorted(groups.items()):
        head = "Not at the end of the plan" if protected else "Unprotected at the end"
        never = ", and no operation was ever begun" if idle else ""
        act = f"{stop}. Who must act: {who or 'nobody named'}" if stop else ""
        yield f"{head}: {machines(len(names))} ({listed(names, NAMED_MAX)}): {phase_words(phase)}{never}{act}."


def _stop_words(result: Result, item: ItemResult) -> str:
    """Why it went no further: a rule is what is wanted, so that it says that the rule is not met."""
    reason = item.stopped_by
    if not reason:
        return ""
    at = " at the limit of the plan" if is_of_limit(item.message) else ""
    if by_id(reason) is not None:
        return f", stopped{at} because rule {named(reason)} is not met"
    gates = {gate.gate for gate in result.evidence.gates} if result.evidence else frozenset[str]()
    if at or reason in gates:
        return f", stopped{at or f' at gate {reason}'}"
    return f", stopped because {OWN_CODES[reason].meaning}" if reason in OWN_CODES else f", stopped by {reason}"


def warning_words(result: Result) -> Iterator[str]:
    """What held nobody up and has to be known, by cause."""
    found = [each for each in run_causes(result) if each.cause.status == WARNING]
    for each in found[:WARNINGS_MAX]:
        told = list(_told(each))
        rest = f"; {len(told) - WARNINGS_MAX} more under Findings" if len(told) > WARNINGS_MAX else ""
        yield f"Warning {named(each.cause.rule)} {'; '.join(told[:WARNINGS_MAX])}{rest}."
    if (more := len(found) - WARNINGS_MAX) > 0:
        yield f"{more} more warning{'s' if more > 1 else ''} under Findings."


def _told(each: RunCause) -> Iterator[str]:
    """Each sentence with those it is about, and the object at fault where that is not the machine itself."""
    for sentence, several in each.cause.sentences.items():
        items = tuple(dict.fromkeys(one.item for one in several))
        objects = (
            "" if each.cause.is_the_machines_own else f"{listed(tuple(dict.fromkeys(one.object for one in several)))}: "
        )
        each_of = "for each of" if len(items) > 1 else "for"
        yield f"{each_of} {machines(len(items))} ({listed(items, NAMED_MAX)}): {objects}{sentence}"
