"""A lever for the scenario at hand: what it sets, and from when on it can be had."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from failback.scenarios.files.schema import Scenario, Weekday
from failback.scenarios.study.fewer_machines import with_machines
from failback.scenarios.study.repaired import with_repaired
from failback.scenarios.study.variants import varied
from failback.scenarios.text.local_time import after


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
    when_staffed: bool = False
    """Whether machines fail back only while somebody is on shift; such a lever costs nothing."""
    repairs: str = ""
    """The section of the estate whose servers that are not well are repaired."""
    lead_days: float = 0.0
    """Days from the order until it is there."""

    @property
    def brings_all(self) -> bool:
        """Whether every machine comes home with it."""
        return not self.leaves

    def applied(self, scenario: Scenario) -> Scenario:
        """The scenario with it."""
        some = varied(with_repaired(scenario, self.repairs) if self.repairs else scenario, self.values)
        some = _at_every_hour(some) if self.round_the_clock else some
        some = _when_staffed(some) if self.when_staffed else some
        if self.leaves:
            some = with_machines(some, [name for name in some.estate.virtual_machines if name not in self.leaves])
        return replace(some, starts_at=after(some.starts_at, -self.earlier_s)) if self.earlier_s else some

    def order_by(self, start: datetime) -> datetime | None:
        """On the day of this instant it can be ordered at the latest for this start; None: it has no lead time."""
        return after(start, -self.earlier_s - self.lead_days * 86400.0) if self.lead_days else None

    def comes_in_time(self, start: datetime) -> bool:
        """Whether it is there when the way home begins."""
        return self.available is None or self.available <= after(start, -self.earlier_s)


def _at_every_hour(scenario: Scenario) -> Scenario:
    people = scenario.homecoming
    shifts = tuple(replace(s, days=tuple(Weekday), from_hour=0.0, to_hour=24.0) for s in people.shifts)
    return replace(scenario, homecoming=replace(people, shifts=shifts))


def _when_staffed(scenario: Scenario) -> Scenario:
    return replace(scenario, homecoming=replace(scenario.homecoming, fail_back_when_staffed=True))
