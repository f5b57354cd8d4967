"""Rules of a leg that the check found met for all of its machines: nobody has to look at them again."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from failback.reprotect import FactRead, Holds, RequestDefaults, Requirement, applies, facts_read, settled_by
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


def taken_for_granted(scenario: Scenario, report: Report, row: Requirement, item: str) -> bool:
    """Whether no file of the import tells any fact on which the rule looks of this machine, so that each is a default.

    What a scenario without an import says was written by somebody. Facts of disks come with the disks.
    """
    told, choose = scenario.imported_facts, (report.defaults or RequestDefaults(scenario.estate, scenario.plan)).choose
    if not told:
        return False
    operations = dict.fromkeys(point.operation for point in row.where)
    asked = (facts_read(row.predicate, scenario.estate, item, choose(item, each)) for each in operations)
    read = [fact for facts in asked for fact in facts]
    return bool(read) and not any(_is_told(fact, told) for fact in read)


def _is_told(fact: FactRead, told: Mapping[str, Mapping[str, str]]) -> bool:
    key = fact.key.partition(".")[0]
    return key == "disks" or key in told.get(fact.section, {}) or fact.key in told.get(fact.section, {})


def facts_of_words(scenario: Scenario) -> str:
    """Of when the facts are that the check judged: the days that the files of an import name."""
    days = sorted({file.dated[:10] for file in scenario.estate_files if file.dated})
    if not days:
        return "the estate file, which has no date"
    return f"facts of {days[0]}" if len(days) == 1 else f"facts of {days[0]} to {days[-1]}"
