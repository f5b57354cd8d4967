"""How long things take: distributions that a scenario names, drawn from keyed streams."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, inf, log
from random import Random
from typing import Any, ClassVar, Final

_STRICT: Final[dict[str, Any]] = {"extra": "forbid", "use_attribute_docstrings": True}


@dataclass(frozen=True, slots=True)
class Duration:
    """One duration in seconds: `fixed_s`, uniform, triangular with a mode between two bounds, or lognormal."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    fixed_s: float | None = None
    low_s: float | None = None
    mode_s: float | None = None
    high_s: float | None = None
    median_s: float | None = None
    """Lognormal: the median; half of all durations are no longer. Above 0."""
    sigma: float | None = None
    """Lognormal: standard deviation of the natural logarithm; about the relative spread if it is small."""
    median_error: float | None = None
    """Lognormal: standard error of the logarithm of the median; one deviation for all such steps of a run."""
    source: str = ""
    """Where the number comes from: recorded, documented, inferred or fitted."""

    def __post_init__(self) -> None:
        if sum((self._is_fixed(), self._is_bounded(), self._is_lognormal())) != 1 or self._is_mixed():
            raise ValueError(
                "a duration is fixed_s alone, or low_s and high_s (and mode_s between them), none negative, "
                "or median_s above 0 with sigma from 0 to 10"
            )

    def _is_fixed(self) -> bool:
        return self.fixed_s is not None and 0 <= self.fixed_s < inf

    def _is_bounded(self) -> bool:
        bounds = [b for b in (self.low_s, self.mode_s, self.high_s) if b is not None]
        ordered = bounds == sorted(bounds) and all(0 <= b < inf for b in bounds)
        return ordered and None not in (self.low_s, self.high_s)

    def _is_lognormal(self) -> bool:
        if self.median_s is None or self.sigma is None:
            return False
        return 0 < self.median_s < inf and 0 <= self.sigma <= 10 and 0 <= (self.median_error or 0.0) <= 10

    def _is_mixed(self) -> bool:
        """Whether more than one form, or half of one, was begun."""
        begun = (
            self.fixed_s is not None,
            any(b is not None for b in (self.low_s, self.mode_s, self.high_s)),
            any(part is not None for part in (self.median_s, self.sigma, self.median_error)),
        )
        return sum(begun) != 1

    @property
    def middle_s(self) -> float:
        """What is typical: the fixed time, the mode, the middle between the bounds, or the median."""
        if self.low_s is not None and self.high_s is not None:
            return self.mode_s or (self.low_s + self.high_s) / 2
        return self.median_s or self.fixed_s or 0.0

    def draw(self, stream: Random) -> float:
        """A value in seconds from this stream."""
        if self.fixed_s is not None:
            return self.fixed_s
        if self.median_s is not None:
            return exp(stream.gauss(log(self.median_s), self.sigma or 0.0))
        low, high = self.low_s or 0.0, self.high_s or 0.0
        if self.mode_s is None:
            return stream.uniform(low, high)
        return stream.triangular(low, high, self.mode_s)

    def off_by(self, stream: Random) -> float:
        """Factor by which all such steps of one run lie off, since the median is known only so well."""
        return exp(stream.gauss(0.0, self.median_error)) if self.median_error else 1.0


Durations = Mapping[str, Duration]
"""By key: `task/<architecture>/<operation>/<task>`, `agent_registration`, ... (the packaged defaults list them all)."""
