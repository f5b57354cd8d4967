"""From when to when machines are down as planned, and whether that is longer than they may be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from failback.reprotect import Operation
from failback.scenarios.files.schema import Scenario
from failback.scenarios.outcomes.allowed_downtime import allowed_s

from .planned_requests import PlannedRequest


@dataclass(frozen=True, slots=True)
class Downtime:
    """Seconds after the start of the way home. `allowed_s`: how long it may last; None where nobody said."""

    begins_s: float
    ends_s: float
    allowed_s: float | None = None
    check_s: float | None = None
    """How long there is to check it before its commit; None where it is not committed."""

    @property
    def home_s(self) -> float:
        """When the failback has ended."""
        return self.ends_s - (self.check_s or 0.0)

    @property
    def late_by_s(self) -> float:
        """How much longer it lasts than it may."""
        return 0.0 if self.allowed_s is None else max(0.0, self.ends_s - self.begins_s - self.allowed_s)


def machine_downs(scenario: Scenario, requests: Sequence[PlannedRequest]) -> Mapping[str, Downtime]:
    """Each machine that fails back: from the request until its commit is asked for, when it has been checked."""
    moves = {item: one for one in requests if one.operation is Operation.FAILBACK for item in one.items}
    commits = {item: one for one in requests if one.operation is Operation.COMMIT_FAILBACK for item in one.items}
    found: dict[str, Downtime] = {}
    for item, move in moves.items():
        if move.begins and move.ends:
            commit, home_s = commits.get(item), move.ends.middle_s
            checked_s = commit.begins.middle_s if commit is not None and commit.begins else None
            ends_s, check_s = (home_s, None) if checked_s is None else (checked_s, checked_s - home_s)
            may_s = allowed_s(scenario, scenario.estate.virtual_machines[item])
            found[item] = Downtime(move.begins.middle_s, ends_s, may_s, check_s)
    return found
