"""How long things take: distributions that a scenario names, drawn from keyed streams."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, ClassVar, Final

_STRICT: Final[dict[str, Any]] = {"extra": "forbid", "use_attribute_docstrings": True}


@dataclass(frozen=True, slots=True)
class Duration:
    """One duration in seconds: `fixed_s`, or uniform between two bounds, or triangular with a mode between them."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    fixed_s: float | None = None
    low_s: float | None = None
    mode_s: float | None = None
    high_s: float | None = None
    source: str = ""
    """Where the number comes from: recorded, documented or inferred."""

    def __post_init__(self) -> None:
        bounds = [b for b in (self.low_s, self.mode_s, self.high_s) if b is not None]
        ordered = bounds == sorted(bounds) and all(0 <= b < float("inf") for b in bounds)
        fixed = self.fixed_s is not None and 0 <= self.fixed_s < float("inf")
        if not (fixed and not bounds) and not (
            self.fixed_s is None and ordered and None not in (self.low_s, self.high_s)
        ):
            raise ValueError(
                "a duration is fixed_s alone, or low_s and high_s (and mode_s between them), none negative"
            )

    def draw(self, stream: Random) -> float:
        """A value in seconds from this stream."""
        if self.fixed_s is not None:
            return self.fixed_s
        low, high = self.low_s or 0.0, self.high_s or 0.0
        if self.mode_s is None:
            return stream.uniform(low, high)
        return stream.triangular(low, high, self.mode_s)


Durations = Mapping[str, Duration]
"""By key: `task/<architecture>/<operation>/<task>`, `agent_registration`, ... (the packaged defaults list them all)."""
