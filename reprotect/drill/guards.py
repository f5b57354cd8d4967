"""Guards of the drill's table: what must be so for a row to be taken. Each is a question about one case."""

from dataclasses import replace
from functools import cache
from typing import Final

from failback.reprotect.assessment import merged
from failback.reprotect.choices import Choices
from failback.reprotect.events import (
    Failure,
    ItemSeen,
    JobFailed,
    OperatorAnswered,
    RemedyFailed,
    RequestRefused,
    Unanswered,
    VmSeen,
)
from failback.reprotect.item import Architecture, Operation, Phase
from failback.reprotect.lifecycle import RESTING, Move, NoRoute, begin, on_the_way, route, under_way
from failback.reprotect.phases import phase_row
from failback.reprotect.plan import Gate, RemedyPolicy
from failback.reprotect.requirements import (
    REQUIREMENTS,
    Act,
    Holds,
    RemedyTarget,
    Requirement,
    agent_is_registered,
    applies,
    remedy_target_of,
    rule_behind,
    target_is_powered_off,
)

from .item_drill import DrillState, ItemDrill, StepInput

REMEDIES_ASKED_MAX: Final = 3
"""How often a person is asked for a remedy before one operation; then the item stops, or it would go on all night."""
REMEDIES_APPLIED_MAX: Final = 3
"""How often we carry out the remedy of one rule before one operation; then it is asked for, or waited for."""
REPROTECTS: Final = frozenset({Operation.REPROTECT_TO_ON_PREMISES, Operation.REPROTECT_TO_AZURE})
BOOTS: Final = frozenset({Operation.FAILOVER, Operation.FAILBACK})
"""Operations after which the machine has booted elsewhere: whether its agent is registered is unknown again (R23)."""
REBOOTS: Final = frozenset({Act.START_REPLICA})
"""Acts after which the machine has booted, as after those."""
UNANSWERED: Final = "unanswered"
POWERED_ON: Final = next(row for row in REQUIREMENTS if row.predicate is target_is_powered_off)

_UNDER_WAY: Final = frozenset({DrillState.ASKED, DrillState.RUNNING, DrillState.SETTLING})


def nothing_to_do(context: StepInput) -> bool:
    """The plan has no goal ahead."""
    return not ahead(context.item.phase, context.item.goals)


def is_under_way(context: StepInput) -> bool:
    """A job, or the resync after it, began before the drill."""
    return under_way(context.item.architecture, context.item.phase) is not None


def fell_back(context: StepInput) -> bool:
    """A job that began before the drill came to nothing: the item is where it was before that."""
    item, event = context.item, context.event
    ours = item.key is not None or item.leg is None
    return not ours and isinstance(event, ItemSeen) and event.phase is leg_of(item).phase


def no_way(context: StepInput) -> bool:
    """Some goal cannot be reached, or an operation of somebody else is running."""
    goals = ahead(context.item.phase, context.item.goals)
    try:
        for start, goal in zip((context.item.phase, *goals), goals, strict=False):
            next_leg(context.item.architecture, start, goal)
    except NoRoute:
        return True
    return False


def last_leg(context: StepInput) -> bool:
    """Behind this leg no goal is left."""
    return not ahead(leg_of(context.item).settles, context.item.goals)


def settles_later(context: StepInput) -> bool:
    """Something goes on after the job (C23), and no read has shown its end yet."""
    leg = leg_of(context.item)
    return leg.settles is not leg.done and context.item.phase is not leg.settles


def gate_ahead(context: StepInput) -> bool:
    """A person is waited for before this operation."""
    return next_gate(context) is not None


def agent_missing(context: StepInput) -> bool:
    """Nobody has seen the agent registered since the last boot, and we have not waited for it yet (R23, A06)."""
    item = context.item
    unseen = item.agent_registered is not True and not item.agent_waited
    return unseen and context.rules.plan.wait_for_agent and leg_of(item).operation in REPROTECTS


def agent_came(context: StepInput) -> bool:
    """What was waited for: a wait without a failure is a wait for the agent."""
    return (
        context.item.failure is None and isinstance(context.event, ItemSeen) and context.event.agent_registered is True
    )


def due(context: StepInput) -> bool:
    """The wait is over."""
    return context.item.not_before_s is not None and context.item.not_before_s <= context.now_s


def declined(context: StepInput) -> bool:
    """The person says stop."""
    return answers_ours(context) and isinstance(context.event, OperatorAnswered) and not context.event.proceed


def remedy_done(context: StepInput) -> bool:
    """The person says that the cause is fixed."""
    return answers_ours(context) and context.item.failure is not None


def answers_ours(context: StepInput) -> bool:
    """The answer is to the question that was asked."""
    return isinstance(context.event, OperatorAnswered) and context.event.gate == context.item.asks


def fixes_itself(context: StepInput) -> bool:
    """The rule resolves itself, and its time since the first such refusal is not over."""
    rule = rule_of(context)
    if rule is None or rule.waits_s is None:
        return False
    return context.now_s <= since_s(context, rule) + rule.waits_s


def may_retry(context: StepInput) -> bool:
    """The cause may pass, and tries are left."""
    rule = rule_of(context)
    worth_it = rule is None or (rule.retry and rule.waits_s is None)
    return worth_it and context.item.attempts + 1 < context.rules.plan.attempts_max


def remedy_may_help(context: StepInput) -> bool:
    """The rule has a remedy, the plan lets us ask for it, and we have not asked too often."""
    rule = rule_of(context)
    if rule is None or context.item.remedies_asked >= REMEDIES_ASKED_MAX:
        return False
    return context.rules.plan.remedies.get(rule.id, RemedyPolicy.ASK) is not RemedyPolicy.NEVER


def remedy_is_ours(context: StepInput) -> bool:
    """The plan says that we carry out the rule's remedy, and we can, and have not done so too often."""
    rule = rule_of(context)
    if rule is None or context.rules.plan.remedies.get(rule.id) is not RemedyPolicy.APPLY:
        return False
    return remedy_target(context) is not None and context.item.applied.count(rule.id) < REMEDIES_APPLIED_MAX


def apply_was_answered(context: StepInput) -> bool:
    """The person says that we shall carry out the remedy ourselves, and we can."""
    event = context.event
    applies = isinstance(event, OperatorAnswered) and event.proceed and event.apply
    return applies and remedy_done(context) and remedy_target(context) is not None


def settled(context: StepInput) -> bool:
    """The item has come to rest where the leg leads."""
    return isinstance(context.event, ItemSeen) and context.event.phase is leg_of(context.item).settles


def settled_last(context: StepInput) -> bool:
    """The same, and no goal is left."""
    return settled(context) and last_leg(context)


def drifted(context: StepInput) -> bool:
    """The item is where nothing of ours put it: somebody else acts on it, or the vault did not do what it said."""
    if not isinstance(context.event, ItemSeen):
        return False
    item, seen = context.item, context.event.phase
    if item.leg is None or item.state not in _UNDER_WAY:
        return seen not in (item.phase, item.left)
    return not on_the_way(item.leg, seen) and (item.state is DrillState.SETTLING or seen is not item.leg.phase)


def target_powered_on(context: StepInput) -> bool:
    """R33, as vSphere shows it. A failback of ours boots the machine itself."""
    item, event = context.item, context.event
    if not isinstance(event, VmSeen) or event.powered_on is not True:
        return False
    lent = item.phase is Phase.REPROTECTING_TO_ON_PREMISES and event.disks == 0
    return lent or (phase_row(item.phase).is_target and not _fails_back(item))


def target_reported_on(context: StepInput) -> bool:
    """R33, as the vault's health errors show it."""
    return isinstance(context.event, ItemSeen) and POWERED_ON.code in context.event.health_errors


def complaint(context: StepInput) -> Failure:
    """Why the vault did not do it."""
    match context.event:
        case JobFailed(failure=failure):
            return failure
        case RequestRefused(code=code, message=message):
            return Failure("request", code, message)
        case Unanswered(message=message):
            return Failure("request", UNANSWERED, message)
        case RemedyFailed(message=message) if context.item.failure is not None:
            message_with_remedy = f"{context.item.failure.message}; the remedy could not be applied: {message}"
            return replace(context.item.failure, message=message_with_remedy)
        case OperatorAnswered() if context.item.failure is not None:
            return context.item.failure
        case _:
            raise TypeError(f"{type(context.event).__name__} is no complaint")


def rule_of(context: StepInput) -> Requirement | None:
    """The rule that the complaint is about."""
    failure = complaint(context)
    return rule_behind(failure.code, failure.possible_causes)


def remedy_target(context: StepInput) -> RemedyTarget | None:
    """What we would do about the complaint, if there is something to do."""
    rule, estate = rule_of(context), context.rules.estate
    return (
        None if rule is None or estate is None else remedy_target_of(rule.id, estate, context.item.item, asked(context))
    )


def asked(context: StepInput) -> Choices:
    """What the last request asked for, over what a reprotect home asks for: a failback names no server."""
    defaults, item = context.rules.defaults, context.item
    if defaults is None:
        return item.choices
    homeward = defaults.choose(item.item, Operation.REPROTECT_TO_ON_PREMISES)
    return merged(merged(homeward, item.choices), item.instead)


def since_s(context: StepInput, rule: Requirement) -> float:
    """Since when this rule has refused."""
    first = context.item.waiting_since_s
    return context.now_s if first is None or context.item.failing_rule != rule.id else first


def next_gate(context: StepInput) -> Gate | None:
    """The first gate before this operation that holds for the item and is not passed."""
    gates = context.rules.gates.get(leg_of(context.item).operation, ())
    ours = (gate for gate, names in gates if names is None or context.item.item in names)
    return next((gate for gate in ours if gate.name not in context.item.gates_passed), None)


def leg_of(item: ItemDrill) -> Move:
    """The leg of an item that has one."""
    if item.leg is None:
        raise ValueError(f"{item.item} has no leg ahead")
    return item.leg


def ahead(phase: Phase, goals: tuple[Phase, ...]) -> tuple[Phase, ...]:
    """The goals that are left when an item stands in `phase`."""
    while goals and goals[0] is phase:
        goals = goals[1:]
    return goals


@cache
def next_leg(architecture: Architecture, phase: Phase, goal: Phase) -> Move | None:
    """The first row of the route; None when already there."""
    if phase not in RESTING:
        raise NoRoute(f"an operation of somebody else is running: phase {phase.value}")
    way = route(architecture, phase, goal)
    return begin(architecture, phase, way[0]) if way else None


@cache
def agent_rule(architecture: Architecture) -> Requirement:
    """The row that asks for a registered agent (R23, A06)."""
    rows = (row for row in REQUIREMENTS if row.predicate is agent_is_registered)
    return next(row for row in rows if applies(row, architecture).answer is Holds.YES)


def _fails_back(item: ItemDrill) -> bool:
    return item.state in _UNDER_WAY and leg_of(item).operation is Operation.FAILBACK
