"""By when everything is home as surely as was asked, and what runs and cases leave open."""

from collections.abc import Sequence
from datetime import datetime
from math import ceil
from typing import Final

from failback.scenarios.text.language import said
from failback.scenarios.text.plain_words import date_words
from failback.scenarios.text.spans import span_words

from .case_answer import CaseAnswer
from .case_names import name_words
from .prediction import Prediction
from .words import date_or, runs_words, sure_percent

EXACT: Final = 1e-9


def sure_words(found: Prediction) -> str:
    """From when on it holds as surely as was asked."""
    first, name = found.first.sure_at, name_words(found.first.case)
    if first is None:
        sure = sure_percent(found.question)
        return said("in the {case} case, everything comes home in fewer than {sure} of the runs", case=name, sure=sure)
    runs, date = so_many(found), date_words(first)
    sentence = said("in {runs} of the {case} case everything is home by {date}", runs=runs, case=name, date=date)
    if len(found.cases) == 1:
        return sentence
    last = _latest(found.cases)
    soonest = min(case.sure_at for case in found.cases if case.sure_at is not None)
    if last is not None and date_words(soonest) == date_words(last):
        return said("{sentence}, and in every other case too", sentence=sentence)
    low, high = date_words(soonest), date_words(last) if last else said("never")
    return said("{sentence} (range over all cases: {low} to {high})", sentence=sentence, low=low, high=high)


def so_many(found: Prediction) -> str:
    """So many of the runs as are wanted; of a few runs that is all of them."""
    runs = len(found.first.answers)
    if ceil(found.question.sure * runs - EXACT) < runs:
        return said("{sure} of {runs}", sure=sure_percent(found.question), runs=runs_words(found.first))
    return said("all {n} runs", n=str(runs)) if runs > 1 else said("the one run")


def few_words(found: Prediction) -> str:
    """What so few runs leave open, and how that compares with what the cases leave open."""
    least = found.question.runs_least
    is_few = min(len(case.answers) for case in found.cases) < least
    slowest = said(
        "If a row has fewer than {least} runs, its slowest run stands for {sure}. ",
        least=str(least),
        sure=sure_percent(found.question),
    )
    return f"{slowest if is_few else ''}{_spans(found)}"


def latest_start_words(found: Prediction) -> str:
    """The latest start, and that it is too late for it where it lies before the one that was asked for."""
    late = found.latest is not None and found.latest < found.question.start
    latest = date_or(found.latest, said("unknown, because no start that was tried is early enough"))
    return said("{latest}, which is before the requested start", latest=latest) if late else latest


def _spans(found: Prediction) -> str:
    """The fastest and the slowest run of the expected case, beside the fastest and the slowest case."""
    lead_s = found.question.lead_s
    runs_s = [None if a.home_s is None else a.home_s - lead_s for a in found.first.answers]
    case, takes = name_words(found.first.case), _span(runs_s)
    sentence = said("Chance: the runs of the {case} case take {takes}.", case=case, takes=takes)
    if len(found.cases) == 1:
        return said("{chance} The error of the model comes on top.", chance=sentence)
    cases_s = [None if case.sure_s is None else case.sure_s - lead_s for case in found.cases]
    return said(
        "{chance} Assumptions: the cases take {takes}, and more runs do not narrow that.",
        chance=sentence,
        takes=_span(cases_s),
    )


def _span(seconds: Sequence[float | None]) -> str:
    known = [at for at in seconds if at is not None]
    if not known:
        return said("for ever")
    first, last = span_words(min(known)), span_words(max(known)) if len(known) == len(seconds) else said("for ever")
    return first if first == last else said("{low} to {high}", low=first, high=last)


def _latest(cases: Sequence[CaseAnswer]) -> datetime | None:
    known = [case.sure_at for case in cases]
    return None if None in known else max(at for at in known if at is not None)
