"""Who cannot be in a pilot, or should not: for a rule, a stop in the simulation, a doubt, its tier, or a wish."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, unique
from typing import Final

from failback.reprotect import OWN_FILE
from failback.scenarios.files.schema import Scenario
from failback.scenarios.usage_error import UsageError

from .pilot_cover import PilotGroup
from .planned_requests import PlannedStop


@unique
class Why(Enum):
    """Why nobody of the pilot has a property, or why a machine is not in it."""

    BLOCKED = "blocked"
    STOPS = "stops in the simulation"
    DOUBT = "in doubt"
    LEFT_OUT = "left out"
    TOO_LATE = "ends too late"
    TOO_LONG = "takes too long"
    IMPORTANT = "most important tier"
    NOTHING_NEW = "nothing new"
    WARNING = "warning only"
    STORE = "another datastore"
    NO_MACHINE = "no machine"


@dataclass(frozen=True, slots=True)
class PilotChoice:
    """What somebody asked for: machines that are in it, and machines that are not."""

    taken: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """Who is out, and who is in whatever it costs."""

    blocked: frozenset[str]
    choice: PilotChoice
    important: float | None = None
    """Number of the tier that the pilot leaves alone; `None` where there is one tier only, or none has a number."""
    stops: Mapping[str, PlannedStop] = field(default_factory=dict)
    doubtful: frozenset[str] = frozenset()
    """Machines whose facts contradict each other."""
    slow: frozenset[str] = frozenset()
    """Machines with which the pilot would end after the way home begins."""
    long: frozenset[str] = frozenset()
    """Machines with the largest disk, with which the pilot would take several times as long."""
    file: str = OWN_FILE
    """The scenario's file, as commands name it."""

    def taken(self, group: PilotGroup) -> bool:
        """Whether somebody asked for it."""
        return _any(group, self.choice.taken)

    def why_not(self, group: PilotGroup) -> Why | None:
        """Why it is out; `None` where it may be chosen."""
        if _any(group, self.blocked):
            return Why.BLOCKED
        if _any(group, self.stops):
            return Why.STOPS
        if self.taken(group):
            return None
        if _any(group, self.choice.left_out):
            return Why.LEFT_OUT
        if _any(group, self.doubtful):
            return Why.DOUBT
        if _any(group, self.slow):
            return Why.TOO_LATE
        if _any(group, self.long):
            return Why.TOO_LONG
        return Why.IMPORTANT if group.rank == self.important else None


def most_important(groups: Sequence[PilotGroup]) -> float | None:
    """The number of the most important tier, where others exist."""
    ranks = sorted({group.rank for group in groups})
    return ranks[0] if len(ranks) > 1 else None


def refuse_strangers(scenario: Scenario, choice: PilotChoice) -> None:
    """Raises `UsageError` for a name that is no machine, and for one that is asked for both ways."""
    for name in (*choice.taken, *choice.left_out):
        if name not in scenario.estate.virtual_machines:
            raise UsageError(f"{name} is no machine of {scenario.name}.")
    if both := set(choice.taken) & set(choice.left_out):
        raise UsageError(f"{min(both)} cannot be both in the pilot (--with) and out of it (--without).")


def refuse_who_cannot(groups: Sequence[PilotGroup], limits: Limits) -> None:
    """Raises `UsageError` where a machine that was asked for cannot come home."""
    for group in groups:
        if limits.taken(group) and (why := limits.why_not(group)) in _CANNOT:
            told = _CANNOT[why].format(file=limits.file)
            raise UsageError(f"--with: {', '.join(group.machines)} cannot be in the pilot: {told}.")


_CANNOT: Final[Mapping[Why | None, str]] = {
    Why.BLOCKED: "a rule blocks it now; `failback check {file}` says which",
    Why.STOPS: "it stops in the simulation",
}


def _any(group: PilotGroup, names: Collection[str]) -> bool:
    return any(name in names for name in group.machines)
