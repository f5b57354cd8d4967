"""When the next request is due: until then nobody has to act, unless a machine is held up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median_low

from failback.reprotect import LEGS, JobState, Operation, phase_row
from failback.scenarios.outcomes.answers import Answer
from failback.scenarios.text.local_time import after

from .record import Machine, Record


@dataclass(frozen=True, slots=True)
class NextRequest:
    """The first leg that is asked for after now, over all runs; `item` and `leg` are those of the earliest run."""

    earliest: datetime
    probably: datetime
    item: str
    leg: Operation


def next_request(answers: Sequence[Answer], record: Record, now: datetime) -> NextRequest | None:
    """None where some run asks for nothing more."""
    under_way = {(name, leg.value) for name, machine in record.machines.items() for leg in _under_way(machine)}
    to_come = ([leg for leg in each.legs if (leg.item, leg.leg) not in under_way] for each in answers)
    firsts = [min(((leg.start_s, leg.item, leg.leg) for leg in legs), default=None) for legs in to_come]
    known = [first for first in firsts if first is not None]
    if not known or len(known) < len(firsts):
        return None
    start_s, item, leg = min(known)
    probably_s = median_low(first[0] for first in known)
    return NextRequest(after(now, max(0.0, start_s)), after(now, max(0.0, probably_s)), item, Operation(leg))


def _under_way(machine: Machine) -> Iterator[Operation]:
    """The leg whose job or resync runs."""
    if machine.seen is None:
        return
    row = phase_row(machine.seen.phase)
    if machine.job is not None and machine.job.state is JobState.RUNNING:
        yield machine.job.operation
    elif row.resyncs or row.ends is None:
        yield LEGS[row.legs_behind - row.resyncs]
