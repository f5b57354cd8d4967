"""The numbers behind the answer of a check, and what somebody accepts."""

from collections.abc import Iterator

from failback.scenarios.judging.check import Readiness, Report, Status
from failback.scenarios.judging.judged import coverage_words, judged_of
from failback.scenarios.text.plain_words import machines

from .accept import Accepted
from .told import ToldCause


def summary_lines(report: Report, accepted: Accepted | None, *, unknown_blocks: bool) -> Iterator[str]:
    """The numbers behind the answer, what was judged among them."""
    yield from _summary(report, unknown_blocks=unknown_blocks)
    yield from accepted_summary(accepted)


def _summary(report: Report, *, unknown_blocks: bool) -> Iterator[str]:
    stopped = sum(bool(item.of(Status.BLOCKS)) for item in report.items)
    stopping = len({finding.rule for finding in report.of(Status.BLOCKS)})
    if stopped:
        stop = "1 rule stops" if stopping == 1 else f"{stopping} rules stop"
        it_is, them = ("it is", "it") if stopped == 1 else ("they are", "them")
        yield f"{machines(stopped)} of {len(report.items)} cannot come home as {it_is}; {stop} {them}."
    if losing := tuple(item for item in report.items if item.of(Status.BEFORE_RETURN)):
        rules = ", ".join(dict.fromkeys(finding.rule for finding in report.of(Status.BEFORE_RETURN)))
        yield f"Data of {machines(len(losing))} is lost if nobody acts before the return ({rules})."
    if report.open_now:
        of = f"{len(report.open_now)} of the {len(report.rules)} rules that could block a machine"
        is_said = report.readiness is not Readiness.NOT_READY  # by the headline
        what = "The unknown facts concern" if is_said else f"{of} cannot be judged because facts are unknown, for"
        yield f"{what} {machines(len(report.open_machines))} of {len(report.items)}."
    if report.later:
        rules = "1 rule" if len(report.later) == 1 else f"{len(report.later)} rules"
        yield f"{rules} can be judged only after the reprotect: {', '.join(sorted(report.later))}."
    if report.unsure and unknown_blocks:
        apart = ", but not those that can be known only after the reprotect" if report.later else ""
        yield f"Unknown facts count as blockers (--unknown-blocks){apart}."
    yield coverage_words(judged_of(report))


def accepted_summary(accepted: Accepted | None) -> Iterator[str]:
    """How many findings somebody accepts."""
    if accepted is not None and accepted.covered:
        covered = len(accepted.covered)
        yield f"{covered:,} finding{'s are' if covered > 1 else ' is'} accepted (--accept); a run does not know of it."


def accepted_lines(told: ToldCause, accepted: Accepted | None) -> Iterator[tuple[str, str]]:
    """Who accepts how much of it, until when and why."""
    for entry, count in accepted.of(told).items() if accepted else ():
        of = f"{count:,} of {len(told.cause.observed):,}"
        yield "accepted", f"{of}, by {entry.name} until {entry.expires.isoformat()}: {entry.reason}"
