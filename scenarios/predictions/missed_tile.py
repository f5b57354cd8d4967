"""The tile of recovery targets: which one is missed, what is to be expected, and in how many cases."""

from collections.abc import Sequence

from failback.scenarios.text.language import message, said, translated

from .case_names import short_case_words
from .missed_targets import Missed, came_words, missed_targets, nobody_is_there
from .off_duty import off_duty_words
from .prediction import Prediction
from .sampling import Share
from .tile import Tile
from .words import share_words

_TOLD_MAX = 3
"""Targets that are told in the tile; others are in the table."""


def missed_tile(found: Prediction) -> Tile:
    """The tile."""
    title, missed = said("Recovery targets"), missed_targets(found)
    people = tuple((said("People"), sentence) for sentence in off_duty_words(found))
    if not found.promises:
        return Tile(title, said("not checked: none were set"), people)
    if not missed:
        each, alone = message("all {n} are met in every case simulated"), message("met in every case simulated")
        kept = said(each, n=str(len(found.promises))) if len(found.promises) > 1 else said(alone)
        return Tile(title, kept, (*_met(found), *people))
    one, *others = missed
    notes = [(said("Missed in"), _where(found, one)), *_because(found, one)]
    notes += [(said("Also"), _also(found, other)) for other in others[: _TOLD_MAX - 1]]
    if len(missed) > _TOLD_MAX:
        notes.append((said("Also"), said("{n} more, in the table below", n=str(len(missed) - _TOLD_MAX))))
    return Tile(said("Missed recovery target"), _expected(one), (*notes, *people))


def _met(found: Prediction) -> Sequence[tuple[str, str]]:
    """Each target by its tier; where there are many, the first ones."""
    told = [(translated(one.tier), translated(one.promise)) for one in found.promises[:_TOLD_MAX]]
    more = len(found.promises) - len(told)
    return [*told, (said("Also"), said("{n} more, in the table below", n=str(more)))] if more else told


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


def _because(found: Prediction, one: Missed) -> Sequence[tuple[str, str]]:
    if found.others is not None and one.case is found.first and one.promise.measured_s is None:
        rest = found.others.promises[one.n]
        kept_by_rest = rest.share.value >= found.question.sure
        without = message("some of its machines are stopped; without them, the target is met")
        anyway = message("some of its machines are stopped; without them, the target is missed too")
        return [(said("Because"), said(without if kept_by_rest else anyway))]
    return (
        [(said("Because"), said("it comes home when nobody is on shift, and waits for its check"))]
        if nobody_is_there(one)
        else []
    )
