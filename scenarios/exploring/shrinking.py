"""Makes a case that fails a checker as small as it gets: fewer machines, faults, crashes, losses, and plainer ones."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from failback.scenarios.files.schema import Scenario

from .case import Case, Crash, Kept
from .trial import played, undisturbed
from .verdict import ENDS_THE_SAME, Verdict

TRIES_MAX: Final = 2_000
"""Cases that are played at most."""


def shrunk(case: Case, scenario: Scenario, checker: str) -> Case:
    """The smallest case found that still fails this checker; the case itself where it does not fail it."""
    tries = _Tries(scenario, checker)
    smallest = replace(case, checker=checker)
    if not tries.fails(smallest):
        return case
    while (smaller := next(filter(tries.fails, tries.smaller(smallest)), None)) is not None:
        smallest = smaller
    return smallest


class _Tries:
    """Plays cases: none twice, and not too many."""

    def __init__(self, scenario: Scenario, checker: str) -> None:
        self._scenario, self._checker = scenario, checker
        self._known: dict[str, bool] = {}
        self._undisturbed: dict[tuple[str, ...] | None, Verdict] = {}

    def fails(self, case: Case) -> bool:
        """Whether it fails the checker."""
        key = repr(case)
        if key not in self._known and len(self._known) < TRIES_MAX:
            ends = self._whole(case).ends if self._checker == ENDS_THE_SAME else None
            self._known[key] = self._checker in played(case, self._scenario, ends).broken
        return self._known.get(key, False)

    def smaller(self, case: Case) -> Iterator[Case]:
        """Cases with less in them, the boldest first."""
        yield from _without_one(case)
        yield from self._of_fewer_machines(case)
        yield from _plainer(case)

    def _of_fewer_machines(self, case: Case) -> Iterator[Case]:
        """Steps and requests have other numbers then: the same share of the way is tried first, then every place."""
        names = case.machines or tuple(self._scenario.estate.virtual_machines)
        fewer = [(name,) for name in names] + [tuple(n for n in names if n != name) for name in names]
        for kept in fewer if len(names) > 1 else ():
            one = replace(case, machines=kept)
            before, after = self._whole(case), self._whole(one)
            scaled = _scaled(one, after.steps / max(before.steps, 1), after.requests / max(before.requests, 1))
            yield scaled
            yield from _moved(scaled, after)

    def _whole(self, case: Case) -> Verdict:
        """The drill of these machines with nothing in its way."""
        if case.machines not in self._undisturbed:
            whole = Case(case.scenario, case.seed, case.machines)
            self._undisturbed[case.machines] = undisturbed(whole.of(self._scenario))
        return self._undisturbed[case.machines]


def _without_one(case: Case) -> Iterator[Case]:
    for n in range(len(case.faults)):
        yield replace(case, faults=_but(case.faults, n))
    for n in range(len(case.crashes)):
        yield replace(case, crashes=_but(case.crashes, n))
    for n in range(len(case.lost_replies)):
        yield replace(case, lost_replies=_but(case.lost_replies, n))
    for n in range(len(case.bad_reads)):
        yield replace(case, bad_reads=_but(case.bad_reads, n))


def _but(parts: tuple[Any, ...], n: int) -> tuple[Any, ...]:
    return (*parts[:n], *parts[n + 1 :])


def _scaled(case: Case, steps: float, requests: float) -> Case:
    crashes = tuple(replace(one, at=max(1, round(one.at * steps))) for one in case.crashes)
    lost = tuple(replace(one, at=max(1, round(one.at * requests))) for one in case.lost_replies)
    return replace(case, crashes=crashes, lost_replies=lost)


def _moved(case: Case, whole: Verdict) -> Iterator[Case]:
    """One crash, or one lost reply, at each other place."""
    for n, crash in enumerate(case.crashes):
        for at in range(1, whole.steps + 1):
            yield replace(case, crashes=(*case.crashes[:n], replace(crash, at=at), *case.crashes[n + 1 :]))
    for n, lost in enumerate(case.lost_replies):
        for at in range(1, whole.requests + 1):
            yield replace(
                case, lost_replies=(*case.lost_replies[:n], replace(lost, at=at), *case.lost_replies[n + 1 :])
            )


def _plainer(case: Case) -> Iterator[Case]:
    """The same with smaller parameters."""
    for n, crash in enumerate(case.crashes):
        for plain in _plain_crashes(crash):
            yield replace(case, crashes=(*case.crashes[:n], plain, *case.crashes[n + 1 :]))
    for n, fault in enumerate(case.faults):
        if fault.times > 1:
            yield replace(case, faults=(*case.faults[:n], replace(fault, times=1), *case.faults[n + 1 :]))
    if case.seed is not None:
        yield replace(case, seed=None)


def _plain_crashes(crash: Crash) -> Iterator[Crash]:
    if crash.down_s:
        yield replace(crash, down_s=0.0)
    if crash.keeps is not Kept.ALL:
        yield replace(crash, keeps=Kept.ALL)
