"""Disturbs a drill at every step and every request, and collects what went wrong."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Final

from failback.scenarios.files.schema import Scenario

from .case import BadRead, Case, Crash, Kept, Loss, LostReply, Sight
from .forks import CAN_FORK, in_forks
from .trial import Trial, played, undisturbed
from .verdict import Ends, Verdict

DOWN_S: Final = (0.0, 60.0, 3600.0, 6 * 3600.0)
"""How long nobody drives after a crash, in virtual seconds, by turns."""


@dataclass(frozen=True, slots=True)
class Found:
    """A case and what it came to."""

    case: Case
    verdict: Verdict


def each_crash(case: Case, scenario: Scenario) -> Iterator[Found]:
    """The program is killed before each of its steps, and resumed."""

    def at_step(step: int) -> Case:
        return replace(case, crashes=(crash_at(case, step),))

    yield from _each(case, scenario, "steps", at_step)


def each_lost_reply(case: Case, scenario: Scenario) -> Iterator[Found]:
    """Each request goes wrong in each way."""
    for how in Loss:

        def at_request(request: int, how: Loss = how) -> Case:
            return replace(case, lost_replies=(LostReply(request, how),))

        yield from _each(case, scenario, "requests", at_request)


def each_bad_read(case: Case, scenario: Scenario) -> Iterator[Found]:
    """Each read goes wrong in each way."""
    for how in Sight:

        def at_read(read: int, how: Sight = how) -> Case:
            return replace(case, bad_reads=(BadRead(read, how),))

        yield from _each(case, scenario, "reads", at_read)


def crash_at(case: Case, step: int) -> Crash:
    """What the crash before this step leaves, and for how long nobody drives: by turns, the same for the same seed."""
    digest = blake2b(repr((case.seed, step)).encode(), digest_size=2).digest()
    return Crash(step, tuple(Kept)[digest[0] % len(Kept)], DOWN_S[digest[1] % len(DOWN_S)])


def _each(case: Case, scenario: Scenario, what: str, made: Callable[[int], Case]) -> Iterator[Found]:
    before = undisturbed(case.of(scenario))
    if not CAN_FORK:
        cases = (made(n) for n in range(1, getattr(before, what) + 1))
        yield from (Found(one, played(one, scenario, before.ends)) for one in cases)
        return
    yield from in_forks(workers(), lambda split: _played_once(case, scenario, before.ends, made, split))


def _played_once(
    case: Case, scenario: Scenario, ends: Ends, made: Callable[[int], Case], split: Callable[[], bool]
) -> Found | None:
    """The drill with nothing in its way, which forks before each place; a fork goes on with what is made for it."""
    chosen: list[Case] = []

    def at(place: int) -> Case | None:
        if chosen or not split():
            return None
        chosen.append(made(place))
        return chosen[0]

    def at_step(step: int) -> Crash | None:
        one = at(step) if first.crashes else None
        return one.crashes[0] if one else None

    def at_request(request: int) -> Loss | None:
        one = at(request) if first.lost_replies else None
        return one.lost_replies[0].how if one else None

    def at_read(read: int) -> Sight | None:
        one = at(read) if first.bad_reads else None
        return one.bad_reads[0].how if one else None

    first = made(1)
    verdict = Trial(case.of(scenario), at_step, at_request, ends, at_read).run()
    return Found(chosen[0], verdict) if chosen else None


def workers() -> int:
    """As many as there are cores for us."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
