"""What a check says of a rule that was asked for by name and has no finding: why there is none."""

from collections.abc import Collection, Iterator, Sequence

from failback.reprotect import OWN_FILE, Requirement, by_id, filled_in_general, look_at_step
from failback.scenarios.judging.check import Report

from .told import ToldCause, in_vault


def no_finding_lines(report: Report, rules: Collection[str], told: Sequence[ToldCause]) -> Iterator[str]:
    """A line for each of `rules` of which nothing was found."""
    found = {each.cause.rule for each in told}
    for rule in dict.fromkeys(rules):
        row = by_id(rule)
        if row is not None and rule not in found:
            yield f"{rule} ({row.title}): {_why(report, row)}"


def _why(report: Report, row: Requirement) -> str:
    if not any(row.id in one.rules for one in report.items):
        return "not asked of these machines: it is about another architecture, or about a step behind them."
    if (row.after_reprotect or row.of_target) and any(one.reprotect_ahead for one in report.items):
        look = filled_in_general(look_at_step(row.id), row).replace(OWN_FILE, report.file or OWN_FILE)
        return (
            f"can be known only after the reprotect has begun, and is looked up then: {in_vault(look, report.vault)}."
        )
    return "nothing was found."
