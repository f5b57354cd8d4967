"""The figures on the first screen of the dated answer: what it is, how much, and what to know about it."""

from failback.scenarios.outcomes.bottleneck import cause_name
from failback.scenarios.text.language import joined, message, said, translated
from failback.scenarios.text.local_time import after, seconds_between
from failback.scenarios.text.spans import span_words, when_words

from .bottleneck_words import NONE_LEFT, worked_s
from .case_names import name_words
from .case_rows import cause_words
from .condition_words import data_and_link_words
from .cutover_figures import begin_to_seed, first_last_go
from .deciding import DECIDES, deciding
from .figure import Figure
from .latest_start import depends_on_start
from .measurement_rows import range_words
from .others_figures import others_home, others_last_go, others_latest
from .prediction import Prediction
from .stop_words import reason_words
from .sure_words import latest_start_words
from .words import sure_percent

_ON_AVERAGE = message("{part} of {whole}, on average")


_IN_ONE_RUN = message("{part} of {whole}")


def figures(found: Prediction) -> list[Figure]:
    """All of them, the most wanted first."""
    return [*_ends(found), _bottleneck(found), _measurement(found)]


def _ends(found: Prediction) -> list[Figure]:
    """When all is home, and until when it can begin; of the other machines where something stops some."""
    if (others := found.others) is None:
        return [_home(found), _latest(found), _last_go(found)]
    latest, last_go = others_latest(found, others), others_last_go(found, others)
    return [others_home(found, others), latest or _latest(found), last_go or _last_go(found)]


def _home(found: Prediction) -> Figure:
    first, one = found.first, len(found.cases) == 1
    name = said("All home") if one else said("All home, {case} case", case=name_words(first.case))
    best, worst = (_when(found, case.sure_s) for case in (found.best_case, found.worst_case))
    in_cases = said("calibrated on earlier runs") if one else _range(best, worst)
    assumed = "" if one else said("assumed: {what}", what=data_and_link_words(found))
    by_then = message("in {sure} of the runs, everything is home by then")
    runs = "" if first.sure_s is None else said(by_then, sure=sure_percent(found.question))
    return (
        name,
        _when(found, first.sure_s),
        joined(filter(None, (_takes(found, first.sure_s), assumed, runs, in_cases)), "; "),
    )


def _range(best: str, worst: str) -> str:
    """The range over the cases; where it is none, that the answer does not hang on what is assumed."""
    if best == worst:
        return said(
            "the same in every case: it does not depend on how much data changed or on the bandwidth of the link"
        )
    return said("over all cases: {best} to {worst}", best=best, worst=worst)


def _takes(found: Prediction, seconds: float | None) -> str:
    if seconds is None:
        return ""
    form = message("{time} after the start") if found.cutover is None else message("{time} after the cutover")
    return said(form, time=span_words(max(0.0, seconds - found.question.lead_s)))


def _when(found: Prediction, seconds: float | None) -> str:
    question = found.question
    return said("never") if seconds is None else when_words(after(question.start, seconds), question.begins)


def _latest(found: Prediction) -> Figure:
    if found.cutover is not None:
        return begin_to_seed(found, found.cutover)
    name = said("Latest start")
    if found.latest is None:
        return name, said("none"), latest_start_words(found)
    in_case = message("for the deadline, in the {case} case")
    anew = message("for the deadline, in the {case} case; simulated from then on, as shifts and working hours matter")
    note = said(anew if depends_on_start(found.question.scenario) else in_case, case=name_words(found.first.case))
    early_s = seconds_between(found.latest, found.question.start)
    if early_s > 0:
        note = said(
            "{time} before the planned start, in the {case} case",
            time=span_words(early_s),
            case=name_words(found.first.case),
        )
    known = [at for case in found.cases if (at := found.latest_in(case)) is not None]
    if len(known) == len(found.cases) and min(known) < found.latest:
        note = said(
            "{note}; in time in every case: {date}", note=note, date=when_words(min(known), found.question.start)
        )
    return name, when_words(found.latest, found.question.start), note


def _last_go(found: Prediction) -> Figure:
    if found.cutover is not None and found.cutover.waves:
        return first_last_go(found, found.cutover.waves)
    last = said("none") if found.last_go is None else when_words(found.last_go, found.question.begins)
    case = name_words(found.first.case)
    last_moment = message(
        "the last moment to shut down a machine in Azure and still be home by the deadline ({case} case)"
    )
    note = said(last_moment, case=case)
    if found.last_go is not None and found.last_go < found.question.start:
        note = said("already passed at the planned start ({case} case)", case=case)
    return said("Latest go/no-go decision"), last, note


def _bottleneck(found: Prediction) -> Figure:
    shown = worked_s(found.first)
    if found.first.has_nothing_to_do:
        return said("Bottleneck"), said("none"), said(NONE_LEFT)
    if not found.bottleneck:
        home = any(item.home_s is not None for answer in found.first.answers for item in answer.items)
        none = said("not everything came home") if home else said("nothing came home")
        return said("Bottleneck"), none, reason_words(next(iter(found.stops), ""))
    cause = next(iter(found.bottleneck))
    note = said("nothing else")
    if cause in shown:
        form = _ON_AVERAGE if len(found.first.answers) > 1 else _IN_ONE_RUN
        note = said(form, part=span_words(shown[cause]), whole=span_words(sum(shown.values())))
    best, worst = cause_words(found.best_case), cause_words(found.worst_case)
    if {best, worst} - {cause_name(cause)}:
        note = said("{note}; best case: {best}; worst case: {worst}", note=note, best=best, worst=worst)
    return said("Bottleneck"), cause_name(cause), note


def _measurement(found: Prediction) -> Figure:
    one = deciding(found)
    if one is None:
        decides = found.condition and DECIDES.get(found.condition.of)
        if decides:
            return said("Measure first"), said(decides), said("it decides whether everything is in time")
        if found.calibrated:
            return said("Measure first"), said("no measurement"), said("calibrated on earlier runs")
        return said("Measure first"), said("no measurement"), said("none that was tried narrows the range")
    before, after_ = range_words(found, one.before_s), range_words(found, one.after_s)
    narrows = message("narrows the end from “{before}” to “{after}”, if it confirms the assumption")
    note = said(narrows, before=before, after=after_)
    return said("Measure first"), translated(one.words), note
