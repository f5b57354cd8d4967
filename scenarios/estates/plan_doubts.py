"""What is wrong with the times of a new plan, by simulation: who is down too long, and whose owner is called at night.

The plan is played as the runbook plays it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from failback.reprotect import Operation
from failback.scenarios.checks.decided_by_answer import legs_with_answers
from failback.scenarios.checks.told import told_causes
from failback.scenarios.files.applications import Application
from failback.scenarios.files.schema import Scenario
from failback.scenarios.judging.check import check_estate
from failback.scenarios.outcomes.answered_later import answered_later
from failback.scenarios.outcomes.answers import Answer, down_in
from failback.scenarios.outcomes.night_calls import NIGHT_WORDS, MachineLeg, night_call_words, night_calls, owner_calls
from failback.scenarios.outcomes.planned_runs import RUNS, planned_answers
from failback.scenarios.outcomes.taken_for_granted import not_failed_over
from failback.scenarios.predictions.if_fixed import if_fixed
from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.plain_words import counted, h_min

from .list_tiers import NAMED_MAX

PLAYED_MAX: Final = 500
"""More machines are not played by the way: our choice, not measured, so that a command that writes a file does not take
as long as `failback predict`, which plays them and shows its progress."""
_UNKNOWN: Final = "Whether an application would be down longer than allowed is not known: "


@dataclass(frozen=True, slots=True)
class PlanDoubts:
    """What to say of the times of a plan. `missed`: somebody would be down too long, or called at night."""

    words: tuple[str, ...]
    missed: bool


def plan_doubts(scenario: Scenario) -> PlanDoubts:
    """Play it and look."""
    answers = expected_runs(scenario)
    if answers is None:
        count = len(scenario.estate.virtual_machines)
        return PlanDoubts((f"{_UNKNOWN}{count:,} machines are not simulated here. `failback runbook` says it.",), False)
    nights = night_call_words(_nights(scenario, answers))
    late = tuple(_late(scenario, answers))
    times = f"in the slowest of {counted(len(answers), 'simulated run')}, nothing going wrong"
    not_home = (*_not_home(scenario, answers[0]), *_if_fixed(scenario, answers[0]))
    words = (*_late_words(scenario, late, times), *not_home, *_night_words(nights))
    return PlanDoubts(words, bool(late or nights))


def expected_runs(scenario: Scenario) -> Sequence[Answer] | None:
    """The runs of the plan; None where it has too many machines for that."""
    if len(scenario.estate.virtual_machines) > PLAYED_MAX:
        return None
    return planned_answers(scenario)


def _late_words(scenario: Scenario, late: Sequence[str], times: str) -> Iterator[str]:
    if late:
        yield f"DOWN LONGER THAN ALLOWED ({times}): {'; '.join(late)}."
    elif not any(target.downtime_s is not None for target in scenario.homecoming.targets):
        yield f"{_UNKNOWN}the list has no allowed downtime. Give it a column such as `allowed downtime (h)`."
    else:
        yield f"No application that comes home is down longer than allowed ({times})."


def _night_words(nights: Sequence[str]) -> Iterator[str]:
    if nights:
        more = f"; and {len(nights) - NAMED_MAX} more" if len(nights) > NAMED_MAX else ""
        yield (
            f"OWNERS CALLED BETWEEN {NIGHT_WORDS.upper()} (simulated, the middle of {RUNS} runs, as in the runbook): "
            f"{'; '.join(nights[:NAMED_MAX])}{more}."
        )


def _late(scenario: Scenario, answers: Sequence[Answer]) -> Iterator[str]:
    """The longest downtime of each application in a wave, over all runs."""
    for one in scenario.applications:
        downs = [down for answer in answers if (down := down_in(scenario, one, answer)) is not None]
        late = max(downs, key=lambda down: down.late_by_s, default=None)
        if late is not None and len(downs) == len(answers) and late.late_by_s:
            allowed = f"allowed {h_min(late.allowed_s or 0.0)}, late by {h_min(late.late_by_s)}"
            yield f"{one.name} {h_min(late.longest_s)} ({allowed})"


def _not_home(scenario: Scenario, answer: Answer) -> Iterator[str]:
    """Applications of which nobody can say how long they are down."""
    away = [item.item for item in answer.items if item.home_s is None]
    those = [one.name for one in scenario.applications if set(away) & set(one.machines)]
    if those:
        yield (
            f"How long they would be down is not known: {listed(those, NAMED_MAX)}, since {listed(away, NAMED_MAX)} "
            "would not come home (simulated). `failback check` says why."
        )


def _if_fixed(scenario: Scenario, answer: Answer) -> Iterator[str]:
    """The same once what blocks machines is fixed."""
    if all(item.home_s is not None for item in answer.items):
        return
    found = if_fixed(scenario)
    nights = [one.name for one in _nights(found.scenario, found.answers)] if found.answers else []
    called = f" Owners called between {NIGHT_WORDS} then: {', '.join(nights)}." if nights else ""
    yield f"{found.words}{called}"


def _nights(scenario: Scenario, answers: Sequence[Answer]) -> Mapping[Application, str]:
    """Whom, and when, in the middle of the runs."""
    begun: dict[MachineLeg, list[float]] = {}
    for one in answers:
        for key, at_s in _begun(one).items():
            begun.setdefault(key, []).append(at_s)
    begins = {key: median(times) for key, times in begun.items()}
    waves = {item.item: item.wave for item in answers[0].items}
    return night_calls(scenario, owner_calls(scenario, begins, waves, _wanted(scenario)))


def _begun(answer: Answer) -> Mapping[MachineLeg, float]:
    """When each leg that gets done was first asked for in a run."""
    done = {(leg.item, leg.leg) for leg in answer.legs if leg.outcome == "done"}
    tries = [leg for leg in answer.legs if (leg.item, leg.leg) in done]
    firsts = sorted(tries, key=lambda leg: leg.start_s, reverse=True)
    return {(leg.item, Operation(leg.leg)): leg.start_s for leg in firsts}


def _wanted(scenario: Scenario) -> frozenset[MachineLeg]:
    """The legs that wait for the answer of an owner, as the runbook tells them."""
    assumed = not_failed_over(scenario.estate, scenario.phases_given)
    estate = answered_later(scenario.estate, assumed).estate
    return legs_with_answers(told_causes(check_estate(estate, scenario.plan)))
