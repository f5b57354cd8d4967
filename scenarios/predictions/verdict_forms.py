"""The verdict where no target is missed: its forms, the longest first."""

from collections.abc import Iterator

from failback.scenarios.text.language import message, said, translated
from failback.scenarios.text.spans import when_words

from .answered import in_few_words
from .best_lever import is_late
from .condition import Of
from .condition_tile import case_end_words
from .condition_words import condition_words, needs_full_line, seed_by
from .deciding import deciding
from .prediction import Prediction
from .remedy import Means, remedy
from .words import share_words


def yes_form(found: Prediction) -> str:
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
        return said("home in time, but seeding ends too late in {some} of {all} cases", some=some, all=cases)
    return said("in time in every simulated case, even if everything changed and the link has half its bandwidth")


def no_forms(found: Prediction) -> Iterator[str]:
    """No, how late, and the lever that would make it a yes in the first case."""
    end, helps, best = case_end_words(found, found.first), found.helps, remedy(found)
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


def only_if_forms(found: Prediction) -> Iterator[str]:
    """With the condition, the date by which seeding begins, and the measurement, as far as there is room."""
    on, date = found.condition, seed_by(found)
    if on is None:
        cases = [case.case.words for case in found.cases if case.in_time.value >= found.question.sure]
        yield said("Only with {case}.", case=cases[0])
        return
    form = message("Yes, {condition}") if on.of is Of.LINE else only_words(found)
    for few in (False, True):
        condition = said(form, condition=condition_words(found, on, few=few))
        if date:
            yield said("{condition}, with seeding begun by {date}.", condition=condition, date=date)
        else:
            if not few and _needs_both(found):  # both stand in the condition
                yield said("{condition}; measure both first.", condition=condition)
                yield said("{condition}; measure both.", condition=condition)
            yield said("{condition}; measure it in {measurement}.", condition=condition, measurement=_tells(found))
    yield said("{sentence}.", sentence=said(form, condition=condition_words(found, on, few=True)))


def only_words(found: Prediction) -> str:
    """Only on a condition, and whether it is met as assumed."""
    return message("Late as assumed; in time only {condition}") if is_late(found.first) else message("Only {condition}")


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
