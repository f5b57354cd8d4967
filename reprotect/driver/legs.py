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


class LegReader:
    """Hears lines, keeps the legs."""

    listens_to = _BROKEN | {"StartOperation", "StartPlanOperation", "JobSucceeded", "ItemSeen"}
    """Names of the lines that tell it something."""

    def __init__(self) -> None:
        self.legs: list[Leg] = []
        self._open: dict[str, int] = {}
        self._requests = RequestMembers()
        self._known: set[str] = set()
        self._taken_up: dict[str, Move] = {}

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
