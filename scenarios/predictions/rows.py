"""The rows of the tables on the page of the dated answer."""

from collections.abc import Iterator
from datetime import datetime
from math import isfinite

from failback.scenarios.outcomes.bottleneck import cause_name
from failback.scenarios.outcomes.critical_path import SET_BY_THE_PLAN
from failback.scenarios.text.language import joined, said, translated
from failback.scenarios.text.local_time import after
from failback.scenarios.text.plain_words import day_words
from failback.scenarios.text.rounding import percents
from failback.scenarios.text.spans import date_parts, span_words, when_words

from .case_answer import CaseAnswer
from .gains import sooner
from .latest_start import depends_on_start
from .measurements import Measurement
from .prediction import Prediction, PurchaseEffect
from .promises import KeptPromise
from .purchases import Purchase
from .suggested_plan import PlanChange
from .words import case_words, name_words, percent, reason_words, share_words, worked_s


def case_columns(found: Prediction) -> tuple[str, ...]:
    """What the table of cases tells; the last one where somebody wrote prices down."""
    from_start = found.cutover is None
    columns = (
        said("case"),
        said("all home (takes)" if from_start else "all home (takes from the cutover on)"),
        said("runs home in time"),
        said("latest start" if from_start else "begin to seed"),
        said("bottleneck"),
        said("longest downtime"),
        said("missed recovery targets"),
        said("machines late in some run"),
    )
    return (*columns, said("cost of the stay in Azure")) if found.costs else columns


def case_rows(found: Prediction) -> list[tuple[str, ...]]:
    """What became of each case; the last column where somebody wrote prices down."""
    return [
        (
            case_words(case.case),
            end_words(found, case.sure_s),
            share_words(case.in_time),
            _latest(found, case),
            cause_words(case),
            said("{time} ({item})", time=span_words(case.downtime.seconds), item=case.downtime.item),
            _broken(case),
            str(len(case.late)),
            *((_money(found, n),) if found.costs else ()),
        )
        for n, case in enumerate(found.cases)
    ]


def _broken(case: CaseAnswer) -> str:
    """The tiers whose promise is broken; nothing is kept where nothing was promised."""
    if not case.promises:
        return said("no targets were set")
    tiers = dict.fromkeys(translated(promise.tier) for promise in case.broken)
    return joined(tiers, ", ") if tiers else said("none")


def end_words(found: Prediction, seconds: float | None) -> str:
    """When that is, and how long after the cutover or the start."""
    if seconds is None or not isfinite(seconds):
        return said("never")
    date = when_words(after(found.question.start, seconds), found.question.begins)
    return said("{date} ({takes})", date=date, takes=_takes(found, seconds))


def cause_words(case: CaseAnswer) -> str:
    """What binds most, in a few words."""
    if not sum(case.bottleneck.values()):
        stops = (said("stopped by {reason}", reason=reason_words(reason)) for reason in case.stops)
        return next(stops, said("nothing came home"))
    return cause_name(next(iter(case.bottleneck)))


def _latest(found: Prediction, case: CaseAnswer) -> str:
    other = found.cutover is None and case is not found.first
    if other and depends_on_start(found.question.scenario):
        return said("not searched")
    latest = found.latest_in(case)
    return said("none") if latest is None else when_words(latest, found.question.begins)


def _money(found: Prediction, case: int) -> str:
    cost = found.costs[case] if found.costs else None
    return said("unknown") if cost is None else f"{cost:,.0f} {found.question.scenario.homecoming.prices.currency}"


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


def measurement_rows(found: Prediction) -> list[tuple[str, str, str]]:
    """Each measurement, the range of ends with it, and how much shorter that is."""
    return [(translated(one.words), range_words(found, one.after_s), _narrower(one)) for one in found.measurements]


def range_words(found: Prediction, ends_s: tuple[float, float]) -> str:
    """Between which dates everything is home."""
    start = found.question.start
    low, high = (when_words(after(start, seconds), found.question.begins) for seconds in ends_s)
    return low if low == high else said("{low} to {high}", low=low, high=high)


def _narrower(one: Measurement) -> str:
    if abs(one.narrows_s) < 60:
        return said("no difference")
    time = span_words(abs(one.narrows_s))
    return said("{time} narrower", time=time) if one.narrows_s > 0 else said("{time} wider", time=time)


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
    return said("{value}: {takes}", value=words, takes=_takes(found, hours * 3600 if isfinite(hours) else None))


def promise_rows(found: Prediction) -> list[tuple[str, ...]]:
    """Each promise, with what came of it in the best, the first and the worst case."""
    cases = (found.best_case, found.first, found.worst_case)
    return [
        (translated(p.tier), translated(p.promise), *(_came(case.promises[n]) for case in cases))
        for n, p in enumerate(found.promises)
    ]


def _came(promise: KeptPromise) -> str:
    measured = said("never") if promise.measured_s is None else span_words(promise.measured_s)
    return said("{time}, kept in {share} runs", time=measured, share=share_words(promise.share))


def step_rows(found: Prediction) -> list[tuple[str, str, str]]:
    """What was tried for a better plan, and what was taken."""
    plan = found.suggestion
    rows = [(said("as it is"), plan.before_s, "")]
    rows += [(translated(step.words), step.home_s, said("tried alone, costs nothing")) for step in plan.tried]
    rows += [(translated(step.words), step.home_s, said("taken")) for step in plan.taken]
    return [(words, said("never home") if at is None else _takes(found, at), note) for words, at, note in rows]


def suggested(found: Prediction) -> str:
    """The better plan in a sentence."""
    plan = found.suggestion
    if not plan.taken and plan.in_time:
        case = name_words(found.first.case)
        return said("None is needed in the {case} case: everything is home in time without one.", case=case)
    if not plan.taken:
        return said("Nothing that was tried makes it noticeably faster.")
    with_all = joined((translated(step.words) for step in plan.taken), ", then ")
    return said(
        "{steps}: {after} instead of {before}; {end}.",
        steps=f"{with_all[:1].upper()}{with_all[1:]}",
        after=_takes(found, plan.after_s),
        before=_takes(found, plan.before_s),
        end=said("everything is home in time" if plan.in_time else "this is still not in time"),
    )


def _takes(found: Prediction, home_s: float | None) -> str:
    """How long that is from the cutover on, or from the start where nobody asked for a cutover."""
    return said("never") if home_s is None else span_words(max(0.0, home_s - found.question.lead_s))
