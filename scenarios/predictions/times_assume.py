"""The line beside simulated times that says which numbers they rest on, and which of these nobody gave."""

from collections.abc import Iterator
from typing import Final

from failback.reprotect import Disk
from failback.scenarios.files.schema import Scenario
from failback.scenarios.outcomes.answers import MIB_PER_GIB
from failback.simulator.parameters import SiteParameters

_DAY_S: Final = 86_400
_SAME: Final = 1e-9
"""Shares that differ by less are one: a weighed mean is rounded."""
_DEFAULTS: Final = SiteParameters()


def changed_share(scenario: Scenario) -> float:
    """The share of all data that the scenario assumes to have changed in Azure, 0 to 1."""
    own, disks = scenario.site.changed_fraction, _disks(scenario)
    changed_gib = sum(d.size_gib * (own if d.changed_fraction is None else d.changed_fraction) for d in disks)
    return changed_gib / sum(d.size_gib for d in disks)


def times_assume(scenario: Scenario) -> str:
    """One line for people: bandwidth, changed data, writes meanwhile, scan rate, and what was measured.

    `(default)` stands behind what equals the model's own number and no calibration gave.
    """
    return f"Times assume: {', '.join(_numbers(scenario))}. {_measured(scenario)}"


def _numbers(scenario: Scenario) -> Iterator[str]:
    calibration = scenario.calibration
    yield f"all of the link's {scenario.estate.link.bandwidth_mbit_per_s:,g} Mbit/s"
    share = changed_share(scenario)
    usual = abs(share - _DEFAULTS.changed_fraction) < _SAME and not (calibration and calibration.changed_known)
    yield f"{100 * share:.2g} % of the data changed in Azure{_default(usual)}"
    daily_gib = _written_mib_per_s(scenario) * _DAY_S / MIB_PER_GIB
    yield f"{daily_gib:,.0f} GiB more written there per day{_default(not daily_gib)}"
    rate = scenario.site.scan_mib_per_s
    usual = rate == _DEFAULTS.scan_mib_per_s and calibration is None
    yield f"each disk read at {rate:g} MiB/s{_default(usual)}"


def _default(usual: bool) -> str:
    return " (default)" if usual else ""


def _measured(scenario: Scenario) -> str:
    if scenario.calibration is None:
        return "None of this was measured: `failback calibrate` reads it from earlier jobs."
    return f"The durations of jobs were measured: {scenario.calibration}."


def _written_mib_per_s(scenario: Scenario) -> float:
    own = scenario.site.churn_mib_per_s
    return sum(own if disk.churn_mib_per_s is None else disk.churn_mib_per_s for disk in _disks(scenario))


def _disks(scenario: Scenario) -> tuple[Disk, ...]:
    return tuple(disk for vm in scenario.estate.virtual_machines.values() for disk in vm.disks)
