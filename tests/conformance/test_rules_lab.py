"""The stories of the rules in world lab: the same ending through the real SDKs, the mock and a real vcsim."""

import pytest

from failback.reprotect import Line, masked
from failback.scenarios import Result, load_scenario, play, resolve
from failback.scenarios.coverage import NOT_IN_LAB, stories

SHELF = sorted(name for names in stories().values() for name in names if name not in NOT_IN_LAB)


def played(name: str, world: str) -> tuple[Result, list[Line]]:
    """The result and the masked history of this story in this world."""
    lines: list[Line] = []
    result = play(load_scenario(resolve(name)), world=world, on_line=lines.append)
    return result, [line for line in map(masked, lines) if line is not None]


@pytest.mark.vcsim
@pytest.mark.slow
@pytest.mark.parametrize("name", SHELF)
def test_the_story_ends_in_lab_as_it_does_in_sim(name: str) -> None:
    in_sim, sim_lines = played(name, "sim")
    in_lab, lab_lines = played(name, "lab")
    assert (in_lab.verdict, in_lab.surprises) == ("as_expected", ())
    assert lab_lines == sim_lines
    assert [finding.rule for finding in in_lab.findings] == [finding.rule for finding in in_sim.findings]


def test_every_story_that_is_left_out_says_why() -> None:
    known = {name for names in stories().values() for name in names}
    assert all(name in known and reason for name, reason in NOT_IN_LAB.items())
