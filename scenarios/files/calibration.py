"""What a scenario owes to earlier runs."""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Tried:
    """What the machines that came home in the earlier runs tried. No name is in it: a digest stands for a server."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "use_attribute_docstrings": True}

    machines: int
    """How many machines came home."""
    ways: tuple[str, ...]
    """Their architectures, systems, servers, kinds of datastore, firmware."""
    largest_disk_gib: float
    """The largest of their disks, GiB."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Whence a scenario's numbers come: the newest run behind them, the model that fitted them, how many steps.

    `changed_known`: whether earlier runs told how much differs, too; histories alone tell durations and rates only.
    `changed_between`: that share two standard errors below and above its fit, None where no error is known.
    `tried`: what their machines tried, None where no estate told it.
    """

    date: date
    model: str
    n: int
    changed_known: bool = True
    changed_between: tuple[float, float] | None = None
    tried: Tried | None = None

    def __str__(self) -> str:
        """In words: calibrated 2026-06-05 on 240 steps of earlier runs."""
        text = f"calibrated {self.date.isoformat()} on {self.n} steps of earlier runs"
        return text if self.changed_known else f"{text}, but how much differs is assumed"
