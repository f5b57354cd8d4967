"""The levers: what can be had to be home sooner, each with its lead time. Tried in the simulation, never reckoned."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from failback.scenarios.files.schema import Lever, Scenario, Weekday
from failback.scenarios.outcomes.server_batches import servers_in_use
from failback.scenarios.study.fewer_machines import with_machines
from failback.scenarios.study.variants import key_named, varied
from failback.scenarios.text.language import message, wording
from failback.scenarios.text.local_time import after
from failback.scenarios.usage_error import UsageError

from .latest_start import people_are_away

_NUMBERS: Final = {2: message("a second"), 3: message("a third"), 4: message("a fourth")}
_ANOTHER: Final = message("another")


@dataclass(frozen=True, slots=True)
class Purchase:
    """One lever, for the scenario at hand: what it sets, which machines it leaves in Azure, how much earlier it starts.

    `available` is from when on it can be had; None: nobody said. `name`: what a study calls the one thing it sets.
    """

    name: str
    words: str
    values: Mapping[str, Any]
    leaves: tuple[str, ...] = ()
    earlier_s: float = 0.0
    available: datetime | None = None
    round_the_clock: bool = False
    """Whether each shift is there at every hour."""
    lead_days: float = 0.0
    """Days from the order until it is there."""

    @property
    def brings_all(self) -> bool:
        """Whether every machine comes home with it."""
        return not self.leaves

    def applied(self, scenario: Scenario) -> Scenario:
        """The scenario with it."""
        some = varied(scenario, self.values)
        some = _at_every_hour(some) if self.round_the_clock else some
        if self.leaves:
            some = with_machines(some, [name for name in some.estate.virtual_machines if name not in self.leaves])
        return replace(some, starts_at=after(some.starts_at, -self.earlier_s)) if self.earlier_s else some

    def order_by(self, start: datetime) -> datetime | None:
        """On the day of this instant it can be ordered at the latest for this start; None: it has no lead time."""
        return after(start, -self.earlier_s - self.lead_days * 86400.0) if self.lead_days else None

    def comes_in_time(self, start: datetime) -> bool:
        """Whether it is there when the way home begins."""
        return self.available is None or self.available <= after(start, -self.earlier_s)


@dataclass(frozen=True, slots=True)
class _Row:
    key: str
    """What a study calls it."""
    more: Callable[[Any], Any]
    words: str
    makes_sense: Callable[[Scenario], bool]


def purchases(scenario: Scenario, today: date | None = None) -> tuple[Purchase, ...]:
    """The levers that the scenario names; without any, what is usually bought and may help this scenario."""
    named = scenario.homecoming.levers
    if named:
        asked = min(today or scenario.starts_at.date(), scenario.starts_at.date())
        return tuple(_named(lever, scenario, asked) for lever in named)
    bought = tuple(_purchase(row, scenario) for row in _ROWS if row.makes_sense(scenario))
    return (*bought, _ROUND_THE_CLOCK) if people_are_away(scenario) else bought


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


def _purchase(row: _Row, scenario: Scenario) -> Purchase:
    now = key_named(row.key).now(scenario)
    more = row.more(now)
    words = wording(row.words, another=wording(_NUMBERS.get(more, _ANOTHER)), more=f"{more:g}")
    return Purchase(row.key, words, {row.key: more})


def _one_more(now: int) -> int:
    return now + 1


def _twice(now: float) -> float:
    return now * 2


def _appliances(scenario: Scenario) -> bool:
    return any(name in scenario.estate.appliances for name in servers_in_use(scenario.estate))


def _master_targets(scenario: Scenario) -> bool:
    return any(name in scenario.estate.master_targets for name in servers_in_use(scenario.estate))


def _process_servers(scenario: Scenario) -> bool:
    return _master_targets(scenario) and any(part.in_azure for part in scenario.estate.process_servers.values())


def _staffed(scenario: Scenario) -> bool:
    return bool(scenario.homecoming.manual_steps and scenario.homecoming.shifts)


def _at_every_hour(scenario: Scenario) -> Scenario:
    people = scenario.homecoming
    shifts = tuple(replace(s, days=tuple(Weekday), from_hour=0.0, to_hour=24.0) for s in people.shifts)
    return replace(scenario, homecoming=replace(people, shifts=shifts))


_ROUND_THE_CLOCK: Final = Purchase("", wording("somebody on shift round the clock"), {}, round_the_clock=True)


def _anyone(_scenario: Scenario) -> bool:
    return True


_KEYS: Final[Mapping[str, str]] = {
    "appliances": "appliances",
    "master_targets": "master_targets",
    "process_servers": "process_servers",
    "bandwidth": "bandwidth_mbit_per_s",
    "people": "people",
    "wave_size": "wave_size",
}
"""What a study calls a field of a lever."""
# fmt: off
_ROWS: Final = (
    _Row("appliances",      _one_more, message("{another} appliance"),                             _appliances),
    _Row("master_targets",  _one_more, message("{another} master target for each operating system"), _master_targets),
    _Row("process_servers", _one_more, message("{another} process server in Azure"),               _process_servers),
    _Row("bandwidth",       _twice,    message("twice the bandwidth ({more} Mbit/s)"),            _anyone),
    _Row("people",          _twice,    message("twice the people ({more} in each shift)"),        _staffed),
)
# fmt: on
