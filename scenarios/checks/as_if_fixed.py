"""An estate as if the findings that block had been fixed.

There are no rules in here. After a repair the check says what to write into the file: that is written, or what the
table of remedies carries out is done. Then the check is asked again, and says whether the finding is gone.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from failback.reprotect import Act, Estate, FactRead, RemedyTarget, known, with_value
from failback.scenarios.files.schema import Scenario
from failback.scenarios.judging.check import CheckedMachine, Report, Status, check_estate

from .again import value_after
from .told import ToldCause, facts_blamed, told_causes

_ROUNDS_MAX: Final = 4
"""What stands behind a finding that is fixed shows in the next round; a machine with more of it counts as blocked."""


@dataclass(frozen=True, slots=True)
class AsIfFixed:
    """The scenario with what blocks fixed, the causes that are gone by that, and those that still block."""

    scenario: Scenario
    fixed: tuple[ToldCause, ...]
    left: tuple[ToldCause, ...]


def as_if_fixed(scenario: Scenario) -> AsIfFixed:
    """Fix what can be, round by round. What still blocks although it was written stays as it is."""
    futile: frozenset[str] = frozenset()
    while True:
        made, written = _fixed(scenario, futile)
        still = frozenset(told.cause.id for told in made.left) & written
        if not still:
            return made
        futile |= still


def _fixed(scenario: Scenario, futile: frozenset[str]) -> tuple[AsIfFixed, frozenset[str]]:
    """With the ids of the causes for which something was written."""
    estate, done = scenario.estate, dict[str, ToldCause]()
    report = check_estate(estate, scenario.plan)
    for _ in range(_ROUNDS_MAX):
        before = estate
        for told in _blocking(report):
            changed = estate if told.cause.id in futile else _without(estate, report, told)
            if changed is not estate:
                estate, done[told.cause.id] = changed, told
        if estate is before:
            break
        report = check_estate(estate, scenario.plan)
    left = _blocking(report)
    gone = tuple(told for cause, told in done.items() if cause not in {each.cause.id for each in left})
    return AsIfFixed(replace(scenario, estate=estate), gone, left), frozenset(done)


def _blocking(report: Report) -> tuple[ToldCause, ...]:
    return told_causes(replace(report, items=tuple(map(_blocked, report.items))))


def _blocked(one: CheckedMachine) -> CheckedMachine:
    return replace(one, findings=one.of(Status.BLOCKS))


def _without(estate: Estate, report: Report, told: ToldCause) -> Estate:
    """The estate without this cause, as far as the texts and the table of remedies say how; else the same object."""
    written = estate
    for fact, value in _values(report, told):
        written = with_value(written, fact, value)
    if written is estate:
        for target in told.remedy_targets:
            written = _DONE.get(target.remedy.act, _not_done)(written, target)
    return written


def _values(report: Report, told: ToldCause) -> Iterator[tuple[FactRead, object]]:
    """The facts at fault of each object, with what is written for them after the repair."""
    if report.defaults is None:
        return
    for each in {one.object: one for one in told.cause.observed}.values():
        choices = report.defaults.choose(each.item, told.operation)
        for fact in facts_blamed(report.estate, told.requirement, each.item, each.object, choices):
            value = value_after(told, fact)
            if value is not None:
                yield fact, value


def _mounted(estate: Estate, target: RemedyTarget) -> Estate:
    host = estate.hosts.get(target.beside or "")
    if host is None or not known(host.datastores):
        return estate
    read_only = host.read_only_datastores
    if known(read_only):
        read_only = tuple(name for name in read_only or () if name != target.object)
    stores = tuple(dict.fromkeys((*host.mounted, target.object)))
    new = replace(host, datastores=stores, read_only_datastores=read_only)
    return replace(estate, hosts={**estate.hosts, host.name: new})


def _not_done(estate: Estate, _target: RemedyTarget) -> Estate:
    return estate


_Done: TypeAlias = Callable[[Estate, RemedyTarget], Estate]
_DONE: Final[Mapping[Act, _Done]] = {Act.MOUNT_DATASTORE: _mounted}
"""What an act leaves behind, where no fact at fault says it: a list lacks an entry."""
