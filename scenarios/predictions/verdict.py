"""The verdict: yes, no, or only if, in at most 25 words; and the promises that are broken."""

from collections.abc import Iterator
from enum import Enum, unique
from typing import Final

from .prediction import Of, Prediction
from .words import error_words, percent, share_words

WORDS_MAX: Final = 25
"""A verdict has no more words."""


@unique
class Answered(Enum):
    """The kind of verdict."""

    YES = "yes"
    NO = "no"
    ONLY_IF = "only_if"


def answered(found: Prediction) -> Answered:
    """Yes: in every case as surely as was asked. No: in none."""
    sure = [case.in_time.value >= found.question.sure for case in found.cases]
    if all(sure):
        return Answered.YES
    return Answered.ONLY_IF if any(sure) or found.condition is not None else Answered.NO


def verdict(found: Prediction) -> str:
    """The verdict in one sentence."""
    stopped = found.first.sure_s is None and found.stops
    if stopped:
        return f"No: {_stopped(found)}."
    match answered(found):
        case Answered.YES:
            return f"Yes: {_every_case(found)}."
        case Answered.NO:
            return f"No{_unless(found)}."
        case Answered.ONLY_IF:
            return f"Yes, {_condition(found)}."


def broken_promises(found: Prediction) -> Iterator[str]:
    """Promises that the first case does not keep as surely as was asked."""
    for promise in found.promises:
        if promise.share.value < found.question.sure:
            yield f"{promise.tier}: {promise.promise}, kept in {share_words(promise.share)} runs"


def _stopped(found: Prediction) -> str:
    rule, count = next(iter(found.stops.items()))
    machines = {i.item for a in found.first.answers for i in a.items if i.stopped_by == rule}
    who = min(machines) if len(machines) == 1 else f"{len(machines)} machines"
    return f"{rule} stops {who} in every case" if count else rule


def _every_case(found: Prediction) -> str:
    if found.calibrated:
        low, high = error_words(found.first.in_time).split(" to ")
        share = share_words(found.first.in_time)
        return f"in time in {share} runs, calibrated" if low == high else f"in time in {share} runs"
    return "in time in every case that was simulated, even if everything changed and the line gives half"


def _unless(found: Prediction) -> str:
    """What would make it a yes in the first case."""
    first, sure = found.first.case.name, found.question.sure
    for bought in found.bought:
        then = bought.in_time.get(first)
        if then is not None and then.value >= sure:
            return f", unless you add {bought.purchase.words}"
    return ", not even if nothing changed" if not found.calibrated else ""


def _condition(found: Prediction) -> str:
    hangs = found.condition
    if hangs is None:
        cases = [case.case.words for case in found.cases if case.in_time.value >= found.question.sure]
        return f"but only with {cases[0]}"
    if hangs.of is Of.LINE:
        return f"if the line gives more than {percent(hangs.share)} of its bandwidth; a measurement would tell"
    line = " and the line gives its full bandwidth" if hangs.slow_line else ""
    return f"if less than {percent(hangs.share)} of the data changed{line}; a pilot would tell"
