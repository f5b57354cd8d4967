"""Actions of the drill's table: what a row does besides changing the state. Values in, values out."""

from collections.abc import Mapping
from typing import Final

from failback.reprotect.assessment import merged
from failback.reprotect.choices import Choices
from failback.reprotect.commands import ApplyRemedy, AskOperator, StartOperation
from failback.reprotect.decisions import Decided
from failback.reprotect.events import Accepted, Failure, ItemSeen, JobCancelled, VmSeen
from failback.reprotect.evolve import evolved
from failback.reprotect.item import Operation, Phase
from failback.reprotect.lifecycle import under_way
from failback.reprotect.phases import is_behind
from failback.reprotect.requirements import Act, RemedyTarget, Requirement, does, rule_behind

from .guards import (
    BOOTS,
    POWERED_ON,
    REBOOTS,
    agent_rule,
    ahead,
    complaint,
    leg_of,
    next_gate,
    next_leg,
    remedy_target,
    rule_of,
    since_s,
)
from .item_drill import CalledOff, ItemDrill, StepInput, StepResult, Stop, TurnCame

OPERATOR: Final = "operator"
"""Who must act where no rule names somebody."""
AFTER_CANCEL: Final[Mapping[Operation, str]] = {
    Operation.FAILOVER: "check whether replication continues; if it does not, protect the machine again (F07)",
    Operation.FAILBACK: "check that the machine in Azure is running, and start it if it is not; leave the one on site "
    "off, because it is a replication target again (R33); then request the failback again",
}
"""What a person does after somebody cancelled this; anything else is asked for again [inferred]."""
NO_CODE: Final = "no_code"
"""The reason of a stop after a failure that the vault gave no code for."""


def stay(context: StepInput) -> StepResult:
    """Nothing to do: the event may be ignored here."""
    return StepResult(context.item)


def go_home(context: StepInput) -> StepResult:
    """No goal is left."""
    decided = Decided(context.item.item, "home", "the plan is complete for this machine")
    return StepResult(evolved(context.item, goals=()), decisions=(decided,))


def set_out(context: StepInput) -> StepResult:
    """Aim at the first goal that is not behind; none is where the item stands at the last one: it begins a lap."""
    item = context.item
    begins = item.phase is item.goals[-1]
    return StepResult(_aimed(item if begins else evolved(item, goals=_beyond(item))))


def take_up(context: StepInput) -> StepResult:
    """Wait for the end of a job, or of a resync, that somebody began."""
    leg = under_way(context.item.architecture, context.item.phase)
    if leg is None:
        return StepResult(context.item)
    return StepResult(evolved(context.item, leg=leg, goals=_beyond(context.item)))


def ask_ourselves(context: StepInput) -> StepResult:
    """What somebody began came to nothing: it is asked for as if nobody had."""
    seen = see_where_it_stands(context).item
    decided = Decided(seen.item, "noted", f"{leg_of(seen).operation.value} was under way and did not succeed")
    return StepResult(set_out(context._replace(item=evolved(seen, leg=None))).item, decisions=(decided,))


def ask_gate(context: StepInput) -> StepResult:
    """Ask the person at the gate."""
    gate = next_gate(context)
    if gate is None:
        return StepResult(context.item)
    question = gate.question or f"{gate.name}: start {leg_of(context.item).operation.value} of {context.item.item}?"
    return StepResult(evolved(context.item, asks=gate.name), (AskOperator(context.item.item, gate.name, question),))


def pass_gate(context: StepInput) -> StepResult:
    """Remember the answer for this leg."""
    passed = (*context.item.gates_passed, context.item.asks or "")
    return StepResult(evolved(context.item, asks=None, gates_passed=passed))


def wait_for_agent(context: StepInput) -> StepResult:
    """Wait until it is seen, or as long as the rule may take."""
    rule = agent_rule(context.item.architecture)
    until_s = context.now_s + (rule.waits_s or 0.0)
    item = evolved(context.item, agent_waited=True, not_before_s=until_s)
    decided = Decided(item.item, "wait", f"the agent has not registered yet: {rule.remedy}", rule.id)
    return StepResult(item, decisions=(decided,))


def ask(context: StepInput) -> StepResult:
    """Send the request, or take part in the recovery plan's."""
    match context.event:
        case TurnCame(choices=choices, key=None):
            key = f"{context.item.item}/{leg_name(context.item)}/{context.item.tries + 1}"
            wish = merged(choices, context.item.instead)
            command = StartOperation(context.item.item, leg_of(context.item).operation, wish, key)
            return StepResult(_asked(context.item, wish, key), (command,))
        case TurnCame(choices=choices, key=key):
            return StepResult(_asked(context.item, choices, key))
        case _:
            return StepResult(context.item)


def follow_job(context: StepInput) -> StepResult:
    """Remember the job."""
    return StepResult(
        evolved(context.item, job_id=context.event.job_id) if isinstance(context.event, Accepted) else context.item
    )


def see_where_it_stands(context: StepInput) -> StepResult:
    """A stopped item may still be moved by what was under way; where it ends is what a person has to go on from."""
    phase = context.event.phase if isinstance(context.event, ItemSeen) else context.item.phase
    return StepResult(evolved(context.item, phase=phase))


def look(context: StepInput) -> StepResult:
    """Learn what a read shows of an item that is where it should be."""
    if not isinstance(context.event, ItemSeen):
        return StepResult(context.item)
    seen = context.event
    fresh = tuple(code for code in seen.health_errors if code not in context.item.health)
    notes = (Decided(context.item.item, "noted", f"health errors: {', '.join(fresh)}"),) if fresh else ()
    agent = context.item.agent_registered if seen.agent_registered is None else seen.agent_registered
    if (agent, seen.health_errors) == (context.item.agent_registered, context.item.health):
        return StepResult(context.item)
    return StepResult(evolved(context.item, agent_registered=agent, health=seen.health_errors), decisions=notes)


def follow(context: StepInput) -> StepResult:
    """Learn, and believe the phase: an operation of ours is under way."""
    step = look(context)
    if not isinstance(context.event, ItemSeen) or context.event.phase is step.item.phase:
        return step
    return StepResult(evolved(step.item, phase=context.event.phase), step.commands, step.decisions)


def arrive(context: StepInput) -> StepResult:
    """The leg is done: forget its tries and aim at the next goal."""
    item, leg = context.item, leg_of(context.item)
    return look(context._replace(item=_aimed(_at(item, leg.settles))))


def arrive_home(context: StepInput) -> StepResult:
    """The last leg is done."""
    return go_home(context._replace(item=arrive(context).item))


def recheck(context: StepInput) -> StepResult:
    """Try again soon; it does not count, since the rule resolves itself."""
    rule = rule_of(context)
    if rule is None:
        return StepResult(context.item)
    item = evolved(_fallen_back(context), failing_rule=rule.id, waiting_since_s=since_s(context, rule), fixing=None)
    return _later(context, item, context.rules.plan.recheck_s, rule.id)


def retry_later(context: StepInput) -> StepResult:
    """Try again after a while; it counts."""
    rule = rule_of(context)
    fallen = evolved(_fallen_back(context), fixing=None)
    item = evolved(fallen, attempts=context.item.attempts + 1, failing_rule=None, waiting_since_s=None)
    return _later(context, item, context.rules.plan.retry_delay_s, rule.id if rule else None)


def ask_for_remedy(context: StepInput) -> StepResult:
    """Ask a person to mend the cause."""
    rule = rule_of(context)
    if rule is None:
        return StepResult(context.item)
    item = evolved(_fallen_back(context), asks=rule.id, fixing=None, remedies_asked=context.item.remedies_asked + 1)
    question = f"{complaint(context).message}. Remedy: {rule.remedy}. Is this done, so that it can be tried again?"
    decided = Decided(item.item, "ask_for_remedy", complaint(context).message, rule.id, rule.who)
    return StepResult(item, (AskOperator(item.item, rule.id, question, _offer(remedy_target(context))),), (decided,))


def apply_remedy(context: StepInput) -> StepResult:
    """Mend the cause ourselves."""
    rule, wanted = rule_of(context), remedy_target(context)
    if rule is None or wanted is None:
        return StepResult(context.item)
    fallen = _fallen_back(context)
    key = f"{fallen.item}/{leg_name(fallen)}/{rule.id}/{fallen.applied.count(rule.id) + 1}"
    command = ApplyRemedy(fallen.item, rule.id, wanted.remedy.act, wanted.object, wanted.beside, key)
    since = since_s(context, rule)
    item = evolved(fallen, asks=None, applied=(*fallen.applied, rule.id), fixing=command)
    decided = Decided(
        item.item, "apply_remedy", f"{complaint(context).message}; failback will {_offer(wanted)}", rule.id
    )
    return StepResult(evolved(item, failing_rule=rule.id, waiting_since_s=since), (command,), (decided,))


def try_again(context: StepInput) -> StepResult:
    """The cause is said to be fixed: all tries are there again."""
    return StepResult(evolved(context.item, asks=None, attempts=0, failing_rule=None, waiting_since_s=None))


def try_fixed(context: StepInput) -> StepResult:
    """The cause is fixed: try again, by what the remedy has changed."""
    item, command = try_again(context).item, context.item.fixing
    if command is None:
        return StepResult(item)
    instead = merged(item.instead, _INSTEAD.get(command.act, _as_before)(command.object))
    fresh = evolved(item, failure=None, fixing=None, instead=instead)
    return StepResult(evolved(fresh, agent_registered=None, agent_waited=False) if command.act in REBOOTS else fresh)


def stop_on_failure(context: StepInput) -> StepResult:
    """Nothing is left to try."""
    return _stopped(evolved(_fallen_back(context), fixing=None), _stop_for(complaint(context), rule_of(context)))


def stop_declined(context: StepInput) -> StepResult:
    """A person said stop, or nobody answered."""
    item = context.item
    if item.failure is None:
        return _stopped(item, Stop(item.asks or "", "nobody approved this gate", OPERATOR))
    rule = rule_behind(item.failure.code, item.failure.possible_causes)
    return _stopped(item, _stop_for(item.failure, rule))


def stop_cancelled(context: StepInput) -> StepResult:
    """Somebody cancelled our job."""
    job = context.event.job_id if isinstance(context.event, JobCancelled) else ""
    operation = leg_of(context.item).operation.value
    item = evolved(context.item, phase=leg_of(context.item).phase, key=None, job_id=None)
    remedy = AFTER_CANCEL.get(leg_of(context.item).operation, "request it again")
    return _stopped(item, Stop("cancelled", f"job {job} ({operation}) was cancelled", OPERATOR, remedy))


def stop_drifted(context: StepInput) -> StepResult:
    """The item is not where our operations put it."""
    seen = context.event.phase if isinstance(context.event, ItemSeen) else context.item.phase
    message = f"the item is in phase {seen.value}; no operation of this run leads there from {context.item.phase.value}"
    return _stopped(evolved(context.item, phase=seen), Stop("drift", message, OPERATOR))


def stop_gone(context: StepInput) -> StepResult:
    """The vault does not have the item any more, so nothing can be asked for it."""
    name, phase = context.item.item, context.item.phase.value
    message = f"the vault has no replication protected item {name} any more; it was last in phase {phase}"
    remedy = (
        "find out in the vault's Site Recovery jobs who disabled its replication, and where the machine runs; "
        "protect it again, or bring it home by hand"
    )
    return _stopped(context.item, Stop("not_in_vault", message, OPERATOR, remedy))


def stop_powered_on(context: StepInput) -> StepResult:
    """R33."""
    source = "vSphere shows it" if isinstance(context.event, VmSeen) else "the vault reports it"
    message = f"{context.item.item} is powered on while it is a replication target ({source})"
    return _stopped(context.item, Stop(POWERED_ON.id, message, POWERED_ON.who, POWERED_ON.remedy))


def stop_without_a_way(context: StepInput) -> StepResult:
    """From here no usual operation leads to the goals."""
    message = f"no planned operation leads from phase {context.item.phase.value} to the end of the plan"
    remedy = "wait until running jobs have ended, or change the plan"
    return _stopped(context.item, Stop("no_way", message, OPERATOR, remedy))


def stop_called_off(context: StepInput) -> StepResult:
    """What ends it came from outside the item."""
    return (
        _stopped(context.item, context.event.stop) if isinstance(context.event, CalledOff) else StepResult(context.item)
    )


def leg_name(item: ItemDrill) -> str:
    """The operation's name; the lap stands in it where the operation comes again."""
    operation = leg_of(item).operation
    lap = item.done.count(operation)
    return f"{operation.value}-{lap + 1}" if lap else operation.value


def _offer(wanted: RemedyTarget | None) -> str:
    return does(wanted.remedy.act, wanted.object, wanted.beside) if wanted else ""


def _as_before(_: str) -> Choices:
    return Choices()


def _that_server(name: str) -> Choices:
    return Choices(process_server=name)


_INSTEAD: Final = {Act.SWITCH_PROCESS_SERVER: _that_server}
"""What an act makes us ask for from then on; after the others the request stays as it was."""


def _asked(item: ItemDrill, choices: Choices, key: str) -> ItemDrill:
    return evolved(item, choices=choices, key=key, tries=item.tries + 1, not_before_s=None)


def _aimed(item: ItemDrill) -> ItemDrill:
    goals = ahead(item.phase, item.goals)
    return evolved(item, goals=goals, leg=next_leg(item.architecture, item.phase, goals[0]) if goals else None)


def _beyond(item: ItemDrill) -> tuple[Phase, ...]:
    """The goals that are not behind where the item stands; all, for another lap, where none is left."""
    behind = next((n for n, goal in enumerate(item.goals) if not is_behind(goal, item.phase)), 0)
    return item.goals[behind:]


def _at(item: ItemDrill, phase: Phase) -> ItemDrill:
    leg = leg_of(item)
    return ItemDrill(
        item=item.item,
        architecture=item.architecture,
        phase=phase,
        goals=item.goals,
        state=item.state,
        done=(*item.done, leg.operation),
        choices=item.choices,
        agent_registered=None if leg.operation in BOOTS else item.agent_registered,
        health=item.health,
        left=leg.running,
    )


def _fallen_back(context: StepInput) -> ItemDrill:
    leg = leg_of(context.item)
    return evolved(context.item, phase=leg.phase, left=leg.running, key=None, job_id=None, failure=complaint(context))


def _later(context: StepInput, item: ItemDrill, delay_s: float, rule: str | None) -> StepResult:
    why = f"{leg_of(item).operation.value} failed: {complaint(context).message}; next try in {delay_s:g} s"
    return StepResult(
        evolved(item, not_before_s=context.now_s + delay_s), decisions=(Decided(item.item, "retry", why, rule),)
    )


def _stop_for(failure: Failure, rule: Requirement | None) -> Stop:
    advice = (rule.remedy if rule else failure.recommended_action) or "see the job"
    reason = rule.id if rule else failure.code or NO_CODE
    return Stop(reason, failure.message, rule.who if rule else OPERATOR, advice)


def _stopped(item: ItemDrill, stop: Stop) -> StepResult:
    why = f"{stop.message}; {stop.remedy}" if stop.remedy else stop.message
    decided = Decided(item.item, "stopped", why, stop.reason, stop.who)
    return StepResult(evolved(item, stopped=stop, not_before_s=None, asks=None), decisions=(decided,))
