"""Whether a run ends as the check says, machine by machine, and how often each rule was broken and met meanwhile."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import yaml

from failback.reprotect import DISKS_MAX, Architecture, Estate, Standing, Unknown, own_disks, parse_readings
from failback.reprotect.assessment.begun import reprotect_runs
from failback.reprotect.phases import phase_row
from failback.scenarios import Scenario, play
from failback.scenarios.checks.command import CheckRequest, check_located
from failback.scenarios.files.lint import LEFT_TO_RULES
from failback.scenarios.files.loader import Located, load_located
from failback.scenarios.judging.check import CheckedMachine, Report

ALL_OR_NONE: Final = "R07"
"""The rule by which a replication group stops whose mate is stopped."""
SLOTS: Final = {Architecture.CLASSIC: "M03", Architecture.MODERNISED: "A02"}
"""The rule by which a machine stops that waits for disk slots which nobody gives back."""
Wrong = tuple[str, str, tuple[str, ...], str]


def _written_out(_: object, __: object) -> bool:
    """What several parts of a drawn estate share is written for each: a reader refuses many aliases."""
    return True


_DUMPER: Final[Any] = type(
    "_Dumper", (getattr(yaml, "CSafeDumper", yaml.SafeDumper),), {"ignore_aliases": _written_out}
)


@dataclass(frozen=True, slots=True)
class Seen:
    """Counts by architecture and rule, or by architecture and class of a machine."""

    broken: Counter[tuple[str, str]] = field(default_factory=Counter)
    met: Counter[tuple[str, str]] = field(default_factory=Counter)
    stopped: Counter[tuple[str, str]] = field(default_factory=Counter)
    standings: Counter[tuple[str, str]] = field(default_factory=Counter)

    def note(self, architecture: str, machine: CheckedMachine, standing: Standing, stopped_by: str) -> None:
        broken = {f.rule for f in machine.findings if f.can_block and f.blockers}
        unsure = {f.rule for f in machine.findings if f.gaps}
        self.broken.update((architecture, rule) for rule in broken)
        self.met.update((architecture, rule) for rule in machine.rules - broken - unsure)
        self.stopped.update([(architecture, stopped_by)])
        self.standings.update([(architecture, standing.value)])


def disagreements(drawn: Mapping[str, Any], where: Path, readings: Sequence[str], seen: Seen) -> list[Wrong]:
    """Machines of which the check said something else than the run did; what is undecided says nothing."""
    located = located_of(drawn, where)
    report = check_located(located, CheckRequest("drawn", readings=readings)).report
    estate = replace(located.scenario.estate, readings=parse_readings(readings))
    return [] if report.refused else list(_compared(report, replace(located.scenario, estate=estate), seen))


def located_of(drawn: Mapping[str, Any], where: Path) -> Located:
    """The scenario, as a file of it is read."""
    path = where / "drawn.yaml"
    path.write_text(yaml.dump(drawn, Dumper=_DUMPER), encoding="utf-8")
    return load_located(path, LEFT_TO_RULES)


def report_of(drawn: Mapping[str, Any], where: Path, readings: Sequence[str] = ()) -> Report:
    """What a check says of it."""
    return check_located(located_of(drawn, where), CheckRequest("drawn", readings=readings)).report


def _compared(report: Report, scenario: Scenario, seen: Seen) -> Iterator[Wrong]:
    machines = {machine.item: machine for machine in report.items}
    for item in play(scenario).items:
        outlook = report.outlooks[item.name]
        architecture = scenario.estate.virtual_machines[item.name].architecture.value
        seen.note(architecture, machines[item.name], outlook.standing, item.stopped_by)
        if outlook.standing is Standing.UNDECIDED:
            continue
        stops = outlook.standing is Standing.BLOCKED
        named = item.stopped_by in culprits(report, scenario.estate, item.name) if stops else not item.stopped_by
        if not named:
            yield item.name, outlook.standing.value, outlook.because, item.stopped_by


def culprits(report: Report, estate: Estate, name: str) -> frozenset[str]:
    """The rules that may stop this machine: those for itself, or for somebody with whom it falls, that are not met.

    So may those for which another keeps slots of which there are too few, if it has none yet, or the lack of them.
    """
    machines = {machine.item: machine for machine in report.items}
    found, new = set[str](), {name}
    while new:
        found |= new
        new = {mate for each in new for mate in _with(report, estate, each)} - found
    mine = {f.rule for each in found for f in machines[each].findings if f.can_block}
    comes = (Standing.READY, Standing.CLEARS)
    falls = any(report.outlooks[mate].standing not in comes for mate in _group(estate, name) if mate != name)
    keepers = [mate for mate in _beside(report, name) if report.outlooks[mate].holds is not False]
    stuck = [mate for mate in keepers if report.outlooks[mate].stuck is not False]
    theirs = {f.rule for mate in stuck for f in machines[mate].findings if f.can_block}
    slots = {SLOTS[estate.virtual_machines[name].architecture]} if keepers else set()
    return frozenset(mine | ({ALL_OR_NONE} if falls else set()) | slots | theirs)


def _beside(report: Report, name: str) -> tuple[str, ...]:
    """The others that return through its master target or appliance, if that has too few slots and it has none yet."""
    through, vm = report.estate.returning_through, report.estate.virtual_machines[name]
    assert not isinstance(through, Unknown)
    target = through.get(name, "")
    server = report.estate.master_targets.get(target) or report.estate.appliances.get(target)
    disks = report.estate.ledger.load(target).disks
    has_slots = phase_row(vm.at).holds_slots and not reprotect_runs(vm)
    if server is None or has_slots or own_disks(report.estate, server) + disks <= DISKS_MAX:
        return ()
    return tuple(mate for mate, other in through.items() if mate != name and other == target)


def _with(report: Report, estate: Estate, name: str) -> Iterator[str]:
    """Its mates in group, recovery plan and entry (`together`), and whom the check itself names."""
    yield from (why.removeprefix("with ") for why in report.outlooks[name].because if why.startswith("with "))
    yield from _group(estate, name)
    for plan in estate.recovery_plans.values():
        members = [member for names in plan.groups for member in names]
        yield from members if name in members else ()
    yield from (mate for entry in report.plan.together if name in entry.items for mate in entry.items)


def _group(estate: Estate, name: str) -> tuple[str, ...]:
    group = estate.replication_groups.get(estate.virtual_machines[name].replication_group or "")
    return group.items if group else ()
