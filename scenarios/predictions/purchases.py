"""The levers: what can be had to be home sooner, each with its lead time. Tried in the simulation, never reckoned."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from failback.scenarios.files.schema import Lever, Scenario
from failback.scenarios.usage_error import UsageError

from .latest_start import people_are_away
from .purchase import Purchase
from .usual_purchases import ROUND_THE_CLOCK, USUAL, usual_purchase


def purchases(scenario: Scenario, today: date | None = None) -> tuple[Purchase, ...]:
    """The levers that the scenario names; without any, what is usually bought and may help this scenario."""
    named = scenario.homecoming.levers
    if named:
        asked = min(today or scenario.starts_at.date(), scenario.starts_at.date())
        return tuple(_named(lever, scenario, asked) for lever in named)
    bought = tuple(usual_purchase(row, scenario) for row in USUAL if row.makes_sense(scenario))
    return (*bought, ROUND_THE_CLOCK) if people_are_away(scenario) else bought


def leaving(scenario: Scenario, names: Sequence[str], words: str) -> Purchase:
    """The lever that costs nothing: these machines stay in Azure for now."""
    return Purchase("", words, {}, leaves=tuple(names), available=_midnight(scenario, scenario.starts_at.date()))


def _named(lever: Lever, scenario: Scenario, today: date) -> Purchase:
    values = {key: value for key in _KEYS if (value := getattr(lever, _KEYS[key])) is not None}
    leaves = [vm.name for vm in scenario.estate.virtual_machines.values() if vm.tier in lever.leaves_tiers]
    if len(leaves) == len(scenario.estate.virtual_machines):
        raise UsageError(
            f"The lever '{lever.name}' leaves every machine in Azure; leave out fewer tiers in leaves_tiers."
        )
    midnight = _midnight(scenario, lever.available_from or today)
    available = midnight if lever.available_from else midnight + timedelta(days=lever.lead_days)
    name = next(iter(values)) if len(values) == 1 else ""
    return Purchase(
        name,
        lever.name,
        values,
        tuple(leaves),
        lever.starts_earlier_h * 3600.0,
        available,
        lead_days=0.0 if lever.available_from else lever.lead_days,
    )


def _midnight(scenario: Scenario, day: date) -> datetime:
    return datetime.combine(day, time(0), scenario.starts_at.tzinfo)


_KEYS: Final[Mapping[str, str]] = {
    "appliances": "appliances",
    "master_targets": "master_targets",
    "process_servers": "process_servers",
    "bandwidth": "bandwidth_mbit_per_s",
    "people": "people",
    "wave_size": "wave_size",
}
"""What a study calls a field of a lever."""
