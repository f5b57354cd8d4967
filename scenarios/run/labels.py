"""What every simulated number is labelled with: the model that made it, and whether it was calibrated."""

from typing import Any

from failback.scenarios.files.schema import Scenario
from failback.scenarios.installed import installed

UNCALIBRATED = "not calibrated: assumptions, not your data"


def model_version() -> str:
    """What made the numbers."""
    return f"failback {installed('failback')}"


def calibration_words(scenario: Scenario) -> str:
    """Whether and when the scenario was calibrated."""
    return UNCALIBRATED if scenario.calibration is None else str(scenario.calibration)


def label(scenario: Scenario) -> str:
    """What every simulated number of this scenario is to be labelled with, in one line."""
    return f"simulation by {model_version()}, {calibration_words(scenario)}"


def labels(scenario: Scenario) -> dict[str, Any]:
    """The same for JSON: `label`, `model`, `calibrated` (the date or null) and `calibrated_on` (steps)."""
    found = scenario.calibration
    return {
        "label": "simulation",
        "model": model_version(),
        "calibrated": None if found is None else found.date.isoformat(),
        "calibrated_on": 0 if found is None else found.n,
    }
