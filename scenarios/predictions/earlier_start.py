"""An earlier start as a lever: with which one the late cases are in time."""

from collections.abc import Sequence
from datetime import datetime

from failback.scenarios.text.language import joined, said, translated
from failback.scenarios.text.local_time import seconds_between
from failback.scenarios.text.spans import span_words, when_words

from .assumptions import EXPECTED
from .case_answer import CaseAnswer
from .prediction import Prediction


def earlier_start(found: Prediction, late: Sequence[CaseAnswer]) -> tuple[str, str] | None:
    """The start with which all late cases are in time, and where; of some, if not all are; None where it is unknown."""
    if found.cutover is not None or found.question.scenario.homecoming.levers:
        return None
    starts = {case.case.name: at for case in late if (at := found.latest_in(case)) and _is_possible(found, at)}
    if not starts:
        return None
    at = min(starts.values())
    words = said(
        "start {time} earlier, by {date}",
        time=span_words(seconds_between(at, found.question.start)),
        date=when_words(at, found.question.start),
    )
    if len(starts) == len(late):
        return words, said("in time in every case")
    if list(starts) == [EXPECTED]:
        return words, said("in time in the expected case")
    cases = [translated(case.case.words) for case in late if case.case.name in starts]
    return words, said("in time in the case: {case}", case=joined(cases, "; "))


def _is_possible(found: Prediction, at: datetime) -> bool:
    today = found.question.today
    return at < found.question.start and (today is None or at.date() > today)
