"""What was planned for each machine, played once with nothing going wrong; the night is held against it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from failback.reprotect import LEGS, Operation, Phase, end_of, phase_row
from failback.reprotect.driver import Leg
from failback.scenarios.files.schema import HomeWhen, Scenario
from failback.scenarios.outcomes.people import Team
from failback.scenarios.outcomes.planned_runs import as_planned
from failback.scenarios.outcomes.way_home import way_home
from failback.scenarios.run.player import play
from failback.scenarios.runbooks.planned_requests import HOMEWARD
from failback.scenarios.text.local_time import seconds_between

LAST_LEG: Final = {
    HomeWhen.COMMITTED: Operation.COMMIT_FAILBACK,
    HomeWhen.APP_CHECKED: Operation.COMMIT_FAILBACK,
    HomeWhen.REPROTECTED: Operation.REPROTECT_TO_AZURE,
}
"""The leg after which a machine counts as home."""
EVEN_S: Final = 300.0
"""So far from the plan nobody calls a machine late or early."""


@dataclass(frozen=True, slots=True)
class PlannedWay:
    """Seconds from the start of the way home at which each machine was to begin and end each leg."""

    starts_at: datetime
    legs: Mapping[tuple[str, Operation], tuple[float, float]]
    last: Operation
    wave_of: Mapping[str, str]

    def second(self, at: datetime) -> float:
        """The second of the plan at this instant; negative before its start."""
        return seconds_between(self.starts_at, at)

    def next_leg(self, phase: Phase) -> Operation | None:
        """The first leg that is not over in this phase; None where the machine is home."""
        return next(iter(self._left(phase)), None)

    def _left(self, phase: Phase) -> tuple[Operation, ...]:
        row = phase_row(phase)
        if row.legs_behind == 0:
            return ()  # it replicates to Azure: home, and protected again
        behind = row.legs_behind - row.resyncs
        wanted = HOMEWARD[: HOMEWARD.index(self.last) + 1]
        return tuple(leg for leg in wanted if LEGS.index(leg) >= behind)

    def late_s(self, item: str, phase: Phase, now: datetime, done: Mapping[Operation, datetime]) -> float | None:
        """By how much it is behind the plan; negative: ahead of it; None where nothing was planned or done.

        What should be over and is not is late by now; else the leg that ended last tells.
        """
        leg, now_s = self.next_leg(phase), self.second(now)
        if leg is not None and (item, leg) in self.legs and (late_s := now_s - self.legs[item, leg][1]) > 0:
            return late_s
        ended = [self.second(at) - self.legs[item, leg][1] for leg, at in done.items() if (item, leg) in self.legs]
        return ended[-1] if ended else None

    def is_due(self, item: str, leg: Operation, now: datetime) -> bool:
        """Whether the plan would have begun this leg by now."""
        planned = self.legs.get((item, leg))
        return planned is not None and self.second(now) >= planned[0]


def planned_way(scenario: Scenario, starts_at: datetime) -> PlannedWay:
    """Play the plan once, with nothing going wrong."""
    way = way_home(as_planned(scenario), starts_at)
    result = play(way.scenario, operator=Team(way.scenario), only=())
    found: dict[tuple[str, Operation], tuple[float, float]] = {}
    for leg in result.legs:
        if leg.leg in HOMEWARD and leg.end_s is not None and leg.outcome == "done":
            found[leg.item, leg.leg] = leg.start_s - way.begins_s, leg.end_s - way.begins_s
    waves = {item: wave.name for wave in scenario.plan.waves for item in wave.items}
    return PlannedWay(starts_at, found, LAST_LEG[scenario.homecoming.home_when], waves)


def done_by(legs: tuple[Leg, ...], item: str) -> Mapping[Operation, float]:
    """When each leg of a machine ended, in seconds of the night, in the order of their ends."""
    ended = [
        (leg.end_s, leg.leg) for leg in legs if leg.item == item and leg.outcome == "done" and leg.end_s is not None
    ]
    return {leg: end_s for end_s, leg in sorted(ended, key=lambda pair: pair[0])}


def is_home(phase: Phase | None, last: Operation) -> bool:
    """Whether a machine that was on its way counts as home."""
    if phase is None:
        return False
    row = phase_row(phase)
    return phase is end_of(Operation.REPROTECT_TO_AZURE) or row.legs_behind - row.resyncs > LEGS.index(last)
