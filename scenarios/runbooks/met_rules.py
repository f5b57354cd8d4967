"""Rules of a leg that the check found met for all of its machines: nobody has to look at them again.

Not those whose fact an earlier leg of the plan makes anew: what the check saw of it is past by then.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from failback.reprotect import LEGS, Holds, Operation, Requirement, applies, end_of, remade_before, settled_by
from failback.scenarios.files.schema import Scenario
from failback.scenarios.judging.check import Report
from failback.scenarios.outcomes.taken_for_granted import is_on_site

_IN_AZURE: Final = end_of(Operation.COMMIT_FAILOVER)
"""Where a machine stands of which an estate says what is so in Azure, and not that it is there."""


def met_rules(report: Report, rules: Sequence[Requirement], items: Iterable[str]) -> Iterator[Requirement]:
    """Those of `rules` without any finding that were asked about each machine, or are settled to hold for none."""
    by_name = {one.item: one for one in report.items}
    machines = [by_name[item] for item in items]
    found = {finding.rule for machine in machines for finding in machine.findings}
    settled = settled_by(report.estate)
    kinds = {one.item: report.estate.virtual_machines[one.item].architecture for one in machines}
    for row in rules:
        if row.id in found:
            continue
        unasked = {kinds[one.item] for one in machines if row.id not in one.rules}
        if all(applies(row, kind, settled).answer is Holds.NO for kind in unasked):
            yield row


def remade_rules(
    scenario: Scenario, waiting: Collection[str], rules: Iterable[Requirement], leg: Operation, items: Iterable[str]
) -> Mapping[str, Operation]:
    """Rule -> the last leg that makes its fact anew, for one of these machines or more, before it is looked at here.

    `waiting`: machines whose failover lies ahead and is taken for granted.
    """
    machines = [scenario.estate.virtual_machines[item] for item in items]
    seen_in = {vm.name: _IN_AZURE if is_on_site(vm.at) and vm.name not in waiting else vm.at for vm in machines}
    made = {row.id: [remade_before(row, vm, seen_in[vm.name], leg) for vm in machines] for row in rules}
    return {rule: max(filter(None, legs), key=LEGS.index) for rule, legs in made.items() if any(legs)}


def facts_of_words(scenario: Scenario) -> str:
    """Of when the facts are that the check judged: the days that the files of an import name."""
    days = sorted({file.dated[:10] for file in scenario.estate_files if file.dated})
    if not days:
        return "the estate file, which has no date"
    return f"facts of {days[0]}" if len(days) == 1 else f"facts of {days[0]} to {days[-1]}"
