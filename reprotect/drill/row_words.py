"""The drill's table in words, for its page: each state, event, action and condition by what it means to a reader."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from . import actions as do
from . import guards as g
from .item_drill import DrillState
from .transitions import always

STATE_WORDS: Final[Mapping[DrillState, str]] = {
    DrillState.READY: "no operation is running, and the next one can be prepared",
    DrillState.AT_GATE: "the run waits for the answer of a person, at a gate or about a fix",
    DrillState.WAITING: "the run waits for the mobility agent to register, or for the next attempt",
    DrillState.LINED_UP: "the machine can begin its next operation, but waits for its group, for the machines "
    "that fail back together with it (`plan: together`), or for a [disk "
    "slot](lifecycle.md#phases) (a place for a disk on a master target or appliance)",
    DrillState.ASKED: "the request has been sent to the vault, which has not responded yet",
    DrillState.RUNNING: "the job is running",
    DrillState.SETTLING: "the job (or that of the recovery plan) has ended, but the item has not reached the last "
    "phase of the operation, for example because of a resync. This state also covers a job or resync that began "
    "before the run",
    DrillState.FIXING: "`failback` is applying a remedy",
    DrillState.STOPPED: "the run sends no more requests for the machine",
    DrillState.HOME: "the plan is complete for the machine",
}
EVENT_WORDS: Final[Mapping[str, str]] = {
    "Began": "the run begins",
    "Admitted": "the wave of the machine is open, or the machine may already replicate home in advance "
    "([seed](seed-and-cutover.md))",
    "TurnCame": "the other machines of the group can also begin, the machines in the same `plan: together` entry "
    "have come far enough, and enough disk slots are free",
    "CalledOff": "a person, the run's time limit, or another cause outside the machine (such "
    "as the failure of another machine) stops the run for this machine",
    "OperatorAnswered": "a person has answered",
    "TimePassed": "a wait is over",
    "Accepted": "the vault has accepted the request",
    "RequestRefused": "the vault has refused the request",
    "Unanswered": "the request got no response, and the vault shows that nothing was started",
    "JobSucceeded": "the job has succeeded",
    "PlanSucceeded": "the job of the recovery plan has succeeded",
    "JobFailed": "the job has failed",
    "JobCancelled": "somebody has cancelled the job",
    "RemedyApplied": "the remedy has been applied, and a check shows that it worked",
    "RemedyFailed": "the remedy could not be applied, or did not work",
    "VmSeen": "the state of the machine in vSphere was read",
    "ItemSeen": "the state of the item in the vault was read",
    "ItemGone": "the vault has not shown the item for ten minutes",
}
ACTION_WORDS: Final[Mapping[Callable[..., Any], str]] = {
    do.stay: "nothing",
    do.go_home: "finish",
    do.take_up: "wait for the end of that job or resync",
    do.stop_without_a_way: "stop",
    do.set_out: "choose the first operation",
    do.ask_ourselves: "record the failure, and choose the first operation",
    do.ask_gate: "ask the person at the gate",
    do.pass_gate: "pass the gate",
    do.wait_for_agent: "wait for the agent",
    do.ask: "send the request",
    do.follow_job: "follow the job",
    do.see_where_it_stands: "record the phase",
    do.look: "record what was read, except the phase",
    do.follow: "record what was read, including the phase",
    do.arrive: "choose the next operation",
    do.arrive_home: "finish",
    do.recheck: "try again soon, and do not count the attempt",
    do.retry_later: "try again later, and count the attempt",
    do.ask_for_remedy: "ask a person to fix the cause",
    do.apply_remedy: "apply the remedy",
    do.try_again: "try again, and reset the count of attempts",
    do.try_fixed: "try again, with the values that the remedy has changed",
    do.stop_on_failure: "stop",
    do.stop_declined: "stop",
    do.stop_cancelled: "stop",
    do.stop_drifted: "stop",
    do.stop_gone: "stop",
    do.stop_powered_on: "stop (R33)",
    do.stop_called_off: "stop",
}
CONDITION_WORDS: Final[Mapping[Callable[..., Any], str]] = {
    always: "",
    g.nothing_to_do: "no operation of the plan is left for the machine",
    g.is_under_way: "a job or a resync of the way home is already running",
    g.no_way: "the plan cannot be completed from the phase of the item",
    g.fell_back: "the job that was running when the run began did not succeed",
    g.gate_ahead: "the next operation has a gate that is not passed",
    g.agent_missing: "the agent has not registered since the last boot",
    g.declined: "the answer is no",
    g.apply_was_answered: "the answer is that `failback` should apply the remedy",
    g.remedy_done: "the answer is that the cause is fixed",
    g.answers_ours: "the answer is yes, and it is for the gate at which the person was asked",
    g.due: "the machine has waited long enough",
    g.remedy_is_ours: "`failback` has a remedy, and the plan says to apply it",
    g.fixes_itself: "the cause usually disappears by itself, and the usual time for this has not passed yet",
    g.may_retry: "another attempt may succeed without a fix, and attempts are left",
    g.remedy_may_help: "the plan allows asking a person, and the limit on questions has not been reached",
    g.settles_later: "a resync follows the job",
    g.last_leg: "this was the last operation of the plan",
    g.target_powered_on: "the machine on site is powered on while it is a replication target",
    g.target_reported_on: "the vault reports that the machine on site is powered on while it is a replication target",
    g.drifted: "the vault shows a phase that no operation of the run leads to",
    g.settled_last: "the resync has ended, and this was the last operation of the plan",
    g.settled: "the resync has ended",
    g.agent_came: "the agent has registered",
}
