"""Reads a run's history as it happens and says at the end whether it went as its scenario expects."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from failback.reprotect import (
    DECIMALS,
    Act,
    Checkers,
    Drill,
    ItemDrill,
    Line,
    Operation,
    Stage,
    by_id,
    did,
    rule_behind,
)
from failback.reprotect.driver import LegReader
from failback.scenarios.files.schema import Scenario, ending_of
from failback.scenarios.judging.check import Report, check_estate
from failback.scenarios.judging.judged import alike, judged_of
from failback.scenarios.judging.passed_over import passed_over_words

from .culprits import Culprits
from .notices import NOTICED, Health, notices
from .result import Finding, ItemResult, Result
from .shared_uuids import SharedUuids, judged_twins

STOPPED: Final = "stopped"
UNJUDGED: Final = "unjudged"
"""The verdict of a run that nobody judged; it stands in no file."""
_FAILURES: Final = ("JobFailed", "Refused")


class _Place(NamedTuple):
    """Where a rule bit: what was asked, of which item."""

    asked: Operation
    item: str
    rule: str


class Judge:
    """Hears every line; gives the result."""

    def __init__(self, scenario: Scenario, label: str, world: str, versions: dict[str, str]) -> None:
        self._scenario, self._label, self._world, self._versions = scenario, label, world, versions
        self._legs = LegReader()
        self._checkers = Checkers(scenario.plan)
        self._health = Health()
        self._shared_uuids = SharedUuids(scenario.estate.virtual_machines)
        self._culprits = Culprits(scenario)
        self._stopped_s: dict[str, float] = {}
        self._findings: dict[_Place, Finding] = {}
        self._places_of: defaultdict[str, list[_Place]] = defaultdict(list)
        self._remedies: dict[str, str] = {}
        self._listeners = self._listeners_by_line()

    def on_line(self, line: Line) -> None:
        """Learn from one line. Instants are rounded alike in every world, also where a history keeps them exact."""
        if (t_s := round(line.t_s, DECIMALS)) != line.t_s:
            line = replace(line, t_s=t_s)
        for on_line in self._listeners.get(line.name, ()):
            on_line(line)

    def _listeners_by_line(self) -> Mapping[str, tuple[Callable[[Line], None], ...]]:
        """By the name of a line who learns from it: most lines concern few."""
        ours: dict[str, Callable[[Line], None]] = {
            "Decided": self._decided,
            "StartOperation": self._asked,
            "ApplyRemedy": self._sent,
            "RemedyApplied": self._applied,
            "JobSucceeded": self._fixed,
            **dict.fromkeys(_FAILURES, self._failed),
        }
        others = (self._legs, self._checkers, self._health, self._shared_uuids)
        names = {*ours, *(name for other in others for name in other.listens_to)}
        return {
            name: (*(o.on_line for o in others if name in o.listens_to), *((ours[name],) if name in ours else ()))
            for name in names
        }

    def result(self, drill: Drill, now_s: float, *, interrupted: bool = False) -> Result:
        """The result as things stand."""
        items = tuple(_item_result(state) for state in drill.items.values())
        return self.build_result(items, tuple(self._stops(drill, now_s)), now_s, interrupted=interrupted)

    def build_result(
        self, items: tuple[ItemResult, ...], stops: tuple[Finding, ...], now_s: float, *, interrupted: bool
    ) -> Result:
        """The result, for those who know by themselves where the items stand and what has stopped them.

        A stop that no failed job announced (split brain, drift, a gate answered with no) is a finding too.
        """
        announced = {(place.rule, place.item) for place in self._findings}
        report = check_estate(self._scenario.estate, self._scenario.plan)
        new = tuple(stop for stop in stops if (stop.rule, stop.item) not in announced)
        findings, judged = self._all_findings(new, report), judged_of(report)
        checkers = self._checkers.violations(interrupted=interrupted)
        surprises = (*self._surprises(items, findings), *self._checker_surprises(checkers))
        as_expected = "otherwise" if surprises else "as_expected"
        return Result(
            self._label,
            self._scenario.name,
            self._scenario.title,
            self._world,
            self._scenario.seed,
            "interrupted" if interrupted else as_expected,
            now_s,
            self._scenario.starts_at.isoformat(),
            items,
            tuple(self._legs.legs),
            findings,
            checkers,
            surprises,
            self._versions,
            judged=judged.by_rule(),
            judged_alike=alike(judged.machines),
            judged_machines=judged.machines,
            not_exercised=self._checkers.not_exercised(interrupted=interrupted),
            passed_over=passed_over_words(report.passed_over),
            file=self._scenario.file,
            estate_file=self._scenario.estate_file,
            time_zone=self._scenario.time_zone,
        )

    def _decided(self, line: Line) -> None:
        if line.data["what"] == STOPPED:
            self._stopped_s[str(line.item)] = line.t_s

    def _asked(self, line: Line) -> None:
        self._culprits.asked(str(line.item), line.data["choices"])

    def _sent(self, line: Line) -> None:
        sent = line.data
        self._remedies[sent["key"]] = did(Act(sent["act"]), sent["object"], sent["beside"])

    def _failed(self, line: Line) -> None:
        failure = line.data["failure"] if line.name == "JobFailed" else line.data
        rule = rule_behind(failure["code"], failure.get("possible_causes", ""))
        subject = str(line.data["subject"])
        finding = Finding(
            rule.id if rule else failure["code"],
            self._culprits.of(rule, subject, failure["message"]),
            subject,
            rule.stage.value if rule else "job",
            "stopped",
            failure["message"],
            (rule.remedy if rule else "") or failure.get("recommended_action", ""),
            line.t_s,
        )
        self._add(Operation(line.data["operation"]), finding)

    def _add(self, asked: Operation, finding: Finding) -> None:
        """A rule that bites the same item again is one finding, seen once more."""
        place = _Place(asked, finding.item, finding.rule)
        if (found := self._findings.get(place)) is None:
            self._places_of[finding.item].append(place)
        self._findings[place] = finding if found is None else replace(found, times=found.times + 1)

    def _applied(self, line: Line) -> None:
        """What we did stands at the last finding of its rule; where it was so already, nothing was done."""
        if line.data["already"]:
            return
        bitten = [place for place in self._places_of.get(str(line.item), ()) if place.rule == line.data["rule"]]
        for place in bitten[-1:]:
            applied = self._remedies.get(line.data["key"], "")
            self._findings[place] = replace(self._findings[place], applied=applied)

    def _fixed(self, line: Line) -> None:
        subject, operation = str(line.data["subject"]), Operation(line.data["operation"])
        for place in self._places_of.get(subject, ()):
            if place.asked is operation:
                self._findings[place] = replace(self._findings[place], status="mended")

    def _all_findings(self, stops: tuple[Finding, ...], report: Report) -> tuple[Finding, ...]:
        """What stopped nobody is told last: health errors, advice, work before or after the return."""
        bitten = (*self._findings.values(), *stops)
        known = {(found.rule, found.item) for found in bitten}
        health = self._health.findings(self._culprits.of)
        shared = self._shared_uuids.findings(NOTICED, judged_twins(report))
        noticed = (*health, *notices(report), *shared)
        return (*bitten, *(notice for notice in noticed if (notice.rule, notice.item) not in known))

    def _stops(self, drill: Drill, now_s: float) -> Iterator[Finding]:
        for state in drill.items.values():
            if state.stopped is not None:
                yield self._stop_finding(state, self._stopped_s.get(state.item, now_s))

    def _stop_finding(self, state: ItemDrill, now_s: float) -> Finding:
        """About the machine, or about the object by whose rule its health was bad."""
        assert state.stopped is not None
        stop, rule = state.stopped, by_id(state.stopped.reason)
        stage, remedy = (Stage.REPLICATION.value, rule.remedy) if rule else ("drill", stop.remedy)
        name = self._culprits.of(rule or self._health.rule_of(state.item), state.item)
        return Finding(stop.reason, name, state.item, stage, STOPPED, stop.message, remedy, round(now_s, 6))

    def _surprises(self, items: tuple[ItemResult, ...], findings: tuple[Finding, ...]) -> tuple[str, ...]:
        expect, surprises = self._scenario.expect, []
        for item in items:
            wanted = ending_of(self._scenario, item.name).value
            if (STOPPED if item.stopped_by else item.phase) != wanted:
                surprises.append(f"{item.name} ended {_ending(item)}; expected {wanted}")
            rule = expect.stopped_by.get(item.name, item.stopped_by)
            if item.stopped_by != rule:
                surprises.append(f"{item.name} was stopped by {item.stopped_by or 'nothing'}; expected {rule}")
        seen = {found.rule for found in findings}
        return (
            *surprises,
            *(f"finding {rule} was expected but did not occur" for rule in expect.findings if rule not in seen),
        )

    def _checker_surprises(self, checkers: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
        expected = self._scenario.expect.violations
        found = (
            f"checker {name}: {violation}"
            for name, violations in checkers.items()
            if name not in expected
            for violation in violations
        )
        missing = (
            f"checker {name} was expected to find something and did not" for name in expected if not checkers.get(name)
        )
        return (*found, *missing)


class Unjudged:
    """Keeps the legs and where items stand: for the many runs of a study, of which nobody reads a verdict."""

    listens_to = LegReader.listens_to

    def __init__(self, scenario: Scenario, label: str, world: str, versions: dict[str, str]) -> None:
        self._scenario, self._told = scenario, (label, scenario.name, scenario.title, world, scenario.seed)
        self._legs, self._versions = LegReader(), versions

    def on_line(self, line: Line) -> None:
        """Learn from one line."""
        if line.name in self.listens_to:
            self._legs.on_line(line if (t_s := round(line.t_s, DECIMALS)) == line.t_s else replace(line, t_s=t_s))

    def result(self, drill: Drill, now_s: float, *, interrupted: bool = False) -> Result:
        """The result without findings, checkers and surprises."""
        verdict = "interrupted" if interrupted else UNJUDGED
        items = tuple(_item_result(state) for state in drill.items.values())
        starts_at, legs = self._scenario.starts_at.isoformat(), tuple(self._legs.legs)
        return Result(*self._told, verdict, now_s, starts_at, items, legs, (), {}, (), self._versions)


def _ending(item: ItemResult) -> str:
    return f"{STOPPED} by {item.stopped_by} in {item.phase}" if item.stopped_by else item.phase


def _item_result(state: ItemDrill) -> ItemResult:
    phase = state.phase.value
    stop = state.stopped
    if stop is None:
        return ItemResult(state.item, state.architecture.value, phase)
    return ItemResult(state.item, state.architecture.value, phase, stop.reason, stop.message, stop.who)
