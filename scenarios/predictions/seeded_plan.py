"""A plan that seeds all waves before a cutover: from when on, so that even the slowest case is seeded in time."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from failback.reprotect import under_way
from failback.scenarios.files.schema import Scenario
from failback.scenarios.text.local_time import after, seconds_between
from failback.scenarios.text.plain_words import date_words
from failback.scenarios.usage_error import UsageError

from .assumptions import cases_of
from .cutover_plan import cutover_plan
from .question import SURE, Question

_RUNS: Final = 8
"""So few that each thing that is tried is played once (`Question.runs_tried`). Our choice: the seeds are then moved to
full hours, one to two hours earlier, which leaves room for chance; how much chance moves them is not measured."""
_HOUR_S: Final = 3600.0
_LONG_S: Final = 366 * 86400.0
"""Nobody asks by when all must be home: only the seeding is looked for."""


def seeded_plan(scenario: Scenario, earliest: datetime, cutover: datetime) -> Scenario:
    """The scenario from its first seed on, with `seed_opens_s` and `opens_s` of each wave.

    As `predict --cutover` plans it: the starts are those of the slowest case that can be seeded in time. Each begins at
    a full hour, one to two hours earlier. Nothing begins before `earliest`. Raises `UsageError` where no start is early
    enough.
    """
    if seconds_between(earliest, cutover) <= 0:
        raise UsageError(
            f"--cutover is {date_words(cutover)}, which is not after {date_words(earliest)}, when the first machine "
            "may begin to replicate home; give a later one."
        )
    begun = replace(scenario, starts_at=earliest)
    asked = Question(begun, earliest, after(cutover, _LONG_S), SURE, _RUNS, cutover)
    return _by_the_hour(cutover_plan(asked, cases_of(begun)).question.scenario, earliest)


def _by_the_hour(scenario: Scenario, earliest: datetime) -> Scenario:
    """Seeds at full hours, with a margin, and the start at the first of them where nothing is under way before."""
    seeds_s = [wave.seed_opens_s for wave in scenario.plan.waves if wave.seed_opens_s is not None]
    start, first_s = scenario.starts_at, min(seeds_s, default=0.0)
    first = after(start, 0.0 if _has_work(scenario) else first_s - _HOUR_S)
    begins = max(earliest, first - timedelta(minutes=first.minute, seconds=first.second))
    plan = scenario.plan.later(seconds_between(begins, start))
    waves = tuple(replace(wave, seed_opens_s=_hour_before(wave.seed_opens_s)) for wave in plan.waves)
    return replace(scenario, starts_at=begins, plan=replace(plan, waves=waves))


def _hour_before(at_s: float | None) -> float | None:
    return None if at_s is None else max(0.0, at_s - _HOUR_S) // _HOUR_S * _HOUR_S


def _has_work(scenario: Scenario) -> bool:
    """Whether something counts its seconds from the start, or goes on at the start."""
    machines = scenario.estate.virtual_machines.values()
    busy = any(under_way(vm.architecture, vm.at) is not None for vm in machines)
    return busy or bool(scenario.faults or scenario.estate.link.schedule)
