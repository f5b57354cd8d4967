"""The night so far, as its history tells it: whatever is shown of it is read from these lines and from nothing else."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any, Final

from failback.reprotect import LEGS, ItemSeen, JobSeen, Line, Operation, Phase, Side, VmSeen, phase_row
from failback.reprotect.driver import WATCHED_JOB, WATCHED_SERVERS, Leg, LegReader, Recorded

TWINS: Final = "SameUuid"
"""Name of the line that says which machines in vCenter have the same BIOS UUID."""
BEGAN, PROGRESS, JOB_TIMES, NOT_SEEN = "WatchBegan", "Progress", WATCHED_JOB, "NotSeen"
_FAILBACK: Final = LEGS.index(Operation.FAILBACK)
PLAN_STARTS: Final = "plan_starts_at"
"""Under which name the first line keeps when the plan was to begin."""
READ_AFTER_S: Final = "read_after_s"
"""Under which name a line of progress keeps how long after the beginning of its look it was read."""
LOOK_FAILED, LOOKED_AGAIN, DECISION, CLOCK, CHECKED, PREDICTED = (
    "LookFailed",
    "LookedAgain",
    "Decision",
    "ClockJumped",
    "Checked",
    "Predicted",
)
"""Names of the lines that a watch writes besides what its vault shows."""


@dataclass(frozen=True, slots=True)
class Point:
    """How far a resync was at the look of one instant, in which phase; `disks` is what was compared of each.

    A look reads many items one after the other: rates are told by the times of the reads.
    """

    at_s: float
    phase: Phase | None
    scanned_bytes: int | None
    transferred_bytes: int | None
    rpo_s: int | None
    disks: tuple[int, ...] = ()
    read_after_s: float = 0.0

    @property
    def read_s(self) -> float:
        """When it was read."""
        return self.at_s + self.read_after_s

    @property
    def moves(self) -> bool:
        """Whether it has begun to compare and is not through."""
        return bool(self.scanned_bytes) and self.phase is not None and phase_row(self.phase).resyncs

    @property
    def done(self) -> tuple[object, ...]:
        """What was compared and sent by then."""
        return self.phase, self.scanned_bytes, self.transferred_bytes, self.disks


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence of the night: a decision, or what went wrong with looking."""

    at_s: float
    kind: str
    text: str


@dataclass(slots=True)
class Machine:
    """One machine. `since_s`: since when it has been seen in its phase; `not_seen`: why it was not, if so."""

    item: str
    seen: ItemSeen | None = None
    since_s: float = 0.0
    points: list[Point] = field(default_factory=list)
    vm: VmSeen | None = None
    jobs: dict[str, JobSeen] = field(default_factory=dict)
    not_seen: str = ""
    servers: Mapping[str, str] = field(default_factory=dict)
    """Through which servers it came home when it was last seen on its way, by the choices of a reprotect."""

    @property
    def phase(self) -> Phase | None:
        """Where it stands, as far as anybody has seen."""
        return None if self.seen is None else self.seen.phase

    @property
    def is_back(self) -> bool:
        """Whether it was moved home and runs there, by its vault."""
        row = None if self.phase is None else phase_row(self.phase)
        return row is not None and row.runs is Side.SITE and row.legs_behind > _FAILBACK

    @property
    def stalled_since_s(self) -> float | None:
        """Since when its resync has done nothing, if two looks or more have shown none of it."""
        if len(self.points) < 2 or not self.points[-1].moves or self.phase is not self.points[-1].phase:
            return None
        same = list(takewhile(lambda point: point.done == self.points[-1].done, reversed(self.points)))
        return same[-1].at_s if len(same) > 1 else None

    @property
    def job(self) -> JobSeen | None:
        """The job that was begun last."""
        return next(reversed(self.jobs.values()), None)


_TEXTS: Final = {LOOK_FAILED: "why", LOOKED_AGAIN: "why", DECISION: "text", CLOCK: "why", TWINS: "why"}


class Record:
    """Hears the lines of a night, from the first look or from its history."""

    def __init__(self, items: Iterable[str]) -> None:
        self.machines = {item: Machine(item) for item in items}
        self.told: list[Told] = []
        self.checked: dict[tuple[str, str], Any] = {}
        self.job_times: dict[str, Any] = {}
        self.now_s, self.last_n = 0.0, 0
        self._legs = LegReader()

    @property
    def legs(self) -> tuple[Leg, ...]:
        """What was done and when, as far as it was seen."""
        return tuple(self._legs.legs)

    @property
    def lost(self) -> Told | None:
        """Why the vault cannot be seen now; None where it can."""
        looks = [told for told in self.told if told.kind in (LOOK_FAILED, LOOKED_AGAIN)]
        return looks[-1] if looks and looks[-1].kind == LOOK_FAILED else None

    def ended_jobs(self) -> Iterator[tuple[str, Any]]:
        """The times of each job that succeeded, with its machine."""
        for machine in self.machines.values():
            for job_id in machine.jobs:
                times = self.job_times.get(job_id)
                if times is not None and times["state"] == "succeeded":
                    yield machine.item, times

    def looked(self, t_s: float) -> None:
        """Somebody looked at this second, whether anything was new or not."""
        self.now_s = t_s

    def recall(self, lines: Iterable[Recorded]) -> None:
        """Hear what an earlier watch has written."""
        for one in lines:
            self.hear(one.line, one.thing)

    def hear(self, line: Line, thing: object = None) -> None:
        """Learn from one line; `thing` is what it says, where it is of the vocabulary."""
        self.now_s, self.last_n = line.t_s, line.n
        if line.name in self._legs.listens_to:
            self._legs.on_line(line)
        match thing:
            case ItemSeen() if thing.item in self.machines:
                self._item(thing, line.t_s)
            case VmSeen() if thing.item in self.machines:
                self.machines[thing.item].vm = thing
            case JobSeen() if thing.subject in self.machines:
                self.machines[thing.subject].jobs[thing.job_id] = thing
            case _:
                self._note(line)

    def _item(self, seen: ItemSeen, at_s: float) -> None:
        machine = self.machines[seen.item]
        if seen.phase is not machine.phase:
            machine.since_s = at_s
        machine.seen, machine.not_seen = seen, ""

    def _note(self, line: Line) -> None:
        data = line.data
        if line.name == PROGRESS and line.item in self.machines:
            sizes = data["scanned_bytes"], data["transferred_bytes"], data["rpo_s"]
            machine = self.machines[line.item]
            rest = tuple(data["disks"]), data.get(READ_AFTER_S, 0.0)
            machine.points.append(Point(line.t_s, machine.phase, *sizes, *rest))
        elif line.name == WATCHED_SERVERS and line.item in self.machines:
            self.machines[line.item].servers = dict(data)
        elif line.name == NOT_SEEN:
            for item, machine in self.machines.items():
                machine.not_seen = data["items"].get(item, "")
        elif line.name in _TEXTS:
            self.told.append(Told(line.t_s, line.name, str(data[_TEXTS[line.name]])))
        elif line.name == CHECKED:
            state = "passed" if data.get("ok") else "failed"
            self.checked[str(data["kind"]), str(data["target"])] = {"state": state, "who": "", **data}
        elif line.name == JOB_TIMES:
            self.job_times[str(data["job_id"])] = data
