"""One story, both worlds, one history: the proof that the drill, the adapters and the simulated site agree."""

from dataclasses import replace

import pytest

from failback.reprotect import Line, masked
from failback.scenarios import Result, library, load_scenario, play, resolve

SHELF = sorted(name for name, path in library().items() if path.parent.name == "library")
"""Those of the rules have a test of their own, test_rules_lab; those of studies are too large for a wire."""


def played(name: str, world: str, poll_s: float) -> tuple[Result, list[Line]]:
    """The result and the masked history of this scenario in this world."""
    lines: list[Line] = []
    scenario = replace(load_scenario(resolve(name)), poll_s=poll_s)
    result = play(scenario, world=world, on_line=lines.append)
    return result, [line for line in map(masked, lines) if line is not None]


@pytest.mark.vcsim
@pytest.mark.parametrize("poll_s", [0.0, 30.0])
@pytest.mark.parametrize("name", SHELF)
def test_sim_and_lab_tell_one_history(name: str, poll_s: float) -> None:
    in_sim, sim_lines = played(name, "sim", poll_s)
    in_lab, lab_lines = played(name, "lab", poll_s)
    assert lab_lines == sim_lines
    assert (in_lab.verdict, in_lab.items) == (in_sim.verdict, in_sim.items)


@pytest.mark.parametrize("name", SHELF)
def test_the_same_seed_gives_the_same_bytes(name: str) -> None:
    def history() -> list[str]:
        lines: list[Line] = []
        play(load_scenario(resolve(name)), on_line=lines.append)
        return [line.as_json() for line in lines]

    assert history() == history()


def test_another_seed_gives_another_history() -> None:
    ends = {play(load_scenario(resolve("one_vm")), seed=seed).duration_s for seed in (1, 2, 3)}
    assert len(ends) == 3
