"""Which measurement would narrow the answer most: a pilot, of all machines or of one tier, or a test of the line.

The range of finish times lies between the best and the worst case. It is played again with one thing known, as if a
measurement had found what the scenario says of it, and everything else as open as before.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from failback.reprotect import VirtualMachine
from failback.scenarios.files.schema import Scenario
from failback.scenarios.outcomes.answers import Answer
from failback.scenarios.text.language import wording

from .assumptions import SLOW_LINE, Case
from .case_answer import CaseAnswer
from .question import Question
from .sampling import holds_from
from .ways_played import PlannedRuns, played

TIERS_MAX: Final = 2
"""Tiers that are tried, those with the most data: each takes two more ways home."""


Range = tuple[float, float]
"""The first and the last end, in seconds."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """One measurement, and between which ends the answer lies without it and with it, in seconds."""

    words: str
    before_s: Range
    after_s: Range
    narrows_s: float
    """How much shorter the range becomes, run against run: the ranges themselves may come from more runs."""
    of_line: bool = False
    """Whether it measures the line; all others are pilots."""


def measurements(question: Question, answered: Sequence[CaseAnswer]) -> tuple[Measurement, ...]:
    """All that were tried, what narrows most first; none where the answer is calibrated, or never ends in some case."""
    ends = {case.case.name: case.sure_s for case in answered}
    known = {name: end for name, end in ends.items() if end is not None}
    tried = {case.case.name: _end_s(question, case.answers) for case in answered}
    same_runs = {name: end for name, end in tried.items() if end is not None}
    wanted = {"expected", "slow line", "nothing", "all", "nothing, slow line", "all, slow line"}
    if not wanted <= known.keys() & same_runs.keys():
        return ()

    def of(words: str, *cases: str, of_line: bool = False) -> Measurement:
        after_s, same_s = (_range([ends[name] for name in cases]) for ends in (known, same_runs))
        narrows_s = _length(_range(same_runs.values())) - _length(same_s)
        return Measurement(words, _range(known.values()), after_s, narrows_s, of_line)

    pilot = of(wording("a pilot that measures how much data changed"), "expected", "slow line")
    line = of(wording("a test of the link's real bandwidth"), "nothing", "expected", "all", of_line=True)
    tiers = _of_tiers(question, _range(known.values()), _range(same_runs.values()))
    return tuple(sorted((pilot, *tiers, line), key=lambda one: -one.narrows_s))


def _range(ends_s: Iterable[float]) -> Range:
    ordered = sorted(ends_s)
    return ordered[0], ordered[-1]


def _length(ends_s: Range) -> float:
    return ends_s[1] - ends_s[0]


def _of_tiers(question: Question, before_s: Range, same_runs_s: Range) -> Iterator[Measurement]:
    """These are played in fewer runs than cases: what they gain over the same runs of cases is what counts."""
    scenario = question.scenario
    tiers = _tiers(scenario)
    if len(tiers) < 2:
        return
    best, worst = Case("", "", changed=0.0), Case("", "", changed=1.0, line_share=SLOW_LINE)
    wanted = [_knowing(case.applied(scenario), scenario, tier) for tier in tiers[:TIERS_MAX] for case in (best, worst)]
    found = played([PlannedRuns(one, question.runs_tried) for one in wanted])
    for n, tier in enumerate(tiers[:TIERS_MAX]):
        low, high = (_end_s(question, answers) for answers in found[2 * n : 2 * n + 2])
        if low is not None and high is not None:
            words = wording("a pilot that measures how much data of tier {tier} changed", tier=tier)
            after_s = before_s[0] + low - same_runs_s[0], before_s[1] + high - same_runs_s[1]
            yield Measurement(words, before_s, after_s, _length(same_runs_s) - (high - low))


def _tiers(scenario: Scenario) -> list[str]:
    """The tiers by their data, the largest first."""
    size_gib: dict[str, float] = {}
    for vm in scenario.estate.virtual_machines.values():
        size_gib[vm.tier] = size_gib.get(vm.tier, 0.0) + sum(disk.size_gib for disk in vm.disks)
    return sorted(filter(None, size_gib), key=lambda tier: (-size_gib[tier], tier))


def _knowing(assumed: Scenario, scenario: Scenario, tier: str) -> Scenario:
    """What is assumed, but of one tier what the scenario says."""
    said = scenario.site.changed_fraction
    machines = {
        name: _with_share(scenario.estate.virtual_machines[name], said) if vm.tier == tier else vm
        for name, vm in assumed.estate.virtual_machines.items()
    }
    return replace(assumed, estate=replace(assumed.estate, virtual_machines=machines))


def _with_share(vm: VirtualMachine, share: float) -> VirtualMachine:
    disks = (replace(disk, changed_fraction=share) if disk.changed_fraction is None else disk for disk in vm.disks)
    return replace(vm, disks=tuple(disks))


def _end_s(question: Question, answers: Sequence[Answer]) -> float | None:
    return holds_from([answer.home_s for answer in answers[: question.runs_tried]], question.sure)
