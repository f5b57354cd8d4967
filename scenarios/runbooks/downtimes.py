"""From when to when machines are down as planned, and whether that is longer than they may be.

A machine is down from when it is stopped in Azure until it has been checked on site.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from failback.reprotect import Operation
from failback.scenarios.files.schema import Scenario
from failback.scenarios.outcomes.allowed_downtime import allowed_s
from failback.scenarios.outcomes.application_downtime import Span
from failback.scenarios.outcomes.planned_downtime import PlannedDown, planned_down
from failback.scenarios.outcomes.planned_runs import middle_spans

from .planned_requests import PlannedRequest


@dataclass(frozen=True, slots=True)
class Downtime:
    """Seconds after the start of the way home, in the middle of the runs.

    `allowed_s`: how long it may last; None where nobody said.
    """

    begins_s: float
    ends_s: float
    allowed_s: float | None = None
    check_s: float | None = None
    """How long there is to check it before its commit; None where it is not committed."""
    home_s: float = 0.0
    """When the failback has ended."""
    runs: tuple[Span | None, ...] = ()
    """The same in each run; None where it does not get home."""
    homes: tuple[float | None, ...] = ()
    """When the failback has ended in each run."""

    @property
    def planned(self) -> PlannedDown:
        """The same with how long it lasts in 90 % of the runs."""
        return planned_down(tuple(filter(None, self.runs)))

    @property
    def commit_s(self) -> float | None:
        """When its commit is asked for; None where it is not."""
        return None if self.check_s is None else self.home_s + self.check_s

    @property
    def late_by_s(self) -> float:
        """How much longer it lasts than it may, in the slowest run."""
        longest_s = max((ends_s - begins_s for begins_s, ends_s in filter(None, self.runs)), default=0.0)
        return 0.0 if self.allowed_s is None else max(0.0, longest_s - self.allowed_s)


def machine_spans(requests: Sequence[PlannedRequest]) -> Mapping[str, Span]:
    """Each machine that fails back: from when to when it is down, in the middle of the runs."""
    return middle_spans({item: span} for one in requests for item, spans in one.downs.items() for span in spans)


def machine_downs(scenario: Scenario, requests: Sequence[PlannedRequest]) -> Mapping[str, Downtime]:
    """Each machine that fails back."""
    moves = {item: one for one in requests for item in one.downs}
    commits = {item: one for one in requests if one.operation is Operation.COMMIT_FAILBACK for item in one.items}
    found: dict[str, Downtime] = {}
    for item, (begins_s, ends_s) in machine_spans(requests).items():
        move = moves[item]
        if move.ends:
            commit, home_s = commits.get(item), move.ends.middle_s
            check_s = commit.begins.middle_s - home_s if commit is not None and commit.begins else None
            may_s = allowed_s(scenario, scenario.estate.virtual_machines[item])
            found[item] = Downtime(begins_s, ends_s, may_s, check_s, home_s, move.downs[item], move.ended)
    return found
