"""The tables of what binds, of what moves the end, and of recovery targets."""

from math import isfinite

from failback.scenarios.outcomes.bottleneck import cause_name
from failback.scenarios.outcomes.critical_path import SET_BY_THE_PLAN
from failback.scenarios.text.language import said, translated
from failback.scenarios.text.rounding import percents
from failback.scenarios.text.spans import span_words

from .bottleneck_words import worked_s
from .end_words import takes_words
from .prediction import Prediction
from .promises import KeptPromise
from .words import percent, share_words


def cause_rows(found: Prediction) -> list[tuple[str, str, str]]:
    """What binds in the first case, the longest first; what the plan has set stands apart."""
    shown, whole_s = worked_s(found.first), sum(found.bottleneck.values())
    rows = [
        (cause_name(cause), span_words(seconds), part)
        for (cause, seconds), part in zip(shown.items(), percents(tuple(shown.values())), strict=True)
    ]
    set_s = {cause: s for cause, s in found.bottleneck.items() if cause in SET_BY_THE_PLAN and s}
    planned = (
        (
            said("planned: {cause}", cause=cause_name(cause)),
            span_words(s),
            said("not counted ({share} of all)", share=percent(s / whole_s)),
        )
        for cause, s in set_s.items()
    )
    return [*rows, *planned]


def move_rows(found: Prediction) -> list[tuple[str, ...]]:
    """How far each thing alone moves the end of the first case, the widest first."""
    return [
        (
            translated(move.lever.words),
            _end(found, move.lever.low_words, move.low_h),
            _end(found, move.lever.high_words, move.high_h),
        )
        for move in found.moves
    ]


def _end(found: Prediction, words: str, hours: float) -> str:
    return said("{value}: {takes}", value=words, takes=takes_words(found, hours * 3600 if isfinite(hours) else None))


def promise_rows(found: Prediction) -> list[tuple[str, ...]]:
    """Each promise, with what came of it in the best, the first and the worst case."""
    cases = (found.best_case, found.first, found.worst_case)
    return [
        (translated(p.tier), translated(p.promise), *(_came(case.promises[n]) for case in cases))
        for n, p in enumerate(found.promises)
    ]


def _came(promise: KeptPromise) -> str:
    measured = said("never") if promise.measured_s is None else span_words(promise.measured_s)
    return said("{time}, met in {share} runs", time=measured, share=share_words(promise.share))
