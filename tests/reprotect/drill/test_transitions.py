"""Claims about the drill's table: every pair is in it or refused, and each row does what it says."""

from dataclasses import replace
from typing import get_args

import pytest

from failback.reprotect import (
    LIFECYCLE,
    TRANSITIONS,
    WHOLE_WAY,
    Accepted,
    Act,
    Admitted,
    ApplyRemedy,
    Architecture,
    AskOperator,
    Began,
    CalledOff,
    Choices,
    ConfigurationServer,
    Disk,
    DrillState,
    Estate,
    Event,
    Failure,
    Gate,
    Host,
    ItemDrill,
    ItemGone,
    ItemSeen,
    JobCancelled,
    JobFailed,
    JobSucceeded,
    Link,
    MasterTarget,
    Move,
    Operation,
    OperatorAnswered,
    OsFamily,
    Phase,
    Plan,
    PlanSucceeded,
    ProcessServer,
    RemedyApplied,
    RemedyFailed,
    RemedyPolicy,
    RequestRefused,
    Rules,
    Signal,
    StartOperation,
    StepResult,
    Stop,
    TimePassed,
    TurnCame,
    Unanswered,
    UnexpectedEvent,
    VirtualMachine,
    VmSeen,
    begin,
    rules_of,
    step,
)
from failback.reprotect.drill.guards import fell_back
from failback.reprotect.drill.item_drill import StepInput

STOP = Stop("R07", "a mate has stopped", "somebody")
REPROTECT = Operation.REPROTECT_TO_ON_PREMISES
LEG = begin(Architecture.CLASSIC, Phase.FAILOVER_COMMITTED, REPROTECT)
SEEN = ItemSeen("web", Architecture.CLASSIC, Phase.FAILOVER_COMMITTED, True)


def _failed(code: str) -> JobFailed:
    return JobFailed("web", REPROTECT, "job", Failure("Prerequisite check", code, "it failed"))


EXAMPLES: dict[type[Event] | type[Signal], Event | Signal] = {
    Accepted: Accepted("web", REPROTECT, "web/reprotect_to_on_premises/1", "job"),
    RequestRefused: RequestRefused("web", REPROTECT, "web/reprotect_to_on_premises/1", "FB-R29", "no such drive"),
    Unanswered: Unanswered("web", REPROTECT, "web/reprotect_to_on_premises/1", "time out"),
    JobSucceeded: JobSucceeded("web", REPROTECT, "job"),
    JobFailed: _failed("8061"),
    JobCancelled: JobCancelled("web", REPROTECT, "job"),
    ItemSeen: SEEN,
    ItemGone: ItemGone("web"),
    VmSeen: VmSeen("web", False, 2),
    OperatorAnswered: OperatorAnswered("web", "R24", True),
    RemedyApplied: RemedyApplied("web", "R24", "gold", "web/reprotect_to_on_premises/R24/1"),
    RemedyFailed: RemedyFailed("web", "R24", "gold", "web/reprotect_to_on_premises/R24/1", "no such host"),
    TimePassed: TimePassed("web"),
    Began: Began("web"),
    Admitted: Admitted("web"),
    TurnCame: TurnCame("web", Choices()),
    PlanSucceeded: PlanSucceeded("web"),
    CalledOff: CalledOff("web", STOP),
}


def _item(state: DrillState, **facts: object) -> ItemDrill:
    item = ItemDrill("web", Architecture.CLASSIC, Phase.FAILOVER_COMMITTED, WHOLE_WAY[2:], state, LEG)
    return replace(item, **facts)  # type: ignore[arg-type]  # facts of one test


def _after(item: ItemDrill, event: Event | Signal, plan: Plan | None = None, now_s: float = 0.0) -> ItemDrill:
    return step(item, event, rules_of(plan or Plan()), now_s).item


def test_there_is_an_example_of_every_event_and_signal() -> None:
    assert set(EXAMPLES) == {*get_args(Event), *get_args(Signal)}


@pytest.mark.parametrize("state", DrillState)
@pytest.mark.parametrize("kind", EXAMPLES, ids=lambda kind: kind.__name__)
def test_every_pair_is_in_the_table_or_refused(state: DrillState, kind: type[Event] | type[Signal]) -> None:
    rows = [row for row in TRANSITIONS if state in row.states and row.event is kind]
    item, event = _item(state, asks="R24", failure=Failure("", "8061", "")), EXAMPLES[kind]
    if rows:
        assert _after(item, event).state in {row.to or state for row in rows}
    else:
        with pytest.raises(UnexpectedEvent, match=kind.__name__):
            _after(item, event)


def test_only_its_last_row_for_a_pair_may_have_no_condition() -> None:
    for state in DrillState:
        for kind in EXAMPLES:
            rows = [row for row in TRANSITIONS if state in row.states and row.event is kind]
            assert all(row.when.__name__ != "always" for row in rows[:-1])


@pytest.mark.parametrize("move", LIFECYCLE, ids=lambda m: f"{m.architecture.value}-{m.phase.value}-{m.operation.value}")
@pytest.mark.parametrize("seen", Phase)
def test_what_is_seen_on_the_way_is_no_drift_and_all_else_is(move: Move, seen: Phase) -> None:
    item = replace(_item(DrillState.RUNNING), architecture=move.architecture, phase=move.phase, leg=move)
    expected = seen in (move.phase, move.running, move.done, move.settles)
    after = _after(item, replace(SEEN, architecture=move.architecture, phase=seen))
    assert (after.state is DrillState.RUNNING) == expected


def test_an_item_without_a_leg_fell_back_from_nothing() -> None:
    item = ItemDrill("web", Architecture.CLASSIC, Phase.FAILOVER_COMMITTED, (), DrillState.READY)
    seen = ItemSeen("web", Architecture.CLASSIC, Phase.FAILOVER_COMMITTED, True)
    assert not fell_back(StepInput(item, seen, rules_of(Plan()), 0.0))


def test_an_item_that_drifted_is_left_where_it_is_seen_and_both_places_are_named() -> None:
    after = _after(_item(DrillState.RUNNING), replace(SEEN, phase=Phase.FAILED_BACK))
    assert after.phase is Phase.FAILED_BACK
    assert after.stopped is not None
    assert "in phase failed_back" in after.stopped.message
    assert "from failover_committed" in after.stopped.message


def test_a_refusal_and_a_failed_job_are_treated_alike() -> None:
    for code in ("FB-R23", "FB-R02", "FB-R04", "anything"):
        refused = _after(_item(DrillState.ASKED), RequestRefused("web", REPROTECT, "key", code, "it failed"))
        failed = _after(_item(DrillState.RUNNING), _failed(code))
        assert refused.state is failed.state


def test_a_rule_that_mends_itself_is_asked_again_without_counting() -> None:
    after = _after(_item(DrillState.RUNNING), _failed("FB-R23"), now_s=100)
    assert (after.state, after.attempts, after.not_before_s) == (DrillState.WAITING, 0, 160)


def test_a_rule_that_did_not_mend_itself_in_time_becomes_a_question() -> None:
    item = _item(DrillState.RUNNING, failing_rule="R23", waiting_since_s=100.0)
    assert _after(item, _failed("FB-R23"), now_s=1000).state is DrillState.WAITING
    assert _after(item, _failed("FB-R23"), now_s=1001).state is DrillState.AT_GATE


def test_the_time_of_a_rule_that_mends_itself_begins_anew_after_another_rule() -> None:
    item = _item(DrillState.RUNNING, failing_rule="R02", waiting_since_s=100.0)
    after = _after(item, _failed("FB-R23"), now_s=5000)
    assert (after.state, after.waiting_since_s) == (DrillState.WAITING, 5000)


@pytest.mark.parametrize("state", [DrillState.WAITING, DrillState.AT_GATE])
def test_a_target_that_somebody_powers_on_while_its_failback_is_not_asked_for_is_stopped(state: DrillState) -> None:
    leg = begin(Architecture.CLASSIC, Phase.REPLICATING_TO_ON_PREMISES, Operation.FAILBACK)
    item = replace(_item(state, asks="R24"), phase=Phase.REPLICATING_TO_ON_PREMISES, leg=leg)
    after = _after(item, VmSeen("web", True, 2))
    assert after.stopped is not None
    assert after.stopped.reason == "R33"
    assert _after(replace(item, state=DrillState.RUNNING), VmSeen("web", True, 2)).stopped is None


def test_a_cause_that_may_pass_is_tried_as_often_as_the_plan_says() -> None:
    plan = Plan(attempts_max=2, retry_delay_s=30)
    first = _after(_item(DrillState.RUNNING), _failed("FB-R02"), plan)
    assert (first.state, first.attempts, first.not_before_s) == (DrillState.WAITING, 1, 30)
    assert _after(replace(first, state=DrillState.RUNNING), _failed("FB-R02"), plan).state is DrillState.AT_GATE


@pytest.mark.parametrize("code", ["95226", "806", "78022", "78093"])
def test_what_does_not_answer_now_may_answer_later(code: str) -> None:
    assert _after(_item(DrillState.RUNNING), _failed(code)).state is DrillState.WAITING


def test_what_needs_a_hand_is_asked_for_at_once() -> None:
    result = step(_item(DrillState.RUNNING), _failed("FB-R04"), rules_of(Plan()), 0)
    assert result.item.state is DrillState.AT_GATE
    assert [command.gate for command in result.commands if isinstance(command, AskOperator)] == ["R04"]


# Remedies that we carry out

ESTATE = Estate(
    {"web": VirtualMachine("web", OsFamily.LINUX, (Disk(1),), Architecture.CLASSIC, "esx1", "gold")},
    Link(1000),
    hosts={"esx1": Host("esx1", ("gold",))},
    configuration_servers={"cs": ConfigurationServer("cs")},
    process_servers={name: ProcessServer(name) for name in ("ps1", "ps2")},
    master_targets={"mt": MasterTarget("mt", OsFamily.LINUX, "esx1", "gold")},
)
APPLIED = ("R04", "M10", "806", "78093", "R10")
APPLIES = rules_of(Plan(remedies=dict.fromkeys(APPLIED, RemedyPolicy.APPLY)), ESTATE)
ASKS = rules_of(Plan(), ESTATE)
YES = RemedyApplied("web", "R04", "mt", "key")
NO = RemedyFailed("web", "R04", "mt", "key", "the vCenter said no")


def _mending(code: str, rules: Rules = APPLIES, **facts: object) -> StepResult:
    return step(_item(DrillState.RUNNING, **facts), _failed(code), rules, 100)


@pytest.mark.parametrize(
    ("code", "act", "thing"),
    [
        ("FB-R04", Act.DELETE_SNAPSHOTS, "mt"),
        ("FB-M10", Act.REFRESH_PROVIDER, "cs"),
        ("806", Act.SWITCH_PROCESS_SERVER, "ps2"),
        ("78093", Act.START_REPLICA, "web"),
    ],
)
def test_what_the_plan_lets_us_mend_we_mend_before_anything_else(code: str, act: Act, thing: str) -> None:
    after = _mending(code)
    refused = step(_item(DrillState.ASKED), RequestRefused("web", REPROTECT, "key", code, "it failed"), APPLIES, 100)
    for heard in (after, refused):
        (command,) = heard.commands
        assert isinstance(command, ApplyRemedy)
        assert (command.act, command.object) == (act, thing)
        assert (heard.item.state, heard.item.attempts) == (DrillState.FIXING, 0)
        assert [decided.what for decided in heard.decisions] == ["apply_remedy"]


@pytest.mark.parametrize("policy", [RemedyPolicy.ASK, RemedyPolicy.NEVER])
def test_without_being_told_to_we_mend_nothing(policy: RemedyPolicy) -> None:
    after = _mending("FB-R04", rules_of(Plan(remedies={"R04": policy}), ESTATE))
    assert not [command for command in after.commands if isinstance(command, ApplyRemedy)]
    assert after.item.state is {RemedyPolicy.ASK: DrillState.AT_GATE, RemedyPolicy.NEVER: DrillState.STOPPED}[policy]


def test_a_rule_without_an_act_is_asked_for_whatever_the_plan_says() -> None:
    assert _mending("FB-R10").item.state is DrillState.AT_GATE


def test_with_no_other_process_server_there_is_nothing_to_switch_to() -> None:
    alone = replace(ESTATE, process_servers={"ps1": ProcessServer("ps1")})
    assert _mending("806", rules_of(APPLIES.plan, alone)).item.state is DrillState.WAITING


def test_what_is_mended_is_tried_again_with_all_tries() -> None:
    fixing = _mending("FB-R04", attempts=2).item
    after = step(fixing, YES, APPLIES, 100).item
    assert (after.state, after.attempts, after.failure, after.fixing) == (DrillState.READY, 0, None, None)


def test_after_a_switch_the_other_server_is_asked_for_on_this_leg_alone() -> None:
    ready = step(_mending("806").item, YES, APPLIES, 100).item
    again = step(
        replace(ready, state=DrillState.LINED_UP), TurnCame("web", Choices(process_server="ps1")), APPLIES, 100
    )
    (command,) = again.commands
    assert isinstance(command, StartOperation)
    assert command.choices.process_server == "ps2"
    settled = replace(SEEN, phase=Phase.REPLICATING_TO_ON_PREMISES)
    assert _after(replace(again.item, state=DrillState.SETTLING), settled).instead == Choices()


def test_a_machine_that_we_start_is_waited_for_until_its_agent_is_seen() -> None:
    ready = step(_mending("78093", agent_registered=True, agent_waited=True).item, YES, APPLIES, 100).item
    assert (ready.agent_registered, ready.agent_waited) == (None, False)
    assert step(ready, Admitted("web"), APPLIES, 100).item.state is DrillState.WAITING


def test_a_remedy_that_fails_is_asked_for_and_the_question_says_why() -> None:
    after = step(_mending("FB-R04").item, NO, APPLIES, 100)
    (question,) = after.commands
    assert isinstance(question, AskOperator)
    assert after.item.state is DrillState.AT_GATE
    assert "the vCenter said no" in question.question
    declined = step(after.item, OperatorAnswered("web", "R04", False), APPLIES, 100).item
    assert declined.stopped is not None
    assert "the vCenter said no" in declined.stopped.message


def test_where_nobody_may_be_asked_any_more_a_remedy_that_fails_stops() -> None:
    after = step(replace(_mending("FB-R04").item, remedies_asked=3), NO, APPLIES, 100).item
    assert after.stopped is not None
    assert after.stopped.reason == "R04"


def test_a_remedy_that_fails_leaves_a_rule_that_mends_itself_to_time() -> None:
    first = step(_mending("FB-M10").item, NO, APPLIES, 100).item
    assert (first.state, first.not_before_s, first.waiting_since_s) == (DrillState.WAITING, 160, 100)


def test_a_remedy_that_fails_leaves_a_cause_that_may_pass_to_another_try() -> None:
    first = step(_mending("806").item, NO, APPLIES, 100).item
    assert (first.state, first.not_before_s, first.attempts) == (DrillState.WAITING, 400, 1)


def test_one_rule_is_mended_three_times_on_a_leg_and_then_asked_for_under_keys_of_their_own() -> None:
    item, keys = _item(DrillState.RUNNING), []
    while (after := step(replace(item, state=DrillState.RUNNING), _failed("FB-R04"), APPLIES, 100)).item.fixing:
        keys += [command.key for command in after.commands if isinstance(command, ApplyRemedy)]
        item = step(after.item, YES, APPLIES, 100).item
    assert after.item.state is DrillState.AT_GATE
    assert keys == [f"web/reprotect_to_on_premises/R04/{n}" for n in (1, 2, 3)]


def test_the_operator_is_told_what_we_could_do_and_may_say_apply() -> None:
    asked = _mending("FB-R04", ASKS)
    (question,) = asked.commands
    assert isinstance(question, AskOperator)
    assert question.offer == "delete all snapshots of mt"
    text = step(asked.item, OperatorAnswered("web", "R04", True, apply=True), ASKS, 200)
    (command,) = text.commands
    assert isinstance(command, ApplyRemedy)
    assert (text.item.state, text.item.asks) == (DrillState.FIXING, None)


@pytest.mark.parametrize(("proceed", "state"), [(True, DrillState.READY), (False, DrillState.STOPPED)])
def test_an_answer_without_apply_is_as_before(proceed: bool, state: DrillState) -> None:
    after = step(_mending("FB-R04", ASKS).item, OperatorAnswered("web", "R04", proceed), ASKS, 200)
    assert (after.item.state, after.commands) == (state, ())


def test_apply_said_of_what_has_no_act_means_that_it_is_done() -> None:
    after = step(_mending("FB-R10", ASKS).item, OperatorAnswered("web", "R10", True, apply=True), ASKS, 200)
    assert (after.item.state, after.commands) == (DrillState.READY, ())


def test_a_remedy_that_is_answered_after_a_stop_changes_nothing() -> None:
    stopped = _after(_mending("FB-R04").item, CalledOff("web", STOP))
    assert {_after(stopped, YES), _after(stopped, NO)} == {stopped}


def test_a_plan_without_remedies_stops_and_says_who_must_act() -> None:
    after = _after(_item(DrillState.RUNNING), _failed("FB-R04"), Plan(remedies={"R04": RemedyPolicy.NEVER}))
    assert after.stopped is not None
    assert (after.stopped.reason, after.stopped.who) == ("R04", "VMware administrator")


def test_a_remedy_gives_all_tries_back_and_is_not_asked_for_ever() -> None:
    item, asked = _item(DrillState.RUNNING, attempts=2), 0
    while (item := _after(replace(item, state=DrillState.RUNNING), _failed("FB-R04"))).state is DrillState.AT_GATE:
        item, asked = _after(item, OperatorAnswered("web", "R04", True)), asked + 1
        assert item.attempts == 0
    assert (asked, item.state) == (3, DrillState.STOPPED)


def test_a_declined_remedy_stops_by_the_rule() -> None:
    item = _after(_item(DrillState.RUNNING), _failed("FB-R04"))
    after = _after(item, OperatorAnswered("web", "R04", False))
    assert after.stopped is not None
    assert after.stopped.reason == "R04"


def test_an_answer_to_another_question_is_refused() -> None:
    with pytest.raises(UnexpectedEvent):
        _after(_item(DrillState.AT_GATE, asks="verified"), OperatorAnswered("web", "approved", True))


def test_an_unanswered_request_is_sent_under_a_new_key() -> None:
    item = _after(_item(DrillState.LINED_UP), EXAMPLES[TurnCame])
    waiting = _after(item, Unanswered("web", REPROTECT, item.key or "", "time out"))
    again = step(replace(waiting, state=DrillState.LINED_UP), EXAMPLES[TurnCame], rules_of(Plan()), 300)
    keys = [command.key for command in again.commands if isinstance(command, StartOperation)]
    assert (item.key, keys) == ("web/reprotect_to_on_premises/1", ["web/reprotect_to_on_premises/2"])


def test_a_cancelled_job_stops_the_item_and_the_operator_must_act() -> None:
    after = _after(_item(DrillState.RUNNING), EXAMPLES[JobCancelled])
    assert after.stopped is not None
    assert (after.stopped.reason, after.stopped.who) == ("cancelled", "operator")
    assert after.stopped.remedy == "request it again"


def test_a_gate_is_asked_before_its_operation_and_once() -> None:
    plan = Plan(gates=(Gate("approved", REPROTECT),))
    asked = _after(_item(DrillState.READY, agent_registered=True), Admitted("web"), plan)
    passed = _after(asked, OperatorAnswered("web", "approved", True), plan)
    assert (asked.state, passed.state) == (DrillState.AT_GATE, DrillState.READY)
    assert _after(passed, Admitted("web"), plan).state is DrillState.LINED_UP


def test_a_gate_holds_only_for_its_items() -> None:
    plan = Plan(gates=(Gate("approved", REPROTECT, items=("db",)),))
    assert _after(_item(DrillState.READY, agent_registered=True), Admitted("web"), plan).state is DrillState.LINED_UP


def test_the_agent_is_waited_for_until_it_is_seen() -> None:
    waiting = _after(_item(DrillState.READY), Admitted("web"), now_s=10)
    assert (waiting.state, waiting.not_before_s) == (DrillState.WAITING, 910)
    assert _after(waiting, replace(SEEN, agent_registered=False)).state is DrillState.WAITING
    assert _after(waiting, SEEN).state is DrillState.READY


def test_after_fifteen_minutes_it_is_asked_anyway() -> None:
    waiting = _after(_item(DrillState.READY), Admitted("web"))
    ready = _after(waiting, TimePassed("web"), now_s=900)
    assert _after(ready, Admitted("web"), now_s=900).state is DrillState.LINED_UP


def test_a_plan_may_ask_at_once_and_take_the_refusal() -> None:
    assert _after(_item(DrillState.READY), Admitted("web"), Plan(wait_for_agent=False)).state is DrillState.LINED_UP


def test_a_reprotect_ends_when_the_item_is_protected() -> None:
    settling = _after(_item(DrillState.RUNNING), EXAMPLES[JobSucceeded])
    resync = _after(settling, replace(SEEN, phase=Phase.RESYNCING_TO_ON_PREMISES))
    done = _after(resync, replace(SEEN, phase=Phase.REPLICATING_TO_ON_PREMISES))
    assert (settling.state, resync.state, done.state) == (DrillState.SETTLING, DrillState.SETTLING, DrillState.READY)
    assert done.done == (REPROTECT,)


def test_a_poll_that_saw_the_end_before_the_job_needs_no_second_look() -> None:
    item = _after(_item(DrillState.RUNNING), replace(SEEN, phase=Phase.REPLICATING_TO_ON_PREMISES))
    assert _after(item, EXAMPLES[JobSucceeded]).state is DrillState.READY


def test_a_read_that_lags_behind_shows_the_job_that_failed_and_is_no_drift() -> None:
    item = _after(_item(DrillState.RUNNING, phase=LEG.running), EXAMPLES[JobFailed])
    assert (item.phase, item.left) == (LEG.phase, LEG.running)
    late = step(item, replace(SEEN, phase=LEG.running), rules_of(Plan()), 0)
    assert late.item.state is item.state is not DrillState.STOPPED
    elsewhere = _after(item, replace(SEEN, phase=LEG.settles))
    assert elsewhere.stopped is not None, "where no job of ours was, somebody else acts on it"


def test_a_boot_elsewhere_makes_the_agent_unknown_again() -> None:
    leg = begin(Architecture.CLASSIC, Phase.REPLICATING_TO_AZURE, Operation.FAILOVER)
    item = _item(DrillState.RUNNING, leg=leg, goals=WHOLE_WAY, agent_registered=True, phase=leg.phase)
    assert _after(item, JobSucceeded("web", Operation.FAILOVER, "job")).agent_registered is None


@pytest.mark.parametrize("phase", [Phase.RESYNCING_TO_ON_PREMISES, Phase.REPLICATING_TO_ON_PREMISES])
@pytest.mark.parametrize(
    "state", [DrillState.SETTLING, DrillState.READY, DrillState.AT_GATE, DrillState.LINED_UP, DrillState.WAITING]
)
def test_a_target_that_is_powered_on_stops_by_r33(phase: Phase, state: DrillState) -> None:
    after = _after(_item(state, phase=phase), VmSeen("web", True, 2))
    assert after.stopped is not None
    assert (after.stopped.reason, after.stopped.who) == ("R33", "VMware administrator")


def test_a_target_that_is_powered_on_before_the_failback_was_requested_stops_too() -> None:
    leg = begin(Architecture.CLASSIC, Phase.REPLICATING_TO_ON_PREMISES, Operation.FAILBACK)
    item = _item(DrillState.LINED_UP, leg=leg, phase=leg.phase)
    assert _after(item, VmSeen("web", True, 2)).state is DrillState.STOPPED


def test_a_machine_that_our_failback_boots_is_no_target() -> None:
    leg = begin(Architecture.CLASSIC, Phase.REPLICATING_TO_ON_PREMISES, Operation.FAILBACK)
    item = _item(DrillState.RUNNING, leg=leg, phase=leg.phase)
    assert _after(item, VmSeen("web", True, 2)).state is DrillState.RUNNING


def test_a_reprotecting_machine_is_a_target_once_its_disks_are_lent() -> None:
    item = _item(DrillState.RUNNING, phase=Phase.REPROTECTING_TO_ON_PREMISES)
    assert _after(item, VmSeen("web", True, 2)).state is DrillState.RUNNING
    assert _after(item, VmSeen("web", True, 0)).state is DrillState.STOPPED


def test_the_vault_may_report_r33_first() -> None:
    assert _after(_item(DrillState.SETTLING), replace(SEEN, health_errors=("FB-R33",))).state is DrillState.STOPPED


def test_other_health_errors_are_noted_once() -> None:
    sick = replace(SEEN, health_errors=("78144",))
    first = step(_item(DrillState.READY), sick, rules_of(Plan()), 0)
    second = step(first.item, sick, rules_of(Plan()), 0)
    assert [d.what for d in first.decisions] == ["noted"]
    assert second.decisions == ()


def test_what_goes_on_after_a_stop_is_heard_and_changes_nothing() -> None:
    stopped = _after(_item(DrillState.RUNNING), CalledOff("web", STOP))
    assert _after(stopped, EXAMPLES[JobSucceeded]) == stopped


def test_the_second_lap_has_keys_of_its_own() -> None:
    item = _item(DrillState.LINED_UP, done=(REPROTECT,))
    assert _after(item, EXAMPLES[TurnCame]).key == "web/reprotect_to_on_premises-2/1"


@pytest.mark.parametrize("phase", [p for p in Phase if all(p not in (m.phase, m.done) for m in LIFECYCLE)])
def test_a_job_that_is_under_way_when_the_drill_begins_is_taken_up(phase: Phase) -> None:
    architecture = next(m.architecture for m in LIFECYCLE if m.running is phase)
    begins = replace(_item(DrillState.READY, phase=phase, leg=None, goals=WHOLE_WAY), architecture=architecture)
    item = _after(begins, Began("web"))
    assert item.leg is not None
    seen = replace(SEEN, architecture=architecture)
    done, came_to_nothing = (_after(item, replace(seen, phase=p)) for p in (item.leg.done, item.leg.phase))
    assert (item.state, came_to_nothing.state) == (DrillState.SETTLING, DrillState.READY)
    assert done.done == ((item.leg.operation,) if item.leg.done is item.leg.settles else ())
    assert came_to_nothing.leg is not None
    usual = item.leg.operation if item.leg.usual else Operation.COMMIT_FAILBACK
    assert came_to_nothing.leg.operation is (Operation.FAILOVER if phase is Phase.TESTING_FAILOVER else usual)


def test_an_item_that_begins_during_its_resync_settles() -> None:
    item = _item(DrillState.READY, phase=Phase.RESYNCING_TO_AZURE, leg=None, goals=WHOLE_WAY)
    settling = _after(item, Began("web"))
    assert settling.state is DrillState.SETTLING
    assert _after(settling, replace(SEEN, phase=Phase.REPLICATING_TO_AZURE)).state is DrillState.HOME


def test_an_item_begins_where_it_stands() -> None:
    item = _item(DrillState.READY, phase=Phase.FAILED_BACK, leg=None, goals=WHOLE_WAY)
    after = _after(item, Began("web"))
    assert after.leg is not None
    assert after.leg.operation is Operation.COMMIT_FAILBACK


def test_a_plan_without_waypoints_is_home_at_once() -> None:
    item = _item(DrillState.READY, leg=None, goals=())
    assert _after(item, Began("web")).state is DrillState.HOME
