"""The dated answer in words: one sentence, and the rows of its page."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from math import ceil
from typing import Final

from failback.reprotect import by_id
from failback.scenarios.outcomes.critical_path import DATE, DECISION, SET_BY_THE_PLAN, WAIT
from failback.scenarios.text.plain_words import date_words, machines
from failback.scenarios.text.rounding import whole_minutes
from failback.scenarios.text.spans import span_words

from .assumptions import EXPECTED, HEADING, Case
from .case_answer import CaseAnswer, LateMachine
from .cutover_words import begin_words, seed_words
from .prediction import Prediction, PurchaseEffect, Question
from .sampling import Share

NAMED_MAX: Final = 6
"""Late machines that are named one by one."""
CAUSES: Final = {
    "link": "the network link",
    "scan": "the scan of the disks",
    "datastore": "the datastores",
    "server": "the appliance or server that receives the data",
    "people": "the people who check machines",
    "jobs": "the vault's jobs, one after another",
    WAIT: "waiting for a wave or a retry",
    DATE: "waiting for the hour of a wave",
    DECISION: "waiting for an answer at a gate",
}
"""What sets the length of a piece of the critical path."""
_BY_CHANGE: Final = (
    ("nothing changed", ("nothing", "nothing, slow line")),
    ("changes are as in the scenario", ("expected", "slow line")),
    ("everything changed", ("all", "all, slow line")),
)
"""Cases by what has changed, with full bandwidth and with half of it."""
_ALWAYS, _NEVER = "in every run of every case", "in no run of any case"
EXACT: Final = 1e-9


def sentence(found: Prediction) -> str:
    """The answer in one sentence, which can be forwarded as it is."""
    question, of = found.question, machines(len(found.question.scenario.estate.virtual_machines))
    be = "is" if of.startswith("1 ") else "are"
    fitted = question.scenario.calibration
    head = f"Simulation, {fitted}" if fitted else f"Simulation on {HEADING}"
    parts = [
        f"{head}: {begin_words(found)}, {of} {be} home by {date_words(question.by)} {chance_words(found)}",
        sure_words(found),
        seed_words(found) or f"the latest start is {start_words(found)}",
        f"the bottleneck is {bottleneck_words(found.first)}",
        best_words(found),
    ]
    return "; ".join(parts) + "."


def chance_words(found: Prediction) -> str:
    """The chance of being home in time: one share where calibrated, else a range and never a single percentage."""
    if found.calibrated:
        open_ = f"; {_fit_words(found)}" if len(found.cases) > 1 else ""
        return f"in {share_words(found.first.in_time)} runs{_by_chance(found.first.in_time)}{open_}"
    return which_words(found)


def _fit_words(found: Prediction) -> str:
    """What the error of the fit leaves open."""
    return ", ".join(f"{share_words(case.in_time)} if {case.case.words}" for case in found.cases[1:])


def _by_chance(share: Share) -> str:
    """What sampling error leaves open, where that is little enough to be worth a percentage."""
    error = error_words(share)
    return f" ({error} by sampling error alone)" if error else ""


def which_words(found: Prediction) -> str:
    """In which cases every run is in time, in which some are, and in which none is."""
    shares = {case.case.name: case.in_time.value for case in found.cases}
    if len(set(shares.values())) == 1 and set(shares.values()) <= {0.0, 1.0}:
        return _ALWAYS if shares[found.first.case.name] else _NEVER
    always = [name for name, share in shares.items() if share == 1]
    some = [name for name, share in shares.items() if 0 < share < 1]
    never = [name for name, share in shares.items() if share == 0]
    conditions = (("in every run if", always), ("in some runs if", some), ("in none if", never))
    return ", ".join(f"{intro} {_conditions(names)}" for intro, names in conditions if names)


def sure_words(found: Prediction) -> str:
    """From when on it holds as surely as was asked."""
    first, name = found.first.sure_at, found.first.case.name
    if first is None:
        return f"in the {name} case, everything comes home in fewer than {sure_percent(found.question)} of the runs"
    sentence = f"in {so_many(found)} of the {name} case everything is home by {date_words(first)}"
    if len(found.cases) == 1:
        return sentence
    last = _latest(found.cases)
    soonest = min(case.sure_at for case in found.cases if case.sure_at is not None)
    if last is not None and date_words(soonest) == date_words(last):
        return f"{sentence}, and in every other case too"
    return f"{sentence} (range over all cases: {date_words(soonest)} to {date_words(last) if last else 'never'})"


def so_many(found: Prediction) -> str:
    """So many of the runs as are wanted; of a few runs that is all of them."""
    runs = len(found.first.answers)
    if ceil(found.question.sure * runs - EXACT) < runs:
        return f"{sure_percent(found.question)} of {runs_words(found.first)}"
    return f"all {runs} runs" if runs > 1 else "the one run"


def few_words(found: Prediction) -> str:
    """What so few runs leave open, and how that compares with what the cases leave open."""
    least = found.question.runs_least
    is_few = min(len(case.answers) for case in found.cases) < least
    slowest = f"If a row has fewer than {least} runs, its slowest run stands for {sure_percent(found.question)}. "
    return f"{slowest if is_few else ''}{_spans(found)}"


def runs_words(case: CaseAnswer) -> str:
    """How many runs that is."""
    return f"{len(case.answers)} run{'' if len(case.answers) == 1 else 's'}"


def bottleneck_words(case: CaseAnswer) -> str:
    """The cause of most of the critical path of a case, and the wait for slots where that is long."""
    if not sum(case.bottleneck.values()):
        return stops_words(case)
    shown = worked_s(case)
    total_s, cause = sum(shown.values()), next(iter(case.bottleneck))
    if cause not in shown:
        return f"{CAUSES[cause]}, and nothing else"
    queue = ""
    if case.queued_s > total_s / 2:
        queue = f"; meanwhile the last machine waits {span_words(case.queued_s)} for disk slots or its wave"
    return f"{CAUSES.get(cause, cause)} ({span_words(shown[cause])} of {span_words(total_s)}{queue})"


def lever_words(found: Prediction) -> str:
    """The best single lever; where none helps, in which cases how many were tried."""
    tried = f": {len(found.bought)} tried, {not_tried_in(found)}" if found.best is None else ""
    return f"{best_words(found)}{tried}"


def worked_s(case: CaseAnswer) -> Mapping[str, float]:
    """Seconds per cause without what the plan has set, in whole minutes that add up to those of their sum."""
    return whole_minutes({cause: s for cause, s in case.bottleneck.items() if cause not in SET_BY_THE_PLAN and s})


def not_tried_in(found: Prediction) -> str:
    """In which cases the levers were tried, and that no other was."""
    tried = [case for case in found.cases if any(case.case.name in bought.sooner_s for bought in found.bought)]
    late = sum(case.in_time.value < found.question.sure for case in found.cases if case not in tried)
    only = "in that case alone" if len(tried) == 1 else f"in {len(tried)} of {len(found.cases)} cases"
    return f"{only}; not tried in {late} late case{'s' if late > 1 else ''}" if late else only


def stops_words(case: CaseAnswer) -> str:
    """What keeps machines of a case from coming home at all, most often of all reasons."""
    reason = next(iter(case.stops), "")
    rule = by_id(reason)
    sentence = f"{reason} ({rule.title})" if rule else _NO_RULES.get(reason, reason)
    return f"{sentence or 'something unnamed'}, which keeps machines from coming home at all"


_NO_RULES: Final[Mapping[str, str]] = {
    "gave_up": "a leg that never ends (`failback run` shows the health of the machines)",
}


def best_words(found: Prediction) -> str:
    """The best single lever, and where another one would be best."""
    name = found.first.case.name
    if found.best is None:
        return f"no lever helps ({name} case)"
    best, others = found.best, []
    for case in [c.case for c in found.cases[1:] if c.case.name in found.best.sooner_s]:
        other = found.best_in(case.name)
        if other is None:
            others.append(f"nothing helps if {_if(case.name)}")
        elif other.purchase != best.purchase:
            others.append(f"{other.purchase.words} if {_if(case.name)}")
    besides = f" (but {', '.join(others)})" if others else ""
    saved = [case.case.name for case in found.cases if _is_saved(found, best, case)]
    worse = " or ".join(_if(case) for case in saved if case != name)
    even = f", and then in time{f' even if {worse}' if worse else ''}" if saved else ""
    needed = "" if found.first.in_time.value < 1 else f", though the {name} case needs none"
    return f"the best single lever is {best.purchase.words}, {sooner(best, name)} sooner{even}{besides}{needed}"


def _is_saved(found: Prediction, best: PurchaseEffect, case: CaseAnswer) -> bool:
    """Whether a case is in time with it, as sure as was asked, and is not without."""
    then = best.in_time.get(case.case.name)
    return then is not None and case.in_time.value < found.question.sure <= then.value


def sooner(bought: PurchaseEffect, case: str) -> str:
    """What a purchase gains in a case; it may cost time, where more machines then share one line to the end."""
    seconds = bought.sooner_s.get(case)
    if seconds is None:
        return "never home"
    return f"{span_words(abs(seconds))}{' later' if seconds < 0 else ''}" if abs(seconds) >= 60 else "nothing"


def late_words(found: Prediction) -> list[str]:
    """Who would be late in the first case: counted per tier, the latest ones by name."""
    if not found.late:
        return ["Nobody, in any run of this case."]
    return [*_tiers(found), *(_late_words(late) for late in found.late[:NAMED_MAX])]


def share_words(share: Share) -> str:
    """So many of so many runs."""
    return f"{share.met} of {share.runs}"


POINTS_MAX: Final = 0.1
"""A share of runs is said in percent only where sampling error leaves less than this open."""


def error_words(share: Share) -> str:
    """Sampling error alone, in percent; nothing where it leaves so much open that a percentage would mislead."""
    low, high = share.interval
    return f"{percent(low)} to {percent(high)}" if high - low < POINTS_MAX else ""


def case_words(case: Case) -> str:
    """Its words; the one that the rest of the page looks at by its name too."""
    return f"{EXPECTED}: {case.words}" if case.name == EXPECTED else case.words


def percent(value: float) -> str:
    """A share in percent, never rounded to none or to all."""
    rounded = round(100 * value)
    return f"{min(99, max(1, rounded)) if 0 < value < 1 else rounded} %"


def sure_percent(question: Question) -> str:
    """How sure the dates have to be, as it was asked."""
    return f"{100 * question.sure:.6g} %"


def date_or(at: datetime | None, otherwise: str) -> str:
    """A date, or a word where there is none."""
    return otherwise if at is None else date_words(at)


def start_words(found: Prediction) -> str:
    """The latest start, and that it is too late for it where it lies before the one that was asked for."""
    late = found.latest is not None and found.latest < found.question.start
    return date_or(found.latest, "unknown, because no start that was tried is early enough") + (
        ", which is before the requested start" if late else ""
    )


def _conditions(cases: Sequence[str]) -> str:
    """What holds in these cases; the line is named only where it matters."""
    return " or ".join(filter(None, (_condition(words, set(pair) & set(cases), pair) for words, pair in _BY_CHANGE)))


def _condition(words: str, those: set[str], pair: tuple[str, str]) -> str:
    if len(those) == len(pair):
        return words
    lines = [line for name, line in zip(pair, ("full bandwidth", "half bandwidth"), strict=True) if name in those]
    return f"{words} with {lines[0]}" if lines else ""


def _spans(found: Prediction) -> str:
    """The fastest and the slowest run of the expected case, beside the fastest and the slowest case."""
    lead_s = found.question.lead_s
    runs_s = [None if a.home_s is None else a.home_s - lead_s for a in found.first.answers]
    sentence = f"Chance: the runs of the {found.first.case.name} case take {_span(runs_s)}."
    if len(found.cases) == 1:
        return f"{sentence} The error of the model comes on top."
    cases_s = [None if case.sure_s is None else case.sure_s - lead_s for case in found.cases]
    return f"{sentence} Assumptions: the cases take {_span(cases_s)}, and more runs do not narrow that."


def _span(seconds: Sequence[float | None]) -> str:
    known = [at for at in seconds if at is not None]
    if not known:
        return "for ever"
    last = span_words(max(known)) if len(known) == len(seconds) else "for ever"
    return span_words(min(known)) if span_words(min(known)) == last else f"{span_words(min(known))} to {last}"


def _latest(cases: Sequence[CaseAnswer]) -> datetime | None:
    known = [case.sure_at for case in cases]
    return None if None in known else max(at for at in known if at is not None)


def _if(case: str) -> str:
    return {"nothing": "nothing changed", "all": "everything changed"}.get(case, case)


def _tiers(found: Prediction) -> Iterator[str]:
    all_of = [vm.tier for vm in found.question.scenario.estate.virtual_machines.values()]
    late = sorted(late.tier for late in found.late)
    for tier, those in groupby(late):
        name = f" of tier {tier}" if tier else ""
        yield f"{len(list(those))} of {machines(all_of.count(tier))}{name} in at least one run"


def _late_words(late: LateMachine) -> str:
    runs = f"late in {share_words(late.runs)} runs"
    if late.late_s is None:
        return f"{late.item}: never home{f', stopped by {late.stopped_by}' if late.stopped_by else ''}"
    return f"{late.item}: {runs}, then by {span_words(late.late_s)}"
