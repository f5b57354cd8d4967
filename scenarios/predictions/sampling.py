"""Shares of runs, and how far chance alone may have moved them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, inf, sqrt
from typing import Final

Z_95: Final = 1.959963984540054
"""Standard normal quantile of a two-sided interval of 95 %."""


@dataclass(frozen=True, slots=True)
class Share:
    """`met` of `runs` runs. The interval is sampling error alone; whether the model is right is another question."""

    met: int
    runs: int

    @property
    def value(self) -> float:
        """The share itself, 0 to 1."""
        return self.met / self.runs

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval of 95 %: it stays between 0 and 1 and is honest with few runs."""
        n, p, z2 = self.runs, self.value, Z_95**2
        middle, width = p + z2 / (2 * n), Z_95 * sqrt(p * (1 - p) / n + z2 / (4 * n * n))
        low, high = (middle - width) / (1 + z2 / n), (middle + width) / (1 + z2 / n)
        return (0.0 if self.met == 0 else low), (1.0 if self.met == n else high)


def share(outcomes: Sequence[bool]) -> Share:
    """How many of these are true."""
    return Share(sum(outcomes), len(outcomes))


def holds_from(values: Sequence[float | None], sure: float) -> float | None:
    """The least of the values that the share `sure` of them do not exceed; None counts as never."""
    ordered = sorted(inf if value is None else value for value in values)
    found = ordered[ceil(sure * len(ordered) - 1e-9) - 1]
    return None if found == inf else found
