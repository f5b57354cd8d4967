"""A plan as people are told it: played this often, with nothing going wrong. All commands take its times from here.

A planned time is the middle of the runs. Whether something is late is judged in the slowest of them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from statistics import median
from typing import Final

from failback.scenarios.files.schema import OperatorAnswer, Scenario

from .answers import Answer, answer
from .application_downtime import Span
from .kept_together import committed_together
from .way_home import way_home

RUNS: Final = 20
"""Runs where nobody asks for another number."""


def as_planned(scenario: Scenario) -> Scenario:
    """The scenario with nothing going wrong on site, and gates that nobody answers in it answered with yes."""
    yes = tuple(OperatorAnswer(gate.name) for gate in scenario.plan.gates)
    return replace(scenario, faults=(), operator=(*scenario.operator, *yes))


def planned_answers(scenario: Scenario, runs: int = RUNS) -> Sequence[Answer]:
    """The answers of these runs."""
    way = way_home(as_planned(scenario))
    return tuple(answer(way, scenario.seed + n) for n in range(runs))


def until_the_last(downs: Mapping[str, Span | None], groups: Iterable[Collection[str]]) -> Mapping[str, Span | None]:
    """The spans of one run, with the machines of each group down until the last of them is checked.

    Their commits wait for that, so whoever reads a time of one of them reads when they are committed.
    """
    found = dict(downs)
    for group in groups:
        mine = {name: span for name, span in found.items() if name in group and span is not None}
        last_s = max((end_s for _, end_s in mine.values()), default=0.0)
        found |= {name: (begin_s, last_s) for name, (begin_s, _) in mine.items()}
    return found


def downs_in_runs(scenario: Scenario, answers: Iterable[Answer]) -> tuple[Mapping[str, Span], ...]:
    """In each run, machine -> from when to when it is down; without those that do not get home in it."""
    groups = committed_together(scenario)
    spans = (until_the_last({item.item: item.down for item in answer.items}, groups) for answer in answers)
    return tuple({name: span for name, span in run.items() if span is not None} for run in spans)


def middle_spans(runs: Iterable[Mapping[str, Span | None]]) -> Mapping[str, Span]:
    """Machine -> from when to when, in the middle of those runs that say so."""
    found: dict[str, list[Span]] = {}
    for name, span in (pair for run in runs for pair in run.items()):
        if span is not None:
            found.setdefault(name, []).append(span)
    return {name: (median(begin for begin, _ in s), median(end for _, end in s)) for name, s in found.items()}
