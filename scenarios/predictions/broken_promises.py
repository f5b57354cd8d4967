"""Missed recovery targets as sentences."""

from collections.abc import Iterator

from failback.scenarios.text.language import said, translated

from .case_names import name_words
from .missed_targets import Missed, came_words, missed_targets, nobody_is_there
from .prediction import Prediction
from .words import share_words


def broken_promises(found: Prediction) -> Iterator[str]:
    """The same as sentences."""
    return (_sentence(found, one) for one in missed_targets(found))


def _sentence(found: Prediction, one: Missed) -> str:
    return said(
        "{tier}: {target}, but {came}{because}; met in {share} runs{where}",
        tier=one.promise.tier,
        target=one.promise.promise,
        came=came_words(one.promise),
        because=said(", because nobody is on shift when it comes home") if nobody_is_there(one) else "",
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
