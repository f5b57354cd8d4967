"""What a run tested and what it did not, for whoever audits its report: sentences that follow from the result."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from failback.reprotect import LEGS, Stage, by_id
from failback.reprotect.driver import Leg
from failback.scenarios.judging.judged import Answer
from failback.scenarios.run.operator import BY_SCENARIO
from failback.scenarios.run.result import Result
from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.plain_words import CHECKER_WORDS, LEG_WORDS, counted, machines

from .inputs_of import NO_GATE
from .report_tables import NAMED_MAX, OPEN, TierRow
from .rule_words import named

WORLD_WORDS: Final[Mapping[str, str]] = {
    "simulation": "No request left this computer: vault, vCenter, network and data are modelled.",
    "lab": "Vault and vCenter are simulators: only the code that talks to them is the real one.",
    "mock": "Vault and vCenter were simulators: a live vault is only read.",
}


NEVER_LIVE: Final = (
    "The maintainers have never run failback against a live vault. Of the times, trust only the order and the causes."
)


def tested_words(result: Result) -> str:
    """What was tried, in one sentence."""
    tries = len(result.legs)
    done, left = (sum(test(leg) for leg in result.legs) for test in (_is_done, _is_open))
    outcomes = f"{done:,} done, {tries - done - left:,} failed or cancelled, {left:,} not ended"
    gone = {leg.leg for leg in result.legs}
    steps = ", ".join(_within(LEG_WORDS[leg].name) for leg in LEGS if leg in gone) or "no operation"
    tested = f"Tested: {machines(len(result.items))}; {steps} ({counted(tries, 'try', 'tries')}: {outcomes})."
    return f"{tested} Checked throughout: {_checked_words(result)}."


def _within(name: str) -> str:
    """A name as it stands within a sentence; Azure keeps its capital."""
    return name[:1].lower() + name[1:]


def _is_done(leg: Leg) -> bool:
    return leg.outcome == "done" and leg.end_s is not None


def _is_open(leg: Leg) -> bool:
    return leg.end_s is None


def _checked_words(result: Result) -> str:
    """How many checks there were; held, broken and not exercised add up to all."""
    if not result.checkers:
        return "nothing"
    broken = sum(bool(said) for said in result.checkers.values())
    idle = sum(not result.checkers.get(name, "unknown") for name in result.not_exercised)
    held = len(result.checkers) - broken - idle
    return f"{len(result.checkers)} things = {held} held + {broken} broken + {idle} not exercised"


def not_tested(result: Result, rows: Sequence[TierRow]) -> Iterator[str]:
    """What nobody may conclude from this run, in sentences."""
    if result.label in WORLD_WORDS:
        yield WORLD_WORDS[result.label]
        yield NEVER_LIVE
    gone = {leg.leg for leg in result.legs}
    if left := [LEG_WORDS[leg].name for leg in LEGS if leg not in gone]:
        yield f"Not in this run: {', '.join(left)}."
    if stopped := sum(bool(item.stopped_by) for item in result.items):
        yield f"{machines(stopped)} stopped: for {'it' if stopped == 1 else 'them'}, no later leg was tested."
    if left := [words for name, words in CHECKER_WORDS.items() if name not in result.checkers]:
        yield f"Not checked: {' '.join(left)}"
    yield from _not_promised(rows)
    yield from _not_asked(result)


def not_judged(result: Result) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Rules by how many machines they were not judged for, the most first, each with a sentence."""
    rules: dict[int, list[str]] = {}
    for rule, each in result.judged.items():
        rules.setdefault(each.get("unknown", 0), []).append(rule)
    most_first = sorted(filter(None, rules), reverse=True)
    unknown = tuple((_unknown_words(count, len(rules[count])), tuple(rules[count])) for count in most_first)
    return (*unknown, *_before_the_return(result))


def _before_the_return(result: Result) -> Iterator[tuple[str, tuple[str, ...]]]:
    """A rule about the time after the return is met by what the estate says, not by what anybody saw."""
    rules = tuple(
        rule
        for rule, answers in result.judged.items()
        if (row := by_id(rule)) is not None and row.stage is Stage.AFTER_RETURN and answers.get(Answer.MET.value)
    )
    if rules:
        many = counted(len(rules), "rule")
        yield f"Met by the facts of the estate alone, since nobody looked after the return: {many}", rules


def broken_before(result: Result) -> Iterator[str]:
    """A sentence for each rule that the estate broke before anything was done: a fault that needs no event."""
    for rule, answers in result.judged.items():
        if count := answers.get(Answer.BROKEN.value, 0):
            yield f"Broken in the estate itself, before the run: {named(rule)}, for {machines(count)}."


def _unknown_words(count: int, rules: int) -> str:
    return f"Unknown for {machines(count)}, since a fact is missing: {counted(rules, 'rule')}"


def _not_promised(rows: Sequence[TierRow]) -> Iterator[str]:
    if not rows:
        return
    without = [row.tier for row in rows if all(found.target_s is None and not found.apart for _, found in row.all)]
    if len(without) == len(rows):
        yield "No targets were set: times are shown, and not judged."
    elif without:
        yield f"No target was set for {listed(without, NAMED_MAX)}: their times are shown, and not judged."
    if unmeasured := sum(len(row.rpo.missing) for row in rows if row.rpo.status == OPEN):
        yield f"Lost data was not measured for {machines(unmeasured)}."


def _not_asked(result: Result) -> Iterator[str]:
    evidence = result.evidence
    if evidence is None:
        yield "The estate, the targets, the answers at gates and the faults were not kept with this run."
        return
    if evidence.manual_steps:
        steps = listed(evidence.manual_steps, NAMED_MAX)
        yield f"A run does not play manual steps ({steps}): their time is in no downtime here; predict counts it."
    if not evidence.applications:
        yield "The scenario names no applications: downtime is that of single machines, not of a service."
    if not evidence.gates and any(one.what == "plan" and NO_GATE in one.words.split(", ") for one in evidence.inputs):
        yield "The plan has no gate: no person was to be asked for a decision, and nobody checked an application."
    elif not evidence.gates:
        yield "No gate was reached: no person was asked for a decision, and nobody checked an application."
    elif all(gate.by == BY_SCENARIO for gate in evidence.gates):
        yield "The answers at gates were written in the scenario: no person was asked or looked at an application."
    if not evidence.faults:
        yield "No fault was planned: no failure and no retry was tried."
    if never := sum(fault.at_s is None for fault in evidence.faults):
        yield f"{never} of {len(evidence.faults)} planned faults did not happen."
