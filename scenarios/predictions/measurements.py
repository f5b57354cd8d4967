"""Which measurement would narrow the answer most: a pilot, of all machines or of one tier, or a test of the line.

The range of ends lies between the best and the worst case. It is played again with one thing known, as if a measurement
had found what the scenario says of it, and everything else as open as before.
"""

from collections.abc import Iterator, Sequence
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


@dataclass(frozen=True, slots=True)
class Measurement:
    """One measurement, and between which ends the answer lies without it and with it, in seconds."""

    words: str
    before_s: tuple[float, float]
    after_s: tuple[float, float]
    of_line: bool = False
    """Whether it measures the line; all others are pilots."""

    @property
    def narrows_s(self) -> float:
        """How much shorter the range of ends becomes."""
        return (self.before_s[1] - self.before_s[0]) - (self.after_s[1] - self.after_s[0])


def measurements(question: Question, answered: Sequence[CaseAnswer]) -> tuple[Measurement, ...]:
    """All that were tried, what narrows most first; none where the answer is calibrated, or never ends in some case."""
    known = {case.case.name: case.sure_s for case in answered if case.sure_s is not None}
    wanted = {"expected", "slow line", "nothing", "all", "nothing, slow line", "all, slow line"}
    if not wanted <= known.keys():
        return ()
    before = min(known.values()), max(known.values())
    pilots = [
        (wording("a pilot that measures how much data changed"), (known["expected"], known["slow line"])),
        *_of_tiers(question, answered, before),
    ]
    line = wording("a test of the link's real bandwidth"), (known["nothing"], known["all"])
    found = [Measurement(words, before, (min(after), max(after))) for words, after in pilots]
    found.append(Measurement(line[0], before, (min(line[1]), max(line[1])), of_line=True))
    return tuple(sorted(found, key=lambda one: -one.narrows_s))


def _of_tiers(
    question: Question, answered: Sequence[CaseAnswer], before: tuple[float, float]
) -> Iterator[tuple[str, tuple[float, float]]]:
    """These are played in fewer runs than cases: what they gain over the same runs of cases is what counts."""
    scenario, same_runs = question.scenario, _range_s(question, answered)
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
            yield words, (before[0] + low - same_runs[0], before[1] + high - same_runs[1])


def _range_s(question: Question, answered: Sequence[CaseAnswer]) -> tuple[float, float]:
    """The range of ends over the cases, in as many runs as measurements are tried in."""
    ends_s = [end_s for case in answered if (end_s := _end_s(question, case.answers)) is not None]
    return min(ends_s), max(ends_s)


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
