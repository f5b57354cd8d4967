"""The page of the lifecycle: what ASR permits in each phase, and what is true of a machine there."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain, starmap
from typing import Final

from .item import LEGS, Architecture
from .lifecycle import LIFECYCLE, Move
from .markdown import page, state_diagram, table
from .phases import PHASES, PhaseRow, Replica, Side


def lifecycle_page() -> str:
    """What ASR permits and where it leads, drawn once for the architectures that permit it."""
    intro = (
        "A *phase* is the state of a protected machine in the vault. This page shows which operations Azure Site "
        "Recovery permits in each phase, and which phases they lead to. An operation marked *no* in the column "
        "*in a run* is permitted, but `failback run` does not request it. A run requests a test failover only if the "
        "`goals` of the plan name it."
    )
    columns = (
        "- *while it runs*: the phase during the job\n"
        "- *job done*: the phase at the end of the job\n"
        "- *ends in*: the phase after the resync that follows the job; if no resync follows, the same as *job done*"
    )
    drawing = state_diagram(chain.from_iterable(starmap(_move_edges, _moves())))
    head = ("phase", "operation", "architecture", "while it runs", "job done", "ends in", "in a run")
    rows = table(head, starmap(_move_row, _moves()))
    return page("The lifecycle of a protected item", intro, drawing, "## Operations", columns, rows, *_phases())


_RUNS: Final = {Side.SITE: "on site", Side.AZURE: "in Azure", Side.NEITHER: "changes during the job"}
_REPLICAS: Final = {Replica.ABSENT: "no", Replica.PRESENT: "yes", Replica.CHANGING: "changes during the job"}


def _phases() -> Sequence[str]:
    """What is true of a machine in each phase."""
    intro = (
        "A machine on site is a *replication target* while replication writes to its disks; meanwhile, the machine "
        "must stay powered off. A *disk slot* is a place for one disk of a returning machine on a master target or "
        "appliance. Each master target or appliance has 60 slots, less the number of its own disks (`local_disks` in "
        "the estate file; with [reading](rules.md#readings) C14=protected, a master target's own disks do not count). "
        "The column *virtual machine in Azure* ignores the virtual machine that a test failover creates."
    )
    head = ("phase", "meaning", "machine runs", "virtual machine in Azure", "replication target", "holds disk slots")
    return "## Phases", intro, table(head, map(_phase_row, PHASES))


def _phase_row(row: PhaseRow) -> Sequence[str]:
    facts = ("yes" if fact else "no" for fact in (row.is_target, row.holds_slots))
    return (row.phase.value, _phase_words(row), _RUNS[row.runs], _REPLICAS[row.replica], *facts)


def _phase_words(row: PhaseRow) -> str:
    if row.ends is LEGS[-1]:
        return "the machine replicates to Azure: it has not failed over yet, or its way home is complete"
    move = next(move for move in LIFECYCLE if row.phase in (move.running, move.done, move.settles))
    name = f"`{move.operation.value}`"
    if row.phase is move.running:
        return f"the job {name} is running"
    return f"the resync after {name} is running" if row.resyncs else f"{name} is complete"


def _moves() -> Iterable[tuple[Move, str]]:
    """Each move once, with the architectures that have it."""
    owners: dict[Move, list[str]] = {}
    for move in LIFECYCLE:
        owners.setdefault(replace(move, architecture=Architecture.CLASSIC), []).append(move.architecture.value)
    return ((move, "both" if len(names) == len(Architecture) else ", ".join(names)) for move, names in owners.items())


def _move_edges(move: Move, architectures: str) -> Iterable[str]:
    limits = (*((architectures,) if architectures != "both" else ()), *(() if move.usual else ("not in a run",)))
    label = f"{move.operation.value} ({', '.join(limits)})" if limits else move.operation.value
    yield f"{move.phase.value} --> {move.running.value}: {label}"
    yield f"{move.running.value} --> {move.done.value}"
    if move.settles is not move.done:
        yield f"{move.done.value} --> {move.settles.value}: resync ends"


def _move_row(move: Move, architectures: str) -> Sequence[str]:
    phases = (move.running.value, move.done.value, move.settles.value)
    return (move.phase.value, move.operation.value, architectures, *phases, "yes" if move.usual else "no")
