"""The rows of the tables on the page of the dated answer."""

from math import isfinite

from failback.scenarios.text.plain_words import h_mm

from .assumptions import EXPECTED, Case
from .latest_start import depends_on_start
from .prediction import CaseAnswer, Prediction, PurchaseEffect
from .words import CAUSES, date_or, error_words, percent, share_words, sooner


def case_rows(found: Prediction) -> list[tuple[str, ...]]:
    """What became of each case."""
    return [
        (
            _named(case.case),
            share_words(case.in_time),
            error_words(case.in_time),
            _takes(found, case.sure_s),
            date_or(case.sure_at, "never"),
            _latest(found, case),
            *((_money(found, n),) if found.costs else ()),
        )
        for n, case in enumerate(found.cases)
    ]


def _latest(found: Prediction, case: CaseAnswer) -> str:
    other = found.cutover is None and case is not found.first
    is_unknown = other and depends_on_start(found.question.scenario)
    return "not searched" if is_unknown else date_or(found.latest_in(case), "none")


def _named(case: Case) -> str:
    """Its words; the one that the rest of the page looks at by its name too."""
    return f"{EXPECTED}: {case.words}" if case.name == EXPECTED else case.words


def _money(found: Prediction, case: int) -> str:
    cost = found.costs[case] if found.costs else None
    return "unknown" if cost is None else f"{cost:,.0f} {found.question.scenario.homecoming.prices.currency}"


def cause_rows(found: Prediction) -> list[tuple[str, str, str]]:
    """What binds, the longest first."""
    total_s = sum(found.bottleneck.values()) or 1.0
    return [(CAUSES.get(cause, cause), h_mm(s), percent(s / total_s)) for cause, s in found.bottleneck.items()]


def offer_rows(found: Prediction) -> list[tuple[str, ...]]:
    """What each purchase gains, and in how many runs all are home in time with it."""
    return [(bought.purchase.words, *(_gain(bought, name) for name in bought.sooner_s)) for bought in found.bought]


def _gain(bought: PurchaseEffect, case: str) -> str:
    return f"{sooner(bought, case)} ({share_words(bought.in_time[case])} in time)"


def move_rows(found: Prediction) -> list[tuple[str, ...]]:
    """As the tornado shows them, for a page without pictures."""
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
    after, before = _takes(found, plan.after_s), _takes(found, plan.before_s)
    return f"{with_all[:1].upper()}{with_all[1:]}: {after} instead of {before}; {end}."


def _takes(found: Prediction, home_s: float | None) -> str:
    """How long that is from the cutover on, or from the start where nobody asked for a cutover."""
    return "never" if home_s is None else h_mm(max(0.0, home_s - found.question.lead_s))
