"""What the resyncs of a night send through the line together, and whether it is the line that limits them.

The line is shared evenly. So whoever sends less than his share, or sends while the line has room, holds nothing back:
all that was found to differ has been sent.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from math import inf, nextafter
from typing import Final

from failback.reprotect import Operation, end_of, phase_row

from .record import Machine, Point, Record

_HOME: Final = end_of(Operation.REPROTECT_TO_ON_PREMISES)
SAME: Final = 0.03
"""Rates that differ by this share or less count as the same [inferred]."""
OTHER: Final = 0.15
"""Rates that differ by this share or more count as different [inferred]."""
FEW: Final = 0.1
"""So many of the machines may be missing in what all send together [inferred]."""
Window = Mapping[str, float]
"""Between two looks: bytes/s that each machine sent."""


def homeward(machine: Machine) -> list[Point]:
    """What was seen of its resync home."""
    return [p for p in machine.points if p.phase is not None and phase_row(p.phase).resyncs_into is _HOME]


def windows(record: Record, *, whole: bool = False) -> tuple[Window, ...]:
    """All that was sent, in the order of time, but for the times around a standstill, which tell no rate.

    `whole`: without those either in which many of the machines began or ended to send between two looks.
    """
    steps = sorted(step for machine in record.machines.values() for step in _steps(machine))
    unsure = [span for machine in record.machines.values() for span in _unsure(machine)]
    found: list[Window] = []
    now: dict[str, float] = {}
    for (at_s, begins, name, rate), (until_s, *_) in pairwise(steps):
        if begins:
            now[name] = rate
        else:
            now.pop(name, None)
        unseen = sum(at_s < to_s and from_s < until_s for from_s, to_s in unsure) if whole else 0
        if now and until_s > at_s and unseen <= FEW * len(now):
            found.append(dict(now))
    return tuple(window for n, window in enumerate(found) if all(map(_is_sent, found[max(0, n - 1) : n + 2])))


def _unsure(machine: Machine) -> Iterator[tuple[float, float]]:
    """From when to when it may have sent though no two looks tell at which rate: before its first, after its last.

    The look before its first and the one after its last are not written down: whatever window touches these counts.
    """
    if points := homeward(machine):
        if points[0].transferred_bytes:
            yield nextafter(points[0].at_s, -inf), points[0].at_s
        yield points[-1].at_s, nextafter(points[-1].at_s, inf)


def _is_sent(window: Window) -> bool:
    return any(window.values())


def _steps(machine: Machine) -> Iterator[tuple[float, int, str, float]]:
    """When it begins (1) and ends (0) to send at which rate; ends come first at one instant."""
    for before, after in pairwise(homeward(machine)):
        took_s = after.read_s - before.read_s
        if took_s > 0 and before.transferred_bytes is not None and after.transferred_bytes is not None:
            rate = max(0, after.transferred_bytes - before.transferred_bytes) / took_s
            yield from ((before.at_s, 1, machine.item, rate), (after.at_s, 0, machine.item, 0.0))


def most(seen: Sequence[Window]) -> float:
    """Bytes/s that all have sent together at the most."""
    return max((sum(window.values()) for window in seen), default=0.0)


def is_full(seen: Sequence[Window]) -> bool:
    """Whether it sent as much as ever in two windows though somebody sent otherwise: then the others made room."""
    at_most = most(seen) * (1 - SAME)
    full = [window for window in seen if at_most > 0 and sum(window.values()) >= at_most]
    return any(_otherwise(full[0], window, at_most) for window in full[1:])


def _otherwise(one: Window, other: Window, at_most: float) -> bool:
    return sum(abs(one.get(name, 0.0) - other.get(name, 0.0)) for name in {*one, *other}) >= OTHER * at_most


def keeps_up(name: str, seen: Sequence[Window], disks: Mapping[str, int]) -> bool:
    """Whether this machine has sent all that was found to differ by the last look at it."""
    last = next((window for window in reversed(seen) if name in window), None)
    if last is None:
        return False
    if sum(last.values()) < most(seen) * (1 - SAME):
        return True
    share = max(rate / max(1, disks[other]) for other, rate in last.items())
    return last[name] < share * (1 - OTHER)
