"""The words for people: legs, phases, labels and verdicts glossed for somebody who has never seen Site Recovery."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from failback.reprotect import Operation, Phase
from failback.scenarios.files.time_zones import in_zone
from failback.scenarios.files.true_seconds import after
from failback.scenarios.run.result import Finding, ItemResult, Result

from .language import message, said
from .spans import date_parts


@dataclass(frozen=True, slots=True)
class LegWords:
    """A leg for people: its name, a gloss, a short gloss, and letters for its job and its resync."""

    name: str
    gloss: str
    short: str
    letters: str


_O, _P = Operation, Phase

LEG_WORDS: Final = {
    _O.FAILOVER: LegWords(
        "Failover",
        "The machine is started in Azure from its replica. The one on site is shut down, if it still answers.",
        "machine starts in Azure",
        "F",
    ),
    _O.COMMIT_FAILOVER: LegWords(
        "Commit failover",
        "The failover is made final: no other recovery point can be chosen after it.",
        "failover becomes final",
        "c",
    ),
    _O.REPROTECT_TO_ON_PREMISES: LegWords(
        "Reprotect to on-premises",
        "A job reverses the replication, from Azure to the site. Then the resync copies what differs. The machine "
        "keeps running in Azure, and the one on site stays off.",
        "changed data is copied home",
        "Rr",
    ),
    _O.FAILBACK: LegWords(
        "Failback",
        "The machine in Azure is shut down and the one on site is started. Meanwhile the application is down.",
        "machine moves home; application is down",
        "B",
    ),
    _O.COMMIT_FAILBACK: LegWords(
        "Commit failback",
        "The failback is made final and the machine in Azure is deleted. This cannot be undone.",
        "machine in Azure is deleted",
        "C",
    ),
    _O.REPROTECT_TO_AZURE: LegWords(
        "Reprotect to Azure",
        "A job protects the machine on site to Azure again. Then the resync copies what differs.",
        "machine is protected again",
        "Aa",
    ),
    _O.CANCEL_FAILBACK: LegWords(
        "Cancel failback",
        "A failback that is not committed yet is undone. The machine runs in Azure again.",
        "failback is undone",
        "U",
    ),
    _O.TEST_FAILOVER: LegWords(
        "Test failover",
        "A copy of the machine is started in Azure. The machine keeps running on site.",
        "test copy starts in Azure",
        "T",
    ),
    _O.CLEAN_UP_TEST: LegWords(
        "Clean up test failover", "The copy of the test is deleted.", "test copy is deleted", "t"
    ),
}

PHASE_WORDS: Final = {
    _P.REPLICATING_TO_AZURE: "runs on site, protected to Azure",
    _P.FAILING_OVER: "is being started in Azure",
    _P.FAILED_OVER: "runs in Azure, failover not committed",
    _P.COMMITTING_FAILOVER: "runs in Azure, failover being committed",
    _P.FAILOVER_COMMITTED: "runs in Azure, unprotected",
    _P.REPROTECTING_TO_ON_PREMISES: "runs in Azure, protection to the site being set up",
    _P.RESYNCING_TO_ON_PREMISES: "runs in Azure, differences being copied to the site",
    _P.REPLICATING_TO_ON_PREMISES: "runs in Azure, protected to the site",
    _P.FAILING_BACK: "is being moved home",
    _P.FAILED_BACK: "runs on site, failback not committed",
    _P.CANCELLING_FAILBACK: "is being moved back to Azure",
    _P.COMMITTING_FAILBACK: "runs on site, failback being committed",
    _P.FAILBACK_COMMITTED: "runs on site, unprotected",
    _P.REPROTECTING_TO_AZURE: "runs on site, protection to Azure being set up",
    _P.RESYNCING_TO_AZURE: "runs on site, differences being copied to Azure",
    _P.TESTING_FAILOVER: "runs on site, a test copy being started in Azure",
    _P.FAILOVER_TESTED: "runs on site, a test copy runs in Azure",
    _P.CLEANING_UP_TEST: "runs on site, the test copy being deleted",
}

LABEL_WORDS: Final = {
    "simulation": "Nothing real was touched: vault, vCenter, data and times come from a model.",
    "lab": "Real client libraries talked to a mock vault and a simulated vCenter; the times come from a model.",
    "mock": "The code for a real vault ran against a mock: nothing real was touched; the times come from a model.",
    "live": "A vault that counts as live: every request in this report was really sent to it.",
}

CHECKER_WORDS: Final = {
    "never_two_running_copies": "No machine ever ran in Azure and on site at once.",
    "never_commit_unverified": "No failback was committed before the plan's gates were opened.",
    "never_power_on_target": "No machine on site was powered on while data was written to its disks.",
    "never_ask_twice": "No request was sent twice, and no operation while another one of the same machine was running.",
    "never_mend_unasked": "Failback applied no remedy without the permission of the plan or of a person.",
    "asks_nothing_while_paused": "Nothing was requested while the run was paused, or after it was abandoned.",
    "asks_nothing_in_a_freeze": "Nothing was requested in a freeze window of the plan.",
    "every_item_ends": "Every machine reached the end of the plan, or stopped with a cause and a person who must act.",
}


def phase_words(phase: str) -> str:
    """What a phase means; a phase that nobody knows is said as it is."""
    known = next((words for at, words in PHASE_WORDS.items() if at.value == phase), None)
    return known or phase.replace("_", " ")


def h_min(seconds: float) -> str:
    """A duration as 8 h 18 min, cut to the minute as dates are; hours stay hours beyond a day, so that rows add up."""
    minutes = int(seconds // 60)
    if minutes < 60:
        return f"{minutes} min" if minutes else f"{int(seconds)} s"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def by_the_clock(start: datetime, begins_s: float, ends_s: float) -> float:
    """How long it lasts as the times beside it show it, which are cut to the minute; within one, the seconds."""
    begins, ends = ((start.second + at_s) // 60 for at_s in (begins_s, ends_s))
    return 60.0 * (ends - begins) or ends_s - begins_s


def moment(result: Result, at_s: float) -> datetime:
    """The date that a virtual second is shown as."""
    return after(in_zone(datetime.fromisoformat(result.starts_at), result.time_zone), at_s)


def date_words(at: datetime) -> str:
    """A date with its weekday, time and zone: Fri 5 Jun 2026, 18:00 UTC."""
    form = message("{weekday} {day} {month} {year}, {time} {zone}")
    return said(form, **date_parts(at), zone=at.tzname() or said("local time"))


def day_words(at: datetime) -> str:
    """Day without year, for axes: Fri 5 Jun."""
    return said("{weekday} {day} {month}", **date_parts(at))


def has_arrived(result: Result, item: ItemResult) -> bool:
    """Whether it came to the plan's end: in a run that was not interrupted, whatever is not stopped has."""
    if item.stopped_by:
        return False
    last = next((leg for leg in reversed(result.legs) if leg.item == item.name), None)
    is_home = last is not None and (last.leg, last.outcome) == (Operation.REPROTECT_TO_AZURE, "done")
    return result.verdict != "interrupted" or is_home


def verdict_words(result: Result) -> str:
    """The verdict in one short sentence."""
    stopped = sum(bool(item.stopped_by) for item in result.items)
    match result.verdict:
        case "as_expected" if stopped:
            were, it = ("was", "it") if stopped == 1 else ("were", "they")
            return f"The run ended as its scenario expects: {machines(stopped)} {were} meant to stop, and {it} did."
        case "as_expected":
            return "The run ended as its scenario expects."
        case "interrupted":
            return f"Interrupted after {h_min(result.duration_s)}: nothing is concluded."
        case _:
            return f"The run did not end as its scenario expects: {_differences(len(result.surprises))}."


def applied_words(finding: Finding) -> str:
    """What failback did about a finding by itself; nothing where somebody else did, or nobody."""
    return f"failback {finding.applied}, as the plan or the operator asked" if finding.applied else ""


def status_words(status: str) -> str:
    """The status of a finding as people read it; files keep the word that they have always had."""
    return {"mended": "fixed", "noticed": "warning"}.get(status, status)


def machines(count: int) -> str:
    """How many machines."""
    return said("{n} machine" if count == 1 else "{n} machines", n=f"{count:,}")


def counted(count: int, noun: str, plural: str = "") -> str:
    """How many: 1 template, 2 templates. `plural` where it is not the noun with an s."""
    return f"{count:,} {noun if count == 1 else plural or f'{noun}s'}"


def _differences(count: int) -> str:
    return "one thing differs" if count == 1 else f"{count} things differ"


OPERATION_WORDS: Final[Mapping[Operation, str]] = {
    _O.FAILOVER: "failover",
    _O.COMMIT_FAILOVER: "commit of the failover",
    _O.REPROTECT_TO_ON_PREMISES: "reprotect to on-premises",
    _O.FAILBACK: "failback",
    _O.COMMIT_FAILBACK: "commit of the failback",
    _O.REPROTECT_TO_AZURE: "reprotect to Azure",
    _O.CANCEL_FAILBACK: "cancelling of the failback",
    _O.TEST_FAILOVER: "test failover",
    _O.CLEAN_UP_TEST: "clean-up of the test failover",
}
"""Each operation, as a sentence names it."""
