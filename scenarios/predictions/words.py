"""The dated answer in words: one sentence, and the rows of its page."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from math import ceil
from typing import Final

from failback.reprotect import by_id
from failback.scenarios.outcomes.bottleneck import cause_name
from failback.scenarios.outcomes.critical_path import SET_BY_THE_PLAN
from failback.scenarios.text.language import ENGLISH, joined, message, said, spoken, translated
from failback.scenarios.text.plain_words import date_words, machines
from failback.scenarios.text.rounding import whole_minutes
from failback.scenarios.text.spans import span_words

from .assumptions import EXPECTED, HEADING, Case
from .case_answer import CaseAnswer, LateMachine
from .prediction import Prediction, Question
from .sampling import Share

NAMED_MAX: Final = 6
"""Late machines that are named one by one."""
_BY_CHANGE: Final = (
    (message("nothing changed"), ("nothing", "nothing, slow line")),
    (message("changes are as in the scenario"), ("expected", "slow line")),
    (message("everything changed"), ("all", "all, slow line")),
)
"""Cases by what has changed, with full bandwidth and with half of it."""
_ALWAYS, _NEVER = message("in every run of every case"), message("in no run of any case")
EXACT: Final = 1e-9


def heading(found: Prediction) -> str:
    """Whether these are assumptions, or what it was calibrated on."""
    calibration = found.question.scenario.calibration
    if calibration is None:
        return said(HEADING)
    day, n = calibration.date.isoformat(), str(calibration.n)
    if calibration.changed_known:
        return said("calibrated {day} on {n} steps of earlier runs", day=day, n=n)
    return said("calibrated {day} on {n} steps of earlier runs, but how much differs is assumed", day=day, n=n)


def chance_words(found: Prediction) -> str:
    """The chance of being home in time: one share where calibrated, else a range and never a single percentage."""
    if found.calibrated:
        in_time = found.first.in_time
        open_ = said("; {shares}", shares=_fit_words(found)) if len(found.cases) > 1 else ""
        return said("in {share} runs{error}{open}", share=share_words(in_time), error=_by_chance(in_time), open=open_)
    return which_words(found)


def _fit_words(found: Prediction) -> str:
    """What the error of the fit leaves open."""
    those = [(share_words(case.in_time), case.case.words) for case in found.cases[1:]]
    return joined((said("{share} if {case}", share=share, case=case) for share, case in those), ", ")


def _by_chance(share: Share) -> str:
    """What sampling error leaves open, where that is little enough to be worth a percentage."""
    error = error_words(share)
    return said(" ({error} by sampling error alone)", error=error) if error else ""


def which_words(found: Prediction) -> str:
    """In which cases every run is in time, in which some are, and in which none is."""
    shares = {case.case.name: case.in_time.value for case in found.cases}
    if len(set(shares.values())) == 1 and set(shares.values()) <= {0.0, 1.0}:
        return said(_ALWAYS if shares[found.first.case.name] else _NEVER)
    always = [name for name, share in shares.items() if share == 1]
    some = [name for name, share in shares.items() if 0 < share < 1]
    never = [name for name, share in shares.items() if share == 0]
    conditions = (
        (message("in every run if {cases}"), always),
        (message("in some runs if {cases}"), some),
        (message("in none if {cases}"), never),
    )
    return joined((said(form, cases=_conditions(names)) for form, names in conditions if names), ", ")


def sure_words(found: Prediction) -> str:
    """From when on it holds as surely as was asked."""
    first, name = found.first.sure_at, name_words(found.first.case)
    if first is None:
        sure = sure_percent(found.question)
        return said("in the {case} case, everything comes home in fewer than {sure} of the runs", case=name, sure=sure)
    runs, date = so_many(found), date_words(first)
    sentence = said("in {runs} of the {case} case everything is home by {date}", runs=runs, case=name, date=date)
    if len(found.cases) == 1:
        return sentence
    last = _latest(found.cases)
    soonest = min(case.sure_at for case in found.cases if case.sure_at is not None)
    if last is not None and date_words(soonest) == date_words(last):
        return said("{sentence}, and in every other case too", sentence=sentence)
    low, high = date_words(soonest), date_words(last) if last else said("never")
    return said("{sentence} (range over all cases: {low} to {high})", sentence=sentence, low=low, high=high)


def so_many(found: Prediction) -> str:
    """So many of the runs as are wanted; of a few runs that is all of them."""
    runs = len(found.first.answers)
    if ceil(found.question.sure * runs - EXACT) < runs:
        return said("{sure} of {runs}", sure=sure_percent(found.question), runs=runs_words(found.first))
    return said("all {n} runs", n=str(runs)) if runs > 1 else said("the one run")


def few_words(found: Prediction) -> str:
    """What so few runs leave open, and how that compares with what the cases leave open."""
    least = found.question.runs_least
    is_few = min(len(case.answers) for case in found.cases) < least
    slowest = said(
        "If a row has fewer than {least} runs, its slowest run stands for {sure}. ",
        least=str(least),
        sure=sure_percent(found.question),
    )
    return f"{slowest if is_few else ''}{_spans(found)}"


def runs_words(case: CaseAnswer) -> str:
    """How many runs that is."""
    return many_runs(len(case.answers))


def many_runs(count: int) -> str:
    """How many runs."""
    return said("{n} run" if count == 1 else "{n} runs", n=str(count))


def bottleneck_words(case: CaseAnswer) -> str:
    """The cause of most of the critical path of a case, and the wait for slots where that is long."""
    if not sum(case.bottleneck.values()):
        return stops_words(case)
    shown = worked_s(case)
    total_s, cause = sum(shown.values()), next(iter(case.bottleneck))
    if cause not in shown:
        return said("{cause}, and nothing else", cause=cause_name(cause))
    queue = ""
    if case.queued_s > total_s / 2:
        waits = span_words(case.queued_s)
        queue = said("; meanwhile the last machine waits {waits} for disk slots or its wave", waits=waits)
    part, whole = span_words(shown[cause]), span_words(total_s)
    return said("{cause} ({part} of {whole}{queue})", cause=cause_name(cause), part=part, whole=whole, queue=queue)


def worked_s(case: CaseAnswer) -> Mapping[str, float]:
    """Seconds per cause without what the plan has set, in whole minutes that add up to those of their sum."""
    return whole_minutes({cause: s for cause, s in case.bottleneck.items() if cause not in SET_BY_THE_PLAN and s})


def stops_words(case: CaseAnswer) -> str:
    """What keeps machines of a case from coming home at all, most often of all reasons."""
    reason = next(iter(case.stops), "")
    rule = by_id(reason)
    in_english = rule is not None and spoken() == ENGLISH  # its title has no other language
    words = f"{reason} ({rule.title})" if rule and in_english else reason_words(reason)
    return said("{reason}, which keeps machines from coming home at all", reason=words)


def reason_words(reason: str) -> str:
    """Why a machine stopped: the id of a rule or of an error as it is, anything else in words."""
    return said(_NO_RULES[reason]) if reason in _NO_RULES else reason


def rules_named(found: Prediction) -> list[tuple[str, str]]:
    """The rules that stop machines in some case, with their titles: rules are told in English alone."""
    named = dict.fromkeys(reason for case in found.cases for reason in case.stops)
    return [(reason, rule.title) for reason in named if (rule := by_id(reason)) is not None]


_NO_RULES: Final[Mapping[str, str]] = {
    "": message("something unnamed"),
    "gave_up": message("a leg that never ends"),
    "cancelled": message("a cancelled operation"),
    "drift": message("a change from outside"),
    "no_way": message("a state without a way home"),
    "wave_closed": message("a wave that was given up"),
    "skipped": message("a person who skipped it"),
    "abandoned": message("a person who ended the run"),
}


def late_words(found: Prediction) -> list[str]:
    """Who would be late in the first case: counted per tier, the latest ones by name."""
    if not found.late:
        return [said("Nobody, in any run of this case.")]
    return [*_tiers(found), *(_late_words(late) for late in found.late[:NAMED_MAX])]


def share_words(share: Share) -> str:
    """So many of so many runs."""
    return said("{met} of {runs}", met=str(share.met), runs=str(share.runs))


POINTS_MAX: Final = 0.1
"""A share of runs is said in percent only where sampling error leaves less than this open."""


def error_words(share: Share) -> str:
    """Sampling error alone, in percent; nothing where it leaves so much open that a percentage would mislead."""
    low, high = share.interval
    return said("{low} to {high}", low=percent(low), high=percent(high)) if high - low < POINTS_MAX else ""


def case_words(case: Case) -> str:
    """Its words; the one that the rest of the page looks at by its name too."""
    words = translated(case.words)
    return said("{name}: {words}", name=name_words(case), words=words) if case.name == EXPECTED else words


def short_case_words(case: Case) -> str:
    """The expected case by its name, any other one by what it assumes."""
    if case.name == EXPECTED:
        return said("{case} case", case=name_words(case))
    return translated(case.words)


def name_words(case: Case) -> str:
    """The name of a case in the language of now; files keep the one in English."""
    return said(_NAMES[case.name])


_NAMES: Final = {
    "expected": message("expected"),
    "nothing": message("nothing"),
    "all": message("all"),
    "nothing, slow line": message("nothing, slow line"),
    "slow line": message("slow line"),
    "all, slow line": message("all, slow line"),
    "calibrated": message("calibrated"),
    "fewer blocks": message("fewer blocks"),
    "more blocks": message("more blocks"),
}
"""The names of cases, of assumptions and of the fit of a calibration."""


def percent(value: float) -> str:
    """A share in percent, never rounded to none or to all."""
    rounded = round(100 * value)
    return said("{n} %", n=str(min(99, max(1, rounded)) if 0 < value < 1 else rounded))


def sure_percent(question: Question) -> str:
    """How sure the dates have to be, as it was asked."""
    return said("{n} %", n=f"{100 * question.sure:.6g}")


def date_or(at: datetime | None, otherwise: str) -> str:
    """A date, or a word where there is none."""
    return otherwise if at is None else date_words(at)


def start_words(found: Prediction) -> str:
    """The latest start, and that it is too late for it where it lies before the one that was asked for."""
    late = found.latest is not None and found.latest < found.question.start
    latest = date_or(found.latest, said("unknown, because no start that was tried is early enough"))
    return said("{latest}, which is before the requested start", latest=latest) if late else latest


def _conditions(cases: Sequence[str]) -> str:
    """What holds in these cases; the line is named only where it matters."""
    return joined(filter(None, (_condition(words, set(pair) & set(cases), pair) for words, pair in _BY_CHANGE)), " or ")


def _condition(words: str, those: set[str], pair: tuple[str, str]) -> str:
    if len(those) == len(pair):
        return said(words)
    both = (message("{changes} with full bandwidth"), message("{changes} with half bandwidth"))
    lines = [form for name, form in zip(pair, both, strict=True) if name in those]
    return said(lines[0], changes=said(words)) if lines else ""


def _spans(found: Prediction) -> str:
    """The fastest and the slowest run of the expected case, beside the fastest and the slowest case."""
    lead_s = found.question.lead_s
    runs_s = [None if a.home_s is None else a.home_s - lead_s for a in found.first.answers]
    case, takes = name_words(found.first.case), _span(runs_s)
    sentence = said("Chance: the runs of the {case} case take {takes}.", case=case, takes=takes)
    if len(found.cases) == 1:
        return said("{chance} The error of the model comes on top.", chance=sentence)
    cases_s = [None if case.sure_s is None else case.sure_s - lead_s for case in found.cases]
    return said(
        "{chance} Assumptions: the cases take {takes}, and more runs do not narrow that.",
        chance=sentence,
        takes=_span(cases_s),
    )


def _span(seconds: Sequence[float | None]) -> str:
    known = [at for at in seconds if at is not None]
    if not known:
        return said("for ever")
    first, last = span_words(min(known)), span_words(max(known)) if len(known) == len(seconds) else said("for ever")
    return first if first == last else said("{low} to {high}", low=first, high=last)


def _latest(cases: Sequence[CaseAnswer]) -> datetime | None:
    known = [case.sure_at for case in cases]
    return None if None in known else max(at for at in known if at is not None)


def _tiers(found: Prediction) -> Iterator[str]:
    all_of = [vm.tier for vm in found.question.scenario.estate.virtual_machines.values()]
    late = sorted(late.tier for late in found.late)
    for tier, those in groupby(late):
        n, of = str(len(list(those))), machines(all_of.count(tier))
        if tier:
            yield said("{n} of {machines} of tier {tier} in at least one run", n=n, machines=of, tier=tier)
        else:
            yield said("{n} of {machines} in at least one run", n=n, machines=of)


def _late_words(late: LateMachine) -> str:
    if late.late_s is not None:
        by, runs = span_words(late.late_s), share_words(late.runs)
        return said("{item}: late in {runs} runs, then by {by}", item=late.item, runs=runs, by=by)
    if late.stopped_by:
        return said("{item}: never home, stopped by {reason}", item=late.item, reason=reason_words(late.stopped_by))
    return said("{item}: never home", item=late.item)
