"""Legs of a run, read from its history line by line: who went which leg from when to when, and how it ended."""

from dataclasses import dataclass

from failback.reprotect.evolve import evolved
from failback.reprotect.history import Line
from failback.reprotect.item import Operation
from failback.reprotect.lifecycle import LIFECYCLE

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
        self._members: dict[str, tuple[str, ...]] = {}

    def on_line(self, line: Line) -> None:
        """Learn from one line."""
        match line.name:
            case "StartOperation":
                self._begin((str(line.item),), line)
            case "StartPlanOperation":
                self._members[str(line.data["plan"])] = tuple(line.data["items"])
                self._begin(tuple(line.data["items"]), line)
            case "JobSucceeded":
                self._job_done(line)
            case "ItemSeen":
                self._settled(line)
            case name if name in _BROKEN:
                self._broken(line)

    def _begin(self, items: tuple[str, ...], line: Line) -> None:
        for item in items:
            self._open[item] = len(self.legs)
            self.legs.append(Leg(item, Operation(line.data["operation"]), line.t_s))

    def _job_done(self, line: Line) -> None:
        subject = str(line.data["subject"])
        if subject in self._open:
            leg = self.legs[self._open[subject]]
            waits = leg.leg in _SETTLES_LATER
            self._change(
                subject, job_end_s=line.t_s, end_s=None if waits else line.t_s, outcome="running" if waits else "done"
            )

    def _broken(self, line: Line) -> None:
        subject = str(line.data["subject"])
        for item in self._members.get(subject, (subject,)):
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
