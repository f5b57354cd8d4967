"""Rules of a leg that the check found met for all of its machines: nobody has to look at them again."""

from collections.abc import Iterable, Iterator, Sequence

from failback.reprotect import Holds, Requirement, applies, settled_by
from failback.scenarios.files.schema import Scenario
from failback.scenarios.judging.check import Report


def met_rules(report: Report, rules: Sequence[Requirement], items: Iterable[str]) -> Iterator[Requirement]:
    """Those of `rules` without any finding that were asked about each machine, or are settled to hold for none.

    Not those of which facts from before the reprotect say nothing.
    """
    by_name = {one.item: one for one in report.items}
    machines = [by_name[item] for item in items]
    ahead = any(machine.reprotect_ahead for machine in machines)
    found = {finding.rule for machine in machines for finding in machine.findings}
    settled = settled_by(report.estate)
    kinds = {one.item: report.estate.virtual_machines[one.item].architecture for one in machines}
    for row in rules:
        if row.id in found or (ahead and row.after_reprotect):
            continue
        unasked = {kinds[one.item] for one in machines if row.id not in one.rules}
        if all(applies(row, kind, settled).answer is Holds.NO for kind in unasked):
            yield row


def facts_of_words(scenario: Scenario) -> str:
    """Of when the facts are that the check judged: the days that the files of an import name."""
    days = sorted({file.dated[:10] for file in scenario.estate_files if file.dated})
    if not days:
        return "the estate file, which has no date"
    return f"facts of {days[0]}" if len(days) == 1 else f"facts of {days[0]} to {days[-1]}"
