"""How the night stands at one instant: a row for each machine and each wave, made from what its history tells."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from enum import Enum, unique
from typing import Final

from failback.reprotect import JobState, Operation, phase_row
from failback.scenarios.files.schema import Scenario
from failback.scenarios.text.local_time import after
from failback.scenarios.text.spans import span_words

from .ahead import Ahead
from .blockers import ANYBODY, Holds, holds_of
from .planned import EVEN_S, PlannedWay, done_by, is_home
from .record import Machine, Record, Told


@unique
class State(Enum):
    """How one machine stands, the gravest first."""

    BLOCKED = "blocked"
    UNSEEN = "not seen"
    DUE = "due"
    RUNNING = "under way"
    WAITING = "waiting"
    HOME = "home"


@dataclass(frozen=True, slots=True)
class MachineRow:
    """One machine. `late_s`: behind the plan, negative ahead of it; `next`: the leg that comes or is under way."""

    item: str
    wave: str
    state: State
    phase: str
    since: datetime | None
    job: str
    percent: int | None
    scanned_bytes: int | None
    transferred_bytes: int | None
    rpo_s: int | None
    next: str
    late_s: float | None
    holds: tuple[Holds, ...]
    who: str
    on_site: str


@dataclass(frozen=True, slots=True)
class WaveRow:
    """One wave: how many machines it has in each state, and the latest of them against the plan."""

    wave: str
    machines: int
    states: Mapping[str, int]
    late_s: float | None


@dataclass(frozen=True, slots=True)
class Standing:
    """All of it. `lost`: why the vault cannot be seen now; then the rows are those of the last look."""

    scenario: str
    world: str
    at: datetime
    rows: tuple[MachineRow, ...]
    waves: tuple[WaveRow, ...]
    told: tuple[tuple[datetime, Told], ...]
    lost: str
    waiting_reads: int = 0
    checked: tuple[Mapping[str, object], ...] = ()
    ahead: Ahead | None = None

    @property
    def blocks(self) -> bool:
        """Whether any machine is held up or cannot be seen."""
        return any(row.state in (State.BLOCKED, State.UNSEEN) for row in self.rows)

    @property
    def over(self) -> bool:
        """Whether every machine is home."""
        return all(row.state is State.HOME for row in self.rows)

    def in_zone(self, zone: tzinfo) -> "Standing":
        """The same with its instants as a clock of this zone shows them: pages say all others beside these two."""
        ahead = None if self.ahead is None else replace(self.ahead, at=self.ahead.at.astimezone(zone))
        return replace(self, at=self.at.astimezone(zone), ahead=ahead)


@dataclass(frozen=True, slots=True)
class Watched:
    """What is watched: the scenario, its plan, and what its estate file says will stop each machine."""

    scenario: Scenario
    world: str
    plan: PlannedWay
    by_file: Mapping[str, tuple[Holds, ...]]


def standing(watched: Watched, record: Record, zero: datetime, waiting_reads: int = 0) -> Standing:
    """The night as it stands. `zero` is the instant of second 0 of its history."""
    rows = tuple(_row(watched, machine, record, zero) for machine in record.machines.values())
    lost = record.lost
    return Standing(
        watched.scenario.name,
        watched.world,
        after(zero, record.now_s),
        rows,
        tuple(_waves(rows)),
        tuple((after(zero, told.at_s), told) for told in record.told),
        lost.text if lost else "",
        waiting_reads,
        tuple(record.checked.values()),
    )


def _row(watched: Watched, machine: Machine, record: Record, zero: datetime) -> MachineRow:
    seen, plan, now = machine.seen, watched.plan, after(zero, record.now_s)
    holds = holds_of(machine)
    point = machine.points[-1] if machine.points else None
    resyncs = seen is not None and phase_row(seen.phase).resyncs
    leg = None if seen is None else plan.next_leg(seen.phase)
    state = _state(watched, machine, holds, leg, now)
    if state is not State.HOME:
        holds += watched.by_file.get(machine.item, ())
    ended = {done: after(zero, end_s) for done, end_s in done_by(record.legs, machine.item).items()}
    return MachineRow(
        machine.item,
        plan.wave_of.get(machine.item, ""),
        state,
        "" if seen is None else seen.phase.value,
        None if seen is None else after(zero, machine.since_s),
        _job_words(machine),
        seen.resync_percent if seen is not None and resyncs else None,
        point.scanned_bytes if point and resyncs and seen and point.phase is seen.phase else None,
        point.transferred_bytes if point and resyncs and seen and point.phase is seen.phase else None,
        point.rpo_s if point else None,
        leg.value if leg else "",
        None if seen is None else plan.late_s(machine.item, seen.phase, now, ended),
        holds,
        _who(state, holds),
        _on_site(machine),
    )


def _state(watched: Watched, machine: Machine, holds: tuple[Holds, ...], leg: Operation | None, now: datetime) -> State:
    if machine.seen is None or machine.not_seen:
        return State.UNSEEN
    if holds:
        return State.BLOCKED
    if is_home(machine.seen.phase, watched.plan.last) or leg is None:
        return State.HOME
    running = machine.job is not None and machine.job.state is JobState.RUNNING
    if running or phase_row(machine.seen.phase).resyncs or phase_row(machine.seen.phase).ends is None:
        return State.RUNNING
    return State.DUE if watched.plan.is_due(machine.item, leg, now) else State.WAITING


def _job_words(machine: Machine) -> str:
    job = machine.job
    if job is None or job.state is not JobState.RUNNING:
        return ""
    return job.operation.value.replace("_", " ") + (f": {job.task}" if job.task else "")


def _who(state: State, holds: tuple[Holds, ...]) -> str:
    """Who has to act now; nobody where a job runs or the plan lets it wait."""
    if state in (State.BLOCKED, State.UNSEEN):
        return ", ".join(dict.fromkeys(each.who for each in holds if not each.by_file))
    return ANYBODY if state is State.DUE else ""


_ON_SITE: Final = {True: "on", False: "off", None: "not there"}


def _on_site(machine: Machine) -> str:
    return "" if machine.vm is None else _ON_SITE[machine.vm.powered_on]


def _waves(rows: tuple[MachineRow, ...]) -> Iterator[WaveRow]:
    for wave in dict.fromkeys(row.wave for row in rows):
        of = [row for row in rows if row.wave == wave]
        late = [row.late_s for row in of if row.late_s is not None]
        yield WaveRow(wave, len(of), dict(Counter(row.state.value for row in of)), max(late) if late else None)


def late_words(late_s: float | None) -> str:
    """Against the plan, for people."""
    if late_s is None:
        return ""
    if abs(late_s) <= EVEN_S:
        return "on time"
    return f"{span_words(abs(late_s))} {'late' if late_s > 0 else 'early'}"
