"""Runs and shares of runs in words."""

from datetime import datetime
from typing import Final

from failback.scenarios.text.language import said
from failback.scenarios.text.plain_words import date_words

from .case_answer import CaseAnswer
from .prediction import Question
from .sampling import Share


def runs_words(case: CaseAnswer) -> str:
    """How many runs that is."""
    return many_runs(len(case.answers))


def many_runs(count: int) -> str:
    """How many runs."""
    return said("{n} run" if count == 1 else "{n} runs", n=str(count))


def share_words(share: Share) -> str:
    """So many of so many runs."""
    return said("{met} of {runs}", met=str(share.met), runs=str(share.runs))


POINTS_MAX: Final = 0.1
"""A share of runs is said in percent only where sampling error leaves less than this open."""


def error_words(share: Share) -> str:
    """Sampling error alone, in percent; nothing where it leaves so much open that a percentage would mislead."""
    low, high = share.interval
    return said("{low} to {high}", low=percent(low), high=percent(high)) if high - low < POINTS_MAX else ""


def percent(value: float) -> str:
    """A share in percent, never rounded to none or to all."""
    rounded = round(100 * value)
    return said("{n} %", n=str(min(99, max(1, rounded)) if 0 < value < 1 else rounded))


def sure_percent(question: Question) -> str:
    """How sure the dates have to be, as it was asked."""
    return said("{n} %", n=f"{100 * question.sure:.6g}")


def date_or(at: datetime | None, otherwise: str) -> str:
    """A date, or a word where there is none."""
    return otherwise if at is None else date_words(at)
