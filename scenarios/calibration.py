"""What a scenario owes to earlier runs: the numbers of a calibration file, and the label that says so."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from .installed import installed

if TYPE_CHECKING:
    from .schema import Scenario

UNCALIBRATED = "not calibrated: assumptions, not your data"


@dataclass(frozen=True, slots=True)
class Calibration:
    """Whence a scenario's numbers come: the newest run behind them, the model that fitted them, how many steps.

    `changed_known`: whether earlier runs told how much differs, too; histories alone tell durations and rates only.
    """

    date: date
    model: str
    n: int
    changed_known: bool = True

    def __str__(self) -> str:
        """In words: calibrated 2026-06-05 on 240 steps of earlier runs."""
        told = f"calibrated {self.date.isoformat()} on {self.n} steps of earlier runs"
        return told if self.changed_known else f"{told}, but how much differs is assumed"


def model_version() -> str:
    """What made the numbers."""
    return f"failback {installed('failback')}"


def calibration_words(scenario: "Scenario") -> str:
    """Whether and when the scenario was calibrated."""
    return UNCALIBRATED if scenario.calibration is None else str(scenario.calibration)


def label(scenario: "Scenario") -> str:
    """What every simulated number of this scenario is to be labelled with, in one line."""
    return f"simulation by {model_version()}, {calibration_words(scenario)}"


def labels(scenario: "Scenario") -> dict[str, Any]:
    """The same for JSON: `label`, `model`, `calibrated` (the date or null) and `calibrated_on` (steps)."""
    found = scenario.calibration
    return {
        "label": "simulation",
        "model": model_version(),
        "calibrated": None if found is None else found.date.isoformat(),
        "calibrated_on": 0 if found is None else found.n,
    }
