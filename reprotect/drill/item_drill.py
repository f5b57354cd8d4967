"""What the drill knows of one item, and the words of its step: state, signal, case, step."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import unique
from typing import NamedTuple, TypeAlias

from failback.reprotect.assessment import RequestDefaults
from failback.reprotect.choices import Choices
from failback.reprotect.commands import ApplyRemedy, Command
from failback.reprotect.decisions import Decided
from failback.reprotect.estate import Estate
from failback.reprotect.events import Event, Failure
from failback.reprotect.item import Architecture, Operation, Phase, Word
from failback.reprotect.lifecycle import Move
from failback.reprotect.plan import Gate, Plan


@unique
class DrillState(Word):
    """What the drill does about an item now. It adds no phase to the lifecycle."""

    READY = "ready"
    AT_GATE = "at_gate"
    WAITING = "waiting"
    LINED_UP = "lined_up"
    ASKED = "asked"
    RUNNING = "running"
    SETTLING = "settling"
    FIXING = "fixing"
    STOPPED = "stopped"
    HOME = "home"


@dataclass(frozen=True, slots=True)
class Stop:
    """Why an item goes no further: a rule's id or a reason of ours, the facts, who must act and what that fixes."""

    reason: str
    message: str
    who: str
    remedy: str = ""


@dataclass(frozen=True)  # without slots: see `evolved`
class ItemDrill:
    """One item on its way. `leg` is the row of the lifecycle that it takes now or next; None: no goal is left.

    `attempts` counts the failures that use up the plan's tries, `tries` every request (it names the keys). `applied`
    has the rules whose remedies we were asked to carry out on this leg, `instead` what such a remedy makes us ask for
    from then on. `failing_rule` and `waiting_since_s` remember since when a rule that resolves itself has refused.
    `left` is the phase that the last job ran in: a read that lags behind may still show it.
    """

    item: str
    architecture: Architecture
    phase: Phase
    goals: tuple[Phase, ...]
    state: DrillState = DrillState.READY
    leg: Move | None = None
    done: tuple[Operation, ...] = ()
    key: str | None = None
    job_id: str | None = None
    choices: Choices = Choices()
    attempts: int = 0
    tries: int = 0
    failure: Failure | None = None
    failing_rule: str | None = None
    waiting_since_s: float | None = None
    not_before_s: float | None = None
    agent_registered: bool | None = None
    agent_waited: bool = False
    gates_passed: tuple[str, ...] = ()
    asks: str | None = None
    remedies_asked: int = 0
    applied: tuple[str, ...] = ()
    fixing: ApplyRemedy | None = None
    instead: Choices = Choices()
    health: tuple[str, ...] = ()
    left: Phase | None = None
    stopped: Stop | None = None


def tried_appliances(item: ItemDrill) -> frozenset[str]:
    """The appliance of the last try, if that failed: a retry may take another (A10)."""
    appliance = item.choices.appliance
    return frozenset({appliance}) if item.attempts and appliance else frozenset()


@dataclass(frozen=True, slots=True)
class Began:
    """The drill began with this item."""

    item: str


@dataclass(frozen=True, slots=True)
class Admitted:
    """Its wave is open, or no wave holds for its next operation."""

    item: str


@dataclass(frozen=True, slots=True)
class TurnCame:
    """The item's mates are there and there is room: it may ask now. `key`: a recovery plan's request asks for it."""

    item: str
    choices: Choices
    key: str | None = None


@dataclass(frozen=True, slots=True)
class PlanSucceeded:
    """The recovery plan's job ended well before the item's own was heard of."""

    item: str


@dataclass(frozen=True, slots=True)
class CalledOff:
    """Something outside the item ends its drill."""

    item: str
    stop: Stop


Signal: TypeAlias = Began | Admitted | TurnCame | PlanSucceeded | CalledOff
"""What one part of the drill tells another. Past tense like events, but the world never says it."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The plan as a step reads it: gates by operation, with the items they hold for (None: all).

    `estate` is what remedies find their objects in, and `defaults` what the drill asks for; without them nothing is
    applied.
    """

    plan: Plan
    gates: Mapping[Operation, tuple[tuple[Gate, frozenset[str] | None], ...]] = field(default_factory=dict)
    estate: Estate | None = None
    defaults: RequestDefaults | None = None


def rules_of(plan: Plan, estate: Estate | None = None) -> Rules:
    """Compile the plan once, so that a step costs the same for one item and for ten thousand."""
    gates: dict[Operation, tuple[tuple[Gate, frozenset[str] | None], ...]] = {}
    for gate in plan.gates:
        gates[gate.before] = (*gates.get(gate.before, ()), (gate, frozenset(gate.items) or None))
    return Rules(plan, gates, estate, None if estate is None else RequestDefaults(estate, plan))


class StepInput(NamedTuple):
    """What one step looks at."""

    item: ItemDrill
    event: Event | Signal
    rules: Rules
    now_s: float


class StepResult(NamedTuple):
    """What one step gives."""

    item: ItemDrill
    commands: tuple[Command, ...] = ()
    decisions: tuple[Decided, ...] = ()
