"""What each phase means: one row per phase, and no other list of phases anywhere.

The lifecycle says how an item comes into a phase; this table says what is so while it is there. Whoever wants to know
something of a phase (which side runs, do its disks hold slots) asks a column. Where no column answers, one is missing.
Tests hold the table against the lifecycle and find lists of phases elsewhere.
"""

from dataclasses import dataclass
from enum import Enum, unique
from typing import Final

from .item import LEGS, Operation, Phase


@unique
class Side(Enum):
    """Where a machine runs."""

    SITE = "site"
    AZURE = "Azure"
    NEITHER = "neither"
    """A job is moving it: it runs on one side, then on none, then on the other."""


@unique
class Replica(Enum):
    """Whether the item has a machine in Azure. A test failover's copy is none: it goes when the test is cleaned up."""

    ABSENT = "absent"
    PRESENT = "present"
    CHANGING = "changing"
    """A job is making, stopping, starting or deleting it."""


@dataclass(frozen=True, slots=True)
class PhaseRow:
    """One row."""

    phase: Phase
    runs: Side
    replica: Replica
    legs_behind: int
    """How many of the six legs need not be looked at any more. A leg whose job runs still lies ahead, since its rules
    still bite; a failover that has begun does not. Behind the last leg the next round lies ahead."""
    ends: Operation | None = None
    """The leg that comes to rest here."""
    resyncs_into: Phase | None = None
    """Where the resync that is under way ends, if one is."""
    is_target: bool = False
    """The machine on site is a replication target and must stay off (R33)."""
    holds_slots: bool = False
    """The item's disks hold slots of a master target or appliance (A02 says from when to when only as our reading)."""
    replicates: bool = False
    """Changes are carried over as they come, so that there is a recovery point objective."""
    fails_back: bool = False
    """A failback, or the cancel of one, is under way: the application may run on neither side."""

    @property
    def resyncs(self) -> bool:
        """Whether a resync is under way."""
        return self.resyncs_into is not None

    @property
    def is_committed(self) -> bool:
        """Whether the move to the side where it runs is committed and nothing has begun after that."""
        return self.ends in (Operation.COMMIT_FAILOVER, Operation.COMMIT_FAILBACK)


_P, _O = Phase, Operation
_SITE, _AZURE, _NEITHER = Side.SITE, Side.AZURE, Side.NEITHER
_NO, _YES, _CHANGES = Replica.ABSENT, Replica.PRESENT, Replica.CHANGING

# fmt: off
PHASES: Final[tuple[PhaseRow, ...]] = (
    #        phase,                          runs,     replica,  legs behind
    PhaseRow(_P.REPLICATING_TO_AZURE,        _SITE,    _NO,      0, ends=_O.REPROTECT_TO_AZURE, replicates=True),
    PhaseRow(_P.TESTING_FAILOVER,            _SITE,    _NO,      0, replicates=True),
    PhaseRow(_P.FAILOVER_TESTED,             _SITE,    _NO,      0, replicates=True),
    PhaseRow(_P.CLEANING_UP_TEST,            _SITE,    _NO,      0, replicates=True),
    PhaseRow(_P.FAILING_OVER,                _NEITHER, _CHANGES, 1),
    PhaseRow(_P.FAILED_OVER,                 _AZURE,   _YES,     1, ends=_O.FAILOVER),
    PhaseRow(_P.COMMITTING_FAILOVER,         _AZURE,   _YES,     1),
    PhaseRow(_P.FAILOVER_COMMITTED,          _AZURE,   _YES,     2, ends=_O.COMMIT_FAILOVER),
    PhaseRow(_P.REPROTECTING_TO_ON_PREMISES, _AZURE,   _YES,     2, holds_slots=True),
    PhaseRow(_P.RESYNCING_TO_ON_PREMISES,    _AZURE,   _YES,     3, holds_slots=True, is_target=True, resyncs_into=_P.REPLICATING_TO_ON_PREMISES),
    PhaseRow(_P.REPLICATING_TO_ON_PREMISES,  _AZURE,   _YES,     3, holds_slots=True, is_target=True, replicates=True, ends=_O.REPROTECT_TO_ON_PREMISES),
    PhaseRow(_P.FAILING_BACK,                _NEITHER, _CHANGES, 3, holds_slots=True, fails_back=True),
    PhaseRow(_P.CANCELLING_FAILBACK,         _NEITHER, _CHANGES, 3, holds_slots=True, fails_back=True),
    PhaseRow(_P.FAILED_BACK,                 _SITE,    _YES,     4, holds_slots=True, ends=_O.FAILBACK),
    PhaseRow(_P.COMMITTING_FAILBACK,         _SITE,    _CHANGES, 4, holds_slots=True),
    PhaseRow(_P.FAILBACK_COMMITTED,          _SITE,    _NO,      5, ends=_O.COMMIT_FAILBACK),
    PhaseRow(_P.REPROTECTING_TO_AZURE,       _SITE,    _NO,      5),
    PhaseRow(_P.RESYNCING_TO_AZURE,          _SITE,    _NO,      6, resyncs_into=_P.REPLICATING_TO_AZURE),
)
# fmt: on

_ROWS: Final = {row.phase: row for row in PHASES}
_PLACES: Final = {row.phase: place for place, row in enumerate(PHASES)}
_ENDS: Final = {row.ends: row.phase for row in PHASES if row.ends is not None}
RESYNCS: Final = {row.resyncs_into: row.phase for row in PHASES if row.resyncs_into is not None}
"""Where a resync ends: the phase in which it is under way."""
WHOLE_WAY: Final = tuple(_ENDS[leg] for leg in LEGS)
"""The six legs as goals: they start and end in one phase, so a single goal would be an empty route."""


def phase_row(phase: Phase) -> PhaseRow:
    """What is so in this phase."""
    return _ROWS[phase]


def end_of(leg: Operation) -> Phase:
    """Where an item comes to rest after this leg."""
    return _ENDS[leg]


def is_behind(goal: Phase, phase: Phase) -> bool:
    """Whether an item in this phase has passed that one on its way out and home. Where the way ends, it begins."""
    return goal is not WHOLE_WAY[-1] and _PLACES[goal] < _PLACES[phase]


def has_ended(leg: Operation, phase: Phase) -> bool:
    """Whether an item in this phase has come to the end of this leg on its way out and home."""
    return phase is end_of(leg) or is_behind(end_of(leg), phase)
