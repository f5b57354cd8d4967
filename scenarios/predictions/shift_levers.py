"""Levers against waiting for a shift: to fail back only when somebody is there, which costs nothing, or people."""

from collections.abc import Iterator, Sequence
from datetime import datetime, time
from typing import Final

from failback.scenarios.text.language import wording

from .case_answer import CaseAnswer
from .latest_start import people_are_away
from .off_duty import off_duty_items
from .purchase import Purchase
from .question import Question
from .usual_purchases import ROUND_THE_CLOCK

_WHEN_STAFFED: Final = wording("fail back only while somebody is on shift")


def shift_levers(question: Question, answered: Sequence[CaseAnswer]) -> Iterator[Purchase]:
    """Those of a scenario in which a machine comes home while nobody is on shift, whatever levers it names."""
    if not _waits_for_a_shift(question, answered):
        return
    people = question.scenario.homecoming
    if not people.fail_back_when_staffed:
        yield Purchase("", _WHEN_STAFFED, {}, available=_today(question), when_staffed=True)
    if people.levers:  # without any, it is one of the usual purchases
        yield ROUND_THE_CLOCK


def _waits_for_a_shift(question: Question, answered: Sequence[CaseAnswer]) -> bool:
    return people_are_away(question.scenario) and any(
        off_duty_items(question, answer) for case in answered for answer in case.answers
    )


def _today(question: Question) -> datetime:
    start = question.start
    return datetime.combine(min(question.today or start.date(), start.date()), time(0), start.tzinfo)
