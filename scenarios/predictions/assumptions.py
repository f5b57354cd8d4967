"""What nobody knows before the night: how much differs (B02) and what the line really gives. Cases, not a forecast."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from failback.scenarios.files.schema import Scenario
from failback.scenarios.study.variants import Value, varied
from failback.scenarios.text.language import message, wording

HEADING: Final = message("assumptions, not your data")
SLOW_LINE: Final = 0.5
"""What the line gives in the slow cases, as a share of its written bandwidth [inferred]."""
EXPECTED: Final = "expected"


@dataclass(frozen=True, slots=True)
class Case:
    """One set of assumptions. `changed` is the share of blocks that differ, None as the scenario says for each disk.

    `fitted_changed` is that share where a disk has none of its own, None as the calibration says.
    """

    name: str
    words: str
    changed: float | None = None
    line_share: float = 1.0
    fitted_changed: float | None = None

    def values(self, scenario: Scenario) -> Mapping[str, Value]:
        """What it sets, as a study would."""
        bandwidth = scenario.estate.link.bandwidth_mbit_per_s * self.line_share
        changed = {} if self.changed is None else {"changed_fraction": self.changed}
        slower = {} if self.line_share == 1.0 else {"bandwidth": bandwidth}
        return {**changed, **slower}

    def applied(self, scenario: Scenario) -> Scenario:
        """The scenario under these assumptions."""
        if self.fitted_changed is not None:
            return replace(scenario, site=replace(scenario.site, changed_fraction=self.fitted_changed))
        return varied(scenario, self.values(scenario))


# fmt: off
CASES: Final = (
    Case(EXPECTED,             wording("changes as in the scenario, full bandwidth")),
    Case("nothing",            wording("nothing changed, full bandwidth"),                       0.0),
    Case("all",                wording("everything changed, full bandwidth"),                    1.0),
    Case("nothing, slow line", wording("nothing changed, half bandwidth"),                     0.0,  SLOW_LINE),
    Case("slow line",          wording("changes as in the scenario, half bandwidth"), None, SLOW_LINE),
    Case("all, slow line",     wording("everything changed, half bandwidth"),                  1.0,  SLOW_LINE),
)
# fmt: on
"""Corners between which an uncalibrated answer lies; the first is the one that is looked at closely."""
CALIBRATED: Final = (Case("calibrated", wording("as calibrated on recorded jobs")),)


def cases_of(scenario: Scenario) -> tuple[Case, ...]:
    """The calibrated case and its error where nothing of weight is assumed, a range of assumptions else."""
    return _fitted(scenario) if is_calibrated(scenario) else CASES


def _fitted(scenario: Scenario) -> tuple[Case, ...]:
    """As calibrated, and what the fit of the share that differs leaves open, where its error is known."""
    between = scenario.calibration and scenario.calibration.changed_between
    if not between:
        return CALIBRATED
    low, high = between
    fewer, more = (f"{100 * share:.3g}" for share in between)
    below = wording("{n} % of the blocks differ: two standard errors below the fit", n=fewer)
    above = wording("{n} % of the blocks differ: two standard errors above the fit", n=more)
    return (
        *CALIBRATED,
        Case("fewer blocks", below, fitted_changed=low),
        Case("more blocks", above, fitted_changed=high),
    )


def is_calibrated(scenario: Scenario) -> bool:
    """Whether the numbers come from recorded jobs, the share that differs among them."""
    return scenario.calibration is not None and scenario.calibration.changed_known
