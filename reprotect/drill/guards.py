"""Guards of the drill's table: what must be so for a row to be taken. Each is a question about one case."""

from dataclasses import replace
from functools import cache
from typing import Final

from failback.reprotect.choices import Choices
from failback.reprotect.events import (
    Failure,
    ItemSeen,
    JobFailed,
    OperatorAnswered,
    Refused,
    RemedyFailed,
    Unanswered,
    VmSeen,
)
from failback.reprotect.item import Architecture, Operation, Phase
from failback.reprotect.lifecycle import LIFECYCLE, RESTING, Move, NoRoute, begin, on_the_way, route
from failback.reprotect.phases import phase_row
from failback.reprotect.plan import Gate, RemedyPolicy
from failback.reprotect.requirements import (
    REQUIREMENTS,
    Act,
    Deed,
    Holds,
    Requirement,
    agent_is_registered,
    applies,
    by_code,
    deed_of,
    target_is_powered_off,
)

from .choosing import choose, laid_over
from .item_drill import Case, ItemDrill, Stance

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

_UNDER_WAY: Final = frozenset({Stance.ASKED, Stance.RUNNING, Stance.SETTLING})


def nothing_to_do(case: Case) -> bool:
    """The plan has no waypoint ahead."""
    return not ahead(case.item.phase, case.item.goals)


def resyncs_already(case: Case) -> bool:
    """A reprotect's job ended before the drill began; its resync goes on."""
    return resync(case.item.architecture, case.item.phase) is not None


def no_way(case: Case) -> bool:
    """Some waypoint cannot be reached, or an operation of somebody else is running."""
    goals = ahead(case.item.phase, case.item.goals)
    try:
        for start, goal in zip((case.item.phase, *goals), goals, strict=False):
            next_leg(case.item.architecture, start, goal)
    except NoRoute:
        return True
    return False


def last_leg(case: Case) -> bool:
    """Behind this leg no waypoint is left."""
    return not ahead(leg_of(case.item).settles, case.item.goals)


def settles_later(case: Case) -> bool:
    """Something goes on after the job (C23), and no read has shown its end yet."""
    leg = leg_of(case.item)
    return leg.settles is not leg.done and case.item.phase is not leg.settles


def gate_ahead(case: Case) -> bool:
    """A person is waited for before this operation."""
    return next_gate(case) is not None


def agent_missing(case: Case) -> bool:
    """Nobody has seen the agent registered since the last boot, and we have not waited for it yet (R23, A06)."""
    item = case.item
    unseen = item.agent_registered is not True and not item.agent_waited
    return unseen and case.rules.plan.wait_for_agent and leg_of(item).operation in REPROTECTS


def agent_came(case: Case) -> bool:
    """What was waited for: a wait without a failure is a wait for the agent."""
    return case.item.failure is None and isinstance(case.event, ItemSeen) and case.event.agent_registered is True


def due(case: Case) -> bool:
    """The wait is over."""
    return case.item.not_before_s is not None and case.item.not_before_s <= case.now_s


def declined(case: Case) -> bool:
    """The person says stop."""
    return answers_ours(case) and isinstance(case.event, OperatorAnswered) and not case.event.proceed


def remedy_done(case: Case) -> bool:
    """The person says that the cause is mended."""
    return answers_ours(case) and case.item.failure is not None


def answers_ours(case: Case) -> bool:
    """The answer is to the question that was asked."""
    return isinstance(case.event, OperatorAnswered) and case.event.gate == case.item.asks


def mends_itself(case: Case) -> bool:
    """The rule resolves itself, and its time since the first such refusal is not over."""
    rule = rule_of(case)
    if rule is None or rule.waits_s is None:
        return False
    return case.now_s <= since_s(case, rule) + rule.waits_s


def may_retry(case: Case) -> bool:
    """The cause may pass, and tries are left."""
    rule = rule_of(case)
    worth_it = rule is None or (rule.retry and rule.waits_s is None)
    return worth_it and case.item.attempts + 1 < case.rules.plan.attempts_max


def remedy_may_help(case: Case) -> bool:
    """The rule has a remedy, the plan lets us ask for it, and we have not asked too often."""
    rule = rule_of(case)
    if rule is None or case.item.remedies_asked >= REMEDIES_ASKED_MAX:
        return False
    return case.rules.plan.remedies.get(rule.id, RemedyPolicy.ASK) is not RemedyPolicy.NEVER


def remedy_is_ours(case: Case) -> bool:
    """The plan says that we carry out the rule's remedy, and we can, and have not done so too often."""
    rule = rule_of(case)
    if rule is None or case.rules.plan.remedies.get(rule.id) is not RemedyPolicy.APPLY:
        return False
    return deed(case) is not None and case.item.applied.count(rule.id) < REMEDIES_APPLIED_MAX


def told_to_apply(case: Case) -> bool:
    """The person says that we shall carry out the remedy ourselves, and we can."""
    event = case.event
    told = isinstance(event, OperatorAnswered) and event.proceed and event.apply
    return told and remedy_done(case) and deed(case) is not None


def settled(case: Case) -> bool:
    """The item has come to rest where the leg leads."""
    return isinstance(case.event, ItemSeen) and case.event.phase is leg_of(case.item).settles


def settled_last(case: Case) -> bool:
    """The same, and no waypoint is left."""
    return settled(case) and last_leg(case)


def drifted(case: Case) -> bool:
    """The item is where nothing of ours put it: somebody else acts on it, or the vault did not do what it said."""
    if not isinstance(case.event, ItemSeen):
        return False
    item, seen = case.item, case.event.phase
    if item.leg is None or item.stance not in _UNDER_WAY:
        return seen not in (item.phase, item.left)
    return not on_the_way(item.leg, seen) and (item.stance is Stance.SETTLING or seen is not item.leg.phase)


def target_powered_on(case: Case) -> bool:
    """R33, as vSphere shows it. A failback of ours boots the machine itself."""
    item, event = case.item, case.event
    if not isinstance(event, VmSeen) or event.powered_on is not True:
        return False
    lent = item.phase is Phase.REPROTECTING_TO_ON_PREMISES and event.disks == 0
    return lent or (phase_row(item.phase).is_target and not _fails_back(item))


def target_reported_on(case: Case) -> bool:
    """R33, as the vault's health errors show it."""
    return isinstance(case.event, ItemSeen) and POWERED_ON.code in case.event.health_errors


def complaint(case: Case) -> Failure:
    """Why the vault did not do it."""
    match case.event:
        case JobFailed(failure=failure):
            return failure
        case Refused(code=code, message=message):
            return Failure("request", code, message)
        case Unanswered(message=message):
            return Failure("request", UNANSWERED, message)
        case RemedyFailed(message=message) if case.item.failure is not None:
            said = f"{case.item.failure.message}; the remedy was not carried out: {message}"
            return replace(case.item.failure, message=said)
        case OperatorAnswered() if case.item.failure is not None:
            return case.item.failure
        case _:
            raise TypeError(f"{type(case.event).__name__} is no complaint")


def rule_of(case: Case) -> Requirement | None:
    """The rule that the complaint is about."""
    return by_code(complaint(case).code)


def deed(case: Case) -> Deed | None:
    """What we would do about the complaint, if there is something to do."""
    rule, estate = rule_of(case), case.rules.estate
    return None if rule is None or estate is None else deed_of(rule.id, estate, case.item.item, asked(case))


def asked(case: Case) -> Choices:
    """What the last request asked for, over what a reprotect home asks for: a failback names no server."""
    estate, item = case.rules.estate, case.item
    if estate is None:
        return item.choices
    homeward = choose(estate, case.rules.plan, item.item, Operation.REPROTECT_TO_ON_PREMISES)
    return laid_over(laid_over(homeward, item.choices), item.instead)


def since_s(case: Case, rule: Requirement) -> float:
    """Since when this rule has refused."""
    first = case.item.waiting_since_s
    return case.now_s if first is None or case.item.failing_rule != rule.id else first


def next_gate(case: Case) -> Gate | None:
    """The first gate before this operation that holds for the item and is not passed."""
    gates = case.rules.gates.get(leg_of(case.item).operation, ())
    ours = (gate for gate, names in gates if names is None or case.item.item in names)
    return next((gate for gate in ours if gate.name not in case.item.gates_passed), None)


def leg_of(item: ItemDrill) -> Move:
    """The leg of an item that has one."""
    if item.leg is None:
        raise ValueError(f"{item.item} has no leg ahead")
    return item.leg


def ahead(phase: Phase, goals: tuple[Phase, ...]) -> tuple[Phase, ...]:
    """The waypoints that are left when an item stands in `phase`."""
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
def resync(architecture: Architecture, phase: Phase) -> Move | None:
    """The reprotect whose resync shows as this phase."""
    rows = (m for m in LIFECYCLE if m.usual and m.architecture is architecture and m.settles is not m.done)
    return next((m for m in rows if m.done is phase), None)


@cache
def agent_rule(architecture: Architecture) -> Requirement:
    """The row that asks for a registered agent (R23, A06)."""
    rows = (row for row in REQUIREMENTS if row.predicate is agent_is_registered)
    return next(row for row in rows if applies(row, architecture).answer is Holds.YES)


def _fails_back(item: ItemDrill) -> bool:
    return item.stance in _UNDER_WAY and leg_of(item).operation is Operation.FAILBACK
