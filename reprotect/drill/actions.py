"""Actions of the drill's table: what a row does besides changing the stance. Values in, values out."""

from collections.abc import Mapping
from typing import Final

from failback.reprotect.choices import Choices
from failback.reprotect.commands import ApplyRemedy, AskOperator, StartOperation
from failback.reprotect.decisions import Decided
from failback.reprotect.events import Accepted, Failure, ItemSeen, JobCancelled, VmSeen
from failback.reprotect.evolve import evolved
from failback.reprotect.item import Operation, Phase
from failback.reprotect.requirements import Act, Deed, Requirement, by_code, does

from .choosing import laid_over
from .guards import (
    BOOTS,
    POWERED_ON,
    REBOOTS,
    agent_rule,
    ahead,
    complaint,
    deed,
    leg_of,
    next_gate,
    next_leg,
    resync,
    rule_of,
    since_s,
)
from .item_drill import CalledOff, Case, ItemDrill, Step, Stop, TurnCame

OPERATOR: Final = "operator"
"""Who must act where no rule names somebody."""
AFTER_CANCEL: Final[Mapping[Operation, str]] = {
    Operation.FAILOVER: "look whether replication goes on; where it does not, protect the machine anew (F07)",
    Operation.FAILBACK: "look that the machine in Azure runs, and start it if not; leave the one on site off, since it "
    "is a replication target again (R33); then ask for failback again",
}
"""What a person does after somebody cancelled this; anything else is asked for again [inferred]."""
NO_CODE: Final = "no_code"
"""The reason of a stop after a failure that the vault gave no code for."""


def stay(case: Case) -> Step:
    """Nothing to do: the event may be ignored here."""
    return Step(case.item)


def go_home(case: Case) -> Step:
    """No waypoint is left."""
    decided = Decided(case.item.item, "home", "the last waypoint is reached")
    return Step(evolved(case.item, goals=()), decisions=(decided,))


def set_out(case: Case) -> Step:
    """Aim at the first waypoint that is not behind; none is where the item stands at the last one: it begins a lap."""
    item = case.item
    begins = item.phase is item.goals[-1]
    return Step(_aimed(item if begins else evolved(item, goals=_beyond(item.goals, item))))


def take_up_the_resync(case: Case) -> Step:
    """Wait for the end of a resync that somebody began."""
    leg = resync(case.item.architecture, case.item.phase)
    if leg is None:
        return Step(case.item)
    there = evolved(case.item, phase=leg.settles)
    return Step(evolved(case.item, leg=leg, goals=_beyond(case.item.goals, there)))


def ask_gate(case: Case) -> Step:
    """Ask the person at the gate."""
    gate = next_gate(case)
    if gate is None:
        return Step(case.item)
    question = gate.question or f"{gate.name}: may {leg_of(case.item).operation.value} of {case.item.item} begin?"
    return Step(evolved(case.item, asks=gate.name), (AskOperator(case.item.item, gate.name, question),))


def pass_gate(case: Case) -> Step:
    """Remember the answer for this leg."""
    passed = (*case.item.gates_passed, case.item.asks or "")
    return Step(evolved(case.item, asks=None, gates_passed=passed))


def wait_for_agent(case: Case) -> Step:
    """Wait until it is seen, or as long as the rule may take."""
    rule = agent_rule(case.item.architecture)
    until_s = case.now_s + (rule.waits_s or 0.0)
    item = evolved(case.item, agent_waited=True, not_before_s=until_s)
    decided = Decided(item.item, "wait", f"the agent is not seen registered: {rule.remedy}", rule.id)
    return Step(item, decisions=(decided,))


def ask(case: Case) -> Step:
    """Send the request, or take part in the recovery plan's."""
    match case.event:
        case TurnCame(choices=choices, key=None):
            key = f"{case.item.item}/{leg_name(case.item)}/{case.item.tries + 1}"
            wish = laid_over(choices, case.item.instead)
            command = StartOperation(case.item.item, leg_of(case.item).operation, wish, key)
            return Step(_asked(case.item, wish, key), (command,))
        case TurnCame(choices=choices, key=key):
            return Step(_asked(case.item, choices, key))
        case _:
            return Step(case.item)


def follow_job(case: Case) -> Step:
    """Remember the job."""
    return Step(evolved(case.item, job_id=case.event.job_id) if isinstance(case.event, Accepted) else case.item)


def see_where_it_stands(case: Case) -> Step:
    """A stopped item may still be moved by what was under way; where it ends is what a person has to go on from."""
    phase = case.event.phase if isinstance(case.event, ItemSeen) else case.item.phase
    return Step(evolved(case.item, phase=phase))


def look(case: Case) -> Step:
    """Learn what a read shows of an item that is where it should be."""
    if not isinstance(case.event, ItemSeen):
        return Step(case.item)
    seen = case.event
    fresh = tuple(code for code in seen.health_errors if code not in case.item.health)
    notes = (Decided(case.item.item, "noted", f"health errors: {', '.join(fresh)}"),) if fresh else ()
    agent = case.item.agent_registered if seen.agent_registered is None else seen.agent_registered
    if (agent, seen.health_errors) == (case.item.agent_registered, case.item.health):
        return Step(case.item)
    return Step(evolved(case.item, agent_registered=agent, health=seen.health_errors), decisions=notes)


def follow(case: Case) -> Step:
    """Learn, and believe the phase: an operation of ours is under way."""
    step = look(case)
    if not isinstance(case.event, ItemSeen) or case.event.phase is step.item.phase:
        return step
    return Step(evolved(step.item, phase=case.event.phase), step.commands, step.decisions)


def arrive(case: Case) -> Step:
    """The leg is done: forget its tries and aim at the next waypoint."""
    item, leg = case.item, leg_of(case.item)
    return look(case._replace(item=_aimed(_at(item, leg.settles))))


def arrive_home(case: Case) -> Step:
    """The last leg is done."""
    return go_home(case._replace(item=arrive(case).item))


def recheck(case: Case) -> Step:
    """Try again soon; it does not count, since the rule resolves itself."""
    rule = rule_of(case)
    if rule is None:
        return Step(case.item)
    item = evolved(_fallen_back(case), failing_rule=rule.id, waiting_since_s=since_s(case, rule), mending=None)
    return _later(case, item, case.rules.plan.recheck_s, rule.id)


def retry_later(case: Case) -> Step:
    """Try again after a while; it counts."""
    rule = rule_of(case)
    fallen = evolved(_fallen_back(case), mending=None)
    item = evolved(fallen, attempts=case.item.attempts + 1, failing_rule=None, waiting_since_s=None)
    return _later(case, item, case.rules.plan.retry_delay_s, rule.id if rule else None)


def ask_for_remedy(case: Case) -> Step:
    """Ask a person to mend the cause."""
    rule = rule_of(case)
    if rule is None:
        return Step(case.item)
    item = evolved(_fallen_back(case), asks=rule.id, mending=None, remedies_asked=case.item.remedies_asked + 1)
    question = f"{complaint(case).message}. Remedy: {rule.remedy}. Done, try again?"
    decided = Decided(item.item, "ask_for_remedy", complaint(case).message, rule.id, rule.who)
    return Step(item, (AskOperator(item.item, rule.id, question, _offer(deed(case))),), (decided,))


def apply_remedy(case: Case) -> Step:
    """Mend the cause ourselves."""
    rule, wanted = rule_of(case), deed(case)
    if rule is None or wanted is None:
        return Step(case.item)
    fallen = _fallen_back(case)
    key = f"{fallen.item}/{leg_name(fallen)}/{rule.id}/{fallen.applied.count(rule.id) + 1}"
    command = ApplyRemedy(fallen.item, rule.id, wanted.remedy.act, wanted.object, wanted.beside, key)
    since = since_s(case, rule)
    item = evolved(fallen, asks=None, applied=(*fallen.applied, rule.id), mending=command)
    decided = Decided(item.item, "apply_remedy", f"{complaint(case).message}; we {_offer(wanted)}", rule.id)
    return Step(evolved(item, failing_rule=rule.id, waiting_since_s=since), (command,), (decided,))


def try_again(case: Case) -> Step:
    """The cause is said to be mended: all tries are there again."""
    return Step(evolved(case.item, asks=None, attempts=0, failing_rule=None, waiting_since_s=None))


def try_mended(case: Case) -> Step:
    """The cause is mended: try again, by what the remedy has changed."""
    item, command = try_again(case).item, case.item.mending
    if command is None:
        return Step(item)
    instead = laid_over(item.instead, _INSTEAD.get(command.act, _as_before)(command.object))
    fresh = evolved(item, failure=None, mending=None, instead=instead)
    return Step(evolved(fresh, agent_registered=None, agent_waited=False) if command.act in REBOOTS else fresh)


def stop_on_failure(case: Case) -> Step:
    """Nothing is left to try."""
    return _stopped(evolved(_fallen_back(case), mending=None), _stop_for(complaint(case), rule_of(case)))


def stop_declined(case: Case) -> Step:
    """A person said stop, or nobody answered."""
    item = case.item
    if item.failure is None:
        return _stopped(item, Stop(item.asks or "", "nobody opened this gate", OPERATOR))
    return _stopped(item, _stop_for(item.failure, by_code(item.failure.code)))


def stop_cancelled(case: Case) -> Step:
    """Somebody cancelled our job."""
    job = case.event.job_id if isinstance(case.event, JobCancelled) else ""
    operation = leg_of(case.item).operation.value
    item = evolved(case.item, phase=leg_of(case.item).phase, key=None, job_id=None)
    remedy = AFTER_CANCEL.get(leg_of(case.item).operation, "ask for it again")
    return _stopped(item, Stop("cancelled", f"job {job} ({operation}) was cancelled", OPERATOR, remedy))


def stop_drifted(case: Case) -> Step:
    """The item is not where our operations put it."""
    seen = case.event.phase if isinstance(case.event, ItemSeen) else case.item.phase
    message = f"the item is in phase {seen.value}, where no operation of this drill put it from {case.item.phase.value}"
    return _stopped(evolved(case.item, phase=seen), Stop("drift", message, OPERATOR))


def stop_powered_on(case: Case) -> Step:
    """R33."""
    said = "vSphere shows it" if isinstance(case.event, VmSeen) else "the vault reports it"
    message = f"{case.item.item} is powered on while it is a replication target ({said})"
    return _stopped(case.item, Stop(POWERED_ON.id, message, POWERED_ON.who, POWERED_ON.remedy))


def stop_without_a_way(case: Case) -> Step:
    """From here no usual operation leads to the waypoints."""
    message = f"from phase {case.item.phase.value} no usual way leads to the waypoints"
    remedy = "wait until running jobs have ended, or change the plan"
    return _stopped(case.item, Stop("no_way", message, OPERATOR, remedy))


def stop_called_off(case: Case) -> Step:
    """What ends it came from outside the item."""
    return _stopped(case.item, case.event.stop) if isinstance(case.event, CalledOff) else Step(case.item)


def leg_name(item: ItemDrill) -> str:
    """The operation's name; the lap stands in it where the operation comes again."""
    operation = leg_of(item).operation
    lap = item.done.count(operation)
    return f"{operation.value}-{lap + 1}" if lap else operation.value


def _offer(wanted: Deed | None) -> str:
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


def _beyond(passed: tuple[Phase, ...], item: ItemDrill) -> tuple[Phase, ...]:
    """The waypoints from where the item stands, if that is among `passed`; else all."""
    return item.goals[passed.index(item.phase) :] if item.phase in passed else item.goals


def _at(item: ItemDrill, phase: Phase) -> ItemDrill:
    leg = leg_of(item)
    return ItemDrill(
        item=item.item,
        architecture=item.architecture,
        phase=phase,
        goals=item.goals,
        stance=item.stance,
        done=(*item.done, leg.operation),
        choices=item.choices,
        agent_registered=None if leg.operation in BOOTS else item.agent_registered,
        health=item.health,
        left=leg.running,
    )


def _fallen_back(case: Case) -> ItemDrill:
    leg = leg_of(case.item)
    return evolved(case.item, phase=leg.phase, left=leg.running, key=None, job_id=None, failure=complaint(case))


def _later(case: Case, item: ItemDrill, delay_s: float, rule: str | None) -> Step:
    why = f"{leg_of(item).operation.value} failed: {complaint(case).message}; next try in {delay_s:g} s"
    return Step(evolved(item, not_before_s=case.now_s + delay_s), decisions=(Decided(item.item, "retry", why, rule),))


def _stop_for(failure: Failure, rule: Requirement | None) -> Stop:
    advice = (rule.remedy if rule else failure.recommended_action) or "see the job"
    reason = rule.id if rule else failure.code or NO_CODE
    return Stop(reason, failure.message, rule.who if rule else OPERATOR, advice)


def _stopped(item: ItemDrill, stop: Stop) -> Step:
    why = f"{stop.message}; {stop.remedy}" if stop.remedy else stop.message
    decided = Decided(item.item, "stopped", why, stop.reason, stop.who)
    return Step(evolved(item, stopped=stop, not_before_s=None, asks=None), decisions=(decided,))
