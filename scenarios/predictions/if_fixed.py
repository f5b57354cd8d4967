"""What becomes of the way home once the findings that block machines are fixed: played once more, beside the answer."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from failback.reprotect import OWN_FILE
from failback.scenarios.checks.as_if_fixed import AsIfFixed, as_if_fixed
from failback.scenarios.checks.finding_words import object_words
from failback.scenarios.checks.told import ToldCause
from failback.scenarios.files.schema import Scenario
from failback.scenarios.outcomes.answers import Answer, down_in
from failback.scenarios.outcomes.planned_downtime import PlannedDown, application_downs
from failback.scenarios.outcomes.planned_runs import RUNS, downs_in_runs, planned_answers
from failback.scenarios.text.local_time import after
from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.plain_words import counted, date_words, h_min, machines

_NAMED_MAX: Final = 6
"""Causes and objects that the condition names; the rest is counted."""


@dataclass(frozen=True, slots=True)
class IfFixed:
    """The scenario as if fixed, its runs, and one paragraph. Without runs, nothing could be treated as fixed."""

    scenario: Scenario
    answers: Sequence[Answer]
    words: str


def if_fixed(scenario: Scenario, runs: int = RUNS) -> IfFixed:
    """Treat as fixed what can be, and play it. For a scenario in which machines are blocked.

    Played half as often as the `runs` of the answer beside it: more machines come home in each, which takes longer.
    """
    made = as_if_fixed(scenario)
    if not made.fixed:
        return IfFixed(scenario, (), " ".join(("As if fixed: not simulated.", *_left_words(made))))
    answers = planned_answers(made.scenario, (runs + 1) // 2)
    return IfFixed(made.scenario, answers, " ".join(_words(made, answers)))


def _words(made: AsIfFixed, answers: Sequence[Answer]) -> Iterator[str]:
    is_one = len(made.fixed) == len(made.fixed[0].cause.objects) == 1
    yield (
        f"As if fixed (simulated; only on the condition that {_causes(made.fixed)} {'is' if is_one else 'are'} fixed "
        f"before the way home begins): {_home_words(answers[0])}, and the way home ends on {_end_words(made, answers)}."
    )
    yield from _down_words(made.scenario, answers)
    yield from _left_words(made)
    yield from _away_words(answers[0])


def _causes(causes: Sequence[ToldCause]) -> str:
    """Rules and objects."""
    named = [f"{each.cause.rule} ({_thing(each)}: {each.requirement.title})" for each in causes[:_NAMED_MAX]]
    more = [f"{len(causes) - _NAMED_MAX} more findings"] if len(causes) > _NAMED_MAX else []
    return ", ".join((*named, *more))


def _thing(told: ToldCause) -> str:
    return told.link or object_words(told.cause, _NAMED_MAX)


def _home_words(answer: Answer) -> str:
    every, home = len(answer.items), sum(item.home_s is not None for item in answer.items)
    if home == every:
        return f"all {machines(every)} come home" if every > 1 else "the machine comes home"
    return f"{home:,} of {machines(every)} {'comes' if home == 1 else 'come'} home"


def _end_words(made: AsIfFixed, answers: Sequence[Answer]) -> str:
    """The end of the last leg, in the middle of the runs and in the slowest."""
    ends = [max((leg.end_s for leg in one.legs if leg.end_s is not None), default=0.0) for one in answers]
    at, slowest = (after(made.scenario.starts_at, end_s) for end_s in (median(ends), max(ends)))
    return f"{date_words(at)} (middle of {counted(len(answers), 'run')}; in the slowest, {date_words(slowest)})"


def _down_words(scenario: Scenario, answers: Sequence[Answer]) -> Iterator[str]:
    """Each application of which all machines come home, and which of them are down too long."""
    told, late = list[str](), list[str]()
    runs = downs_in_runs(scenario, answers)
    waves = {item.item: item.wave for item in answers[0].items}
    for one in scenario.applications:
        downs = [down for answer in answers if (down := down_in(scenario, one, answer)) is not None]
        if len(downs) < len(answers):
            continue
        told.append(f"{one.name} {_longest_words(scenario, application_downs(scenario, one, runs, waves).values())}")
        if worst := max(down.late_by_s for down in downs):
            late.append(f"{one.name} by {h_min(worst)} (allowed: {h_min(downs[0].allowed_s or 0.0)})")
    if told:
        bands = " (in brackets: in 90 % of them)" if len(answers) > 1 else ""
        yield f"Down, in the middle of the runs{bands}: {', '.join(told)}."
    if late:
        yield f"Down longer than allowed, in the slowest run: {'; '.join(late)}."


def _longest_words(scenario: Scenario, downs: Iterable[PlannedDown]) -> str:
    """As the runbook shows it beside its times."""
    start = scenario.starts_at
    middle, in_runs = max(downs, key=lambda down: down.lasts_s(start)).lasts_words(start)
    return f"{middle} ({in_runs})" if in_runs else middle


def _left_words(made: AsIfFixed) -> Iterator[str]:
    if made.left:
        yield (
            f"Not treated as fixed, since no text of failback gives the value that is there after the repair: "
            f"{_causes(made.left)}. `failback check {made.scenario.file or OWN_FILE}` says what to do."
        )


def _away_words(answer: Answer) -> Iterator[str]:
    """Who does not come home all the same, by what stops them."""
    stopped: dict[str, list[str]] = {}
    for item in answer.items:
        if item.home_s is None:
            stopped.setdefault(item.stopped_by, []).append(item.item)
    if stopped:
        told = (f"{listed(names, _NAMED_MAX)}{f' ({rule})' if rule else ''}" for rule, names in stopped.items())
        yield f"Not home all the same: {'; '.join(told)}."
