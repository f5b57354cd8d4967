"""The band of 90 % that stands beside what several runs tell."""

from collections.abc import Sequence
from statistics import quantiles


def band(took_s: Sequence[float]) -> tuple[float, float]:
    """Where nine of ten lie: the 5 % and 95 % quantiles; of one value, that value."""
    if len(took_s) == 1:
        return took_s[0], took_s[0]
    cuts = quantiles(took_s, n=20, method="inclusive")
    return cuts[0], cuts[-1]
