"""Legs of a run, read from its history line by line: who went which leg from when to when, and how it ended."""

from dataclasses import dataclass

from failback.reprotect.evolve import evolved
from failback.reprotect.history import Line
from failback.reprotect.item import Architecture, Operation, Phase
from failback.reprotect.lifecycle import LIFECYCLE, Move, under_way
from failback.reprotect.request_members import RequestMembers

_SETTLES_LATER = {m.operation: m.settles for m in LIFECYCLE if m.done is not m.settles}


@dataclass(frozen=True)
class Leg:
    """One try of one operation for one item, in virtual seconds; a reprotect ends when the item is protected (C23)."""

    item: str
    leg: Operation
    start_s: float
    job_end_s: float | None = None
    end_s: float | None = None
    outcome: str = "running"


_BROKEN = frozenset({"JobFailed", "JobCancelled", "Refused", "Unanswered"})
WATCHED_JOB = "JobTimes"
"""Name of the line by which a watch tells when a job ran that somebody else has begun."""
WATCHED_SERVERS = "ServersSeen"
"""Name of the line by which a watch tells through which servers a machine comes home."""
_OUTCOMES = {"failed": "failed", "cancelled": "cancelled"}


class LegReader:
    """Hears lines, keeps the legs."""

    listens_to = _BROKEN | {"StartOperation", "StartPlanOperation", "JobSucceeded", "ItemSeen", WATCHED_JOB}
    """Names of the lines that tell it something."""

    def __init__(self) -> None:
        self.legs: list[Leg] = []
        self._open: dict[str, int] = {}
        self._requests = RequestMembers()
        self._known: set[str] = set()
        self._taken_up: dict[str, Move] = {}
        self._leg_of_job: dict[str, int] = {}
        self._phases: dict[str, str] = {}

    def on_line(self, line: Line) -> None:
        """Learn from one line."""
        match line.name:
            case "StartOperation" | "StartPlanOperation":
                self._begin(self._requests.asked(line), line)
            case "JobSucceeded":
                self._job_done(line)
            case "ItemSeen":
                self._first_seen(str(line.item), line)
                self._taken_further(str(line.item), line)
                self._settled(line)
                self._phases[str(line.item)] = line.data["phase"]
            case name if name == WATCHED_JOB:
                self._watched(str(line.item), line)
            case name if name in _BROKEN:
                self._broken(line)

    def _begin(self, items: tuple[str, ...], line: Line) -> None:
        for item in items:
            self._open[item] = len(self.legs)
            self.legs.append(Leg(item, Operation(line.data["operation"]), line.t_s))

    def _first_seen(self, item: str, line: Line) -> None:
        """What is under way when the history begins is a leg too, as far as the history shows it."""
        if item in self._known:
            return
        self._known.add(item)
        phase = Phase(line.data["phase"])
        move = under_way(Architecture(line.data["architecture"]), phase)
        if move is not None:
            self._open[item], self._taken_up[item] = len(self.legs), move
            self.legs.append(Leg(item, move.operation, line.t_s))

    def _taken_further(self, item: str, line: Line) -> None:
        """Nobody is told of a job that he did not begin: the item's phase says how it goes."""
        move, phase = self._taken_up.get(item), line.data["phase"]
        if move is None:
            return
        if phase == move.phase.value:
            self._change(item, end_s=line.t_s, outcome="failed")
        elif phase == move.settles.value:
            self._change(item, job_end_s=self._job_end_s(item, line.t_s), end_s=line.t_s, outcome="done")
        elif phase == move.done.value:
            self._change(item, job_end_s=self._job_end_s(item, line.t_s))
        if phase in (move.phase.value, move.settles.value):
            del self._taken_up[item]

    def _watched(self, item: str, line: Line) -> None:
        """A job that others have begun is a leg too; the line says when it ran, which may be before it was seen."""
        job, operation = line.data, Operation(line.data["operation"])
        if job["job_id"] not in self._leg_of_job:
            self._leg_of_job[job["job_id"]] = self._begin_watched(item, operation, job["began_s"])
        leg = self.legs[self._open[item]]
        if self._open[item] != self._leg_of_job[job["job_id"]] or job["ended_s"] is None or leg.outcome != "running":
            return
        ended_s, goal = max(job["ended_s"], leg.start_s), _SETTLES_LATER.get(operation)
        if (outcome := _OUTCOMES.get(job["state"])) is not None:
            self._change(item, end_s=ended_s, outcome=outcome)
        elif goal is None:
            self._change(item, job_end_s=ended_s, end_s=ended_s, outcome="done")
        elif self._phases.get(item) == goal.value:
            self._change(item, job_end_s=ended_s, end_s=line.t_s, outcome="done")
        else:
            self._change(item, job_end_s=ended_s)

    def _begin_watched(self, item: str, operation: Operation, began_s: float) -> int:
        """The leg that was under way when the history began, or a new one."""
        self._taken_up.pop(item, None)
        if item in self._open and self._is_that(self.legs[self._open[item]], operation):
            return self._open[item]
        self._settle_unseen(item, began_s)
        self._open[item] = len(self.legs)
        self.legs.append(Leg(item, operation, began_s))
        return self._open[item]

    def _settle_unseen(self, item: str, began_s: float) -> None:
        """Nobody saw its resync end; it has, at the latest, when the next job begins.

        Only a leg that settles later is still running when its job has ended.
        """
        leg = self.legs[self._open[item]] if item in self._open else None
        if leg is not None and leg.outcome == "running" and leg.job_end_s is not None:
            self._change(item, end_s=max(began_s, leg.job_end_s), outcome="done")

    @staticmethod
    def _is_that(leg: Leg, operation: Operation) -> bool:
        return (leg.leg, leg.outcome, leg.job_end_s) == (operation, "running", None)

    def _job_end_s(self, item: str, now_s: float) -> float:
        before_s = self.legs[self._open[item]].job_end_s
        return now_s if before_s is None else before_s

    def _job_done(self, line: Line) -> None:
        subject = str(line.data["subject"])
        if subject in self._open:
            leg = self.legs[self._open[subject]]
            waits = leg.leg in _SETTLES_LATER
            self._change(
                subject, job_end_s=line.t_s, end_s=None if waits else line.t_s, outcome="running" if waits else "done"
            )

    def _broken(self, line: Line) -> None:
        for item in self._requests.of(line):
            if item in self._open and self.legs[self._open[item]].outcome == "running":
                self._change(item, end_s=line.t_s, outcome="cancelled" if line.name == "JobCancelled" else "failed")

    def _settled(self, line: Line) -> None:
        item = str(line.item)
        if item not in self._open:
            return
        leg = self.legs[self._open[item]]
        goal = _SETTLES_LATER.get(leg.leg)
        if (
            leg.outcome == "running"
            and goal is not None
            and leg.job_end_s is not None
            and line.data["phase"] == goal.value
        ):
            self._change(item, end_s=line.t_s, outcome="done")

    def _change(self, item: str, **values: object) -> None:
        at = self._open[item]
        self.legs[at] = evolved(self.legs[at], **values)  # type: ignore[arg-type]  # values are fields of Leg
