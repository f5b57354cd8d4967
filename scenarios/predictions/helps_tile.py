"""The tile of what helps: one thing, what it does to the end and to missed targets, and whether it can be had."""

from collections.abc import Sequence

from failback.scenarios.text.language import joined, message, said, translated
from failback.scenarios.text.spans import when_words

from .answered import stops_all
from .best_lever import Helps, best_helps
from .condition_words import seed_by
from .earlier_start import EarlierStart, start_end, start_saves, start_targets, start_words
from .lever_notes import Notes, lever_end, lever_notes, lever_targets
from .lever_rows import had_words
from .prediction import Prediction
from .remedy import Means, Remedy, remedy
from .tile import Tile


def helps_tile(found: Prediction) -> Tile:
    """The tile."""
    title, best = said("What helps"), remedy(found)
    match best.means:
        case Means.UNNEEDED:
            hangs = found.condition is not None or bool(seed_by(found))
            return Tile(title, said("nothing more, if the condition is met" if hangs else "nothing is needed"))
        case Means.PLAN:
            words = said("another plan: {plan}", plan=best.plan)
            return Tile(title, words, _plan_notes(said("at once, at no cost")))
        case Means.START if best.start is not None:
            return Tile(title, start_words(found, best.start), tuple(_start_notes(found, best, best.start)))
        case Means.LEVER if found.helps is not None:
            return Tile(title, _lever(found.helps), tuple(_notes(found, best, found.helps)))
        case Means.TOGETHER:
            words = said("together: {plan}", plan=best.plan)
            return Tile(title, words, _plan_notes(said("each as in the table below")))
        case _ if stops_all(found):
            return Tile(title, said("remove what stops machines first: no change that was simulated does that"))
        case _:
            return Tile(title, _nothing(found, best), tuple(_nearest(found, best)))


def _plan_notes(had: str) -> tuple[tuple[str, str], ...]:
    end = said("in time in the expected case")
    return (said("End"), end), (said("Targets"), said("not simulated with another plan")), (said("Available"), had)


def _start_notes(found: Prediction, best: Remedy, start: EarlierStart) -> Notes:
    notes = [(said("End"), start_end(found, start))]
    if best.missed:
        notes.append((said("Targets"), start_targets(found)))
    notes.append((said("Available"), said("at no cost")))
    if found.helps is not None and found.helps.saved:
        words = said("{lever}: {end}", lever=_lever(found.helps), end=lever_end(found.helps, best.late))
        notes.append((said("Or"), words))
    return notes


def _notes(found: Prediction, best: Remedy, helps: Helps) -> Notes:
    notes = lever_notes(found, helps, best.late, best.missed)
    other = _instead(found, helps)
    if other is not None:
        words = lever_targets(found, other, best.missed)
        notes.append((said("Or"), said("{lever}: {end}", lever=_lever(other), end=words)))
    if best.start is not None:
        form = message("{start}: {where}; targets not simulated") if best.missed else message("{start}: {where}")
        words = said(form, start=start_words(found, best.start), where=start_saves(best.start))
        notes.append((said("Or"), words))
    return notes


def _instead(found: Prediction, helps: Helps) -> Helps | None:
    """What keeps a missed target too: the best lever that is bought, beside the one that is not, or the other way."""
    is_free = helps.bought.purchase.when_staffed
    other = best_helps(found.cases, [one for one in found.bought if one.purchase.when_staffed != is_free])
    return other if other is not None and other.mended and other.is_enough else None


def _lever(helps: Helps) -> str:
    return translated(helps.bought.purchase.words)


def _nothing(found: Prediction, best: Remedy) -> str:
    if best.late:
        date = when_words(found.question.start, found.question.begins)
        return said("no change that is available before {date} is enough", date=date)
    return said("nothing that was tried meets the missed target")


def _nearest(found: Prediction, best: Remedy) -> Sequence[tuple[str, str]]:
    """What helps most though it is not enough, and what would come too late."""
    notes: Notes = []
    if found.helps is not None:
        notes = [(said("Nearest"), _lever(found.helps)), *lever_notes(found, found.helps, best.late, best.missed)]
    else:
        notes.append((said("Tried"), said("{n} levers, each alone, without effect", n=str(len(found.bought)))))
    late_offers = [said("{lever} ({from_day})", lever=o.words, from_day=had_words(found, o)) for o in found.too_late]
    return [*notes, *([(said("Too late"), joined(late_offers, "; "))] if late_offers else [])]
