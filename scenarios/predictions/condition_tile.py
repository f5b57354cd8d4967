"""The tile of the condition: what must be true, what is assumed, how one would know, and what happens otherwise."""

from failback.reprotect import by_id
from failback.scenarios.text.language import ENGLISH, message, said, spoken, translated
from failback.scenarios.text.local_time import after
from failback.scenarios.text.spans import span_words, when_words

from .answered import Answered, answered, stopped_words, stops_all
from .best_lever import is_late
from .case_answer import CaseAnswer
from .case_names import short_case_words
from .condition import Condition, Of
from .condition_words import assumed_words, must_words, needs_full_line, seed_by
from .deciding import DECIDES, deciding
from .prediction import Prediction
from .tile import Tile
from .words import share_words

Notes = list[tuple[str, str]]


def condition_tile(found: Prediction) -> Tile:
    """The tile."""
    title, date = said("Condition"), seed_by(found)
    if stops_all(found):
        return Tile(title, said("the cause must be removed first"), tuple(_stopped(found)))
    notes = [(said("Seeding"), said("begins by {date}", date=date))] if date else []
    notes += _missed_hours(found)
    if found.condition is not None:
        return Tile(title, must_words(found, found.condition), (*_found(found, found.condition), *notes))
    match answered(found):
        case Answered.YES if date:
            return Tile(title, said("seeding begins by {date}", date=date), (*_begun(), *_missed_hours(found)))
        case Answered.YES:
            return Tile(title, said("none"), ((said("Because"), _every_case(found)), *notes))
        case Answered.ONLY_IF:
            cases = [translated(case.case.words) for case in found.cases if not is_late(case)]
            return Tile(title, cases[0], (*_otherwise(found), *notes))
        case Answered.NO:
            return Tile(title, _late_in_all(found), (*_at_best(found), *notes))


def _found(found: Prediction, condition: Condition) -> Notes:
    if is_late(found.first):
        holds = message("{what}: too late")
    elif found.question.scenario.calibration is None:
        holds = message("{what}: in time, but not measured")
    else:
        holds = message("{what}: in time")
    return [
        (said("Assumed"), said(holds, what=assumed_words(found, condition))),
        (said("How to know"), _measured(found, condition)),
        *_otherwise(found),
    ]


def _measured(found: Prediction, condition: Condition) -> str:
    one = deciding(found)
    measurement = said(DECIDES[condition.of]) if one is None else translated(one.words)
    begins = when_words(found.question.start, found.question.begins)
    both = condition.of is Of.CHANGED and needs_full_line(found)
    form = (
        message("{measurement}, before {date}; test the link too") if both else message("{measurement}, before {date}")
    )
    return said(form, measurement=measurement, date=begins)


def _otherwise(found: Prediction) -> Notes:
    """What the worst case comes to."""
    return [(said("At worst"), said("{end} ({case})", end=case_end_words(found, found.worst_case), case=_case(found)))]


def _late_in_all(found: Prediction) -> str:
    if len(found.cases) == 1:
        return said("none: late as simulated")
    return said("none: late in all {n} cases simulated", n=str(len(found.cases)))


def _case(found: Prediction) -> str:
    return short_case_words(found.worst_case.case)


def _at_best(found: Prediction) -> Notes:
    best = found.best_case
    return [
        (said("At best"), said("{end} ({case})", end=case_end_words(found, best), case=short_case_words(best.case)))
    ]


def case_end_words(found: Prediction, case: CaseAnswer) -> str:
    """When everything is home in a case, and by how much that is late."""
    end_s, question = case.sure_s, found.question
    if end_s is None:
        return said("not all come home")
    date = when_words(after(question.start, end_s), question.begins)
    late_s = end_s - question.within_s
    if late_s <= 0:
        return said("home {date}, in time", date=date)
    return said("home {date}, {late} late", date=date, late=span_words(late_s))


def _begun() -> Notes:
    return [(said("How to know"), said("the reprotect of each wave runs at the time in the table below"))]


def _missed_hours(found: Prediction) -> Notes:
    if found.cutover is None or not found.cutover.missed_in:
        return []
    some, cases = str(len(found.cutover.missed_in)), str(len(found.cases))
    return [(said("Not enough"), said("in {some} of {all} cases, seeding ends too late", some=some, all=cases))]


def _every_case(found: Prediction) -> str:
    if found.calibrated:
        return said("in time in {share} runs, calibrated on earlier runs", share=share_words(found.first.in_time))
    return said("in time in every simulated case, even if everything changed and the link has half its bandwidth")


def _stopped(found: Prediction) -> Notes:
    rule = by_id(next(iter(found.stops)))
    notes = [(said("Because"), stopped_words(found))]
    if rule is not None and spoken() == ENGLISH:  # its title has no other language
        notes.append((said("Rule"), f"{rule.id}: {rule.title}"))
    return [*notes, (said("How to know"), said("failback check no longer reports it"))]
