"""Recovery targets that are missed in a case: which one, what is to be expected, and in how many cases."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from failback.scenarios.text.language import Wording, message, said, translated
from failback.scenarios.text.spans import span_words

from .case_answer import CaseAnswer
from .case_names import name_words, short_case_words
from .off_duty import off_duty_items, off_duty_words
from .prediction import Prediction
from .promises import KeptPromise
from .sampling import Share
from .tile import Tile
from .words import share_words

_TOLD_MAX = 3
"""Missed targets that are told in the tile; others are in the table."""


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


def broken_promises(found: Prediction) -> Iterator[str]:
    """The same as sentences."""
    return (_sentence(found, one) for one in missed_targets(found))


def came_words(promise: KeptPromise) -> str:
    """What came of it; a limit that is missed by less than is printed is said to be."""
    if promise.measured_s is None:
        return said("never")
    words, limit_s = span_words(promise.measured_s), promise.limit_s
    if limit_s is not None and promise.measured_s > limit_s and words == span_words(limit_s):
        return said("just over {time}", time=words)
    return words


def missed_tile(found: Prediction) -> Tile:
    """The tile."""
    title, missed = said("Recovery targets"), missed_targets(found)
    people = tuple((said("People"), sentence) for sentence in off_duty_words(found))
    if not found.promises:
        return Tile(title, said("not checked: none were set"), people)
    if not missed:
        each, alone = message("all {n} are met in every case simulated"), message("met in every case simulated")
        kept = said(each, n=str(len(found.promises))) if len(found.promises) > 1 else said(alone)
        return Tile(title, kept, people)
    one, *others = missed
    notes = [(said("Missed in"), _where(found, one)), *_because(one)]
    notes += [(said("Also"), _also(found, other)) for other in others[: _TOLD_MAX - 1]]
    if len(missed) > _TOLD_MAX:
        notes.append((said("Also"), said("{n} more, in the table below", n=str(len(missed) - _TOLD_MAX))))
    return Tile(said("Missed recovery target"), _expected(one), (*notes, *people))


def _expected(one: Missed) -> str:
    return said(
        "for {tier}: target {target}, expected {came}",
        tier=one.promise.tier,
        target=one.promise.promise,
        came=came_words(one.promise),
    )


def _where(found: Prediction, one: Missed) -> str:
    kept = one.promise.share
    runs = share_words(Share(kept.runs - kept.met, kept.runs))
    if len(found.cases) == 1:
        return said("{share} runs", share=runs)
    some, cases, case = str(one.missed_in), str(len(found.cases)), short_case_words(one.case.case)
    return said("{n} of {all} cases simulated; here: {case}, {share} runs", n=some, all=cases, case=case, share=runs)


def _also(found: Prediction, one: Missed) -> str:
    missed_in = said("{n} of {all} cases", n=str(one.missed_in), all=str(len(found.cases)))
    return said("{target} ({where})", target=_expected(one), where=missed_in)


def _sentence(found: Prediction, one: Missed) -> str:
    return said(
        "{tier}: {target}, but {came}{because}; kept in {share} runs{where}",
        tier=one.promise.tier,
        target=one.promise.promise,
        came=came_words(one.promise),
        because=said(", because nobody is on shift when it comes home") if _nobody_is_there(one) else "",
        share=share_words(one.promise.share),
        where=_in_words(found, one),
    )


def _in_words(found: Prediction, one: Missed) -> str:
    if len(found.cases) == 1:
        return ""
    first = one.case is found.first
    name, words = name_words(one.case.case), translated(one.case.case.words)
    of = said(" of the {case} case", case=name) if first else said(" if {case}", case=words)
    return said("{of}; missed in {n} of {all} cases", of=of, n=str(one.missed_in), all=str(len(found.cases)))


def _because(one: Missed) -> Sequence[tuple[str, str]]:
    return (
        [(said("Because"), said("it comes home when nobody is on shift, and waits for its check"))]
        if _nobody_is_there(one)
        else []
    )


def _nobody_is_there(one: Missed) -> bool:
    """Whether a machine is down too long for the same reason in every run: nobody was there to check it."""
    every, tier = isinstance(one.promise.tier, Wording), one.promise.tier
    for answer in one.case.answers if one.promise.of_downtime else ():
        longest = max((i for i in answer.items if every or i.tier == tier), key=lambda i: i.downtime_s)
        if longest.item not in off_duty_items(one.case.question, answer):
            return False
    return one.promise.of_downtime


def _measured(case: CaseAnswer, n: int) -> float:
    return case.promises[n].measured_s or 1e18
