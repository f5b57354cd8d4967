"""The figure of the best lever: what makes it in time in the cases that are late; an earlier start is a lever too."""

from collections.abc import Sequence
from datetime import datetime

from failback.scenarios.text.language import joined, said, translated
from failback.scenarios.text.spans import when_words

from .case_answer import CaseAnswer
from .prediction import Prediction, PurchaseEffect
from .rows import had_words
from .words import even_words, name_words, sooner

_GAIN_MIN_S = 60.0


def lever_figure(found: Prediction) -> tuple[str, str, str]:
    """What it is, which lever, and what to know about it."""
    title, late = said("Best lever"), [case for case in found.cases if not _is_sure(found, case)]
    if not late:
        return title, said("none needed"), said("in time in every case")
    if found.first in late and found.best is not None:
        return title, translated(found.best.purchase.words), _gain(found, found.best)
    return title, *_saving(found, late)


def _is_sure(found: Prediction, case: CaseAnswer) -> bool:
    return case.in_time.value >= found.question.sure


def _saving(found: Prediction, late: Sequence[CaseAnswer]) -> tuple[str, str]:
    """What makes a late case in time, and in which one; what the first case needs is only added."""
    best, start = _saver(found, late), _start_words(found, late)
    notes = [] if found.first in late else [said("none needed in the {case} case", case=name_words(found.first.case))]
    if best is None and start is None:
        return said("none of those tried makes it in time"), _join([*_cases_note(late), *notes, *_too_late(found)])
    if best is None and start is not None:
        words, where = start
        return words, _join([where, *notes])
    assert best is not None
    case, bought = best
    saved = said("in time in the case: {case}", case=translated(case.case.words))
    if bought.sooner_s.get(case.case.name) is not None:
        saved = said("{saved} ({gain} sooner)", saved=saved, gain=sooner(bought, case.case.name))
    others = [said("or {start}, {where}", start=start[0], where=start[1])] if start is not None else []
    return translated(bought.purchase.words), _join([saved, *others, had_words(found, bought.purchase), *notes])


def _join(notes: Sequence[str]) -> str:
    return joined(notes, "; ")


def _saver(found: Prediction, late: Sequence[CaseAnswer]) -> tuple[CaseAnswer, PurchaseEffect] | None:
    """The lever with which a late case is in time: in most of them, and of those the one that gains most."""
    pairs = [(case, bought) for case in late for bought in found.bought if _saves(found, bought, case)]
    saves = [bought for _, bought in pairs]
    return max(pairs, key=lambda pair: (saves.count(pair[1]), _gain_s(pair[1], pair[0])), default=None)


def _saves(found: Prediction, bought: PurchaseEffect, case: CaseAnswer) -> bool:
    then, gain_s = bought.in_time.get(case.case.name), _gain_s(bought, case)
    in_time = then is not None and then.value >= found.question.sure
    return in_time and bought.purchase.brings_all and gain_s > _GAIN_MIN_S


def _gain_s(bought: PurchaseEffect, case: CaseAnswer) -> float:
    """A case that never ended gains without end."""
    seconds = bought.sooner_s.get(case.case.name, 0.0)
    return float("inf") if seconds is None else seconds


def _start_words(found: Prediction, late: Sequence[CaseAnswer]) -> tuple[str, str] | None:
    """The start with which all late cases are in time, and where; of some, if not all are; None where it is unknown."""
    if found.cutover is not None or found.question.scenario.homecoming.levers:
        return None
    starts = {case.case.name: at for case in late if (at := found.latest_in(case)) and _is_possible(found, at)}
    if not starts:
        return None
    at = min(starts.values())
    words = said("start by {date}", date=when_words(at, found.question.start))
    if len(starts) == len(late):
        return words, said("in time in every case")
    cases = [translated(case.case.words) for case in late if case.case.name in starts]
    return words, said("in time in the case: {case}", case=joined(cases, "; "))


def _is_possible(found: Prediction, at: datetime) -> bool:
    today = found.question.today
    return at < found.question.start and (today is None or at.date() > today)


def _cases_note(late: Sequence[CaseAnswer]) -> list[str]:
    return [said("too late in: {cases}", cases=joined((translated(case.case.words) for case in late), "; "))]


def _too_late(found: Prediction) -> list[str]:
    return [said("{n} would come too late", n=str(len(found.too_late)))] if found.too_late else []


def _gain(found: Prediction, best: PurchaseEffect) -> str:
    """What it gains, whether everything is then in time that was not, and from when it can be had."""
    gain = said(
        "{gain} sooner{even}; {available}",
        gain=sooner(best, found.first.case.name),
        even=even_words(found, best) or said(", still not in time"),
        available=had_words(found, best.purchase),
    )
    start = None if _saves(found, best, found.first) else _start_words(found, [found.first])
    return gain if start is None else said("{gain}; or {start}, {where}", gain=gain, start=start[0], where=start[1])
