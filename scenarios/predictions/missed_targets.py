"""Recovery targets that are missed in a case."""

from dataclasses import dataclass

from failback.scenarios.text.language import said
from failback.scenarios.text.spans import span_words

from .case_answer import CaseAnswer
from .off_duty import off_duty_items
from .prediction import Prediction
from .promises import KeptPromise


@dataclass(frozen=True, slots=True)
class Missed:
    """One missed target: number `n` of the scenario's, as in the case that is told, and in how many it is missed."""

    n: int
    promise: KeptPromise
    case: CaseAnswer
    missed_in: int


def missed_targets(found: Prediction) -> tuple[Missed, ...]:
    """Each once: as in the first case, or, where that keeps it, in the worst; those of the first case come first."""
    missed = []
    for n in range(len(found.promises)):
        broken = [case for case in found.cases if case.promises[n].share.value < found.question.sure]
        if broken:
            case = found.first if found.first in broken else max(broken, key=lambda case: _measured(case, n))
            missed.append(Missed(n, case.promises[n], case, len(broken)))
    return tuple(sorted(missed, key=lambda one: one.case is not found.first))


def came_words(promise: KeptPromise) -> str:
    """What came of it; a limit that is missed by less than is printed is said to be."""
    if promise.measured_s is None:
        return said("never")
    words, limit_s = span_words(promise.measured_s), promise.limit_s
    if limit_s is not None and promise.measured_s > limit_s and words == span_words(limit_s):
        return said("just over {time}", time=words)
    return words


def nobody_is_there(one: Missed) -> bool:
    """Whether a machine is down too long for the same reason in every run: nobody was there to check it."""
    for answer in one.case.answers if one.promise.of_downtime else ():
        longest = max((i for i in answer.items if i.item in one.promise.machines), key=lambda i: i.downtime_s)
        if longest.item not in off_duty_items(one.case.question, answer):
            return False
    return one.promise.of_downtime


def _measured(case: CaseAnswer, n: int) -> float:
    return case.promises[n].measured_s or 1e18
