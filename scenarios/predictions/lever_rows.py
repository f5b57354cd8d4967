"""The table of levers: from when each can be had, and what it gains."""

from collections.abc import Iterator
from datetime import datetime

from failback.scenarios.text.language import said, translated
from failback.scenarios.text.local_time import after
from failback.scenarios.text.plain_words import day_words
from failback.scenarios.text.spans import date_parts, span_words, when_words

from .end_words import end_words
from .gains import sooner
from .prediction import Prediction, PurchaseEffect
from .purchase import Purchase
from .suggested_plan import PlanChange
from .words import share_words


def lever_rows(found: Prediction) -> list[tuple[str, ...]]:
    """What can be had before the date: from when, how much sooner in each case that was tried, and in time or not."""
    names = [case.case.name for case in found.cases if any(case.case.name in b.sooner_s for b in found.bought)]
    rows = [(*_offer(found, b.purchase), *(_gain(b, name) for name in names)) for b in found.bought]
    late = [(*_offer(found, offer), *(said("too late") for _ in names)) for offer in found.too_late]
    return [*rows, *_free_rows(found, len(names)), *late]


def _offer(found: Prediction, offer: Purchase) -> tuple[str, str]:
    return translated(offer.words), had_words(found, offer)


def _free_rows(found: Prediction, columns: int) -> Iterator[tuple[str, ...]]:
    """An earlier start, and another plan."""
    blanks = ("",) * (columns - 1)
    if not found.question.scenario.homecoming.levers and found.latest and found.latest < found.question.start:
        words = said("start by {date}", date=when_words(found.latest, found.question.start))
        yield (words, said("at once"), said("in time"), *blanks)
    for step in found.suggestion.tried:
        yield (said("another plan: {plan}", plan=step.words), said("at once"), _tried(found, step), *blanks)


def _tried(found: Prediction, step: PlanChange) -> str:
    before_s = found.suggestion.before_s
    if step.home_s is None or before_s is None:
        return said("never home") if step.home_s is None else end_words(found, step.home_s)
    gain_s = before_s - step.home_s
    if abs(gain_s) < 60:
        return said("no difference")
    return _gained(gain_s, said("in time" if step.home_s <= found.question.within_s else "not in time"))


def _gained(gain_s: float, in_time: str) -> str:
    """By how much sooner or later, and whether that is in time."""
    time = span_words(abs(gain_s))
    if gain_s < 0:
        return said("{time} later, {in_time}", time=time, in_time=in_time)
    return said("{time} sooner, {in_time}", time=time, in_time=in_time)


def had_words(found: Prediction, offer: Purchase) -> str:
    """From when it can be had."""
    start = found.question.start
    if offer.available is None:
        return said("lead time not known")
    day = said("from {weekday} {day} {month} {year}", **date_parts(offer.available))
    if not offer.comes_in_time(start):
        begins = when_words(after(start, -offer.earlier_s), start)
        return said("too late: {from_day}, but the way home begins {date}", from_day=day, date=begins)
    if offer.available <= _asked(found):
        return said("at once")
    order_by = offer.order_by(start)
    return said("{day}; order by {date}", day=day, date=day_words(order_by)) if order_by else day


def _asked(found: Prediction) -> datetime:
    start = found.question.start
    day = min(found.question.today or start.date(), start.date())
    return start.replace(year=day.year, month=day.month, day=day.day, hour=0, minute=0, second=0, microsecond=0)


def _gain(bought: PurchaseEffect, name: str) -> str:
    if name not in bought.sooner_s:
        return ""
    share = bought.in_time[name]
    whole = {0: said("not in time"), share.runs: said("in time")}
    in_time = whole.get(share.met) or said("in time in {share} runs", share=share_words(share))
    gain_s = bought.sooner_s[name]
    if gain_s is None or abs(gain_s) < 60:
        return said("{gain}, {in_time}", gain=sooner(bought, name), in_time=in_time)
    return _gained(gain_s, in_time)
