"""Planted bugs: exploration finds each, no script is made for it, and shrinks it to a few steps."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from failback.scenarios.exploring.case import Case, Loss, LostReply
from failback.scenarios.exploring.explore import crash_at
from failback.scenarios.exploring.shrinking import shrunk
from failback.scenarios.exploring.swarm import case_of
from failback.scenarios.exploring.trial import played, undisturbed
from failback.scenarios.files.schema import Scenario

from .planted import PLANTED, Planted

SEEDS = 400
STEPS_MAX = 5


def explored(case: Case, scenario: Scenario) -> Iterator[tuple[Case, tuple[str, ...]]]:
    """All cases in the order of a person: nothing in the way, every crash, every lost reply, a swarm."""
    whole = undisturbed(scenario)
    made = [case]
    made += [replace(case, crashes=(crash_at(case, step),)) for step in range(1, whole.steps + 1)]
    made += [replace(case, lost_replies=(LostReply(n, how),)) for n in range(1, whole.requests + 1) for how in Loss]
    for one in made:
        yield one, played(one, scenario, whole.ends).failed
    for seed in range(1, SEEDS + 1):
        one = replace(case_of(case.scenario, scenario, seed, whole.steps, whole.ended_s), machines=case.machines)
        yield one, played(one, scenario).failed


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.plant.__name__)
def test_a_planted_bug_is_found_and_shrunk_to_a_few_steps(planted: Planted) -> None:
    case = Case(planted.story, machines=planted.machines)
    scenario = case.load()
    with pytest.MonkeyPatch.context() as patch:
        planted.plant(patch)
        found = next(one for one, failed in explored(case, scenario) if planted.checker in failed)
        smallest = shrunk(found, scenario, planted.checker)
        assert planted.checker in smallest.checker
        assert smallest.steps <= STEPS_MAX
        assert smallest.steps <= found.steps
    healthy = played(smallest, scenario, undisturbed(smallest.of(scenario)).ends)
    assert healthy.failed == ()
