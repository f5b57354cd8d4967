"""Searches by simulation that go on at once: in each round the next scenario of every one is played."""

from collections.abc import Generator, Sequence
from typing import Final, TypeAlias, TypeVar

from failback.scenarios.files.schema import Scenario
from failback.scenarios.outcomes.answers import Answer

from .ways_played import PlannedRuns, played

T = TypeVar("T")
Search: TypeAlias = Generator[Scenario, Sequence[Answer], T]
"""Asks for the answers of one scenario after the other, and returns what it found."""
WORTH_WORKERS: Final = 200
"""Machines in a round; fewer are played before other processes have begun."""


def found_by(searches: Sequence[Search[T]], runs: int) -> list[T]:
    """What each of them finds, in order; every scenario is played so many times."""
    found: dict[int, T] = {}
    answers: dict[int, tuple[Answer, ...] | None] = dict.fromkeys(range(len(searches)))
    while answers:
        wanted: dict[int, Scenario] = {}
        for number, answer in answers.items():
            try:
                wanted[number] = next(searches[number]) if answer is None else searches[number].send(answer)
            except StopIteration as end:
                found[number] = end.value
        answers = dict(zip(wanted, _played(list(wanted.values()), runs), strict=True))
    return [found[number] for number in range(len(searches))]


def _played(wanted: Sequence[Scenario], runs: int) -> list[tuple[Answer, ...]]:
    if not wanted:
        return []
    many = sum(len(scenario.estate.virtual_machines) for scenario in wanted) * runs >= WORTH_WORKERS
    return played([PlannedRuns(scenario, runs) for scenario in wanted], workers=None if many else 1)
