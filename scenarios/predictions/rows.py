"""The rows of the tables on the page of the dated answer."""

from collections.abc import Iterator
from datetime import datetime
from math import isfinite

from failback.scenarios.outcomes.critical_path import SET_BY_THE_PLAN
from failback.scenarios.text.local_time import after
from failback.scenarios.text.rounding import percents
from failback.scenarios.text.spans import span_words, when_words

from .case_answer import CaseAnswer
from .latest_start import depends_on_start
from .measurements import Measurement
from .prediction import Prediction, PurchaseEffect
from .promises import KeptPromise
from .purchases import Purchase
from .suggested_plan import PlanChange
from .words import CAUSES, case_words, percent, share_words, sooner, worked_s


def case_columns(found: Prediction) -> tuple[str, ...]:
    """What the table of cases tells; the last one where somebody wrote prices down."""
    takes = "takes" if found.cutover is None else "takes from the cutover on"
    columns = (
        "case",
        f"all home ({takes})",
        "runs home in time",
        "latest start" if found.cutover is None else "begin to seed",
        "bottleneck",
        "longest downtime",
        "missed recovery targets",
        "late in some run",
    )
    return (*columns, "stay in Azure") if found.costs else columns


def case_rows(found: Prediction) -> list[tuple[str, ...]]:
    """What became of each case; the last column where somebody wrote prices down."""
    return [
        (
            case_words(case.case),
            end_words(found, case.sure_s),
            share_words(case.in_time),
            _latest(found, case),
            cause_words(case),
            f"{span_words(case.downtime.seconds)} ({case.downtime.item})",
            _broken(case),
            str(len(case.late)),
            *((_money(found, n),) if found.costs else ()),
        )
        for n, case in enumerate(found.cases)
    ]


def _broken(case: CaseAnswer) -> str:
    """The tiers whose promise is broken; nothing is kept where nothing was promised."""
    if not case.promises:
        return "no targets were set"
    return ", ".join(dict.fromkeys(promise.tier for promise in case.broken)) or "none"


def end_words(found: Prediction, seconds: float | None) -> str:
    """When that is, and how long after the cutover or the start."""
    if seconds is None or not isfinite(seconds):
        return "never"
    return f"{when_words(after(found.question.start, seconds), found.question.begins)} ({_takes(found, seconds)})"


def cause_words(case: CaseAnswer) -> str:
    """What binds most, in a few words."""
    if not sum(case.bottleneck.values()):
        return next((f"stopped by {reason}" for reason in case.stops), "nothing came home")
    return CAUSES.get(next(iter(case.bottleneck)), next(iter(case.bottleneck)))


def _latest(found: Prediction, case: CaseAnswer) -> str:
    other = found.cutover is None and case is not found.first
    if other and depends_on_start(found.question.scenario):
        return "not searched"
    latest = found.latest_in(case)
    return "none" if latest is None else when_words(latest, found.question.begins)


def _money(found: Prediction, case: int) -> str:
    cost = found.costs[case] if found.costs else None
    return "unknown" if cost is None else f"{cost:,.0f} {found.question.scenario.homecoming.prices.currency}"


def cause_rows(found: Prediction) -> list[tuple[str, str, str]]:
    """What binds in the first case, the longest first; what the plan has set stands apart."""
    shown, whole_s = worked_s(found.first), sum(found.bottleneck.values())
    rows = [
        (CAUSES.get(cause, cause), span_words(seconds), part)
        for (cause, seconds), part in zip(shown.items(), percents(tuple(shown.values())), strict=True)
    ]
    set_s = {cause: s for cause, s in found.bottleneck.items() if cause in SET_BY_THE_PLAN and s}
    planned = (
        (f"planned: {CAUSES[cause]}", span_words(s), f"not counted ({percent(s / whole_s)} of all)")
        for cause, s in set_s.items()
    )
    return [*rows, *planned]


def lever_rows(found: Prediction) -> list[tuple[str, ...]]:
    """What can be had before the date: from when, how much sooner in each case that was tried, and in time or not."""
    names = [case.case.name for case in found.cases if any(case.case.name in b.sooner_s for b in found.bought)]
    rows = [(b.purchase.words, had_words(found, b.purchase), *(_gain(b, name) for name in names)) for b in found.bought]
    late = [(offer.words, had_words(found, offer), *("too late" for _ in names)) for offer in found.too_late]
    return [*rows, *_free_rows(found, len(names)), *late]


def _free_rows(found: Prediction, columns: int) -> Iterator[tuple[str, ...]]:
    """An earlier start, and another plan."""
    blanks = ("",) * (columns - 1)
    if not found.question.scenario.homecoming.levers and found.latest and found.latest < found.question.start:
        words = f"start by {when_words(found.latest, found.question.start)}"
        yield (words, "at once", "in time", *blanks)
    for step in found.suggestion.tried:
        yield (f"another plan: {step.words}", "at once", _tried(found, step), *blanks)


def _tried(found: Prediction, step: PlanChange) -> str:
    before_s = found.suggestion.before_s
    if step.home_s is None or before_s is None:
        return "never home" if step.home_s is None else end_words(found, step.home_s)
    gain_s = before_s - step.home_s
    if abs(gain_s) < 60:
        return "no difference"
    in_time = ", in time" if step.home_s <= found.question.within_s else ", not in time"
    return f"{span_words(abs(gain_s))} {'sooner' if gain_s > 0 else 'later'}{in_time}"


def had_words(found: Prediction, offer: Purchase) -> str:
    """From when it can be had."""
    start = found.question.start
    if offer.available is None:
        return "lead time not known"
    day = f"from {offer.available:%a} {offer.available.day} {offer.available:%b %Y}"
    if not offer.comes_in_time(start):
        return f"too late: {day}, but the way home begins {when_words(after(start, -offer.earlier_s), start)}"
    return "at once" if offer.available <= _asked(found) else day


def _asked(found: Prediction) -> datetime:
    start = found.question.start
    day = min(found.question.today or start.date(), start.date())
    return start.replace(year=day.year, month=day.month, day=day.day, hour=0, minute=0, second=0, microsecond=0)


def _gain(bought: PurchaseEffect, name: str) -> str:
    if name not in bought.sooner_s:
        return ""
    share = bought.in_time[name]
    in_time = "in time" if share.met == share.runs else "not in time" if not share.met else share_words(share)
    gain = sooner(bought, name)
    return f"{gain}{'' if gain.endswith(('later', 'nothing', 'home')) else ' sooner'}, {in_time}"


def measurement_rows(found: Prediction) -> list[tuple[str, str, str]]:
    """Each measurement, the range of ends with it, and how much shorter that is."""
    return [(one.words, _range(found, one.after_s), _narrower(one)) for one in found.measurements]


def _range(found: Prediction, ends_s: tuple[float, float]) -> str:
    start = found.question.start
    low, high = (when_words(after(start, seconds), found.question.begins) for seconds in ends_s)
    return low if low == high else f"{low} to {high}"


def _narrower(one: Measurement) -> str:
    if abs(one.narrows_s) < 60:
        return "no difference"
    return f"{span_words(abs(one.narrows_s))} {'narrower' if one.narrows_s > 0 else 'wider'}"


def move_rows(found: Prediction) -> list[tuple[str, ...]]:
    """How far each thing alone moves the end of the first case, the widest first."""
    return [
        (
            move.lever.words,
            _end(found, move.lever.low_words, move.low_h),
            _end(found, move.lever.high_words, move.high_h),
        )
        for move in found.moves
    ]


def _end(found: Prediction, words: str, hours: float) -> str:
    return f"{words}: {_takes(found, hours * 3600 if isfinite(hours) else None)}"


def promise_rows(found: Prediction) -> list[tuple[str, ...]]:
    """Each promise, with what came of it in the best, the first and the worst case."""
    cases = (found.best_case, found.first, found.worst_case)
    return [(p.tier, p.promise, *(_came(case.promises[n]) for case in cases)) for n, p in enumerate(found.promises)]


def _came(promise: KeptPromise) -> str:
    measured = "never" if promise.measured_s is None else span_words(promise.measured_s)
    return f"{measured}, kept in {share_words(promise.share)}"


def step_rows(found: Prediction) -> list[tuple[str, str, str]]:
    """What was tried for a better plan, and what was taken."""
    plan = found.suggestion
    rows = [("as it is", plan.before_s, "")]
    rows += [(step.words, step.home_s, "tried alone, costs nothing") for step in plan.tried]
    rows += [(step.words, step.home_s, "taken") for step in plan.taken]
    return [(words, "never home" if at is None else _takes(found, at), note) for words, at, note in rows]


def suggested(found: Prediction) -> str:
    """The better plan in a sentence."""
    plan = found.suggestion
    if not plan.taken and plan.in_time:
        return f"None is needed in the {found.first.case.name} case: everything is home in time without one."
    if not plan.taken:
        return "Nothing that was tried makes it noticeably faster."
    with_all = ", then ".join(step.words for step in plan.taken)
    end = "everything is home in time" if plan.in_time else "this is still not in time"
    later, before = _takes(found, plan.after_s), _takes(found, plan.before_s)
    return f"{with_all[:1].upper()}{with_all[1:]}: {later} instead of {before}; {end}."


def _takes(found: Prediction, home_s: float | None) -> str:
    """How long that is from the cutover on, or from the start where nobody asked for a cutover."""
    return "never" if home_s is None else span_words(max(0.0, home_s - found.question.lead_s))
