"""The tile of what helps: one lever, what it does to the end and to missed targets, and whether it can be had."""

from collections.abc import Sequence

from failback.scenarios.text.language import joined, message, said, translated
from failback.scenarios.text.spans import when_words

from .best_lever import Helps, is_late
from .case_answer import CaseAnswer
from .earlier_start import earlier_start
from .gains import sooner
from .missed_targets import Missed, came_words, missed_targets
from .prediction import Prediction
from .rows import had_words
from .tile import Tile
from .words import short_case_words

Notes = list[tuple[str, str]]


def helps_tile(found: Prediction) -> Tile:
    """The tile."""
    title, late, missed = said("What helps"), [case for case in found.cases if is_late(case)], missed_targets(found)
    if not late and not missed:
        return Tile(title, said("nothing is needed"), ((said("End"), said("in time in every case")),))
    free, start, helps = _free_plan(found), earlier_start(found, late), found.helps
    if free:
        return Tile(title, said("another plan: {plan}", plan=free), _plan_notes(said("at once, at no cost")))
    if helps is not None and helps.is_enough:
        or_start = message("{start}: {where}; targets not simulated") if missed else message("{start}: {where}")
        others = [(said("Or"), said(or_start, start=start[0], where=start[1]))] if start else []
        words = translated(helps.bought.purchase.words)
        return Tile(title, words, (*_notes(found, helps, late, missed), *others))
    if start:
        tried = [(said("Targets"), said("not simulated with another start"))] if missed else []
        return Tile(title, start[0], ((said("End"), start[1]), *tried, (said("Available"), said("if decided by then"))))
    together = _together(found)
    if together:
        return Tile(title, said("together: {plan}", plan=together), _plan_notes(said("each as in the table below")))
    return Tile(title, _nothing(found, late), tuple(_nearest(found, late, missed)))


def _plan_notes(had: str) -> tuple[tuple[str, str], ...]:
    end = said("in time in the expected case")
    return (said("End"), end), (said("Targets"), said("not simulated with another plan")), (said("Available"), had)


def _free_plan(found: Prediction) -> str:
    """A plan that costs nothing and makes the first case in time."""
    within_s = found.question.within_s
    steps = [(s.home_s, s.words) for s in found.suggestion.tried if s.home_s is not None and s.home_s <= within_s]
    return translated(min(steps)[1]) if steps and is_late(found.first) else ""


def _together(found: Prediction) -> str:
    plan = found.suggestion
    taken = plan.taken if plan.in_time and is_late(found.first) else ()
    return joined((translated(step.words) for step in taken), ", then ")


def _notes(found: Prediction, helps: Helps, late: Sequence[CaseAnswer], missed: Sequence[Missed]) -> Notes:
    return [
        (said("End"), _end(helps, late)),
        *([(said("Targets"), _targets(found, helps, missed))] if found.promises else []),
        (said("Available"), _available(found, helps)),
    ]


def _end(helps: Helps, late: Sequence[CaseAnswer]) -> str:
    case = short_case_words(helps.case.case)
    gain = _gain(helps)
    if not late:
        return said("{gain}; in time without it too", gain=gain)
    if not helps.saved:
        return said("{gain}, still too late ({case})", gain=gain, case=case)
    tried = [one for one in late if one.case.name in helps.bought.sooner_s]
    if len(helps.saved) == len(late):
        return said("{gain} ({case}); in time in every late case", gain=gain, case=case)
    some, of, untried = str(len(helps.saved)), str(len(tried)), len(late) - len(tried)
    form = message("{gain} ({case}); in time in {n} of {all} late cases tried")
    saved = said(form, gain=gain, case=case, n=some, all=of)
    return said("{saved}, {untried} not tried", saved=saved, untried=str(untried)) if untried else saved


def _gain(helps: Helps) -> str:
    seconds = helps.bought.sooner_s.get(helps.case.case.name)
    if seconds is None:
        return said("home, and never without it") if helps.saved else said("never home")
    gain = sooner(helps.bought, helps.case.case.name)
    return said("{gain} sooner", gain=gain) if seconds >= 60 else gain


def _targets(found: Prediction, helps: Helps, missed: Sequence[Missed]) -> str:
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
        return said("{tier}: not tried in that case", tier=one.promise.tier)
    before, then = pairs[one.n]
    came = came_words(then)
    if then.share.value >= sure:
        tried = [those[one.n][1].share.value >= sure for those in helps.bought.targets.values()]
        some, of, case = str(sum(tried)), str(len(tried)), short_case_words(one.case.case)
        return said(
            "{tier} is then met in {n} of {all} cases tried ({case}: {came})",
            tier=then.tier,
            n=some,
            all=of,
            case=case,
            came=came,
        )
    if came == came_words(before):
        return said("{tier} stays missed, no difference", tier=then.tier)
    return said("{tier} stays missed, {came} then", tier=then.tier, came=came)


def _available(found: Prediction, helps: Helps) -> str:
    had, offer = had_words(found, helps.bought.purchase), helps.bought.purchase
    if offer.earlier_s:
        return had
    needed = when_words(found.question.start, found.question.begins)
    if offer.available is None:
        return said("must be in place by {date}; time to arrange it unknown, ask", date=needed)
    return said("{had}; must be in place by {date}", had=had, date=needed)


def _nothing(found: Prediction, late: Sequence[CaseAnswer]) -> str:
    if late:
        date = when_words(found.question.start, found.question.begins)
        return said("nothing that can be had before {date} makes it in time", date=date)
    return said("nothing that was tried keeps the missed target")


def _nearest(found: Prediction, late: Sequence[CaseAnswer], missed: Sequence[Missed]) -> Notes:
    """What helps most though it is not enough, and what would come too late."""
    notes: Notes = []
    if found.helps is not None:
        words = translated(found.helps.bought.purchase.words)
        notes = [(said("Nearest"), words), *_notes(found, found.helps, late, missed)]
    else:
        notes.append((said("Tried"), said("{n} levers, each alone, without effect", n=str(len(found.bought)))))
    late_offers = [said("{lever} ({from_day})", lever=o.words, from_day=had_words(found, o)) for o in found.too_late]
    return [*notes, *([(said("Too late"), joined(late_offers, "; "))] if late_offers else [])]
