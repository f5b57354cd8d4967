"""The verdict: yes, no, or only if, and the missed target beside it; in at most 25 words."""

from collections.abc import Iterator
from typing import Final

from failback.scenarios.text.language import message, said, translated

from .answered import Answered, answered, in_few_words, stopped_words, stops_all
from .condition import Of
from .condition_tile import case_end_words
from .condition_words import condition_words, seed_by
from .missed_targets import Missed, came_words, missed_targets
from .prediction import Prediction
from .tile import Tile
from .verdict_forms import no_forms, only_if_forms, only_words, yes_form

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
            yield yes_form(found)
        case Answered.NO:
            yield from no_forms(found)
        case Answered.ONLY_IF:
            yield from only_if_forms(found)


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
            yield said("No: {end}", end=case_end_words(found, found.first))
            yield said("No, not in time")
        case Answered.ONLY_IF:
            on = found.condition
            if on is None:
                yield said("In time only in some cases")
                return
            condition = condition_words(found, on, few=True)
            yield said(message("Yes, {condition}") if on.of is Of.LINE else only_words(found), condition=condition)
