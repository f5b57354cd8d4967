"""The drill's table: what is done about one item when something is heard of it.

There are two machines, and this is the second. The lifecycle says what ASR permits and where it leads; this one says
what we do: wait, ask, look, try again, ask a person, stop. It has states, not phases, and no row names a phase:
where an operation leads is read from the lifecycle's row that the item carries as its leg. What couples them is
`drifted`, which holds a seen phase against that row.

An item on a leg goes ready, lined up, asked, running, and settling where something goes on after the job. Between
ready and lined up lies what concerns the item alone: its gates, its agent. Between lined up and asked lies what
concerns others: mates of its replication group or recovery plan, disk slots, the wave; the item cannot see them and
is told its turn came. A refusal and a failed job are one thing to a person and so to this table: the rows are the
same, and an answer that never came joins them. Where the plan says `apply`, or a person does, the cause is fixed by
us first: then an item is being fixed until it is known what became of that.

Rows are read top to bottom: of those for a state and a kind of event, the first whose guard holds is taken. A row
stands for several states where they agree; no next state means that it stays. What is in no row is refused loudly,
and events that may be ignored have rows. Tried before: one state for every reason to wait (nine more rows for the
same four endings) and a flag for being lined up (every guard asked for it).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from failback.reprotect.events import (
    Accepted,
    Event,
    Heard,
    ItemGone,
    ItemSeen,
    JobCancelled,
    JobFailed,
    JobSucceeded,
    OperatorAnswered,
    RemedyApplied,
    RemedyFailed,
    RequestRefused,
    TimePassed,
    Unanswered,
    VmSeen,
)
from failback.reprotect.evolve import evolved

from . import actions as do
from . import guards as g
from .item_drill import (
    Admitted,
    Began,
    CalledOff,
    DrillState,
    ItemDrill,
    PlanSucceeded,
    Rules,
    Signal,
    StepInput,
    StepResult,
    TurnCame,
)

Guard: TypeAlias = Callable[[StepInput], bool]
Action: TypeAlias = Callable[[StepInput], StepResult]


def always(_: StepInput) -> bool:
    """No condition."""
    return True


@dataclass(frozen=True, slots=True)
class Transition:
    """One row: in one of `states`, an event of this kind leads to `to`, if `when` holds, and does `do`."""

    states: tuple[DrillState, ...]
    event: type[Event] | type[Signal]
    to: DrillState | None
    do: Action = do.stay
    when: Guard = always


class UnexpectedEvent(Exception):
    """No row says what to do: the world, the driver or this table is wrong, and going on would be a guess."""

    def __init__(self, item: ItemDrill | None, event: Heard | Signal) -> None:
        self.item, self.event = item, event
        where = f"{item.item} is {item.state.value} in phase {item.phase.value}" if item else "no such item"
        super().__init__(f"{type(event).__name__} cannot be true now: {where}; heard {event}")


_S = DrillState
_READY, _GATE, _WAIT, _LINE = (_S.READY,), (_S.AT_GATE,), (_S.WAITING,), (_S.LINED_UP,)
_ASKED, _RUN, _SETTLE, _STOPPED, _HOME = (_S.ASKED,), (_S.RUNNING,), (_S.SETTLING,), (_S.STOPPED,), (_S.HOME,)
_FIX = (_S.FIXING,)
_JOB = _RUN + _SETTLE
_IDLE = _READY + _GATE + _WAIT + _LINE + _FIX
_LIVE = _IDLE + _ASKED + _JOB
_ENDED = _STOPPED + _HOME

# fmt: off
TRANSITIONS: Final[tuple[Transition, ...]] = (
    #          in          event             to           do                       when
    Transition(_READY,  Began,            _S.HOME,     do.go_home,              g.nothing_to_do),
    Transition(_READY,  Began,            _S.SETTLING, do.take_up,              g.is_under_way),
    Transition(_READY,  Began,            _S.STOPPED,  do.stop_without_a_way,   g.no_way),
    Transition(_READY,  Began,            _S.READY,    do.set_out),
    Transition(_READY,  Admitted,         _S.AT_GATE,  do.ask_gate,             g.gate_ahead),
    Transition(_READY,  Admitted,         _S.WAITING,  do.wait_for_agent,       g.agent_missing),
    Transition(_READY,  Admitted,         _S.LINED_UP),

    Transition(_GATE,   OperatorAnswered, _S.STOPPED,  do.stop_declined,        g.declined),
    Transition(_GATE,   OperatorAnswered, _S.FIXING,  do.apply_remedy,         g.apply_was_answered),
    Transition(_GATE,   OperatorAnswered, _S.READY,    do.try_again,            g.remedy_done),
    Transition(_GATE,   OperatorAnswered, _S.READY,    do.pass_gate,            g.answers_ours),
    Transition(_WAIT,   TimePassed,       _S.READY,    do.stay,                 g.due),
    Transition(_LIVE,   TimePassed,       None),

    Transition(_LINE,   TurnCame,         _S.ASKED,    do.ask),
    Transition(_ASKED,  Accepted,         _S.RUNNING,  do.follow_job),
    Transition(_ASKED,  RequestRefused,          _S.FIXING,  do.apply_remedy,         g.remedy_is_ours),
    Transition(_ASKED,  RequestRefused,          _S.WAITING,  do.recheck,              g.fixes_itself),
    Transition(_ASKED,  RequestRefused,          _S.WAITING,  do.retry_later,          g.may_retry),
    Transition(_ASKED,  RequestRefused,          _S.AT_GATE,  do.ask_for_remedy,       g.remedy_may_help),
    Transition(_ASKED,  RequestRefused,          _S.STOPPED,  do.stop_on_failure),
    Transition(_ASKED,  Unanswered,       _S.WAITING,  do.retry_later,          g.may_retry),
    Transition(_ASKED,  Unanswered,       _S.STOPPED,  do.stop_on_failure),

    Transition(_RUN,    JobSucceeded,     _S.SETTLING, do.stay,                 g.settles_later),
    Transition(_JOB,    JobSucceeded,     _S.HOME,     do.arrive_home,          g.last_leg),
    Transition(_JOB,    JobSucceeded,     _S.READY,    do.arrive),
    Transition(_RUN,    PlanSucceeded,    _S.SETTLING),
    Transition(_JOB,    JobFailed,        _S.FIXING,  do.apply_remedy,         g.remedy_is_ours),
    Transition(_JOB,    JobFailed,        _S.WAITING,  do.recheck,              g.fixes_itself),
    Transition(_JOB,    JobFailed,        _S.WAITING,  do.retry_later,          g.may_retry),
    Transition(_JOB,    JobFailed,        _S.AT_GATE,  do.ask_for_remedy,       g.remedy_may_help),
    Transition(_JOB,    JobFailed,        _S.STOPPED,  do.stop_on_failure),
    Transition(_JOB,    JobCancelled,     _S.STOPPED,  do.stop_cancelled),

    Transition(_FIX,   RemedyApplied,    _S.READY,    do.try_fixed),
    Transition(_FIX,   RemedyFailed,     _S.WAITING,  do.recheck,              g.fixes_itself),
    Transition(_FIX,   RemedyFailed,     _S.WAITING,  do.retry_later,          g.may_retry),
    Transition(_FIX,   RemedyFailed,     _S.AT_GATE,  do.ask_for_remedy,       g.remedy_may_help),
    Transition(_FIX,   RemedyFailed,     _S.STOPPED,  do.stop_on_failure),

    Transition(_LIVE,   VmSeen,           _S.STOPPED,  do.stop_powered_on,      g.target_powered_on),
    Transition(_LIVE,   VmSeen,           None),
    Transition(_LIVE,   ItemSeen,         _S.STOPPED,  do.stop_powered_on,      g.target_reported_on),
    Transition(_SETTLE, ItemSeen,         _S.READY,    do.ask_ourselves,        g.fell_back),
    Transition(_LIVE,   ItemSeen,         _S.STOPPED,  do.stop_drifted,         g.drifted),
    Transition(_SETTLE, ItemSeen,         _S.HOME,     do.arrive_home,          g.settled_last),
    Transition(_SETTLE, ItemSeen,         _S.READY,    do.arrive,               g.settled),
    Transition(_WAIT,   ItemSeen,         _S.READY,    do.look,                 g.agent_came),
    Transition(_IDLE,   ItemSeen,         None,        do.look),
    Transition(_ASKED,  ItemSeen,         None,        do.follow),
    Transition(_JOB,    ItemSeen,         None,        do.follow),
    Transition(_LIVE,   ItemGone,         _S.STOPPED,  do.stop_gone),
    Transition(_LIVE,   CalledOff,        _S.STOPPED,  do.stop_called_off),

    # What was under way when an item ended is still reported.
    Transition(_STOPPED, ItemSeen,         None,       do.see_where_it_stands),
    Transition(_HOME,    ItemSeen,         None),
    Transition(_ENDED,   ItemGone,         None),
    Transition(_ENDED,   VmSeen,           None),
    Transition(_ENDED,   TimePassed,       None),
    Transition(_ENDED,   CalledOff,        None),
    Transition(_STOPPED, OperatorAnswered, None),
    Transition(_STOPPED, Accepted,         None),
    Transition(_STOPPED, RequestRefused,          None),
    Transition(_STOPPED, Unanswered,       None),
    Transition(_STOPPED, JobSucceeded,     None),
    Transition(_STOPPED, JobFailed,        None),
    Transition(_STOPPED, JobCancelled,     None),
    Transition(_STOPPED, PlanSucceeded,    None),
    Transition(_STOPPED, RemedyApplied,    None),
    Transition(_STOPPED, RemedyFailed,     None),
    Transition(_STOPPED, TurnCame,         None),
    Transition(_STOPPED, Admitted,         None),
)
# fmt: on


def _index() -> dict[tuple[DrillState, type], tuple[Transition, ...]]:
    rows: dict[tuple[DrillState, type], tuple[Transition, ...]] = {}
    for row in TRANSITIONS:
        for state in row.states:
            rows[state, row.event] = (*rows.get((state, row.event), ()), row)
    return rows


_ROWS: Final = _index()


def decide(context: StepInput) -> Transition | None:
    """The first row that fits, if there is one."""
    for row in _ROWS.get((context.item.state, type(context.event)), ()):
        if row.when(context):
            return row
    return None


def step(item: ItemDrill, event: Event | Signal, rules: Rules, now_s: float) -> StepResult:
    """One step: (item, event) in, (item, commands, decisions) out. No clock, no I/O, no chance."""
    context = StepInput(item, event, rules, now_s)
    row = decide(context)
    if row is None:
        raise UnexpectedEvent(item, event)
    after = row.do(context)
    if row.to is None or row.to is after.item.state:
        return after
    return StepResult(evolved(after.item, state=row.to), after.commands, after.decisions)
