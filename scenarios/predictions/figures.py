"""The figures on the first screen of the dated answer: what it is, how much, and what to know about it."""

from collections.abc import Sequence

from failback.scenarios.text.local_time import after
from failback.scenarios.text.spans import span_words, when_words

from .cutover_values import WaveCutover
from .prediction import Prediction
from .rows import cause_words, end_words, had_words
from .words import CAUSES, not_tried_in, sooner, start_words, sure_percent, worked_s

Figure = tuple[str, str, str]


def figures(found: Prediction) -> list[Figure]:
    """All of them, the most wanted first."""
    return [_home(found), _latest(found), _last_go(found), _bottleneck(found), _lever(found), _measurement(found)]


def _home(found: Prediction) -> Figure:
    name = f"All home, {sure_percent(found.question)} of the runs"
    if len(found.cases) == 1:
        return name, end_words(found, found.first.sure_s), "calibrated on earlier runs"
    best, worst = (_when(found, case.sure_s) for case in (found.best_case, found.worst_case))
    return name, end_words(found, found.first.sure_s), f"{found.first.case.name} case; best {best}, worst {worst}"


def _when(found: Prediction, seconds: float | None) -> str:
    question = found.question
    return "never" if seconds is None else when_words(after(question.start, seconds), question.begins)


def _latest(found: Prediction) -> Figure:
    if found.cutover is not None:
        at = "none" if found.latest is None else when_words(found.latest, found.question.begins)
        missed = len(found.cutover.missed_in)
        late = f"; in {missed} of {len(found.cases)} cases not even that is soon enough for the hour" if missed else ""
        return "Begin to seed", at, f"the first wave, in the case: {found.cutover.case.words}{late}"
    note = f"for the deadline, in the {found.first.case.name} case"
    if found.latest is None:
        return "Latest start", "none", start_words(found)
    if found.latest < found.question.start:
        note = "before the requested start: start earlier, or use a lever"
    return "Latest start", when_words(found.latest, found.question.start), note


def _last_go(found: Prediction) -> Figure:
    if found.cutover is not None and found.cutover.waves:
        return _first_last_go(found, found.cutover.waves)
    last = "none" if found.last_go is None else when_words(found.last_go, found.question.begins)
    return (
        "Latest go/no-go decision",
        last,
        "a machine whose shutdown in Azure has not begun by then should stay in Azure",
    )


def _first_last_go(found: Prediction, waves: Sequence[WaveCutover]) -> Figure:
    """Of the waves, the one that has to fail back first: whoever keeps the date of a later one makes that one late."""
    late = [wave.wave for wave in waves if wave.last_go is None]
    if late:
        return "Latest go/no-go decision", "none", f"as planned, wave {late[0]} is too late"
    first_go, first = min((wave.last_go, wave.wave) for wave in waves if wave.last_go is not None)
    more = "; other waves below" if len(waves) > 1 else ""
    return "Latest go/no-go decision", when_words(first_go, found.question.begins), f"for wave {first}{more}"


def _bottleneck(found: Prediction) -> Figure:
    shown = worked_s(found.first)
    if not found.bottleneck:
        return "Bottleneck", "nothing came home", next(iter(found.stops), "")
    cause = next(iter(found.bottleneck))
    note = f"{span_words(shown[cause])} of {span_words(sum(shown.values()))}" if cause in shown else "nothing else"
    others = {cause_words(case) for case in (found.best_case, found.worst_case)} - {CAUSES.get(cause, cause)}
    best, worst = cause_words(found.best_case), cause_words(found.worst_case)
    if others:
        note += f"; best case: {best}; worst case: {worst}"
    return "Bottleneck", CAUSES.get(cause, cause), note


def _lever(found: Prediction) -> Figure:
    best, name = found.best, found.first.case.name
    if best is None:
        if all(case.in_time.value >= found.question.sure for case in found.cases):
            return "Best lever", "none needed", "in time in every case"
        late = f"; {len(found.too_late)} would come too late" if found.too_late else ""
        return "Best lever", f"none helps in the {name} case", f"{len(found.bought)} tried, {not_tried_in(found)}{late}"
    gain = sooner(best, name)
    in_time = "then in time" if best.in_time[name].value >= found.question.sure else "still not in time"
    return "Best lever", best.purchase.words, f"{gain} sooner, {in_time}; {had_words(found, best.purchase)}"


def _measurement(found: Prediction) -> Figure:
    one = found.measurement
    if one is None:
        note = "calibrated on earlier runs" if found.calibrated else "no measurement that was tried narrows the range"
        return "Measure first", "nothing", note
    before, after_ = (span_words(high - low) for low, high in (one.before_s, one.after_s))
    return "Measure first", one.words, f"narrows the range of ends from {before} to {after_}"
