"""What else may stand still tonight: the line, or a server that all data passes, is down for a while.

No estate says how often. The numbers are inferred, and no real night has been compared with them.
"""

from collections.abc import Iterator
from math import exp, log
from random import Random
from typing import Final

from failback.reprotect import Throttle

BETWEEN_S: Final = 50 * 3600.0
"""Mean time from the end of one outage to the next [inferred]."""
LASTS_S: Final = 45 * 60.0
"""Middle of how long one lasts [inferred]."""
SPREAD: Final = 0.6
"""Spread (standard deviation of the logarithm) of how long one lasts [inferred]."""
TRIES: Final = 200
"""Draws after which one is taken to end now that has lasted longer than all of them."""


def outages(stalled_s: float | None, chance: Random) -> tuple[Throttle, ...]:
    """One draw: the rest of the outage of now, if no data has moved for so long, and the next one."""
    rest_s = 0.0 if stalled_s is None else _lasts_s(chance, stalled_s) - stalled_s
    return (*_stands_still(0.0, rest_s), *_stands_still(rest_s + chance.expovariate(1 / BETWEEN_S), _lasts_s(chance)))


def _lasts_s(chance: Random, least_s: float = 0.0) -> float:
    found = (exp(chance.gauss(log(LASTS_S), SPREAD)) for _ in range(TRIES))
    return next((lasts_s for lasts_s in found if lasts_s > least_s), least_s)


def _stands_still(from_s: float, lasts_s: float) -> Iterator[Throttle]:
    if lasts_s > 0:
        yield Throttle(0.0, from_s, from_s + lasts_s)
