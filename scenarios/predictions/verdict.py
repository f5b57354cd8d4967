"""The verdict: yes, no, or only if, and the missed target beside it; in at most 25 words."""

from collections.abc import Iterator
from typing import Final

from failback.scenarios.text.language import message, said, translated
from failback.scenarios.text.spans import when_words

from .answered import Answered, answered, in_few_words, stopped_words, stops_all
from .best_lever import is_late
from .condition import Of
from .condition_tile import end_words
from .condition_words import condition_words, needs_full_line, seed_by
from .deciding import deciding
from .missed_targets import Missed, came_words, missed_targets
from .prediction import Prediction
from .remedy import Means, remedy
from .tile import Tile
from .words import share_words

WORDS_MAX: Final = 25
"""A verdict has no more words."""
_TIER_WORDS_MAX: Final = 3
_COLOURS: Final = {Answered.YES: "yes", Answered.NO: "no", Answered.ONLY_IF: "depends"}


def answer_tile(found: Prediction) -> Tile:
    """The tile of the answer."""
    return Tile(said("Answer"), verdict(found))


def colour(found: Prediction) -> str:
    """yes, no or depends: in time with a missed target is no plain yes."""
    is_yes = answered(found) is Answered.YES
    return "depends" if is_yes and missed_targets(found) else _COLOURS[answered(found)]


def verdict(found: Prediction) -> str:
    """The verdict: the longest form that has few enough words."""
    if stops_all(found):
        return said("No: {stopped}.", stopped=stopped_words(found))
    missed = missed_targets(found)
    forms = list(_after(found, missed) if missed else _alone(found))
    return next((form for form in forms if len(form.split()) <= WORDS_MAX), forms[-1])


def _alone(found: Prediction) -> Iterator[str]:
    """Where no target is missed."""
    match answered(found):
        case Answered.YES:
            yield _yes(found)
        case Answered.NO:
            yield from _no(found)
        case Answered.ONLY_IF:
            yield from _only_if(found)


def _after(found: Prediction, missed: tuple[Missed, ...]) -> Iterator[str]:
    """Before the missed target, and before its tier alone where both are too long."""
    targets = _missed_words(found, missed), _missed_words(found, missed, short=True)
    dates = list(_in_time_words(found))
    for target, date in [(target, date) for target in targets for date in dates]:
        yield said("{date}. {missed}.", date=date, missed=target)


def _missed_words(found: Prediction, missed: tuple[Missed, ...], short: bool = False) -> str:
    one, more = missed[0], len(missed) - 1
    tier = in_few_words(translated(one.promise.tier), _TIER_WORDS_MAX)
    if short:
        return said("Target missed: {tier}", tier=tier)
    if one.case is not found.first:
        cases = {"some": str(one.missed_in), "all": str(len(found.cases))}
        return said(
            "Target missed in {some} of {all} cases: {tier} {target}", tier=tier, target=one.promise.promise, **cases
        )
    if more:
        return said("{n} targets missed, first {tier}: {target}, expected {came}", n=str(more + 1), **_told(one, tier))
    return said("Target missed: {tier} {target}, expected {came}", **_told(one, tier))


def _told(one: Missed, tier: str) -> dict[str, str]:
    return {"tier": tier, "target": one.promise.promise, "came": came_words(one.promise)}


def _in_time_words(found: Prediction) -> Iterator[str]:
    """Whether everything is home in time, the longest form first."""
    match answered(found):
        case Answered.YES:
            date = seed_by(found)
            yield said("Yes, in time if seeding begins by {date}", date=date) if date else said("Yes, all home in time")
        case Answered.NO:
            yield said("No: {end}", end=end_words(found, found.first))
            yield said("No, not in time")
        case Answered.ONLY_IF:
            on = found.condition
            if on is None:
                yield said("In time only in some cases")
                return
            condition = condition_words(found, on, few=True)
            yield said(message("Yes, {condition}") if on.of is Of.LINE else _only(found), condition=condition)


def _yes(found: Prediction) -> str:
    """A cutover names the first date on which something has to begin."""
    date = seed_by(found)
    if date:
        return said("Yes, if seeding begins by {date}: {how}.", date=date, how=_how(found))
    return said("Yes: {how}.", how=_how(found))


def _how(found: Prediction) -> str:
    if found.calibrated:
        return said("in time in {share} runs, calibrated on earlier runs", share=share_words(found.first.in_time))
    if found.cutover is not None and found.cutover.missed_in:
        some, cases = str(len(found.cutover.missed_in)), str(len(found.cases))
        return said("home in time, but seeding misses the planned hour in {some} of {all} cases", some=some, all=cases)
    return said("in time in every simulated case, even if everything changed and the link has half its bandwidth")


def _no(found: Prediction) -> Iterator[str]:
    """No, how late, and the lever that would make it a yes in the first case."""
    end, helps, best = end_words(found, found.first), found.helps, remedy(found)
    if best.means is Means.PLAN:
        yield said("No: {end}, unless the plan changes: {plan}.", end=end, plan=in_few_words(best.plan))
    elif best.means is Means.START and best.start is not None and found.first in best.start.saved:
        date = when_words(best.start.at, found.question.start)
        yield said("No: {end}, unless it starts by {date}.", end=end, date=date)
    elif helps is not None and found.first in helps.saved:
        lever = in_few_words(translated(helps.bought.purchase.words))
        yield said("No: {end}, unless you take this lever: {lever}.", end=end, lever=lever)
        yield said("No, unless you take this lever: {lever}.", lever=lever)
    if not found.calibrated:
        yield said("No: {end}, and late even if nothing changed.", end=end)
    yield said("No: {end}.", end=end)


def _only_if(found: Prediction) -> Iterator[str]:
    """With the condition, the date by which seeding begins, and the measurement, as far as there is room."""
    on, date = found.condition, seed_by(found)
    if on is None:
        cases = [case.case.words for case in found.cases if case.in_time.value >= found.question.sure]
        yield said("Only with {case}.", case=cases[0])
        return
    form = message("Yes, {condition}") if on.of is Of.LINE else _only(found)
    for few in (False, True):
        condition = said(form, condition=condition_words(found, on, few=few))
        if date:
            yield said("{condition}, with seeding begun by {date}.", condition=condition, date=date)
        else:
            if not few and _needs_both(found):  # both stand in the condition
                yield said("{condition}; measure both first.", condition=condition)
            yield said("{condition}; measure it in {measurement}.", condition=condition, measurement=_tells(found))
    yield said("{sentence}.", sentence=said(form, condition=condition_words(found, on, few=True)))


def _only(found: Prediction) -> str:
    return message("As assumed, too late; only {condition}") if is_late(found.first) else message("Only {condition}")


def _needs_both(found: Prediction) -> bool:
    """Whether the data and the line must be measured."""
    return found.condition is not None and found.condition.of is Of.CHANGED and needs_full_line(found)


def _tells(found: Prediction) -> str:
    """How somebody would find out: as the figure of what to measure says."""
    one = deciding(found)
    if _needs_both(found):
        return said("a pilot and a link test")
    of_line = one.of_line if one is not None else found.condition is not None and found.condition.of is Of.LINE
    return said("a link test" if of_line else "a pilot")
