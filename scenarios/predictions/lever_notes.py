"""What a lever does to the end and to missed targets, and by when it must be ordered and in place."""

from collections.abc import Sequence

from failback.scenarios.text.language import joined, message, said
from failback.scenarios.text.spans import when_words

from .best_lever import GAIN_MIN_S, Helps
from .case_answer import CaseAnswer
from .case_names import short_case_words
from .gains import sooner
from .lever_rows import had_words
from .missed_targets import Missed, came_words
from .prediction import Prediction
from .saved_words import saved_words

Notes = list[tuple[str, str]]


def lever_notes(found: Prediction, helps: Helps, late: Sequence[CaseAnswer], missed: Sequence[Missed]) -> Notes:
    """The notes of its tile."""
    return [
        (said("End"), lever_end(helps, late)),
        *([(said("Targets"), lever_targets(found, helps, missed))] if found.promises else []),
        (said("Available"), _available(found, helps)),
    ]


def lever_end(helps: Helps, late: Sequence[CaseAnswer]) -> str:
    """Which late cases are then in time, and by how much sooner everything is home."""
    case = short_case_words(helps.case.case)
    gain = _gain(helps)
    if helps.spoiled and not helps.saved:
        return said("{gain}, then too late ({case})", gain=gain, case=case)
    if not late:
        later = helps.gain_s <= -GAIN_MIN_S
        return said("{gain}, still in time" if later else "{gain}; in time without it too", gain=gain)
    if not helps.saved:
        return said("{gain}, still too late ({case})", gain=gain, case=case)
    untried = sum(one.case.name not in helps.bought.sooner_s for one in late)
    gain = gain if len(helps.saved) == 1 else said("{gain} ({case})", gain=gain, case=case)
    return saved_words(helps.saved, len(late), untried, gain)


def _gain(helps: Helps) -> str:
    seconds = helps.bought.sooner_s.get(helps.case.case.name)
    if seconds is None:
        return said("home, and never without it") if helps.saved else said("never home")
    gain = sooner(helps.bought, helps.case.case.name)
    return said("{gain} sooner", gain=gain) if seconds >= 60 else gain


def lever_targets(found: Prediction, helps: Helps, missed: Sequence[Missed]) -> str:
    """What becomes of missed targets, and which ones it breaks."""
    parts = [_target(helps, one, found.question.sure) for one in missed[:2]]
    before_then = helps.bought.targets.get(found.first.case.name, ())
    parts += [
        said("breaks {tier}: {came}; target: {target}", tier=then.tier, came=came_words(then), target=then.promise)
        for before, then in before_then
        if then.share.value < found.question.sure <= before.share.value
    ]
    return joined(parts, "; ") if parts else said("no target is missed, with it or without it")


def _target(helps: Helps, one: Missed, sure: float) -> str:
    pairs = helps.bought.targets.get(one.case.case.name)
    if pairs is None:
        return said("{tier}: not simulated in that case", tier=one.promise.tier)
    before, then = pairs[one.n]
    came = came_words(then)
    if then.share.value >= sure:
        tried = [those[one.n][1].share.value >= sure for those in helps.bought.targets.values()]
        some, of, case = str(sum(tried)), str(len(tried)), short_case_words(one.case.case)
        form = message("{tier} is then met in {n} of {all} cases tried ({case}: {came})")
        return said(form, tier=then.tier, n=some, all=of, case=case, came=came)
    if came == came_words(before):
        return said("{tier} stays missed, no difference", tier=then.tier)
    return said("{tier} stays missed, {came} then", tier=then.tier, came=came)


def _available(found: Prediction, helps: Helps) -> str:
    had, offer = had_words(found, helps.bought.purchase), helps.bought.purchase
    if offer.when_staffed:
        return said("at once, at no cost")
    if offer.earlier_s:
        return had
    needed = when_words(found.question.start, found.question.begins)
    if offer.available is None:
        return said("must be in place by {date}; time to arrange it unknown, ask", date=needed)
    return said("{had}; must be in place by {date}", had=had, date=needed)
