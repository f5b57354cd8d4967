"""Fits: a lognormal distribution to what steps took, its standard errors, and the test on steps left out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, hypot, log, sqrt
from statistics import NormalDist, fmean, stdev
from typing import Final

from failback.simulator import Duration

from .measured import MeasuredStep

BAND: Final = (0.05, 0.95)
"""The 90 % band."""
SHORTEST_S: Final = 0.001
"""What a step of no visible length counts as."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A lognormal fit to `n` steps; `sigma` is the standard deviation of the logarithm, errors are standard errors."""

    n: int
    median_s: float
    sigma: float
    median_error_s: float | None
    sigma_error: float | None

    @property
    def sigma_ahead(self) -> float:
        """Spread for what comes: widened, since it is known from `n` steps only (Student's t)."""
        if self.median_error_s is None:
            return self.sigma
        return self.sigma * student_t(BAND[1], self.n - 1) / NormalDist().inv_cdf(BAND[1])

    @property
    def median_error_ahead(self) -> float:
        """Standard error of the median's logarithm, widened alike."""
        return self.sigma_ahead / sqrt(self.n)

    def band_s(self) -> tuple[float, float]:
        """Where nine of ten further steps are expected."""
        reach = NormalDist().inv_cdf(BAND[1]) * hypot(self.sigma_ahead, self.median_error_ahead)
        return self.median_s * exp(-reach), self.median_s * exp(reach)

    def duration(self) -> Duration:
        """As a scenario's duration."""
        source = f"fitted to {self.n} steps of earlier runs"
        spread, error = _short(self.sigma_ahead), _short(self.median_error_ahead)
        return Duration(median_s=_short(self.median_s), sigma=spread, median_error=error, source=source)


def fitted(took_s: Sequence[float], default: Duration) -> Fit:
    """The fit to at least one step. One or two tell no spread: that of the default is kept."""
    logs = [log(max(one_s, SHORTEST_S)) for one_s in took_s]
    n, median_s = len(logs), exp(fmean(logs))
    if n < 3:
        return Fit(n, median_s, relative_spread(default), None, None)
    sigma = stdev(logs)
    return Fit(n, median_s, sigma, median_s * sigma / sqrt(n), sigma / sqrt(2 * (n - 1)))


def relative_spread(duration: Duration) -> float:
    """Standard deviation over mean of a duration."""
    if duration.sigma is not None:
        return duration.sigma
    low, mode, high = duration.low_s, duration.mode_s, duration.high_s
    if low is None or high is None or high == 0:
        return 0.0
    if mode is None:
        return (high - low) / sqrt(12) / ((low + high) / 2)
    variance = (low * low + mode * mode + high * high - low * mode - low * high - mode * high) / 18
    return sqrt(max(variance, 0.0)) / ((low + mode + high) / 3)


def student_t(p: float, freedom: int) -> float:
    """Quantile of Student's t (Abramowitz and Stegun 26.7.5; within 0.4 % from 5 degrees of freedom)."""
    z = NormalDist().inv_cdf(p)
    terms: tuple[float, ...] = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
    )
    return z + sum((term / float(freedom**power) for power, term in enumerate(terms, 1)), 0.0)


@dataclass(frozen=True, slots=True)
class BackTest:
    """Steps left out of a fit to the others, and how many fell into its band."""

    left_out: int
    inside: int

    @property
    def share(self) -> float | None:
        """Share inside the band; 0.9 is wanted."""
        return self.inside / self.left_out if self.left_out else None


def back_test(
    groups: Mapping[str, Sequence[MeasuredStep]], defaults: Callable[[str], Duration], hold_out: float, least: int
) -> BackTest:
    """Fit to a part of each group, and look where the rest lies. Whole runs are left out where there are several."""
    left_out = inside = 0
    for key, steps in groups.items():
        kept, held = parted(steps, hold_out)
        if len(kept) >= max(3, least) and held:
            low_s, high_s = fitted([step.took_s for step in kept], defaults(key)).band_s()
            left_out += len(held)
            inside += sum(low_s <= max(step.took_s, SHORTEST_S) <= high_s for step in held)
    return BackTest(left_out, inside)


def parted(steps: Sequence[MeasuredStep], hold_out: float) -> tuple[list[MeasuredStep], list[MeasuredStep]]:
    """Those to fit and those left out: every so many, evenly, by run where there are at least five runs."""
    runs = sorted({step.run for step in steps})
    if len(runs) >= 5:
        held_runs = {run for at, run in enumerate(runs) if _is_held(at, hold_out)}
        return [s for s in steps if s.run not in held_runs], [s for s in steps if s.run in held_runs]
    held = [_is_held(at, hold_out) for at in range(len(steps))]
    return [s for s, out in zip(steps, held, strict=True) if not out], [
        s for s, out in zip(steps, held, strict=True) if out
    ]


def _is_held(at: int, hold_out: float) -> bool:
    return int((at + 1) * hold_out + 1e-9) > int(at * hold_out + 1e-9)


def _short(value: float) -> float:
    return float(f"{value:.6g}")
