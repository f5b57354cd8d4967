"""The figures of the machines that come home although something stops others: who is meant stands in each name."""

from typing import Final

from failback.scenarios.text.language import joined, message, said
from failback.scenarios.text.local_time import after
from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.plain_words import date_words
from failback.scenarios.text.spans import span_words, when_words

from .case_names import name_words
from .figure import Figure
from .others import Others
from .prediction import Prediction
from .words import share_words, sure_percent

NAMED_MAX: Final = 5
"""Stopped machines that are named; the others are counted."""


def others_home(found: Prediction, others: Others) -> Figure:
    """When the rest is home, whom that leaves out, and what is not counted in it."""
    title = said("Home, without the stopped machines, {case} case", case=name_words(found.first.case))
    question, end_s = found.question, others.end_s
    notes = [said("{n} of {all} machines, without {names}", **_who(others))]
    if end_s is not None:
        since = max(0.0, end_s - question.lead_s)
        notes.append(said("{time} after the start", time=span_words(since)))
        notes.append(said("in {sure} of the runs, these machines are home by then", sure=sure_percent(question)))
    notes.append(said("in time in {share} runs", share=share_words(others.in_time)))
    if len(others.ends_s) > 1:
        best, worst = (_when(found, pick(others.ends_s.values(), key=_or_never)) for pick in (min, max))
        notes.append(said("over all cases: {best} to {worst}", best=best, worst=worst))
    notes.append(said("machines that are stopped take no bandwidth in these runs, but do once the cause is gone"))
    return title, _when(found, end_s), joined(notes, "; ")


def others_words(found: Prediction, others: Others) -> str:
    """When the rest is home, as a part of a sentence; empty where it never is."""
    if others.end_s is None:
        return ""
    date = date_words(after(found.question.start, others.end_s))
    form = message("without {names}, {n} of {all} machines are home by {date} in {sure} of the runs")
    return said(form, date=date, sure=sure_percent(found.question), **_who(others))


def others_latest(found: Prediction, others: Others) -> Figure | None:
    """The latest start for the rest; None where it was not looked for."""
    if others.latest is None:
        return None
    note = said("for the deadline, in the {case} case", case=name_words(found.first.case))
    return said("Latest start, without the stopped machines"), when_words(others.latest, found.question.start), note


def others_last_go(found: Prediction, others: Others) -> Figure | None:
    """Until when the move of the rest may begin; None where no run tells."""
    if others.last_go is None:
        return None
    last_moment = message(
        "the last moment to shut down a machine in Azure and still be home by the deadline ({case} case)"
    )
    note = said(last_moment, case=name_words(found.first.case))
    if others.last_go < found.question.start:
        note = said("already passed at the planned start ({case} case)", case=name_words(found.first.case))
    name = said("Latest go/no-go decision, without the stopped machines")
    return name, when_words(others.last_go, found.question.begins), note


def _who(others: Others) -> dict[str, str]:
    all_of = len(others.machines) + len(others.stopped)
    names = listed(others.stopped, NAMED_MAX)
    return {"n": f"{len(others.machines):,}", "all": f"{all_of:,}", "names": names}


def _or_never(seconds: float | None) -> float:
    return float("inf") if seconds is None else seconds


def _when(found: Prediction, seconds: float | None) -> str:
    question = found.question
    return said("never") if seconds is None else when_words(after(question.start, seconds), question.begins)
