"""The dated answer in words: one sentence, and the rows of its page."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Final

from .assumptions import HEADING
from .plain_words import date_words, h_mm, machines
from .predict import Bought, CaseAnswer, Late, Prediction
from .sampling import Share

NAMED_MAX: Final = 6
"""Late machines that are named one by one."""
CAUSES: Final = {
    "link": "the line",
    "scan": "the scan of the disks",
    "datastore": "the datastores",
    "server": "the appliance or server that receives the data",
    "people": "the people who check machines",
    "jobs": "the vault's jobs, one after the other",
    "wait": "waiting for a wave, a gate or a retry",
}
"""What sets the length of a piece of the critical path."""


def sentence(found: Prediction) -> str:
    """The answer in one sentence, which can be forwarded as it is."""
    asked, of = found.asked, machines(len(found.asked.scenario.estate.virtual_machines))
    be = "is" if of.startswith("1 ") else "are"
    head = f"Simulation, {asked.scenario.calibration}" if found.calibrated else f"Simulation on {HEADING}"
    parts = [
        f"{head}: begun on {date_words(asked.start)}, {of} {be} home by {date_words(asked.by)} {chance_words(found)}",
        sure_words(found),
        f"the latest start for that is {_start(found)}",
        f"what binds is {binds_words(found)}",
        best_words(found),
    ]
    return "; ".join(parts) + "."


def chance_words(found: Prediction) -> str:
    """The chance of being home in time: one share where calibrated, else a range and never a single percentage."""
    if found.calibrated:
        low, high = found.first.in_time.interval
        told = f"in {percent(found.first.in_time.value)} of the runs"
        return f"{told} (between {percent(low)} and {percent(high)} by sampling error alone)"
    shares = [case.in_time.value for case in found.cases]
    low, high = min(shares), max(shares)
    if high == 0:
        return "in no run of any case"
    if low == 1:
        return "in every run of every case"
    low, high = found.first.in_time.interval if low == high else (low, high)
    return f"in {percent(low)} to {percent(high)} of the runs, depending on what differs and on the line"


def sure_words(found: Prediction) -> str:
    """From when on it holds as surely as was asked."""
    first, sure = found.first.sure_at, f"{found.asked.sure:.0%}".replace("%", " %")
    if first is None:
        return f"{sure} of the runs never bring all home"
    if found.calibrated:
        return f"{sure} sure only from {date_words(first)}"
    last = _latest(found.cases)
    soonest = min(case.sure_at for case in found.cases if case.sure_at is not None)
    span = f"from {date_words(soonest)} to {date_words(last) if last else 'never'}"
    return f"{sure} of the runs of the expected case have all home by {date_words(first)} (over the cases: {span})"


def binds_words(found: Prediction) -> str:
    """The cause of most of the critical path, and the line for slots where that is long."""
    total_s = sum(found.binds.values())
    if not total_s:
        return "whatever keeps machines from coming home at all"
    cause, seconds = next(iter(found.binds.items()))
    queue = ""
    if found.queued_s > total_s / 2:
        queue = f", with the last machine in line for disk slots or its wave for {h_mm(found.queued_s)}"
    return f"{CAUSES.get(cause, cause)} ({h_mm(seconds)} of {h_mm(total_s)}{queue})"


def best_words(found: Prediction) -> str:
    """The best single purchase, and where another one would be best."""
    name = found.first.case.name
    if found.best is None:
        return "no single purchase that was tried helps"
    best, others = found.best, []
    for case in [c.case for c in found.cases[1:] if c.case.name in found.best.sooner_s]:
        other = found.best_in(case.name)
        if other is None:
            others.append(f"nothing helps if {_if(case.name)}")
        elif other.purchase != best.purchase:
            others.append(f"{other.purchase.words} if {_if(case.name)}")
    besides = f" (but {', '.join(others)})" if others else ""
    needed = "" if found.first.in_time.value < 1 else ", though none is needed"
    return f"the best single purchase is {best.purchase.words}, {sooner(best, name)} sooner{besides}{needed}"


def sooner(bought: Bought, case: str) -> str:
    """What a purchase gains in a case."""
    seconds = bought.sooner_s.get(case)
    if seconds is None:
        return "never home"
    return f"{'-' if seconds < -60 else ''}{h_mm(abs(seconds))}" if abs(seconds) >= 60 else "nothing"


def late_words(found: Prediction) -> list[str]:
    """Who would be late in the first case: counted per tier, the latest ones by name."""
    if not found.late:
        return ["Nobody, in any run of this case."]
    return [*_tiers(found), *(_late_words(late) for late in found.late[:NAMED_MAX])]


def share_words(said: Share) -> str:
    """So many of so many runs."""
    return f"{said.met} of {said.runs}"


def error_words(said: Share) -> str:
    """Sampling error alone."""
    low, high = said.interval
    return f"{percent(low)} to {percent(high)}"


def percent(value: float) -> str:
    """A share in percent, never rounded to none or to all."""
    rounded = round(100 * value)
    return f"{min(99, max(1, rounded)) if 0 < value < 1 else rounded} %"


def date_or(at: datetime | None, otherwise: str) -> str:
    """A date, or a word where there is none."""
    return otherwise if at is None else date_words(at)


def _start(found: Prediction) -> str:
    return date_or(found.latest, "not to be found")


def _latest(cases: Sequence[CaseAnswer]) -> datetime | None:
    known = [case.sure_at for case in cases]
    return None if None in known else max(at for at in known if at is not None)


def _if(case: str) -> str:
    return {"nothing": "nothing changed", "all": "everything changed"}.get(case, case)


def _tiers(found: Prediction) -> Iterator[str]:
    all_of = [vm.tier for vm in found.asked.scenario.estate.virtual_machines.values()]
    late = sorted(late.tier for late in found.late)
    for tier, those in groupby(late):
        name = f" of tier {tier}" if tier else ""
        yield f"{len(list(those))} of {machines(all_of.count(tier))}{name} in at least one run"


def _late_words(late: Late) -> str:
    runs = f"late in {share_words(late.runs)} runs"
    if late.late_s is None:
        return f"{late.item}: never home{f', stopped by {late.stopped_by}' if late.stopped_by else ''}"
    return f"{late.item}: {runs}, then by {h_mm(late.late_s)}"
