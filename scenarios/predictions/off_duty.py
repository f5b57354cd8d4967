"""Machines that come home while nobody is there to check them: they stay down until somebody comes."""

from collections.abc import Iterator

from failback.reprotect import Operation
from failback.scenarios.outcomes.answers import Answer
from failback.scenarios.run.shifts import on_duty
from failback.scenarios.run.staffing import steps_of
from failback.scenarios.text.language import said
from failback.scenarios.text.plain_words import machines

from .prediction import Prediction
from .question import Question


def off_duty_words(found: Prediction) -> Iterator[str]:
    """How many machines at most, and in how many cases; nothing where somebody is always there, or nobody checks."""
    counts = [_most(found.question, case.answers) for case in found.cases]
    if any(counts):
        yield said(
            "Up to {machines} come home while nobody is on shift, and wait for their check, in {n} of {all} cases.",
            machines=machines(max(counts)),
            n=str(sum(map(bool, counts))),
            all=str(len(counts)),
        )


def _most(question: Question, answers: tuple[Answer, ...]) -> int:
    return max(len(off_duty_items(question, answer)) for answer in answers)


def off_duty_items(question: Question, answer: Answer) -> frozenset[str]:
    """Machines that people work on, when nobody is there as their failback ends."""
    scenario, shifts = question.scenario, question.scenario.homecoming.shifts
    tiers = {item.item: item.tier for item in answer.items}
    up_s = {leg.item: leg.end_s for leg in answer.legs if (leg.leg, leg.outcome) == (Operation.FAILBACK.value, "done")}
    ends_s = {item: end_s for item, end_s in up_s.items() if end_s is not None and steps_of(scenario, tiers[item])}
    duty = on_duty(shifts, question.start, 0.0, max(ends_s.values(), default=0.0))
    if not shifts:
        return frozenset()
    return frozenset(item for item, end_s in ends_s.items() if not any(a <= end_s < b for a, b in duty))
